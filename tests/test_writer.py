import io
import threading
import unicodedata

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import data, hangul, models, plot
from ganlib.play.traits import BadValue
from ganlib.play.writer import COLUMNS, FOOT, NEW, ROWS, TILE, HangulWriter, lay_out
from ganlib.train import averaged
from looking import click, find, pictures

SEEN = torch.arange(hangul.COUNT) % 10 > 0  # 번호가 0, 10, 20, …인 음절만 본 적이 없습니다.
NEVER, BEFORE = chr(hangul.FIRST + 30), chr(hangul.FIRST + 31)


@pytest.fixture
def G():
    """그린 결과가 조건과 z에 따라 뚜렷이 달라지는, 학습 모드의 G."""
    torch.manual_seed(0)
    G = models.HangulGenerator()
    with torch.no_grad():
        for layer in G.modules():
            if isinstance(layer, (torch.nn.Linear, torch.nn.ConvTranspose2d)):
                layer.weight.mul_(10)
    return G


@pytest.fixture
def writer(G):
    return HangulWriter(G, SEEN, BEFORE + NEVER)


def told(writer):
    return find(writer, ipywidgets.HTML)[-1].value


def sheet(writer):
    """쓴 그림을 줄 × 칸 × 120 × 96 × 4(RGBA)로."""
    pixels = np.asarray(Image.open(io.BytesIO(find(writer, ipywidgets.Image)[0].value)))
    rows, columns = pixels.shape[0] // (TILE + FOOT), pixels.shape[1] // TILE
    assert pixels.shape == (rows * (TILE + FOOT), columns * TILE, 4)
    return pixels.reshape(rows, TILE + FOOT, columns, TILE, 4).swapaxes(1, 2)


def letter_in(part):
    """칸에 쓴 80×80의 글씨."""
    return part[7:87, 7:87, 0].astype(int)


def colored(part):
    color = [int(NEW[i : i + 2], 16) for i in (1, 3, 5)]
    return (part[..., :3] == color).all(-1) & (part[..., 3] == 255)


@pytest.mark.parametrize(
    "text, rows",
    [
        ("", [""]),
        ("가나 다", ["가나 다"]),
        ("가\n\n나", ["가", "", "나"]),
        ("  가", ["  가"]),
        ("가" * 23, ["가" * 10, "가" * 10, "가" * 3]),
        ("동해물과 백두산이 마르고", ["동해물과 백두산이", "마르고"]),
        ("가나다라마바사아자차 카", ["가나다라마바사아자차", "카"]),
        ("가\r\n나\t다\u3000라\xa0마", ["가", "나 다 라 마"]),
        (unicodedata.normalize("NFD", "한글"), ["한글"]),
        ("가\u200d나\ufe0f", ["가나"]),
    ],
)
def test_lines_and_spaces_keep_their_places(text, rows):
    assert lay_out(text) == (rows, 0)


@pytest.mark.parametrize("length", [40, 80, 81, 2000])
@pytest.mark.parametrize("space", [0, 1, 4, 30])
def test_no_letter_is_lost_without_being_counted(length, space):
    rng = np.random.default_rng(length + space)
    letters = [chr(hangul.FIRST + i) for i in rng.integers(hangul.COUNT, size=length)]
    text = "".join(letter + " " * (space > 0 and rng.random() < 1 / space) for letter in letters)
    rows, left = lay_out(text)
    written = "".join(rows).replace(" ", "")
    assert "".join(letters).startswith(written) and len(written) + left == length
    assert len(rows) <= ROWS and max(map(len, rows)) <= COLUMNS
    assert left == 0 or len(rows) == ROWS
    assert left == 0 or length > 40 or space == 1


def test_each_syllable_is_written_by_the_generator(writer, G):
    weight = find(writer, ipywidgets.FloatSlider)[0]
    G.eval()
    for amount in (0, 0.3, 1):
        weight.value = amount
        number = torch.tensor([30])
        x = hangul.write(G, number, amount, writer._z[None])
        wanted = plot.tile(x).resize((80, 80), Image.Resampling.BICUBIC)
        assert np.abs(letter_in(sheet(writer)[0, 1]) - np.asarray(wanted).astype(int)).max() <= 1


def test_only_unseen_syllables_are_marked(writer):
    before, never = sheet(writer)[0, :2]
    assert colored(never)[:TILE].sum() > 1000 and colored(never)[TILE:].sum() > 50  # 테두리와 별
    assert not colored(before).any() and not before[TILE:].any()
    assert told(writer) == f"<b>★ G가 학습할 때 본 적 없는 글자</b> 1자: {NEVER}"
    writer.text = BEFORE * 3
    assert not colored(sheet(writer)).any() and "모두 G가 학습할 때 본 글자입니다" in told(writer)


def test_the_shipped_split_is_the_one_marked(G):
    hidden = hangul.held_out()
    writer = HangulWriter(G, ~hidden)
    letters = [x for x in dict.fromkeys(writer.text) if x != " " and hidden[ord(x) - hangul.FIRST]]
    assert letters and told(writer).endswith(f"{len(letters)}자: {' '.join(letters)}")


def test_letters_that_are_not_syllables_leave_a_cross_and_are_named(writer):
    writer.text = f"{BEFORE} A<ㅋ😀{NEVER}"
    before, space, *odd, never = sheet(writer)[0, :7]
    assert not space.any()
    for part in odd:
        assert 50 < (part[..., 3] == 255).sum() < 1000 and (part == odd[0]).all()
    assert colored(never).any() and letter_in(before).std() > 10
    assert told(writer).endswith("쓰지 못한 글자: A &lt; ㅋ 😀")


@pytest.mark.parametrize("text", ["", "  \n ", "abc", "\u200b"])
def test_without_hangul_there_is_a_sentence(writer, text):
    writer.text = text
    assert "쓸 한글이 아직 없습니다" in told(writer) and writer.text == text
    assert not colored(sheet(writer)).any()
    writer.text = NEVER
    assert colored(sheet(writer)[0, 0]).any() and "아직" not in told(writer)


def test_few_letters_are_large_and_too_many_are_counted(writer):
    writer.text = BEFORE * 5
    assert sheet(writer).shape[:2] == (1, 5)
    writer.text = BEFORE * 6
    assert sheet(writer).shape[:2] == (1, 10)
    writer.text = BEFORE * 40
    assert sheet(writer).shape[:2] == (4, 10) and "뒤의" not in told(writer)
    writer.text = BEFORE * 1300
    assert sheet(writer).shape[:2] == (8, 10) and told(writer).endswith("뒤의 1,220자는 쓰지 않았습니다.")
    assert len(writer.text) == 1300  # 상자의 글은 고치지 않습니다. 고치면 조합하던 글자가 깨집니다.


@pytest.mark.parametrize("bad", [3, None, ["가"], b"abc"])
def test_text_that_is_not_text_changes_nothing(writer, bad):
    picture, sentence = writer.still_png(), told(writer)
    with pytest.raises(BadValue, match="text에는 글"):
        writer.text = bad
    assert (writer.text, writer.still_png(), told(writer)) == (BEFORE + NEVER, picture, sentence)


@pytest.mark.parametrize("bad", [None, [1, 2], torch.arange(5), torch.ones(11171, dtype=torch.bool), SEEN.float()])
def test_seen_must_be_a_mask(G, bad):
    with pytest.raises(ValueError, match="길이 11,172의 bool 텐서"):
        HangulWriter(G, bad)


def test_another_generator_is_refused():
    for other in (models.ConvGenerator(), torch.nn.ReLU()):
        with pytest.raises(ValueError, match="한글 생성자"):
            HangulWriter(other, SEEN)


def test_style_sliders_do_what_they_say_with_the_shipped_weights():
    writer = HangulWriter(data.load_weights(models.HangulGenerator(), "hangul_generator"), SEEN, "홍길동한글")
    across = np.arange(80)

    def measured():
        ink = np.stack([letter_in(part).sum(0) for part in sheet(writer)[0, :5]])
        center = (ink * across).sum(1) / ink.sum(1)
        return np.sqrt((ink * (across - center[:, None]) ** 2).sum(1) / ink.sum(1)), center

    for i, slider in enumerate(find(writer, ipywidgets.FloatSlider)[1:]):
        steps = []
        for slider.value in (-2, 0, 2):
            steps.append(measured()[i])
        assert (np.diff(steps, axis=0) > 0.3).all(), slider.description
        slider.value = 0
    thin = [letter_in(part).mean() for part in sheet(writer)[0, :5]]
    find(writer, ipywidgets.FloatSlider)[0].value = 1
    assert all(letter_in(part).mean() > 1.2 * before for part, before in zip(sheet(writer)[0], thin))


def test_a_fresh_hand_writes_otherwise_and_every_writer_begins_alike(writer, G):
    first = writer.still_png()
    assert HangulWriter(G, SEEN, BEFORE + NEVER).still_png() == first
    click(writer, "새로 뽑기")
    assert writer.still_png() != first and writer.text == BEFORE + NEVER


def test_writing_leaves_training_and_random_numbers_alone(G):
    before, state = {k: v.clone() for k, v in G.state_dict().items()}, torch.get_rng_state()
    writer = HangulWriter(G, SEEN)
    writer.text = NEVER
    click(writer, "새로 뽑기")
    assert writer._repr_mimebundle_()["text/plain"] == "(한글 쓰는 상자)"
    assert all(module.training for module in G.modules()) and torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(value, before[key]) for key, value in G.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in G.parameters())


def test_the_letters_follow_the_weights_of_ones_own_generator(G):
    G_avg = averaged(G)
    writer = HangulWriter(G_avg, SEEN, NEVER)
    assert letter_in(sheet(writer)[0, 0]).any()
    with torch.no_grad():
        G_avg.module.layers[-2].bias.fill_(-1000)
    writer.text = BEFORE
    assert not letter_in(sheet(writer)[0, 0]).any()


def test_a_broken_generator_gives_a_sentence_and_comes_back(writer, G):
    good = {k: v.clone() for k, v in G.state_dict().items()}
    with torch.no_grad():
        G.layers[0].weight.fill_(float("nan"))
    writer.text = NEVER
    assert "생성자의 출력에 NaN" in told(writer) and not pictures(writer)[0].any()
    G.load_state_dict(good)
    writer.text = BEFORE + NEVER
    assert "NaN" not in told(writer) and pictures(writer)[0].any()


def test_many_threads_end_on_the_last_text_while_another_trains(writer, G):
    stop = threading.Event()

    def train():
        optimizer = torch.optim.SGD(G.parameters(), lr=0)
        while not stop.is_set():
            G(torch.randn(4, 8), hangul.parts(torch.arange(4), 0)).mean().backward()
            optimizer.step()

    trainer = threading.Thread(target=train)
    trainer.start()
    typing = [threading.Thread(target=setattr, args=(writer, "text", BEFORE * n + NEVER)) for n in range(12)]
    for thread in typing:
        thread.start()
    for thread in typing:
        thread.join(timeout=60)
    stop.set()
    trainer.join(timeout=60)
    assert all(module.training for module in G.modules())
    rows = lay_out(writer.text)[0]
    cells = sheet(writer)
    assert cells.shape[0] == len(rows) and colored(cells).any(axis=(2, 3)).sum() == 1
    assert [bool(letter_in(part).std() > 10) for part in cells[0]] == [j < len(rows[0]) for j in range(cells.shape[1])]
