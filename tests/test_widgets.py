import gc
import os
import signal
import threading
import time
from types import SimpleNamespace

import ipywidgets
import pytest
from PIL import Image

from ganlib import panel, plot, widgets
from ganlib.widgets import countdown, curve_sliders
from looking import find, pictures, registered


def test_countdown_runs_for_the_given_time():
    start = time.perf_counter()
    fractions = [t for t in countdown(0.3) if time.sleep(0.01) is None]
    assert 0.3 <= time.perf_counter() - start < 1
    assert fractions == sorted(fractions) and 0 <= fractions[0] < 0.1 and 0.8 < fractions[-1] < 1


def test_countdown_shows_the_picture_at_the_start_in_between_and_at_the_end():
    calls = []

    def picture():
        calls.append(time.perf_counter())
        return Image.new("L", (4, 4))

    for _ in countdown(0.3, picture, every=0.1):
        time.sleep(0.01)
    assert 3 <= len(calls) <= 5


def test_interrupt_finishes_the_step_and_ends_the_loop(monkeypatch):
    shown = []
    monkeypatch.setattr(widgets.DisplayHandle, "update", lambda self, content: shown.append(content.data))
    handler = signal.getsignal(signal.SIGINT)
    steps = 0
    for _ in countdown(30):
        if steps == 3:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
        steps += 1
    assert steps == 4
    assert "도중에 멈췄습니다" in shown[-1] and "4스텝" in shown[-1]
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_error_in_the_loop_gives_the_interrupt_back():
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        for _ in countdown(30):
            1 / 0  # noqa: B018
    assert signal.getsignal(signal.SIGINT) is handler


def test_countdown_works_outside_the_main_thread():
    steps = []
    thread = threading.Thread(target=lambda: steps.extend(countdown(0.05)))
    thread.start()
    thread.join(timeout=5)
    assert steps


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_countdown_refuses_nonsense(seconds):
    with pytest.raises(ValueError, match="양수"):
        next(countdown(seconds))


def test_a_burst_draws_only_the_newest_and_ends_right():
    drawn, started, go = [], threading.Event(), threading.Event()
    state = SimpleNamespace(value=0)

    def draw():
        value = state.value
        started.set()
        go.wait(timeout=10)
        drawn.append(value)

    redraw = panel.newest(draw, threading.Lock())
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
    box = curve_sliders(curve, p=("확률", 0.0, 1.0, 0.1, 0.5))
    [slider] = find(box, ipywidgets.FloatSlider)
    first = pictures(box)[0]
    slider.value = 0.9
    assert (pictures(box)[0] != first).any()
    slider.value = 0.5
    assert (pictures(box)[0] == first).all()
    box.close()


def test_a_whole_step_gives_a_whole_number():
    seen = []
    box = curve_sliders(lambda figure, n: seen.append(n), n=("던진 횟수", 1, 10, 1, 5))
    find(box, ipywidgets.IntSlider)[0].value = 6
    assert seen == [5, 6] and all(type(n) is int for n in seen)
    box.close()


def test_a_value_that_cannot_be_drawn_gives_a_sentence():
    def draw(figure, p):
        if p > 0.8:
            raise ValueError("p가 너무 큽니다")

    box = curve_sliders(draw, p=("확률", 0.0, 1.0, 0.1, 0.5))
    [slider], [message] = find(box, ipywidgets.FloatSlider), find(box, ipywidgets.HTML)
    slider.value = 0.9
    assert "p가 너무 큽니다" in message.value
    slider.value = 0.7
    assert message.value == ""
    box.close()


def test_closing_curve_sliders_leaves_nothing_behind():
    gc.collect()
    before = registered()
    box = curve_sliders(curve, p=("확률", 0.0, 1.0, 0.1, 0.5))
    [slider] = find(box, ipywidgets.FloatSlider)
    box.close()
    assert registered() == before and not slider._trait_notifiers


def test_running_the_cell_again_closes_what_it_made_before(monkeypatch):
    def run(cell, number, count=1):
        request = {"metadata": {"cellId": cell}, "content": {}, "header": {"msg_id": number}}
        monkeypatch.setattr(panel, "get_ipython", lambda: SimpleNamespace(parent_header=request))
        return [curve_sliders(curve, p=("확률", 0.0, 1.0, 0.1, 0.5)) for _ in range(count)]

    gc.collect()
    before = registered()
    first, second = run("a", 1, count=2)
    [other] = run("b", 2)
    assert first.children and second.children
    size = (registered() - before) // 3
    for number in range(3, 8):
        [newest] = run("a", number)
        assert registered() - before == 2 * size
    assert not first.children and not second.children and other.children and newest.children
    run("b", 9)[0].close()
    newest.close()
    assert registered() == before
