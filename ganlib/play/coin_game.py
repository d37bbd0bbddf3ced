"""위조 게임: 손으로 하던 판을 다음 셀의 코드가 이어서 합니다."""

import io
import time
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from ganlib.play.coin_still import best_answers, draw_still, value
from ganlib.play.traits import BadValue, Choice, Number

TOSSES = 20  # 손으로 하는 한 라운드에 동전마다 던지는 횟수
SCRIPTS = {"game": "coin_game.js", "bet": "coin_game.js", "duel": "coin_bench.js", "chase": "coin_bench.js"}


def _players(game):
    return ("hand", "frozen", "best") if game.mode == "duel" else ("hand", "computer")


def _thinned(rounds, _):
    """화면에는 라운드를 100개까지만 보냅니다. 그보다 촘촘하면 눈에 보이지 않습니다."""
    return rounds[:: -(-len(rounds) // 100) or 1] + rounds[-1:] if len(rounds) > 100 else rounds


class CoinGame(anywidget.AnyWidget):
    """위조범의 동전(theta)과 경찰의 답(d_head, d_tail)이 숨은 동전 p를 두고 겨루는 판입니다.

    Args:
        mode: "game"(여덟 라운드), "bet"(p에 걸기), "duel"(손으로 움직여 보는 V), "chase"(제동 없는 추격).
        p: 진짜 동전이 앞면일 확률. 없으면 `seed`로 정하고 화면에 보여 주지 않습니다.
        seed: 난수의 시드.
        **traits: 다른 속성의 처음 값. 예: `theta=0.2`.

    Raises:
        BadValue: 속성에 넣을 수 없는 값일 때(`ValueError`이며, 값은 바뀌지 않습니다).
    """

    _ipython_display_ = None  # ipywidgets 7에서도 멈춘 그림이 함께 남게 합니다.
    _esm = traitlets.Unicode().tag(sync=True)
    mode = Choice("game", tuple(SCRIPTS))
    police, forger = Choice("hand", _players), Choice("hand", ("hand", "computer"))
    p, theta = Number(0.5, 0, 1), Number(0.5, 0, 1, slack=0.25)
    d_head, d_tail = Number(0.5, 0.03, 0.97, slack=0.03), Number(0.5, 0.03, 0.97, slack=0.03)
    seed, groups = Number(0, 0, 2**31, kind=int), Number(4, 1, 4, kind=int)
    eta, steps = Number(0.2, 0.01, 1), Number(0, 0, 300, kind=int)
    start = traitlets.List([1.0, 0.0]).tag(sync=True)
    alternate = traitlets.Bool().tag(sync=True)
    phase = traitlets.Unicode("police").tag(sync=True)
    rounds = traitlets.List().tag(sync=True, to_json=_thinned)
    bets = traitlets.List().tag(sync=True)
    seen, turn = (traitlets.Dict().tag(sync=True) for _ in range(2))
    views = traitlets.Int().tag(sync=True)  # 이 판을 보고 있는 화면의 수

    def __init__(self, mode="game", p=None, seed=0, **traits):
        unknown = sorted(set(traits) - set(self.trait_names()))
        if unknown:
            raise BadValue(f"CoinGame에는 {', '.join(unknown)}라는 속성이 없습니다. 이름을 살펴봐 주세요.")
        self._rng, self._judged_theta = np.random.default_rng(seed), None
        folder, names = Path(__file__).parent, ("shared.js", SCRIPTS.get(mode, ""))
        script = "".join((folder / name).read_text(encoding="utf-8") for name in names if name)
        super().__init__(mode=mode, seed=seed, _esm=script)
        self.new_game(0.7 if p is None and mode == "duel" else p)
        self.eta = 0.05 if mode == "duel" else 0.2
        for name, start in traits.items():
            setattr(self, name, start)

    def new_game(self, p=None):
        """새 판을 엽니다. `p`를 주지 않으면 숨은 동전도 새로 정합니다."""
        if p is None:
            low, high = (0.05, 0.95) if self.mode == "bet" else (0.1, 0.35)
            p = round(self._rng.uniform(low, high), 2)
            p = p if self._rng.random() < 0.5 else round(1 - p, 2)
        self.p = p
        self.theta = self.d_head = self.d_tail = 0.5
        self.rounds, self.bets, self.turn, self._judged_theta = [], [], {}, None
        self.seen = dict(zip(("real", "fake"), self._heads(TOSSES, 0.5)), n=TOSSES)
        self.phase = "toss" if self.mode == "bet" else "police"

    def toss(self, n=TOSSES):
        """두 동전을 `n`번씩 던져 앞면이 나온 비율 `(진짜, 가짜)`를 돌려줍니다."""
        if not isinstance(n, (int, np.integer)) or not 1 <= n <= 10**6:
            raise BadValue(f"던지는 횟수는 1에서 1,000,000까지의 정수여야 합니다. 받은 값: {n!r}")
        self._play_by_code()
        self._judged_theta = self.theta
        real, fake = self._heads(n, self.theta)
        self.seen = dict(real=real, fake=fake, n=int(n))
        return real / n, fake / n

    def next_round(self):
        """라운드를 마칩니다. 마지막 `toss`의 동전을 20번씩 새로 던져 지금의 답을 판정하고 `rounds`에 적습니다."""
        self._play_by_code()
        theta = self.theta if self._judged_theta is None else self._judged_theta
        row = dict(round=len(self.rounds) + 1, theta=theta, d_head=self.d_head, d_tail=self.d_tail)
        if self.mode == "game":
            row["counts"] = self._heads(TOSSES, theta)
            real, fake = (heads / TOSSES for heads in row["counts"])
        else:
            real, fake = self.p, theta  # 손으로 움직여 보는 판은 기댓값으로 셉니다.
        row["points"] = value(real, fake, self.d_head, self.d_tail) + 2 * np.log(2)
        self.rounds, self._judged_theta = [*self.rounds, row], None
        if self.views:
            time.sleep(6 / max(200, len(self.rounds)))  # 눈이 따라갈 수 있게. 길어질수록 빨라집니다.

    def reveal(self):
        """숨은 동전 p를 화면에 보여 줍니다."""
        self.phase = "end"

    @property
    def points(self):
        """지금까지 경찰이 얻은 점수. 위조범의 점수는 부호가 반대입니다."""
        return sum(row["points"] for row in self.rounds)

    def path(self):
        """추격(chase)의 자취: 모양 (steps + 1)×2, 열은 θ와 ψ."""
        points = [tuple(map(float, self.start))]
        for _ in range(self.steps):
            theta, psi = points[-1]
            moved = psi - self.eta * theta / (1 + np.exp(-psi * theta))
            slope = moved if self.alternate else psi
            points.append((theta + self.eta * slope / (1 + np.exp(-slope * theta)), moved))
        return np.array(points)

    def _heads(self, n, theta):
        return [int(self._rng.binomial(n, chance)) for chance in (self.p, theta)]

    def _play_by_code(self):
        if self.mode not in ("game", "duel"):
            raise BadValue(f'mode="{self.mode}"인 판은 라운드가 없습니다. CoinGame()으로 만든 판에서 불러 주세요.')
        if self.phase != "code":
            self.phase, self.rounds = "code", [] if self.mode == "game" else self.rounds

    @traitlets.validate("mode")
    def _fixed(self, proposal):
        if self._esm and proposal.value != self.mode:
            raise BadValue(
                f"mode는 판을 만들 때만 정합니다. CoinGame(mode={proposal.value!r})로 새 판을 만들어 주세요."
            )
        return proposal.value

    @traitlets.observe("theta", "p", "police")
    def _follow(self, _):
        if self.mode == "duel" and self.police == "best":
            self.d_head, self.d_tail = best_answers(self.p, self.theta)

    @traitlets.observe("views")
    def _show_everything(self, _):
        self.send_state()

    def send_state(self, key=None):
        """보는 화면이 없는 동안 코드의 라운드는 보내지 않습니다. 화면이 열릴 때 한꺼번에 보냅니다."""
        if key is None or self.views or self.phase != "code":
            super().send_state(key)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        picture = io.BytesIO()
        draw_still(self).savefig(picture, format="png")
        return {**data, "text/plain": "(위조 게임)", "image/png": picture.getvalue()}, metadata
