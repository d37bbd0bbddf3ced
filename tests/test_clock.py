import os
import signal
import threading
import time

import pytest
from PIL import Image

from ganlib import clock
from ganlib.clock import countdown


class Clock:
    """손으로 돌리는 시계. 기다리지 않고 시간을 보냅니다."""

    now = 0.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def hand(monkeypatch):
    """시계와, 화면에 적힌 글과 그림."""
    hand = Clock()
    hand.lines, hand.frames = [], []
    monkeypatch.setattr(clock, "time", hand)

    class Handle:
        def display(self, content):
            (hand.frames if hasattr(content, "format") else hand.lines).append(content.data)

        update = display

    monkeypatch.setattr(clock, "DisplayHandle", Handle)
    return hand


def turns(hand, step, *arguments, **settings):
    fractions = []
    for t in countdown(*arguments, **settings):
        fractions.append(t)
        hand.now += step
    return fractions


def test_a_fast_machine_runs_for_the_given_time(hand):
    fractions = turns(hand, 0.5, 10, at_least=4)
    assert fractions == [i / 20 for i in range(20)]
    assert "끝났습니다 · 20스텝 · 10초" in hand.lines[-1]


def test_a_slow_machine_finishes_the_steps_and_says_so(hand):
    fractions = turns(hand, 5, 10, at_least=8)
    assert fractions == [i / 8 for i in range(8)]
    assert any("8스텝까지 조금 더 학습합니다" in line and "남은 시간 20초" in line for line in hand.lines)
    assert "8스텝 · 40초" in hand.lines[-1]


def test_a_fast_machine_stops_at_the_most(hand):
    fractions = turns(hand, 0.5, 10, at_least=4, at_most=4)
    assert fractions == [i / 20 for i in range(4)]
    assert "끝났습니다 · 4스텝 · 2초" in hand.lines[-1]
    with pytest.raises(ValueError, match="at_most"):
        next(countdown(1, at_least=4, at_most=3))


def test_the_picture_is_shown_at_the_start_in_between_and_at_the_end(hand):
    turns(hand, 1, 6, picture=lambda: Image.new("L", (4, 4)), every=2)
    assert len(hand.frames) == 1 + 2 + 1


def test_interrupt_finishes_the_step_and_ends_the_loop(hand):
    handler = signal.getsignal(signal.SIGINT)
    steps = 0
    for _ in countdown(30):
        if steps == 3:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
        steps += 1
    assert steps == 4
    assert "도중에 멈췄습니다" in hand.lines[-1] and "4스텝" in hand.lines[-1]
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


@pytest.mark.parametrize("seconds, at_least", [(0, 1), (-1, 1), (float("nan"), 1), (1, 0)])
def test_countdown_refuses_nonsense(seconds, at_least):
    with pytest.raises(ValueError, match="양수"):
        next(countdown(seconds, at_least=at_least))
