"""“진짜? 가짜?”의 점수와 판."""

import base64

import pytest
import torch

from ganlib.play.quiz import Quiz, score

FAKE = [True, False, True, False]


@pytest.fixture
def quiz():
    images = torch.arange(4 * 784, dtype=torch.float32).reshape(4, 1, 28, 28) / (4 * 784) * 2 - 1
    return Quiz(images, torch.tensor(FAKE), judged=torch.tensor([True, True, True, False]))


def test_score_counts_right_answers_and_skips_the_unanswered():
    assert score(FAKE, [1, 0, 1, 0]) == 1
    assert score(FAKE, [0, 1, 0, 1]) == 0
    assert score(FAKE, [1, None, None, 1]) == 0.5
    assert score(FAKE, [None] * 4) is None


def test_a_class_scores_the_average_of_its_pupils():
    pupils = [[1, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    shares = [sum(column) / 3 for column in zip(*pupils)]
    assert score(FAKE, shares) == pytest.approx(sum(score(FAKE, pupil) for pupil in pupils) / 3)


def test_pressing_a_button_goes_round_and_reveal_shows_the_truth(quiz):
    assert quiz.votes == [None] * 4
    for expected in (1, 0, None, 1):
        quiz._buttons[0].click()
        assert quiz.votes[0] == expected
    quiz._buttons[1].click()
    quiz._open.click()
    assert "우리가 맞힌 비율: <b>50%</b>" in quiz._said.value
    # 판별자도 우리가 답한 두 장에서만 셉니다: 첫째는 맞고 둘째는 틀립니다.
    assert "판별자 D가 맞힌 비율: <b>50%</b>" in quiz._said.value
    assert [button.description for button in quiz._buttons] == ["1 가짜 ○", "2 진짜 ×", "3 가짜", "4 진짜"]


def test_class_counts_hands(quiz):
    quiz._class.value, quiz._people.value = True, 20
    quiz._hands[0].value, quiz._hands[1].value, quiz._hands[2].value = "15", " 5 ", "많이"
    assert quiz.votes == [0.75, 0.25, None, None]
    quiz.reveal()
    assert "<b>75%</b>" in quiz._said.value


def test_without_answers_only_the_judge_is_scored(quiz):
    quiz.reveal()
    assert "답하지 않았습니다" in quiz._said.value and "<b>75%</b>" in quiz._said.value


def test_show_opens_again_with_other_pictures(quiz):
    quiz.answer(0, 1)
    quiz.reveal()
    quiz.show(torch.zeros(2, 1, 28, 28), [False, True])
    assert quiz.votes == [None, None] and quiz._said.value == "" and not quiz._open.disabled
    quiz.answer(1, 1)
    quiz.reveal()
    assert "판별자" not in quiz._said.value


def test_wrong_lengths_get_a_korean_sentence(quiz):
    with pytest.raises(ValueError, match="길이"):
        Quiz(torch.zeros(3, 1, 28, 28), FAKE)
    with pytest.raises(ValueError, match="길이"):
        quiz.show(torch.zeros(4, 1, 28, 28), FAKE, judged=[True])
    assert quiz.is_fake == FAKE


def test_the_still_picture_tells_no_answer(quiz):
    bundle = quiz._repr_mimebundle_()
    before = base64.b64decode(bundle["image/png"])
    assert bundle["text/plain"] == "(진짜? 가짜?)" and before.startswith(b"\x89PNG")
    quiz.reveal()
    assert quiz.still_png() == before
