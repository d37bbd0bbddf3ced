import base64
import io
import threading
from types import SimpleNamespace

import ipywidgets
import pytest
from PIL import Image

from ganlib import plot
from ganlib.sliders import newest, sliders
from looking import find, pictures


def test_a_burst_draws_only_the_newest_and_ends_right():
    drawn, started, go = [], threading.Event(), threading.Event()
    state = SimpleNamespace(value=0)

    def draw():
        value = state.value
        started.set()
        go.wait(timeout=10)
        drawn.append(value)

    redraw = newest(draw, threading.Lock())
    first = threading.Thread(target=redraw)
    first.start()
    started.wait(timeout=10)
    threads = [threading.Thread(target=redraw) for _ in range(200)]
    for i, thread in enumerate(threads):
        state.value = i + 1
        thread.start()
    go.set()
    for thread in [first, *threads]:
        thread.join(timeout=10)
    assert drawn == [0, 200]


def curve(figure, p):
    figure.subplots().plot([0, p])


@pytest.mark.filterwarnings("error")
def test_a_curve_slider_draws_its_value():
    plot.setup()
    box = sliders(curve, p=("확률", 0.0, 1.0, 0.1, 0.5), show=[dict(p=0.5)])
    [slider] = find(box, ipywidgets.FloatSlider)
    first = pictures(box)[0]
    slider.value = 0.9
    assert (pictures(box)[0] != first).any()
    slider.value = 0.5
    assert (pictures(box)[0] == first).all()


def test_a_whole_step_gives_a_whole_number():
    seen = []
    box = sliders(lambda figure, n: seen.append(n), show=[dict(n=5)], n=("던진 횟수", 1, 10, 1, 5))
    find(box, ipywidgets.IntSlider)[0].value = 6
    assert seen == [5, 6] and all(type(n) is int for n in seen)


def test_a_value_that_cannot_be_drawn_gives_a_sentence():
    def draw(figure, p):
        if p > 0.8:
            raise ValueError("p가 너무 큽니다")

    box = sliders(draw, p=("확률", 0.0, 1.0, 0.1, 0.5), show=[dict(p=0.5)])
    [slider], [message] = find(box, ipywidgets.FloatSlider), find(box, ipywidgets.HTML)
    slider.value = 0.9
    assert "p가 너무 큽니다" in message.value
    slider.value = 0.7
    assert message.value == ""


def test_one_declaration_carries_the_slider_and_its_still_picture():
    titles = []

    def draw(figure, p):
        figure.subplots().set_title(f"p = {p}")
        titles.append(p)

    box = sliders(draw, p=("확률", 0.0, 1.0, 0.1, 0.5), show=[dict(p=0.1), dict(p=0.9)])
    titles.clear()
    bundle = box._repr_mimebundle_()
    assert titles == [0.1, 0.9]
    assert bundle["text/plain"] == "(슬라이더)"
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == box.model_id
    still = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert still.size == (800, 260)
