"""Jupyter Notebook 7에서도 슬라이더가 화살표 키를 받게 합니다."""

import anywidget


class ArrowKeys(anywidget.AnyWidget):
    """`arrow-keys` 클래스가 붙은 상자 안의 슬라이더에게 화살표 키를 돌려주는, 보이지 않는 위젯입니다."""

    # Notebook 7은 화살표 키를 셀을 옮기는 데 먼저 쓰되, 이 속성이 붙은 요소에서 누른 키는 건드리지 않습니다.
    # Shift+Enter 같은 단축키는 남아야 하므로, 키를 누를 때마다 속성을 붙이거나 뗍니다.
    _esm = """
    function keep(event) {
      if (event.target.closest?.(".arrow-keys"))
        event.target.toggleAttribute("data-lm-suppress-shortcuts", event.key.startsWith("Arrow"));
    }
    export default {
      render() {
        window.addEventListener("keydown", keep, true);
        return () => window.removeEventListener("keydown", keep, true);
      },
    };
    """


def with_arrow_keys(box):
    """상자 안의 슬라이더가 화살표 키를 받게 하고, 같은 상자를 돌려줍니다."""
    box.children = (ArrowKeys(layout={"display": "none"}), *box.children)
    box.add_class("arrow-keys")
    return box
