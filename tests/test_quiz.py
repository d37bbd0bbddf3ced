"""“진짜? 가짜?”의 표와 판. 브라우저가 하는 일은 test_quiz_browser.py에서 시험합니다."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from ganlib.data import to_pixels
from ganlib.play.quiz import WAIT, Quiz

FAKE = [True, False, True, False]
IMAGES = torch.arange(4 * 784, dtype=torch.float32).reshape(4, 1, 28, 28) / (4 * 784) * 2 - 1


@pytest.fixture
def quiz():
    return Quiz(IMAGES, torch.tensor(FAKE), judged=torch.tensor([True, True, True, False]))


def cast(quiz, votes, name="answers"):
    """브라우저가 보내는 것처럼 표를 적습니다."""
    quiz.set_state({name: {str(card["id"]): vote for card, vote in zip(quiz.cards, votes)}})


def test_a_card_carries_its_picture_and_its_answer(quiz):
    for i, card in enumerate(quiz.cards):
        picture = Image.open(io.BytesIO(base64.b64decode(card["image"].removeprefix("data:image/png;base64,"))))
        assert np.array_equal(np.asarray(picture)[1::3, 1::3], to_pixels(IMAGES)[i, 0])
    assert [card["fake"] for card in quiz.cards] == FAKE
    assert [card["judged"] for card in quiz.cards] == [True, True, True, False]


def test_the_tally_counts_only_what_was_answered(quiz):
    assert quiz.votes == [None] * 4 and quiz.tally == dict(ours=0, D=0, asked=0)
    cast(quiz, [1, 1, None])
    assert quiz.votes == [1, 1, None, None] and quiz.tally == dict(ours=1, D=1, asked=2)
    quiz.show(IMAGES, FAKE)
    cast(quiz, FAKE)
    assert quiz.tally == dict(ours=4, D=None, asked=4)


def test_a_class_scores_the_average_of_its_pupils(quiz):
    pupils = [[1, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    alone = []
    for pupil in pupils:
        cast(quiz, pupil)
        alone.append(quiz.tally["ours"])
    quiz.together, quiz.people = True, 3
    cast(quiz, [sum(column) for column in zip(*pupils)], "hands")
    assert quiz.tally["ours"] == pytest.approx(sum(alone) / 3)
    cast(quiz, [99, None, 0, None], "hands")
    assert quiz.votes == [1, None, 0, None]
    quiz.together = False
    assert quiz.votes == [0] * 4  # 혼자 답한 것은 남아 있습니다.


def test_show_opens_again_with_other_pictures(quiz):
    cast(quiz, FAKE)
    quiz.reveal()
    assert quiz.opened
    quiz.show(torch.zeros(2, 1, 28, 28, dtype=torch.uint8), [False, True])
    assert quiz.votes == [None, None] and not quiz.opened and len(quiz.cards) == 2


def test_pictures_are_pushed_and_old_ones_are_dropped():
    quiz = Quiz()
    for step in range(WAIT + 3):
        quiz.push(IMAGES[step % 4], step % 2, torch.tensor(True), np.int64(10 * step))
    assert [bool(card["image"]) for card in quiz.cards] == [False] * 3 + [True] * WAIT
    assert [card["step"] for card in quiz.cards] == list(range(0, 150, 10))
    cast(quiz, [0] * 3 + [0.5] * 2)
    assert quiz.votes[:6] == [0, 0, 0, 0.5, 0.5, None]
    assert quiz.tally == dict(ours=3.0, D=2, asked=5)
    quiz.together = True
    assert quiz.tally["asked"] == 5  # 한 장씩 답하는 판의 학급은 답할 때 이미 비율로 적었습니다.
    quiz.push(IMAGES[0], True, True, 0)  # 처음부터 다시 한 학습
    assert len(quiz.cards) == 1 and quiz.tally == dict(ours=0, D=0, asked=0)


@pytest.mark.parametrize(
    "row, sentence",
    [
        ((IMAGES, True, True, 30), "1×H×W"),
        ((IMAGES[0, 0], True, True, 30), "1×H×W"),
        (("그림", True, True, 30), "1×H×W"),
        ((IMAGES[0] * np.nan, True, True, 30), "NaN"),
        ((IMAGES[0], True, torch.tensor(-1.3), 30), "judged.*참이나 거짓"),
        ((IMAGES[0], True, torch.tensor([True, False]), 30), "judged.*참이나 거짓"),
        ((IMAGES[0], "가짜", True, 30), "is_fake.*참이나 거짓"),
        ((IMAGES[0], None, True, 30), "is_fake.*참이나 거짓"),
        ((IMAGES[0], True, None, 30), "judged"),
        ((IMAGES[0], True, True, 2.5), "정수"),
        ((IMAGES[0], True, True, -1), "정수"),
    ],
)
def test_a_bad_push_gets_a_korean_sentence_and_changes_nothing(row, sentence):
    quiz = Quiz()
    quiz.push(IMAGES[0], True, True, 20)
    before = quiz.cards
    with pytest.raises(ValueError, match=sentence):
        quiz.push(*row)
    assert quiz.cards is before


def test_bad_pictures_get_a_korean_sentence_and_change_nothing(quiz):
    before = quiz.cards
    for images, is_fake, judged, sentence in [
        (IMAGES[:3], FAKE, None, "길이"),
        (IMAGES, FAKE, [True], "길이"),
        (IMAGES[:0], [], None, "길이"),
        (IMAGES[:, 0], FAKE, None, "1×H×W"),
        (IMAGES / 0, FAKE, None, "NaN"),
        (IMAGES, [0.2, 0.3, 0.9, 1], None, "참이나 거짓"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            quiz.show(images, is_fake, judged)
    with pytest.raises(ValueError, match="빈 판"):
        quiz.push(IMAGES[0], True, True, 0)
    with pytest.raises(ValueError, match="길이"):
        Quiz(IMAGES)
    with pytest.raises(ValueError, match="인원|people"):
        quiz.people = 0
    assert quiz.cards is before and quiz.people == 30


def test_the_still_picture_tells_no_answer(quiz):
    bundle, _ = quiz._repr_mimebundle_()
    before = bundle["image/png"]
    assert bundle["text/plain"] == "(진짜? 가짜?)" and before.startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in bundle
    quiz.reveal()
    assert quiz.still_png() == before == Quiz(IMAGES, FAKE[::-1]).still_png()
    empty = Quiz()
    blank = empty.still_png()
    empty.push(IMAGES[0], True, True, 0)
    assert blank.startswith(b"\x89PNG") and empty.still_png() != blank
