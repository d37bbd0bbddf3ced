import unicodedata

import pytest
import torch

from ganlib import data, hangul, models
from ganlib.train import averaged

SYLLABLES = torch.arange(hangul.COUNT)


@pytest.fixture(scope="module")
def pictures():
    return hangul.draw_syllables()


@pytest.fixture(scope="module")
def reader():
    return data.load_weights(models.HangulReader(), "hangul_reader")


@pytest.fixture(scope="module")
def G():
    return data.load_weights(models.HangulGenerator(), "hangul_generator")


def test_decompose_agrees_with_unicode():
    for syllable in range(hangul.COUNT):
        letters = unicodedata.normalize("NFD", chr(hangul.FIRST + syllable))
        starts = (0x1100, 0x1161, 0x11A7)  # 종성의 0은 ‘없음’
        expected = [ord(letter) - start for letter, start in zip(letters, starts)]
        assert list(hangul.decompose(syllable)) == [*expected, 0][:3]


def test_compose_undoes_decompose():
    assert torch.equal(hangul.compose(*hangul.decompose(SYLLABLES)), SYLLABLES)


def test_jamo_are_named_as_unicode_names_them():
    for place, (start, kind) in enumerate(((0x1100, "CHOSEONG"), (0x1161, "JUNGSEONG"), (0x11A7, "JONGSEONG"))):
        for number, letter in enumerate(hangul.JAMO[place]):
            if letter != "-":
                name = unicodedata.name(letter).removeprefix("HANGUL LETTER ")
                assert unicodedata.name(chr(start + number)) == f"HANGUL {kind} {name}"
    assert [len(letters) for letters in hangul.JAMO] == [19, 21, 28]


def test_a_tenth_is_held_out_and_every_jamo_stays_in_its_place():
    hidden = hangul.held_out()
    assert hidden.sum() == hangul.COUNT // 10
    assert torch.equal(hidden, hangul.held_out())
    assert not torch.equal(hidden, hangul.held_out(seed=1))
    for part, count in zip(hangul.decompose(SYLLABLES[~hidden]), (19, 21, 28)):
        assert part.bincount(minlength=count).min() > 300


def test_pictures_are_white_on_black_and_all_different(pictures):
    assert pictures.shape == (2, hangul.COUNT, 1, 32, 32) and pictures.dtype == torch.uint8
    for weight in pictures:
        assert len({picture.numpy().tobytes() for picture in weight}) == hangul.COUNT
        assert weight.flatten(1).amax(dim=1).min() > 200
    ink = pictures.float().mean(dim=(1, 2, 3, 4))
    assert ink[0] < ink[1] < 127  # 굵은체에 하얀 픽셀이 더 많고, 바탕은 검정입니다


def test_wobble_moves_a_little_and_keeps_the_background(pictures):
    x = data.scale(pictures[0, :200])
    moved = hangul.wobble(x, torch.Generator().manual_seed(0))
    assert moved.shape == x.shape and moved.min() >= -1 and moved.max() <= 1
    assert torch.equal(moved, hangul.wobble(x, torch.Generator().manual_seed(0)))
    place = torch.linspace(-15.5, 15.5, 32)
    ink, ink_moved = x[:, 0] + 1, moved[:, 0] + 1
    shift = (ink_moved.sum(1) @ place) / ink_moved.sum((1, 2)) - (ink.sum(1) @ place) / ink.sum((1, 2))
    assert shift.abs().max() < 3 and shift.std() > 0.3
    growth = (ink_moved.sum((1, 2)) / ink.sum((1, 2))).sqrt()
    assert 0.85 < growth.min() < 0.95 < 1.05 < growth.max() < 1.15


def test_parts_are_three_one_hots_and_the_weight():
    y = hangul.parts(torch.tensor([0, ord("한") - hangul.FIRST]), 0.5)
    assert y.shape == (2, 69)
    assert y[:, 68].tolist() == [0.5, 0.5]
    for row, places in zip(y, ((0, 0, 0), (18, 0, 4))):
        assert row[:68].nonzero()[:, 0].tolist() == [places[0], 19 + places[1], 40 + places[2]]
    assert hangul.parts(torch.tensor([5, 6]), torch.tensor([0, 1]))[:, 68].tolist() == [0, 1]


@pytest.mark.parametrize(
    "syllables, message",
    [
        (torch.tensor([ord("가")]), "0–11171"),
        (torch.tensor([-1]), "0–11171"),
        (torch.tensor([], dtype=torch.int64), "하나 이상"),
        (torch.tensor([0.5]), "정수 텐서"),
    ],
)
def test_what_is_no_syllable_is_refused(syllables, message):
    with pytest.raises(ValueError, match=message):
        hangul.parts(syllables, 0.0)
    with pytest.raises(ValueError, match=message):
        hangul.write(models.HangulGenerator().eval(), syllables, 0.0, torch.zeros(len(syllables), 8))


def test_the_networks_take_pictures_and_conditions():
    torch.manual_seed(0)
    G, D = models.HangulGenerator(), models.HangulDiscriminator()
    z, y = torch.randn(4, 8), hangul.parts(torch.tensor([0, 1, 2, 3]), 1.0)
    x = G(z, y)
    assert x.shape == (4, 1, 32, 32) and x.abs().max() <= 1
    assert D(x, y).shape == (4, 1) and models.HangulReader()(x).shape == (4, 68)
    assert torch.allclose(averaged(G.eval())(z, y), G(z, y))
    for call, message in (
        (lambda: G(z, y[:, :68]), "y의 모양은 N×69"),
        (lambda: G(z[:, :7], y), "z의 모양은 N×8"),
        (lambda: D(x[:, :, :28], y), "x의 모양은 N×1×32×32"),
        (lambda: models.HangulReader()(x[:, :, :28]), "x의 모양은 N×1×32×32"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_the_projection_adds_one_embedding_for_each_jamo():
    torch.manual_seed(0)
    D = models.HangulDiscriminator().eval()
    x, y = torch.randn(3, 1, 32, 32), hangul.parts(torch.tensor([0, 5000, 11171]), 1.0)
    features, e = D.body(x), D.embedding.weight.T
    for i, (initial, vowel, final) in enumerate(zip(*hangul.decompose(torch.tensor([0, 5000, 11171])))):
        label = e[initial] + e[19 + vowel] + e[40 + final] + e[68]
        assert D(x, y)[i].item() == pytest.approx((D.last(features[i]) + label @ features[i]).item(), abs=1e-4)


def test_the_reader_reads_fresh_real_drawings(pictures, reader):
    rng = torch.Generator().manual_seed(1)
    for weight in pictures:
        some = torch.randperm(hangul.COUNT, generator=rng)[:1000]
        x = hangul.wobble(data.scale(weight[some]), rng)
        assert (hangul.read(reader, x) == some).float().mean() >= 0.995


def test_the_shipped_generator_writes_syllables_it_never_saw(G, reader):
    hidden = SYLLABLES[hangul.held_out()].repeat(4)
    rng = torch.Generator().manual_seed(2)
    weight = torch.randint(2, (len(hidden),), generator=rng)
    right = hangul.read(reader, hangul.write(G, hidden, weight, torch.randn(len(hidden), 8, generator=rng))) == hidden
    assert right.float().mean() >= 0.97
    assert right[hidden % 28 == 0].float().mean() >= 0.9  # 종성이 없는 음절도 씁니다


def test_the_recorded_directions_move_what_they_are_named_after(G):
    record = data.load_recorded("hangul_long")
    place = torch.arange(32.0)
    some = SYLLABLES[:: hangul.COUNT // 100]
    for name, direction in zip(record["styles"], torch.from_numpy(record["directions"])):
        assert direction.norm().item() == pytest.approx(1, abs=1e-5)
        measured = []
        for amount in (-1.5, 1.5):
            ink = hangul.write(G, some, 0.5, (amount * direction).expand(len(some), 8))[:, 0] + 1
            across, down = ink.sum(1) / ink.sum((1, 2))[:, None], ink.sum(2) / ink.sum((1, 2))[:, None]
            x, y = across @ place, down @ place
            size = (across @ place**2 + down @ place**2 - x**2 - y**2).sqrt()
            measured.append({"크기": size, "가로 위치": x, "세로 위치": y}[name].mean())
        assert measured[1] - measured[0] > 1  # 픽셀


def test_the_weight_is_a_slider(G):
    some = SYLLABLES[:: hangul.COUNT // 50]
    z = torch.randn(len(some), 8, generator=torch.Generator().manual_seed(3))
    ink = torch.stack([hangul.write(G, some, weight, z).mean() for weight in (0.0, 0.5, 1.0)])
    assert ink[0] < ink[1] < ink[2]
