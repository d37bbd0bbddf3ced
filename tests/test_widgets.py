import os
import signal
import threading
import time

import pytest
from PIL import Image

from ganlib import widgets
from ganlib.widgets import countdown


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


def draw_line(figure, a, n):
    if a < 0:
        raise ValueError("a는 0 이상이어야 합니다.")
    figure.subplots().plot([0, 1], [0, a], linewidth=n)


def test_moving_a_curve_slider_changes_the_picture_and_back():
    a, n, _, image = widgets.curve_sliders(
        draw_line, a=("기울기", -1.0, 1.0, 0.1, 0.5), n=("굵기", 1, 9, 1, 1)
    ).children
    before = image.value
    a.value = 1.0
    after = image.value
    n.value = 9
    assert len({before, after, image.value}) == 3
    a.value, n.value = 0.5, 1
    assert image.value == before


def test_a_bad_value_shows_a_sentence_and_keeps_the_picture():
    a, _, message, image = widgets.curve_sliders(
        draw_line, a=("기울기", -1.0, 1.0, 0.1, 0.5), n=("굵기", 1, 9, 1, 1)
    ).children
    before = image.value
    a.value = -1.0
    assert "0 이상이어야" in message.value and image.value == before
    a.value = 1.0
    assert message.value == ""
