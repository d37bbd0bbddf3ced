import ipywidgets
import pytest

from ganlib.prediction import predict, reveal
from looking import click, find


@pytest.fixture
def guess():
    return predict("누가 이겼을까요?", ["경찰", "위조범", "비겼다"])


def choose(guess, option):
    find(guess, ipywidgets.ToggleButtons)[0].value = option


def test_a_choice_counts_once_it_is_locked(guess, capsys):
    choose(guess, "경찰")
    reveal(guess, "비겼다")
    click(guess, "잠그기")
    reveal(guess, "비겼다")
    assert capsys.readouterr().out == "아직 예상을 고르지 않았습니다.\n결과: 비겼다\n예상: 경찰\n결과: 비겼다\n"


def test_a_locked_choice_stays(guess):
    choose(guess, "경찰")
    click(guess, "잠그기")
    assert guess.locked == "경찰"
    assert all(w.disabled for kind in (ipywidgets.ToggleButtons, ipywidgets.Button) for w in find(guess, kind))


def test_nothing_chosen_cannot_be_locked(guess):
    [lock] = find(guess, ipywidgets.Button)
    assert lock.disabled
    choose(guess, "위조범")
    assert not lock.disabled


def test_the_class_counts_its_hands(guess, capsys):
    [mode] = find(guess, ipywidgets.ToggleButton)
    hands = find(guess, ipywidgets.BoundedIntText)
    mode.value = True
    for counter, count in zip(hands, (12, 9, 3)):
        counter.value = count
    reveal(guess, "비겼다")
    text = capsys.readouterr().out
    assert "학급: 경찰 12명, 위조범 9명, 비겼다 3명" in text and "맞힌 사람 3/24명" in text


def test_without_a_kernel_the_question_is_text(guess):
    assert guess._repr_mimebundle_()["text/plain"].splitlines() == [
        "예상해 보기. 누가 이겼을까요?", "  ○ 경찰", "  ○ 위조범", "  ○ 비겼다",
    ]  # fmt: skip


def test_a_result_that_is_no_option_is_refused(guess):
    with pytest.raises(ValueError, match="보기에 없습니다"):
        reveal(guess, "무승부")


@pytest.mark.parametrize("options", [["하나"], ["같음", "같음"]])
def test_options_must_differ(options):
    with pytest.raises(ValueError, match="둘 이상"):
        predict("?", options)
