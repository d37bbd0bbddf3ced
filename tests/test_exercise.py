import copy

import numpy as np
import pytest
import torch
from torch import nn

from ganlib import exercise
from ganlib.exercise import Key, check, fill, find_key


def add(a, b):
    return a + b


HINTS = [(lambda a, b: a * b, "더해야 하는데 곱했습니다.")]
KEY = Key(add, cases=[((2, 3), 5), ((0, 0), 0), ((-1, 1), ...)], hints=HINTS)


@pytest.fixture
def keys(monkeypatch):
    """문제 "99.1"부터 차례로 놓습니다."""

    def use(*keys):
        table = {f"99.{i}": key for i, key in enumerate(keys, 1)}
        monkeypatch.setattr(exercise, "find_key", table.__getitem__)

    use(KEY)
    return use


def answer(capsys, function):
    assert check("99.1", function) is None
    return capsys.readouterr().out


def empty(a, b): ...


def documented(a, b):
    """a와 b를 더합니다."""
    ...


def half_written(a, b):
    total = ...
    return total + b


@pytest.mark.parametrize("stub", [empty, documented, half_written])
def test_empty_stub_gets_a_friendly_line(keys, capsys, stub):
    assert answer(capsys, stub).startswith("아직 비어 있습니다")


def test_right_answer(keys, capsys):
    assert answer(capsys, lambda a, b: a + b) == "✓ 맞았습니다. 3가지 경우를 모두 확인했습니다.\n"


def test_wrong_answer_shows_the_first_wrong_case(keys, capsys):
    def add(a, b):
        return a - b

    assert answer(capsys, add) == "✗ add(2, 3)의 답은 5인데 -1이(가) 나왔습니다.\n"


def test_known_mistake_gets_its_hint(keys, capsys):
    assert "도움말: 더해야 하는데 곱했습니다." in answer(capsys, lambda a, b: a * b)


def test_a_hint_that_fails_on_a_case_is_passed_over(keys, capsys):
    keys(Key(add, [((0, 1), 1), *KEY.cases], [(lambda a, b: 1 / a, "나누었습니다."), *KEY.hints]))
    assert "더해야 하는데" in answer(capsys, lambda a, b: a * b)


def test_an_answer_that_changes_its_arguments_is_judged_by_the_originals(keys, capsys):
    def smallest(numbers):
        numbers.sort()
        return numbers[-1]

    keys(Key(min, [(([3, 1, 2],), 1)]))
    assert "smallest([3, 1, 2])의 답은 1인데 3이(가)" in answer(capsys, smallest)


def test_exception_becomes_one_line_without_traceback(keys, capsys):
    def add(a, b):
        return a + c  # noqa: F821

    text = answer(capsys, add)
    assert text.startswith("✗ add(2, 3)에서 멈췄습니다. NameError") and text.count("\n") == 1


def test_something_that_is_no_function_gets_a_sentence(keys, capsys):
    assert answer(capsys, 5).startswith("✗ 함수가 아닙니다")


def test_what_the_answer_prints_is_kept_apart(keys, capsys):
    def add(a, b):
        print("a =", a)
        return a + b

    assert answer(capsys, add) == "✓ 맞았습니다. 3가지 경우를 모두 확인했습니다.\n"


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
        ("앞면", "앞면", True),
        (None, 1.0, False),
    ],
)
def test_comparison(keys, capsys, given, expected, good):
    keys(Key(None, [((0,), 0), ((1,), expected)]))
    assert answer(capsys, lambda i: [0, given][i]).startswith("✓" if good else "✗")


def test_fill_uses_the_right_answer(keys, capsys):
    def mine(a, b):
        return b + a

    assert fill("99.1", mine) is mine
    assert "직접 쓴 함수(mine)" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [empty, lambda a, b: a * b, lambda a, b: 1 / 0, lambda a, b: None, 7])
def test_fill_goes_on_with_the_solution(keys, capsys, wrong):
    assert fill("99.1", wrong) is add
    assert "준비된 함수(add)" in capsys.readouterr().out


def test_fill_hints_at_the_usual_mistake(keys, capsys):
    fill("99.1", lambda a, b: a * b)
    assert "도움말: 더해야 하는데 곱했습니다." in capsys.readouterr().out


def test_fill_refuses_an_answer_that_is_right_by_chance(keys, capsys):
    keys(Key(add, [((a, 1), ...) for a in range(20)]))
    assert fill("99.1", lambda a, b: a + int(np.random.randint(0, 3))) is add


def test_a_right_answer_that_draws_changes_no_later_number(keys):
    def noisy(a, b):
        return a + b + 0 * float(np.random.rand()) + 0 * torch.rand(1).item()

    torch.manual_seed(3)
    np.random.seed(3)
    expected = torch.rand(1), np.random.rand()
    torch.manual_seed(3)
    np.random.seed(3)
    assert fill("99.1", noisy) is noisy
    assert (torch.rand(1), np.random.rand()) == expected


def test_a_mutating_answer_leaves_the_arguments_alone(keys):
    net = nn.Linear(1, 1)
    before = copy.deepcopy(net.state_dict())

    def spoil(model):
        model.weight.data.fill_(7)
        return model.weight.item()

    keys(Key(spoil, [((net,), 7.0)]))
    assert fill("99.1", spoil) is spoil
    assert torch.equal(net.weight, before["weight"])


def test_run_turns_a_function_into_something_to_compare(keys, capsys):
    def names(function, count):
        return [type(layer).__name__ for layer in function(count)]

    keys(Key(lambda count: [nn.ReLU()] * count, [((2,), ["ReLU", "ReLU"])], run=names))
    assert answer(capsys, lambda count: [nn.ReLU() for _ in range(count)]).startswith("✓")
    assert "['Tanh']" in answer(capsys, lambda count: [nn.Tanh()])


def test_an_unknown_name_says_what_to_do():
    with pytest.raises(ValueError, match=r"'99.7'이라는 문제가 없습니다.*처음대로"):
        find_key("99.7")
