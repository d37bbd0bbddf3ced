"""슬라이더와 그림을 담는 상자. `widgets`와 `explorer`가 함께 씁니다."""

import io

import ipywidgets
from IPython import get_ipython

_open = {}  # 셀마다 (그 셀의 마지막 실행 번호, 그때 만든 상자들)


class Panel(ipywidgets.VBox):
    """닫으면 안에 든 위젯과 관찰자까지 사라지는 상자입니다. 같은 셀을 다시 실행하면 지난번 상자를 스스로 닫습니다.

    그냥 두면 ipywidgets의 등록부가 위젯과 거기에 매달린 모델을 커널이 끝날 때까지 붙들고 있습니다.
    """

    def __init__(self, children):
        super().__init__(children)
        if request := getattr(get_ipython(), "parent_header", None):
            # 셀의 이름을 보내지 않는 환경에서는 셀의 글로 알아봅니다.
            cell = request["metadata"].get("cellId") or request["content"].get("code")
            run = request["header"]["msg_id"]
            old_run, panels = _open.get(cell, (run, []))
            while old_run != run and panels:
                panels.pop().close()
            _open[cell] = (run, [*panels, self])

    def close(self):
        """상자와 그 안의 모든 위젯을 닫습니다. 여러 번 불러도 됩니다."""
        _close_parts(self)
        super().close()


def _close_parts(widget):
    for part in (*getattr(widget, "children", ()), widget.layout, getattr(widget, "style", None)):
        if isinstance(part, ipywidgets.DOMWidget):
            _close_parts(part)
        if part is not None:
            part.unobserve_all()
            part.close()
    if hasattr(widget, "children"):
        widget.children = ()


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


def png_bytes(image):
    """`PIL.Image.Image`를 PNG 파일의 내용(bytes)으로 바꿉니다. 크기보다 빠르기를 택합니다."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
