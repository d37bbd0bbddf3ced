"""학습을 지켜보고 곡선을 손으로 움직여 보는 도구."""

import io
import signal
import threading
import time

import ipywidgets
from IPython.display import HTML, DisplayHandle, Image
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ganlib.panel import Panel, newest, png_bytes


def countdown(seconds, picture=None, every=2.0):
    """정해진 시간 동안 도는 반복자입니다. 남은 시간을 보여 주고, 지난 비율 t(0 이상 1 미만)를 하나씩 내놓습니다.

    커널을 중단(■)하면 하던 스텝을 마치고 반복을 끝내므로, 모델은 언제나 쓸 수 있는 상태로 남습니다.

    Args:
        seconds: 돌 시간(초), 양수.
        picture: 인자 없이 부르면 `PIL.Image.Image`를 돌려주는 함수. 주면 `every`초마다 불러서 그림을 바꿉니다.
        every: 화면을 고치는 간격(초).

    Yields:
        float: 지난 시간 / `seconds`.

    Raises:
        ValueError: `seconds`가 양수가 아닐 때.
    """
    if not seconds > 0:
        raise ValueError(f"seconds는 양수여야 합니다. 받은 값: {seconds!r}")
    stopped = threading.Event()
    # 신호 처리기는 주 스레드에서만 바꿀 수 있습니다.
    on_main_thread = threading.current_thread() is threading.main_thread()
    if on_main_thread:
        previous = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    line, frame = DisplayHandle(), DisplayHandle()
    steps = 0
    try:
        line.display(HTML(_bar(0, seconds)))
        if picture:
            frame.display(Image(data=png_bytes(picture()), format="png"))
        start = shown = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds and not stopped.is_set():
            if time.perf_counter() - shown >= every:
                line.update(HTML(_bar(elapsed, seconds)))
                if picture:
                    frame.update(Image(data=png_bytes(picture()), format="png"))
                shown = time.perf_counter()
            yield elapsed / seconds
            steps += 1
        if picture:
            frame.update(Image(data=png_bytes(picture()), format="png"))
        ending = "도중에 멈췄습니다. 모델은 그대로 쓸 수 있습니다" if stopped.is_set() else "끝났습니다"
        line.update(HTML(f"{ending} · {steps:,}스텝 · {elapsed:.0f}초"))
    finally:
        if on_main_thread:
            signal.signal(signal.SIGINT, previous)


def _bar(elapsed, seconds):
    return (
        f'<progress value="{elapsed:.1f}" max="{seconds:.1f}" style="width: 20em"></progress> '
        f"남은 시간 {seconds - elapsed:.0f}초"
    )


def curve_sliders(draw, size=(8, 3.2), **sliders):
    """슬라이더를 움직일 때마다 그림을 다시 그립니다.

    Args:
        draw: `draw(figure, **values)`. 비어 있는 `matplotlib.figure.Figure`에 그립니다. pyplot은 쓰지 않습니다.
        size: 그림의 크기(인치).
        **sliders: 이름마다 `(라벨, 최솟값, 최댓값, 간격, 처음 값)`. 간격이 정수이면 정수 슬라이더입니다.

    Returns:
        `Panel`. 마지막 자식이 그림(`ipywidgets.Image`)입니다.
    """
    figure = Figure(figsize=size, dpi=100, layout="none")
    canvas = FigureCanvasAgg(figure)
    image = ipywidgets.Image(format="png")
    message = ipywidgets.HTML()
    controls = {}
    for name, (label, low, high, step, start) in sliders.items():
        kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
        controls[name] = kind(
            value=start, min=low, max=high, step=step, description=label,
            style={"description_width": "12em"}, layout={"width": "36em"},
        )  # fmt: skip

    def redraw():
        try:
            figure.clear()
            # 여백을 그릴 때마다 계산하는 layout="constrained"는 시간을 두 배로 늘립니다.
            figure.subplots_adjust(left=0.1, right=0.97, bottom=0.19, top=0.86, wspace=0.28)
            draw(figure, **{name: control.value for name, control in controls.items()})
            buffer = io.BytesIO()
            # savefig은 그린 다음 layout을 기본값으로 되돌려 놓습니다(matplotlib 3.11).
            canvas.print_png(buffer)
            image.value, message.value = buffer.getvalue(), ""
        except (ValueError, FloatingPointError) as error:
            message.value = f"이 값에서는 그릴 수 없습니다: {error}"

    follow = newest(redraw, threading.Lock())
    for control in controls.values():
        control.observe(follow, names="value")
    follow()
    return Panel([*controls.values(), message, image])
