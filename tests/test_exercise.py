import numpy as np
import pytest
import torch

from ganlib.exercise import check

CASES = [((2, 3), 5), ((0, 0), 0), ((-1, 1), 0)]
HINTS = [(lambda a, b: a * b, "더해야 하는데 곱했습니다.")]


def answer(capsys, function, cases=CASES, hints=HINTS):
    check(function, cases, hints)
    return capsys.readouterr().out


def test_empty_stub_gets_a_friendly_line(capsys):
    def empty(a, b): ...

    assert answer(capsys, empty).startswith("아직 비어 있습니다")


def test_right_answer(capsys):
    assert answer(capsys, lambda a, b: a + b) == "✓ 맞았습니다. 3가지 경우를 모두 확인했습니다.\n"


def test_wrong_answer_shows_the_first_wrong_case(capsys):
    def add(a, b):
        return a - b

    text = answer(capsys, add)
    assert text == "✗ add(2, 3)의 답은 5인데 -1이(가) 나왔습니다.\n"


def test_known_mistake_gets_its_hint(capsys):
    assert "도움말: 더해야 하는데 곱했습니다." in answer(capsys, lambda a, b: a * b)


def test_a_hint_that_fails_on_a_case_is_passed_over(capsys):
    hints = [(lambda a, b: 1 / a, "나누었습니다."), *HINTS]
    assert "더해야 하는데" in answer(capsys, lambda a, b: a * b, [((0, 1), 1), *CASES], hints)


def test_an_answer_that_changes_its_arguments_is_judged_by_the_originals(capsys):
    def smallest(numbers):
        numbers.sort()
        return numbers[-1]

    assert "smallest([3, 1, 2])의 답은 1인데 3이(가)" in answer(capsys, smallest, [(([3, 1, 2],), 1)], ())


def test_exception_becomes_one_line_without_traceback(capsys):
    def add(a, b):
        return a + c  # noqa: F821

    text = answer(capsys, add)
    assert text.startswith("✗ add(2, 3)에서 멈췄습니다. NameError") and text.count("\n") == 1


@pytest.mark.parametrize(
    "given, expected, good",
    [
        (0.333333, 1 / 3, True),
        (0.34, 1 / 3, False),
        (np.array([1.0, 2.0]), [1.0, 2.0], True),
        (torch.tensor([1.0, 2.5]), [1.0, 2.0], False),
        ((1, 2), [1, 2], True),
        ([1, 2], [1, 2, 3], False),
        (float("nan"), 1.0, False),
        ("앞", "앞", True),
        (None, 1.0, False),
    ],
)
def test_comparison(capsys, given, expected, good):
    cases = [((0,), 0), ((1,), expected)]
    assert answer(capsys, lambda i: [0, given][i], cases, ()).startswith("✓" if good else "✗")
