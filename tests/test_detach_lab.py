"""detach 실험실의 셈을 PyTorch의 자동 미분과 SGD로 확인합니다."""

import itertools
import math

import pytest
import torch

from ganlib import plot
from ganlib.play.detach_lab import RATE, ROUNDS, START, SWITCHES, DetachLab, is_wrong, lab_round, lab_rounds
from ganlib.train import d_loss, g_loss

EVERY = [dict(zip(SWITCHES, on)) for on in itertools.product([True, False], repeat=3)]


def by_torch(rounds, detach, zero_grad, two_optimizers):
    w, v = (torch.tensor(START[name], dtype=torch.float64, requires_grad=True) for name in "wv")
    opt_G, opt_D = (torch.optim.SGD([parameter], lr=RATE) for parameter in (w, v))
    if not two_optimizers:
        opt_G = opt_D = torch.optim.SGD([w, v], lr=RATE)
    path = []
    for _ in range(rounds):
        for optimizer in (opt_D, opt_G):
            if zero_grad:
                optimizer.zero_grad()
            if len(path) % 2 == 0:
                fake = w.detach() if detach else w
                d_loss(v, v * fake).backward()
            else:
                g_loss(v * w).backward()
            optimizer.step()
            path.append([w.item(), v.item(), w.grad.item() if w.grad is not None else 0.0, v.grad.item()])
    return path


@pytest.mark.parametrize("switches", EVERY, ids=str)
def test_the_arithmetic_is_that_of_torch(switches):
    mine = [list(state.values()) for state in lab_rounds(7, **switches)[1:]]
    for ours, theirs in zip(mine, by_torch(7, **switches), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-12)


def test_a_round_leaves_its_argument_alone():
    state = dict(START)
    lab_round(state)
    assert state == START


@pytest.mark.parametrize("switches", EVERY, ids=str)
def test_wrong_moves_are_those_of_the_lesson(switches):
    """첫 라운드에서 잘못 움직이는 것은 세 가지뿐입니다."""
    start, after_d, after_g = lab_rounds(1, **switches)
    found = {
        name + step
        for step, before, after in (("d_step", start, after_d), ("g_step", after_d, after_g))
        for name in "wv"
        if is_wrong(name, step, before, after)
    }
    expected = set()
    if not switches["two_optimizers"]:
        expected |= {"vg_step"} | (set() if switches["detach"] else {"wd_step"})
    if not switches["zero_grad"] and not switches["detach"]:
        expected |= {"wg_step"}
    assert found == expected


def test_without_zero_grad_the_second_judge_step_goes_wrong():
    path = lab_rounds(2, zero_grad=False)
    assert is_wrong("v", "d_step", path[2], path[3])
    assert path[3]["v"] > path[2]["v"] and lab_rounds(2)[3]["v"] < lab_rounds(2)[2]["v"]


def test_a_long_run_passes_one_and_then_stops_there():
    path = lab_rounds(400)
    assert path[2 * 40]["w"] > 1.2
    assert path[-1]["w"] == pytest.approx(1, abs=1e-3) and path[-1]["v"] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("switches", EVERY, ids=str)
def test_every_switch_can_run_to_the_last_round(switches):
    """zero_grad를 끄면 로짓이 −1,000보다 작아지기도 합니다. 그래도 수가 나와야 합니다."""
    path = lab_rounds(ROUNDS[-1], **switches)
    assert all(math.isfinite(value) for state in path for value in state.values())


def test_switches_and_rounds_redraw():
    plot.setup()
    lab = DetachLab()
    assert lab.rounds.options[-1] == 400
    seen = {bytes(lab.image.value)}
    for control, value in ((lab.switches[0], False), (lab.rounds, 5), (lab.switches[2], False)):
        control.value = value
        seen.add(bytes(lab.image.value))
    assert len(seen) == 4 and all(bytes(png).startswith(b"\x89PNG") for png in seen)
    assert lab.still_png().startswith(b"\x89PNG")
