"""시간을 정해 두고 도는 학습의 반복."""

import signal
import threading
import time

from IPython.display import HTML, DisplayHandle, Image

from ganlib.plot import png_bytes


def countdown(seconds, picture=None, every=2.0, at_least=1, at_most=None):
    """정해진 시간이 지나고 정해진 스텝을 마칠 때까지 돌며, 진행된 비율 t(0 이상 1 미만)를 내놓습니다.

    느리거나 나누어 쓰는 컴퓨터에서는 시간이 지나도 `at_least`스텝을 마칠 때까지 더 돌며, 그렇다고 화면에 적습니다.
    커널을 중단(■)하면 하던 스텝을 마치고 반복을 끝내므로, 모델은 언제나 쓸 수 있는 상태로 남습니다.

    Args:
        seconds: 돌 시간(초), 양수.
        picture: 인자 없이 부르면 `PIL.Image.Image`를 돌려주는 함수. 주면 `every`초마다 불러서 그림을 바꿉니다.
        every: 화면을 고치는 간격(초).
        at_least: 적어도 마칠 스텝의 수, 1 이상.
        at_most: 시간이 남아도 넘지 않을 스텝의 수. 주지 않으면 시간이 다할 때까지 돕니다.

    Yields:
        float: 지난 시간의 비율과 마친 스텝의 비율 가운데 작은 것.

    Raises:
        ValueError: `seconds`가 양수가 아니거나, `at_least`가 1보다 작거나 `at_most`보다 클 때.
    """
    if not seconds > 0 or not at_least >= 1:
        raise ValueError(f"seconds는 양수, at_least는 1 이상이어야 합니다. 받은 값: {seconds!r}, {at_least!r}")
    if at_most is not None and not at_most >= at_least:
        raise ValueError(f"at_most는 at_least({at_least}) 이상이어야 합니다. 받은 값: {at_most!r}")
    stopped = threading.Event()
    # 신호 처리기는 주 스레드에서만 바꿀 수 있습니다.
    on_main_thread = threading.current_thread() is threading.main_thread()
    if on_main_thread:
        previous = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    line, frame = DisplayHandle(), DisplayHandle()
    steps = 0
    try:
        line.display(HTML(_bar(0, seconds, 0, at_least)))
        if picture:
            frame.display(Image(data=png_bytes(picture()), format="png"))
        start = shown = time.perf_counter()
        while not stopped.is_set():
            now = time.perf_counter()
            t = min((now - start) / seconds, steps / at_least)
            if t >= 1 or steps == at_most:
                break
            if now - shown >= every:
                line.update(HTML(_bar(now - start, seconds, steps, at_least)))
                if picture:
                    frame.update(Image(data=png_bytes(picture()), format="png"))
                shown = time.perf_counter()
            yield t
            steps += 1
        if picture:
            frame.update(Image(data=png_bytes(picture()), format="png"))
        ending = "도중에 멈췄습니다. 모델은 그대로 쓸 수 있습니다" if stopped.is_set() else "끝났습니다"
        line.update(HTML(f"{ending} · {steps:,}스텝 · {time.perf_counter() - start:.0f}초"))
    finally:
        if on_main_thread:
            signal.signal(signal.SIGINT, previous)


def _bar(elapsed, seconds, steps, at_least):
    """진행 막대. 시간이 모자란 컴퓨터에서는 남은 스텝에 걸릴 시간을 어림해 적습니다."""
    left = max(seconds - elapsed, 0)
    note = ""
    if steps and elapsed * at_least > seconds * steps:
        left = elapsed * (at_least - steps) / steps
        note = f" · 컴퓨터가 느려 {at_least:,}스텝까지 조금 더 학습합니다"
    done = min(elapsed / seconds, steps / at_least)
    return (
        f'<progress value="{done:.3f}" max="1" style="width: 20em"></progress> '
        f"남은 시간 {left:.0f}초 · {steps:,}스텝{note}"
    )
