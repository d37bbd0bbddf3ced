"""슬라이더를 움직일 때마다 다시 그리는 그림."""

import io
import threading

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def curve_sliders(draw, size=(8, 3.2), **sliders):
    """슬라이더를 움직일 때마다 그림을 다시 그립니다.

    Args:
        draw: `draw(figure, **values)`. 비어 있는 `matplotlib.figure.Figure`에 그립니다. pyplot은 쓰지 않습니다.
        size: 그림의 크기(인치).
        **sliders: 이름마다 `(라벨, 최솟값, 최댓값, 간격, 처음 값)`. 간격이 정수이면 정수 슬라이더입니다.

    Returns:
        `ipywidgets.VBox`. 마지막 자식이 그림(`ipywidgets.Image`)입니다.
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
    return ipywidgets.VBox([*controls.values(), message, image])


def newest(draw, lock):
    """`draw`를 한 번에 한 스레드만 부르게 하고, 밀린 부름은 가장 새로운 것만 남기는 함수를 만듭니다."""
    latest = None

    def redraw(_=None):
        nonlocal latest
        latest = mine = object()
        # JupyterLab은 셀이 도는 동안 이 함수를 다른 스레드에서 부를 수 있습니다.
        with lock:
            # 기다리는 동안 새 부름이 왔다면, 그 부름이 지금의 값을 모두 읽어 그립니다.
            if mine is latest:
                draw()

    return redraw
