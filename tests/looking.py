"""위젯 안을 들여다보는 도구. 위젯의 시험들이 함께 씁니다."""

import io
import time

import ipywidgets
import numpy as np
from PIL import Image


def walk(widget):
    """위젯과 그 안에 든 모든 위젯."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def find(box, kind, description=None):
    return [w for w in walk(box) if type(w) is kind and (description is None or w.description == description)]


def pictures(box):
    """상자에 보이는 그림들을 0~255의 배열로."""
    return [np.asarray(Image.open(io.BytesIO(w.value)).convert("L")) for w in find(box, ipywidgets.Image)]


def click(box, description):
    find(box, ipywidgets.Button, description)[0].click()


def until(condition, seconds=20):
    """`condition()`이 참이 될 때까지 기다리고, 그 값을 돌려줍니다."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()
