"""살아 있는 무대의 엔진. 배경 스레드가 라운드를 돌리고, 화면이 따라오는 만큼만 그림을 보냅니다."""

import contextlib
import ctypes
import io
import threading
import time
import traceback
import weakref
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython

from ganlib.play.traits import BadValue

PICTURES, SLOW = 22, 3  # 1초에 보낼 그림의 수, ‘느리게’에서 1초에 도는 라운드의 수
ON_THE_WAY = 4  # 화면이 아직 그리지 않은 그림이 이만큼이면 기다립니다.
PATIENCE = 3  # 화면의 대답이나 끝나지 않는 라운드를 기다리는 시간(초)
CLOSED = "그림을 보는 화면이 없어서 멈췄습니다. ▶를 누르면 이어집니다."
OTHER_CELL = "다른 셀을 실행해서 멈췄습니다. ▶를 누르면 이어집니다."
BUSY = "셀이 실행되는 동안에는 멈춰 있습니다. 셀이 끝난 다음 눌러 주세요."
STUCK = "한 라운드가 끝나지 않아서 멈췄습니다. 끝없이 도는 반복이 없는지 살펴봐 주세요."


class Stuck(BaseException):
    """끝나지 않는 라운드를 밖에서 끊습니다."""


class Live(anywidget.AnyWidget):
    """▶를 누르면 스스로 움직이는 무대입니다. 놀이마다 다음을 채웁니다.

    `_reset()`(처음 상태), `_round()`(한 라운드), `_picture()`(지금의 그림. JSON으로 쓸 수 있는 사전이며, NaN이 있으면
    FloatingPointError), `_still()`(멈춘 그림인 `Figure`), `_learners`(학습자가 쓴 함수들).

    배경 스레드는 속성을 고치지 않습니다. 보낼 것을 `_frame`에 담으면, `frame`을 보낼 때 그것이 나갑니다.
    """

    _ipython_display_ = None  # ipywidgets 7에서도 멈춘 그림이 함께 남게 합니다.
    _esm = traitlets.Unicode().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True, to_json=lambda _, stage: stage._frame)
    ask = traitlets.List().tag(sync=True)  # 화면에서 누른 단추: [누른 횟수, 이름]
    seen = traitlets.Int().tag(sync=True)  # 화면이 마지막으로 그린 그림의 번호
    slow = traitlets.Bool().tag(sync=True)
    views = traitlets.Int().tag(sync=True)  # 이 무대를 보고 있는 화면의 수

    def __init__(self, script, **traits):
        self._thread, self._stop, self._in_cell = None, threading.Event(), False
        self._frame, self._drawn, self._why = {}, 0, ""  # 보낸 그림, 그 번호, 멈추게 한 까닭
        self._heard = self._shown = time.monotonic()
        files = [Path(__file__).parent / name for name in ("shared.js", "live.js", script)]
        super().__init__(_esm="".join(file.read_text(encoding="utf-8") for file in files), **traits)
        self.restart()
        if shell := get_ipython():
            for event, entering in (("pre_run_cell", True), ("post_run_cell", False)):
                _watch(shell, event, weakref.ref(self), entering)

    @property
    def playing(self):
        """지금 스스로 움직이고 있는지."""
        return self._thread is not None and self._thread.is_alive()

    def play(self):
        """▶: 다른 셀을 실행하거나 멈출 때까지 스스로 움직입니다."""
        if not self.playing:
            self._stop, self._heard = threading.Event(), time.monotonic()
            self._thread = threading.Thread(target=self._run, args=(self._stop,), daemon=True)
            self._thread.start()

    def pause(self, why=""):
        """⏸: 돌던 라운드를 마치고 멈춥니다. `why`는 화면에 보일 까닭입니다."""
        self._why = why
        self._stop.set()
        if self.playing:
            self._thread.join(PATIENCE)
        if self.playing:  # 끝나지 않는 라운드도 파이썬의 반복이라면 이렇게 끊을 수 있습니다.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(Stuck))
            self._thread.join(1)

    def step(self, n=1):
        """기다리며 `n`라운드를 합니다. 라운드에서 난 오류는 화면에 적고, 그대로 다시 냅니다."""
        whole("n", n, 1, 100_000)
        self.pause()
        why = ""
        try:
            for _ in range(n):
                self._round()
                if self.views and time.monotonic() - self._shown > 2 / PICTURES:
                    self._show(playing=True)
            self._picture()  # NaN이면 여기에서 드러납니다.
        except Exception as error:
            why = self._explain(error)
            raise
        finally:
            self._show(why)

    def restart(self):
        """같은 시드로 처음부터 다시 시작합니다. 움직이고 있었다면 이어서 움직입니다."""
        again = self.playing
        self.pause()
        try:
            self._reset()
        except Exception as error:
            self._show(self._explain(error))
            raise
        self._show()
        if again:
            self.play()

    def _run(self, stop):
        due, why = 0, None
        try:
            while not stop.is_set():
                self._round()
                now, waiting = time.monotonic(), self._drawn - self.seen
                if waiting and now - self._heard > PATIENCE:
                    why = CLOSED
                    break
                if self.slow or (now >= due and waiting < ON_THE_WAY):
                    self._show(playing=True)
                    due = max(due + 1 / PICTURES, now)
                    stop.wait(1 / SLOW if self.slow else 0)
        except Stuck:
            why = STUCK
        except Exception as error:
            why = self._explain(error)
        self._show(self._why if why is None else why)

    def _show(self, why="", playing=False):
        """지금의 그림을 보냅니다. 멈출 때 그릴 수 없으면 앞의 그림에 까닭만 붙입니다."""
        try:
            picture = self._picture()
        except Exception as error:
            if playing:
                raise
            picture, why = self._frame, why or self._explain(error)
        self._drawn, self._shown = self._drawn + 1, time.monotonic()
        self._frame = {**picture, "number": self._drawn, "playing": playing, "why": why}
        self.send_state("frame")

    def _explain(self, error):
        """오류를 화면에 보일 한국어 문장으로 바꿉니다."""
        if isinstance(error, FloatingPointError):
            return str(error)
        codes = [getattr(learner, "__code__", None) for learner in self._learners]
        rows = [(f.f_code, row) for f, row in traceback.walk_tb(error.__traceback__) if f.f_code in codes]
        where = "라운드"
        if rows:
            code, row = rows[-1]
            where = f"{code.co_name}의 {row - code.co_firstlineno + 1}번째 줄"
        what = f"{type(error).__name__}: {error}"[:300]
        return f"{where}에서 오류가 나서 멈췄습니다. 고쳐서 다시 넣고 ▶를 눌러 주세요. {what}"

    @traitlets.observe("seen")
    def _hear(self, _):
        self._heard = time.monotonic()

    @traitlets.observe("ask")
    def _asked(self, change):
        name = change.new[-1] if change.new else ""
        if name == "pause":
            self.pause()
        elif self._in_cell and not self.playing:
            self._show(BUSY)
        elif name == "play":
            self.play()
        elif name in ("restart", "step"):
            with contextlib.suppress(Exception):  # 까닭은 화면에 적혔습니다.
                getattr(self, name)()
        elif not self.playing:  # 살아 있는지 물었습니다.
            self._show(self._frame["why"])

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        picture = io.BytesIO()
        self._still().savefig(picture, format="png")
        return {**data, "text/plain": "(무대)", "image/png": picture.getvalue()}, metadata


def _watch(shell, event, stage, entering):
    """셀이 실행되기 전에 무대를 멈춥니다. 무대가 사라지면 지켜보기를 그만둡니다."""

    def happened(*_):
        if (live := stage()) is None:
            return shell.events.unregister(event, happened)
        live._in_cell = entering
        if entering and live.playing:
            live.pause(OTHER_CELL)

    shell.events.register(event, happened)


def whole(name, value, low, high):
    """`low` 이상 `high` 이하의 정수인지 봅니다."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise BadValue(f"{name}에는 {low}에서 {high:,}까지의 정수를 넣어 주세요. 받은 값: {value!r}.")
