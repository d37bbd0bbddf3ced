"""살아 있는 평면의 무대: 봉우리 여덟이 둘러선 데이터를 2차원의 GAN이 눈앞에서 배웁니다.

신경망, 옵티마이저, 손실은 모두 노트북의 것입니다. 무대는 `start`와 `one_round`를 부르고, 재고, 그릴 뿐입니다.
"""

import base64
import contextlib
import math

import numpy as np
import torch
import traitlets

from ganlib import train
from ganlib.play.plane_still import draw_still
from ganlib.play.ring import CENTERS, ENOUGH, REACH, Target, counts, draw, measure
from ganlib.play.tape import Taped
from ganlib.play.traits import BadValue, Number, offered

SIDE, POINTS, ARROWS = 40, 300, 40  # D를 재는 격자의 한 변, 점으로 그리는 가짜, 그 가운데 화살표를 다는 것
SEEN, SAMPLES, EVERY, KEPT = 2000, 20_000, 20, 400  # 그림과 measure()가 재는 가짜의 수, 재는 간격, history의 줄 수
NAN = "G나 D가 NaN을 내어 멈췄습니다. ‘처음부터’를 눌러 다시 시작해 주세요."
_ticks = REACH * (2 * (torch.arange(SIDE) + 0.5) / SIDE - 1)
GRID = torch.cartesian_prod(_ticks, _ticks).flip(1)  # 아래 줄부터, 왼쪽에서 오른쪽으로


class PlaneStage(Taped):
    """2차원 GAN의 무대입니다. D의 지도, 진짜, 가짜와 그 기울기, 봉우리마다의 몫, 덮은 모드의 내력을 그립니다.

    Args:
        start: `start(real, seed, **settings)`. `real(count)`는 지금의 데이터를 count×2로 뽑습니다. G, D, noise(count)가
            있는 것을 돌려줍니다. 점의 로짓이 D(x)가 아니면 judge(x)도, G의 손실이 비포화가 아니면 g_loss(로짓)도.
        one_round: `one_round(game)`. `start`가 돌려준 것으로 한 라운드를 합니다.
        seed: 시드. `start`와 라운드 안에서는 torch의 난수도 무대의 것이어서, 차시의 다른 난수를 바꾸지 않습니다.
        choices: `{start의 인자 이름: (화면의 글, [값, …])}`. 값은 수나 낱말입니다.
        **traits: 속성의 처음 값. `target`("ring" 또는 점들), `settings`(고른 값. 없으면 choices의 첫째 값), `slow`.

    Raises:
        BadValue: 받을 수 없는 값일 때(`ValueError`이며, 값은 바뀌지 않습니다).
    """

    _settings, _most = ("seed", "target", "choices", "settings"), 200
    target = Target("ring").tag(sync=True)
    data = traitlets.List().tag(sync=True)  # 그림에 흐리게 보이는 진짜들
    seed = Number(0, 0, 2**31, kind=int)
    choices, settings = traitlets.Dict().tag(sync=True), traitlets.Dict().tag(sync=True)

    def __init__(self, start=None, one_round=None, seed=0, choices=None, **traits):
        if "recording" not in traits and not (callable(start) and callable(one_round)):
            raise BadValue("PlaneStage에는 함수 start와 one_round를 차례로 넣어 주세요.")
        self.game, self.rounds, self._frame = None, 0, {}
        choices = offered(choices)
        traits["settings"] = {name: values[0] for name, (_, values) in choices.items()} | traits.get("settings", {})
        self._retarget()
        super().__init__("plane.js", (one_round, start), seed=seed, choices=choices, **traits)

    def real(self, count):
        """지금의 데이터에서 `count`개를 뽑습니다. 모양 count×2."""
        return draw(self._centers, count)

    def measure(self):
        """고정한 z 20,000개의 가짜에서 (덮은 모드 수, 유효한 비율, TV). 그린 데이터에는 모드가 없어 둘째만 잽니다."""
        self._must_learn()
        return tuple(math.nan if number is None else number for number in self._measure(self._fakes(SAMPLES)))

    @property
    def history(self):
        """20라운드마다 2,000개로 잰 (라운드, 덮은 모드 수, 유효한 비율, TV, 덮은 모드가 바뀐 횟수). 모양 N×5.

        처음부터 모두 남기며, 길어지면 한 줄씩 건너뛰어 400줄까지로 줄입니다.
        """
        return np.array(self._history, float).reshape(-1, 5)

    @contextlib.contextmanager
    def _own_random(self):
        outside = torch.get_rng_state()
        torch.set_rng_state(self._random)
        try:
            yield
        finally:
            self._random = torch.get_rng_state()
            torch.set_rng_state(outside)

    def _reset(self):
        self._forget()
        if self.recording:
            return
        self._random = torch.Generator().manual_seed(self.seed).get_state()
        with self._own_random():
            game = self._learners[1](self.real, self.seed, **self.settings)
            if missing := [name for name in ("G", "D", "noise") if not callable(getattr(game, name, None))]:
                raise BadValue(
                    f"start가 돌려준 것에 {', '.join(missing)}가 없습니다. G, D, noise(count)가 있어야 합니다."
                )
            with torch.random.fork_rng(devices=[]):
                self._z = game.noise(SAMPLES)
        self.game, self.rounds = game, 0

    def _round(self):
        with self._own_random():
            self.one_round(self.game)
        self.rounds += 1
        if self.rounds % EVERY == 0:
            self._remember()

    def _forget(self):
        self._history, self._covered, self._changes, self._spacing = [], None, 0, EVERY

    def _remember(self):
        x = self._fakes(SEEN)
        covered = (counts(x) >= ENOUGH * len(x)).tolist()
        self._changes += self.target == "ring" and self._covered is not None and covered != self._covered
        self._covered = covered
        if self.rounds % self._spacing == 0:
            self._history.append([self.rounds, *self._now(x)])
        if len(self._history) > KEPT:
            self._history, self._spacing = self._history[1::2], 2 * self._spacing

    @torch.no_grad()
    def _fakes(self, count):
        x = self.game.G(self._z[:count])
        if not x.isfinite().all():
            raise FloatingPointError(NAN)
        return x

    def _measure(self, x):
        if self.target == "ring":
            return measure(x)
        return None, counts(x, self._centers).sum().item() / len(x), None

    def _now(self, x):
        return [number and round(number, 4) for number in self._measure(x)] + [self._changes]

    def _picture(self):
        if self.recording:
            return self.recording["frames"][-1]
        judge = getattr(self.game, "judge", self.game.D)
        x = self._fakes(SEEN)
        with torch.no_grad():
            judged = judge(GRID).sigmoid()
        few = x[:ARROWS].clone().requires_grad_()
        loss = getattr(self.game, "g_loss", train.g_loss)(judge(few))
        [slopes] = torch.autograd.grad(len(few) * loss, few)
        if not (judged.isfinite().all() and slopes.isfinite().all()):
            raise FloatingPointError(NAN)
        mass = counts(x) if self.target == "ring" else torch.zeros(0)
        return {
            "rounds": self.rounds,
            "judged": packed(255 * judged),
            "fakes": packed(127.5 * (1 + x[:POINTS] / REACH)),
            "arrows": packed(127.5 * (1 - slopes / 8)),
            "mass": (1000 * mass / max(1, mass.sum())).round().int().tolist(),
            "now": self._now(x),
            "history": self._history.copy(),
        }

    @traitlets.validate("settings")
    def _check(self, proposal):
        settings = {**self.settings, **proposal.value}
        for name, value in settings.items():
            label, values = self.choices.get(name, (name, []))
            if value not in values:
                words = (
                    f"{label}에는 {', '.join(map(str, values))} 가운데 하나를"
                    if values
                    else f"choices에 있는 이름을({name})"
                )
                raise BadValue(f"settings의 {words} 넣어 주세요. 받은 값: {value!r}. 그대로 두었습니다.")
            settings[name] = values[values.index(value)]
        return settings

    @traitlets.observe("settings")
    def _set(self, _):
        if self.game is not None:
            self.restart()

    @traitlets.observe("target")
    def _retarget(self, _=None):
        self._centers = CENTERS if self.target == "ring" else torch.tensor(self.target)
        # 배경에서 라운드가 도는 동안에도 불리므로, torch의 난수를 건드리지 않습니다.
        points = draw(self._centers, POINTS, torch.Generator().manual_seed(0))
        self.data = points.double().round(decimals=2).tolist()
        self._forget()
        if self._frame and not self.playing:
            self._show(self._frame["why"])

    def _still(self):
        return draw_still(self.data, self._picture())


def packed(numbers):
    """0에서 255까지의 수들을 바이트 하나씩 담은 글(base64)로 바꿉니다."""
    return base64.b64encode(numbers.round().clamp(0, 255).to(torch.uint8).numpy().tobytes()).decode()
