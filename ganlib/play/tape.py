"""라운드를 갈아 끼우고, 녹화하고, 녹화를 다시 보는 무대."""

import json

import traitlets

from ganlib.play.live import Live, whole
from ganlib.play.traits import BadValue


class Taped(Live):
    """살아 있는 무대에 학습자의 라운드와 녹화를 더합니다.

    놀이마다 `_settings`(녹화에 함께 담을 속성의 이름들)와 `_most`(녹화 하나에 담는 그림의 수)를 채웁니다.
    """

    recording = traitlets.Dict().tag(sync=True)
    at = traitlets.Int().tag(sync=True)  # 녹화를 보는 화면이 지금 보여 주는 그림의 번호

    def __init__(self, script, learners, **traits):
        if unknown := sorted(set(traits) - set(self.trait_names())):
            raise BadValue(f"{type(self).__name__}에는 {', '.join(unknown)}라는 속성이 없습니다. 이름을 살펴봐 주세요.")
        self._learners = learners  # 첫째가 한 라운드입니다.
        super().__init__(script, **traits)

    @property
    def one_round(self):
        """무대가 부르는 한 라운드."""
        return self._learners[0]

    @one_round.setter
    def one_round(self, function):
        if not callable(function):
            raise BadValue(f"one_round에는 game 하나를 받는 함수를 넣어 주세요. 받은 값: {function!r}.")
        self.pause()
        self._learners = (function, *self._learners[1:])
        self._show()

    def record(self, rounds, every):
        """지금부터 `rounds`라운드를 하면서 `every`라운드마다 그림을 남겨, JSON으로 쓸 수 있는 사전으로 돌려줍니다."""
        whole("every", every, 1, 10_000)
        whole("rounds", rounds, every, self._most * every)
        frames = []
        for done in range(0, rounds + 1, every):
            self.step(every) if done else self.pause()
            frames.append({name: part for name, part in self._picture().items() if name != "history"})
        return json.loads(json.dumps({name: getattr(self, name) for name in self._settings} | {"frames": frames}))

    @classmethod
    def replay(cls, recording):
        """`record`가 남긴 것을 다시 보여 주는 무대입니다. 학습은 하지 않습니다."""
        if not isinstance(recording, dict) or set(recording) != {*cls._settings, "frames"} or not recording["frames"]:
            raise BadValue(f"{cls.__name__}.replay에는 stage.record(…)가 돌려준 사전을 넣어 주세요.")
        return cls(**{name: recording[name] for name in cls._settings}, recording={"frames": recording["frames"]})

    def play(self):
        self._must_learn()
        super().play()

    def step(self, n=1):
        self._must_learn()
        super().step(n)

    def _must_learn(self):
        if self.recording:
            raise BadValue(f"녹화를 다시 보는 무대입니다. 학습하려면 {type(self).__name__}로 새 무대를 만들어 주세요.")
