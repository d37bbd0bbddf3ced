"""살아 있는 무대: 1차원의 GAN이 눈앞에서 배웁니다. 라운드는 학습자가 쓴 `one_round(game)`입니다."""

from collections import deque

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure
from torch import nn

from ganlib.play.coin_still import korean
from ganlib.play.tape import Taped
from ganlib.play.traits import BadValue, Number
from ganlib.plot import FAKE, GRAY, JUDGE, REAL
from ganlib.train import averaged, d_step, g_loss, g_step

LOW, HIGH, BINS = -1.0, 9.0, 40  # 가로축과 히스토그램의 칸
CENTER, SPREAD, START = 4.0, 2.0, 1.0  # 두 신경망은 x를 2로 나누어 재며, G는 1 가까이에서 출발합니다.
BATCH, RATE, BETAS, DECAY = 128, 1e-3, (0.0, 0.99), 0.995
EVERY, KEPT = 20, 200  # history에 적는 간격과 남기는 줄의 수
X = torch.linspace(LOW, HIGH, 81).unsqueeze(1)
Z = ((torch.arange(2000) + 0.5) / 1000 - 1).unsqueeze(1)
FEW_Z = torch.linspace(-0.97, 0.97, 15).unsqueeze(1)
# 두 동물의 몸무게는 한 축에 들어가도록 2 kg을 1로 잽니다: 고양이 N(4, 1²), 개 N(9, 2²).
BELLS = {"normal": ((4.0, 1.25),), "animals": ((2.0, 0.5), (4.5, 1.0))}
NAN = "G나 D가 NaN을 내어 멈췄습니다. ‘처음부터’를 눌러 다시 시작해 주세요."


class Rescale(nn.Module):
    """x를 shift + scale·x로 옮깁니다."""

    def __init__(self, shift, scale):
        super().__init__()
        self.shift, self.scale = shift, scale

    def forward(self, x):
        return self.shift + self.scale * x


def layers(activation):
    """폭이 32인 작은 신경망의 층들."""
    return nn.Linear(1, 32), activation, nn.Linear(32, 32), activation, nn.Linear(32, 1)


class Game:
    """무대에 오른 GAN: 두 신경망 G와 D, 옵티마이저 opt_G와 opt_D, 평균한 생성자 G_avg, D의 스텝 수 k."""

    def __init__(self, stage):
        self._stage, self._rng = stage, torch.Generator().manual_seed(stage.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(stage.seed)
            # SiLU는 매끄럽습니다. ReLU로 만든 G는 꺾은선이어서 종이 계단처럼 보입니다.
            self.G = nn.Sequential(*layers(nn.SiLU()), Rescale(START, SPREAD))
            self.D = nn.Sequential(Rescale(-CENTER / SPREAD, 1 / SPREAD), *layers(nn.LeakyReLU(0.2)))
        self.opt_G = torch.optim.Adam(self.G.parameters(), RATE, BETAS, fused=True)
        self.opt_D = torch.optim.Adam(self.D.parameters(), RATE, BETAS, fused=True)
        self.G_avg = averaged(self.G, DECAY)

    def real(self, count=BATCH):
        """진짜 데이터 `count`개. 모양 count×1."""
        return self._stage._draw(count, self._rng)

    def noise(self, count=BATCH):
        """(−1, 1)에서 고르게 뽑은 잡음 `count`개. 모양 count×1."""
        return 2 * torch.rand(count, 1, generator=self._rng) - 1


def one_round(game):
    """패키지의 한 라운드: D를 k스텝, G를 한 스텝 학습합니다."""
    for _ in range(game.k):
        d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    g_step(game.G, game.D, game.opt_G, game.noise())


class Target(traitlets.TraitType):
    """ "normal", "animals" 또는 −1에서 9까지를 고르게 나눈 칸마다의 높이."""

    def validate(self, obj, value):
        if isinstance(value, str) and value in BELLS:
            return value
        try:
            heights = np.asarray(value, float).round(4)
        except (TypeError, ValueError):
            heights = np.array(None)
        if heights.ndim != 1 or not 2 <= len(heights) <= 200:
            what = 'target에는 "normal", "animals" 또는 높이 2–200개의 리스트를 넣어 주세요.'
        elif not np.isfinite(heights).all() or (heights < 0).any():
            what = "target의 높이는 0 이상의 수여야 합니다."
        elif not heights.any():
            what = "빈 그림에서는 데이터를 뽑을 수 없습니다. 높이를 하나는 0보다 크게 해 주세요."
        else:
            return heights.tolist()
        raise BadValue(f"{what} 받은 값: {value!r:.60}. target은 그대로 두었습니다.")


class Stage(Taped):
    """1차원 GAN의 무대입니다. 데이터, p_g, D의 곡선, 가짜와 그 기울기, G의 평균을 그립니다.

    Args:
        seed: 초기 가중치, 데이터, 잡음의 시드.
        **traits: 속성의 처음 값. `target`("normal", "animals", 높이의 리스트), `k`(D의 스텝 수, 1–10),
            `ratio`(D의 학습률 / G의 학습률), `average`(p_g를 G_avg로 그릴지), `slow`.

    Raises:
        BadValue: 받을 수 없는 값일 때(`ValueError`이며, 값은 바뀌지 않습니다).
    """

    _settings, _most = ("seed", "target", "k", "ratio", "average"), 400
    target = Target("normal").tag(sync=True)
    data = traitlets.List().tag(sync=True)  # 데이터의 밀도를 잇는 점들: [x, 밀도]
    seed, k = Number(0, 0, 2**31, kind=int), Number(1, 1, 10, kind=int)
    ratio, average = Number(10.0, 0.05, 50), traitlets.Bool().tag(sync=True)

    def __init__(self, seed=0, **traits):
        self.game, self._frame = None, {}
        self._retarget()
        super().__init__("stage.js", (one_round,), seed=seed, **traits)

    @property
    def history(self):
        """20라운드마다의 (라운드, G의 평균, G_avg의 평균, 데이터의 평균). 모양 N×4, 마지막 200줄까지입니다."""
        return np.array(self._history).reshape(-1, 4)

    def _reset(self):
        self.game, self.rounds, self._history = Game(self), 0, deque(maxlen=KEPT)
        self._settle()

    def _round(self):
        self.one_round(self.game)
        self.game.G_avg.update_parameters(self.game.G)
        self.rounds += 1
        if self.rounds % EVERY == 0:
            self._history.append([self.rounds, *self._means()])

    @torch.no_grad()
    def _means(self):
        means = [net(Z[::4]).mean().item() for net in (self.game.G, self.game.G_avg)]
        if not np.isfinite(means).all():
            raise FloatingPointError(NAN)
        return [round(mean, 3) for mean in (*means, self._mean)]

    def _picture(self):
        if self.recording:
            return self.recording["frames"][-1]
        G, D = self.game.G, self.game.D
        now = self._means()
        with torch.no_grad():
            x, judged = (self.game.G_avg if self.average else G)(Z), D(X).sigmoid()
        fakes = G(FEW_Z).detach().requires_grad_()
        [slopes] = torch.autograd.grad(len(fakes) * g_loss(D(fakes)), fakes)
        if not (judged.isfinite().all() and slopes.isfinite().all()):
            raise FloatingPointError(NAN)
        return {
            "rounds": self.rounds,
            "counts": torch.histc(x, BINS, LOW, HIGH).int().tolist(),
            "judged": (100 * judged).round().int().flatten().tolist(),
            "fakes": [[round(a, 2), round(-b, 2)] for a, b in zip(fakes.flatten().tolist(), slopes.flatten().tolist())],
            "now": now,
            "history": list(self._history),
        }

    @traitlets.observe("target")
    def _retarget(self, _=None):
        """데이터는 칸의 가운데를 잇는 꺾은선에서 뽑습니다. 종도 촘촘한 칸 100개로 나눕니다."""
        count = 100 if isinstance(self.target, str) else len(self.target)
        width = (HIGH - LOW) / count
        x = LOW + width * (torch.arange(count) + 0.5)
        if isinstance(self.target, str):
            share = sum(torch.exp(-(((x - mean) / sd) ** 2) / 2) / sd for mean, sd in BELLS[self.target])
        else:
            share = torch.tensor(self.target)
        share = share / share.sum()
        edges = share.cumsum(0)

        def draw(count, rng):
            u, a, b = torch.rand(3, count, 1, generator=rng)
            cell = torch.searchsorted(edges, u * edges[-1]).clamp(max=len(x) - 1)  # 누적분포함수의 역함수
            return x[cell] + width * (a + b - 1)  # 두 칸 너비의 삼각형으로 흩으면 꺾은선이 됩니다.

        self._draw, self._mean = draw, (share @ x).item()
        self.data = [[round(a, 3), round(b, 4)] for a, b in zip(x.tolist(), (share / width).tolist())]
        self._settle()

    @traitlets.observe("k", "ratio", "average")
    def _settle(self, _=None):
        if self.game is None:
            return
        self.game.k = self.k
        for group in self.game.opt_D.param_groups:
            group["lr"] = RATE * self.ratio
        if self._frame and not self.playing:
            self._show(self._frame["why"])

    def _still(self):
        now = self._picture()
        with korean():
            figure = Figure(figsize=(8, 3.2), dpi=100, layout="constrained")
            left, right = figure.subplots(1, 2, width_ratios=(3, 2))
            x, width = np.linspace(LOW, HIGH, BINS, endpoint=False), (HIGH - LOW) / BINS
            left.bar(x, np.array(now["counts"]) / len(Z) / width, width, align="edge", color=FAKE, alpha=0.6)
            left.plot(*np.array(self.data).T, color=REAL)
            left.set(xlim=(LOW, HIGH), ylim=(0, 0.8), xlabel="x", ylabel="확률 밀도")
            left.set_title(f"데이터(파랑), {'G_avg' if self.average else 'G'}의 가짜(주홍), D(초록, 0–1)", fontsize=10)
            judge = left.twinx()
            judge.plot(X.flatten(), np.array(now["judged"]) / 100, color=JUDGE)
            judge.set(ylim=(0, 1), yticks=[0, 0.5, 1])
            frames = self.recording.get("frames", ())
            rows = [[frame["rounds"], *frame["now"]] for frame in frames] or [
                *self._history,
                [self.rounds, *now["now"]],
            ]
            # 아직 한 라운드도 하지 않았으면 이을 선이 없으므로 점을 찍습니다.
            look = {"marker": "o" if len(rows) == 1 else None, "clip_on": False}
            for column, color in ((3, REAL), (2, GRAY), (1, FAKE)):
                right.plot([row[0] for row in rows], [row[column] for row in rows], color=color, **look)
            right.set(xlim=(0, max(100, rows[-1][0])), ylim=(0, 8), xlabel="라운드")
            right.set_title("G의 평균(주홍), G_avg의 평균(회색)", fontsize=10)
            figure.draw_without_rendering()
        return figure
