"""슬라이더를 움직일 때마다 다시 그리는 그림."""

import io
import math
import threading

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ganlib.arrow_keys import with_arrow_keys
from ganlib.still import Still


def sliders(draw, size=(8, 3.2), *, show, columns=3, **names):
    """슬라이더를 움직일 때마다 그림을 다시 그립니다. 커널 없이 읽는 사람에게는 `show`의 값들로 그린 그림을 보여 줍니다.

    Args:
        draw: `draw(figure, **values)`. 비어 있는 `matplotlib.figure.Figure`에 그립니다. pyplot은 쓰지 않습니다.
        size: 그림의 크기(인치).
        show: 멈춘 그림에 나란히 놓을 값의 사전들. 예: `[dict(p=0.1), dict(p=0.5)]`.
        columns: 멈춘 그림의 한 줄에 놓을 수.
        **names: 이름마다 `(라벨, 최솟값, 최댓값, 간격, 처음 값)`. 간격이 정수이면 정수 슬라이더입니다.

    Returns:
        셀의 마지막 줄에 놓을 위젯. 마지막 자식이 그림(`ipywidgets.Image`)입니다.
    """
    figure = Figure(figsize=size, dpi=100, layout="none")
    canvas = FigureCanvasAgg(figure)
    image = ipywidgets.Image(format="png", layout={"width": f"{100 * size[0]:.0f}px", "max_width": "100%"})
    message = ipywidgets.HTML()
    controls = {}
    for name, (label, low, high, step, start) in names.items():
        kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
        controls[name] = kind(
            value=start, min=low, max=high, step=step, description=label,
            style={"description_width": "12em"}, layout={"width": "36em", "max_width": "100%"},
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
    box = Sliders([*controls.values(), message, image])
    box.still_png = lambda: draw_still(draw, show, columns)
    return with_arrow_keys(box)


class Sliders(Still, ipywidgets.VBox):
    """`sliders`가 돌려주는 상자입니다."""

    still_text = "(슬라이더)"


def draw_still(draw, show, columns):
    """`show`의 값마다 한 칸씩 나란히 그린 PNG(bytes)를 돌려줍니다."""
    rows, columns = math.ceil(len(show) / columns), min(columns, len(show))
    figure = Figure(figsize=(8, 2.6 * rows), dpi=100)
    for panel, values in zip(figure.subfigures(rows, columns, squeeze=False).ravel(), show):
        draw(panel, **values)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return buffer.getvalue()


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
