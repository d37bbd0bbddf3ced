import io

import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import data, models
from ganlib.play.canvas import DigitCanvas, Pad, center_digit
from ganlib.play.traits import BadValue


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_mnist("test")
    return images[:1000], labels[:1000]


@pytest.fixture(scope="module")
def classifier():
    return data.load_weights(models.DigitClassifier(), "digit_classifier").requires_grad_(False)


def on_paper(image, rng, how):
    """28×28 숫자를 아무 크기로 늘려 280×280 그림판의 아무 데나 놓습니다."""
    side = int(rng.integers(140, 261))
    left, top = rng.integers(0, 281 - side, 2)
    paper = np.zeros((280, 280), np.uint8)
    paper[top : top + side, left : left + side] = Image.fromarray(image).resize((side, side), how)
    return paper


@pytest.mark.parametrize("how", [Image.Resampling.NEAREST, Image.Resampling.BICUBIC])
def test_mnist_digits_drawn_again_anywhere_are_the_same_digits(digits, classifier, how):
    images, labels = digits
    rng = np.random.default_rng(0)
    again = torch.stack([center_digit(on_paper(image.numpy(), rng, how)) for image in images[:, 0]])
    original = data.scale(images)
    assert again.shape == original.shape and again.dtype == torch.float32
    ink = (original + 1).mean()
    assert (again - original).abs().mean() < 0.35 * ink
    assert (again - original.roll(2, dims=3)).abs().mean() > 0.6 * ink  # 두 칸만 어긋나도 드러나는 잣대입니다.
    before, after = (classifier(x).argmax(1) for x in (original, again))
    assert (after == labels).float().mean() > (before == labels).float().mean() - 0.01


def test_the_drawing_fits_the_box_and_its_weight_is_in_the_middle(digits):
    paper = np.zeros((200, 300))
    paper[20:180, 30:90], paper[140:180, 30:150] = 1, 1  # 세로 160, 가로 120의 ㄴ
    ink = (center_digit(paper)[0] + 1) / 2
    rows, columns = ((ink > 0.02).any(dim).sum().item() for dim in (1, 0))
    assert (rows, columns) == (20, 15)
    grid = torch.arange(28.0)
    for dim in (0, 1):
        assert abs((ink.sum(dim) * grid).sum() / ink.sum() - 14) <= 0.51
    assert torch.equal(center_digit((255 * paper).astype(np.uint8)), center_digit(torch.tensor(paper)))


def test_a_long_line_stays_inside_the_picture():
    paper = np.zeros((280, 280))
    paper[10:270, 20:24] = 1
    paper[10:40, 20:60] = 1
    ink = center_digit(paper)
    assert ink.shape == (1, 28, 28) and (ink > -1).any(dim=2).sum() == 20


def test_the_shipped_drawing_is_a_five(classifier):
    canvas = DigitCanvas()
    p, digit = classifier(canvas.image.unsqueeze(0)).softmax(1).max(1)
    assert digit == 5 and p > 0.99
    assert canvas.seen == data.to_pixels(canvas.image).flatten().tolist()


def test_an_empty_canvas_says_so():
    canvas = DigitCanvas(strokes=[])
    assert canvas.seen == []
    with pytest.raises(ValueError, match="아직 아무것도 그리지 않았습니다"):
        canvas.image  # noqa: B018
    canvas.strokes = [[[0.5, 0.2], [0.5, 0.8]]]
    assert canvas.image.max() > 0.9 and len(canvas.seen) == 784
    canvas.strokes = []
    assert canvas.seen == []


@pytest.mark.parametrize("bad", [5, [[0.5, 0.5]], [[[0.5]]], [[[0.5, 1.2]]], [[["a", 0]]], [[[0.5, float("nan")]]]])
def test_bad_strokes_change_nothing(bad):
    canvas = DigitCanvas()
    before = canvas.strokes
    with pytest.raises(BadValue, match="strokes"):
        canvas.strokes = bad
    assert canvas.strokes == before
    with pytest.raises(BadValue, match="strokes"):
        DigitCanvas(strokes=bad)


def test_a_dot_is_a_stroke():
    canvas = DigitCanvas(strokes=[[[0.5, 0.5]]])
    assert canvas.image.max() > 0.9


def test_the_canvas_carries_a_picture_and_a_text():
    canvas = DigitCanvas()
    bundle = canvas._repr_mimebundle_()
    assert bundle["text/plain"] == "(그림판)" and "application/vnd.jupyter.widget-view+json" in bundle
    assert Image.open(io.BytesIO(canvas.still_png())).size == (464, 224)
    assert DigitCanvas(strokes=[]).still_png()


def test_the_script_has_one_export_and_no_import():
    script = Pad()._esm
    assert script.count("export default") == 1 and "import " not in script and "http" not in script
