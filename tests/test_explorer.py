import io
import re
import threading

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import data, metrics, models, plot, sampling
from ganlib.play import explorer as explorer_module
from ganlib.play.canvas import Pad
from ganlib.play.explorer import LatentExplorer
from looking import click, find, pictures, walk

LEAN = torch.nn.functional.normalize(torch.arange(16.0) - 7, dim=0)


def brightness(x):
    return x.mean(dim=(1, 2, 3))


def shrink(z):
    return -z / z.norm(dim=1, keepdim=True)


NAMED = {"굵기": (shrink, brightness), "기울임": (LEAN, lambda x: x.amax(dim=(1, 2, 3)))}


@pytest.fixture(scope="module")
def bank():
    plot.setup()  # 멈춘 그림의 한글 글꼴
    return data.load_mnist("test")[0][:2000]  # 픽셀(uint8) 그대로


@pytest.fixture
def game():
    """그린 결과가 z에 따라 뚜렷이 달라지는, 학습 모드의 G와 분류기와 D."""
    torch.manual_seed(0)
    G, classifier, D = models.ConvGenerator(), models.DigitClassifier(), models.ConvDiscriminator()
    with torch.no_grad():
        for layer in G.modules():
            if isinstance(layer, (torch.nn.Linear, torch.nn.ConvTranspose2d)):
                layer.weight.mul_(10)
    return G, classifier, D


@pytest.fixture
def explorer(game, bank, monkeypatch):
    monkeypatch.setattr(explorer_module, "POOL", 40)  # 후보가 적어도 하는 일은 같습니다.
    return LatentExplorer(game[0], NAMED, *game[1:], bank)


def shown(box):
    """보이는 방향 슬라이더들. 걷기는 뺍니다."""
    return [s for s in find(box, ipywidgets.FloatSlider)[1:] if s.layout.display != "none"]


def told(box):
    return re.sub("<.+?>", " ", "".join(w.value for w in find(box, ipywidgets.HTML)))


def test_it_opens_on_named_sliders_and_every_one_moves_the_picture(explorer):
    walking = find(explorer, ipywidgets.FloatSlider)[0]
    assert [walking.description, *(s.description for s in shown(explorer))] == ["걷기", "굵기", "기울임"]
    assert [(d.description, d.value) for d in find(explorer, ipywidgets.Dropdown)] == [("시작", 3), ("목표", 8)]
    for slider in (walking, *shown(explorer)):
        before = pictures(explorer)[0]
        slider.value = 1
        assert (pictures(explorer)[0] != before).any()


def test_the_picture_is_what_the_generator_draws(explorer, game):
    G = game[0].eval()
    _, thick, lean = find(explorer, ipywidgets.FloatSlider)[:3]
    thick.value, lean.value = 1.5, -0.7
    start = explorer.start_z(3)
    z = start - 1.5 * start / start.norm() - 0.7 * LEAN
    assert torch.allclose(explorer.z, z, atol=1e-5)
    with torch.no_grad():
        x = G(z.unsqueeze(0))
    assert np.abs(pictures(explorer)[0].astype(int) - np.asarray(plot.tile(x, scale=10))).max() <= 1


def test_the_walk_leads_from_the_start_to_the_goal_on_an_arc(explorer):
    walking = find(explorer, ipywidgets.FloatSlider)[0]
    start, goal = explorer.start_z(3), explorer.start_z(8)
    assert torch.allclose(explorer.z, start, atol=1e-5)
    walking.value = 0.5
    middle = explorer.z
    angle = lambda a, b: torch.cosine_similarity(a, b, dim=0).acos()  # noqa: E731
    assert torch.isclose(angle(start, middle) + angle(middle, goal), angle(start, goal), atol=1e-3)
    assert middle.norm() > min(start.norm(), goal.norm())  # 곧은 길은 안쪽으로 빠집니다.
    walking.value = 1
    assert torch.allclose(explorer.z, goal, atol=1e-5)
    find(explorer, ipywidgets.Dropdown)[0].value = 8  # 같은 숫자끼리는 다른 글씨로 걷습니다.
    assert not torch.allclose(explorer.z, explorer.start_z(8), atol=0.1)


def test_the_answers_are_those_of_the_models(explorer, game, bank):
    find(explorer, ipywidgets.FloatSlider)[1].value = 0.4
    G, classifier, D = (model.eval() for model in game)
    with torch.no_grad():
        x = G(explorer.z.unsqueeze(0))
        sure, digit = classifier(x).softmax(1)[0].max(0)
        real = D(data.scale(bank[:1000])).sigmoid().mean()  # bank는 시험용 그림의 앞부분입니다.
        text = told(explorer)
        assert re.search(rf"읽은 숫자: +{digit} +\({sure:.0%}\)", text)
        assert re.search(rf"D\(G\(z\)\): +{D(x).sigmoid().item():.2f} .*{real:.2f}", text)
        assert re.search(rf"잰 굵기: +{brightness(x).item():.2f}", text)
    _, nearest = metrics.nearest_neighbors(x, bank)
    assert (pictures(explorer)[1] == np.asarray(plot.tile(bank[nearest], scale=4))).all()


def test_the_answer_says_whose_digit_it_is(explorer, monkeypatch):
    for digit, word in ((3, "✓ 시작 숫자"), (8, "✓ 목표 숫자"), (1, "✗ 다른 숫자")):
        monkeypatch.setattr(explorer, "_classify", lambda x, digit=digit: 9 * torch.eye(10)[[digit] * len(x)])
        find(explorer, ipywidgets.FloatSlider)[0].value = digit / 10
        assert word in told(explorer)


def test_shipped_starts_are_read_rightly_at_both_ends_of_every_slider(bank):
    G, classifier, D = (
        data.load_weights(model, name)
        for model, name in (
            (models.ConvGenerator(), "conv_generator"),
            (models.DigitClassifier(), "digit_classifier"),
            (models.ConvDiscriminator(), "conv_discriminator"),
        )
    )
    box = LatentExplorer(G, NAMED, classifier, D, bank)
    z = torch.stack([box.start_z(digit) for digit in range(10)])
    for shift in (0, 2 * LEAN, -2 * LEAN, 2 * shrink(z), -2 * shrink(z)):
        p = sampling.in_batches(classifier, sampling.paint(G, z + shift)).softmax(1)
        assert (p.argmax(1) == torch.arange(10)).all()
    assert (sampling.in_batches(classifier, sampling.paint(G, z)).softmax(1).amax(1) > 0.99).all()


def test_the_pad_and_the_sliders_follow_each_other(explorer, monkeypatch):
    pad, (_, thick, lean) = (
        next(w for w in walk(explorer) if isinstance(w, Pad)),
        find(explorer, ipywidgets.FloatSlider)[:3],
    )
    assert pad.names == ["굵기", "기울임"]
    drawn = []
    monkeypatch.setattr(explorer, "_judge", lambda x, judge=explorer._judge: drawn.append(1) or judge(x))
    pad.point = [1.2, -0.6]
    assert (thick.value, lean.value) == (1.2, -0.6) and len(drawn) == 1  # 두 수를 한 번에 그립니다.
    lean.value = 2
    assert pad.point == [1.2, 2] and len(drawn) == 2


def test_other_axes_are_coordinates_and_directions(explorer, game):
    kind, pad = find(explorer, ipywidgets.ToggleButtons)[0], next(w for w in walk(explorer) if isinstance(w, Pad))
    shown(explorer)[0].value = 1
    for index, names, ways in (
        (1, [f"z[{i}]" for i in range(6)], torch.eye(16)),
        (2, [f"방향 {i}" for i in range(1, 7)], sampling.principal_directions(game[0])),
        (0, ["굵기", "기울임"], [shrink(explorer.start_z(3).unsqueeze(0))[0], LEAN]),
    ):
        kind.index = index
        sliders = shown(explorer)
        assert [s.description for s in sliders] == names and pad.names == names[:2]
        assert all(s.value == 0 for s in sliders)
        assert torch.allclose(explorer.z, explorer.start_z(3), atol=1e-5)
        sliders[1].value = 1.5
        assert torch.allclose(explorer.z, explorer.start_z(3) + 1.5 * ways[1], atol=1e-5)


def test_a_short_z_is_enough(bank):
    named = {"가": (torch.eye(4)[0], brightness), "나": (torch.eye(4)[1], brightness), "다": (shrink, brightness)}
    box = LatentExplorer(
        models.ConvGenerator(z_dim=4), named, models.DigitClassifier(), models.ConvDiscriminator(), bank
    )
    assert [s.description for s in shown(box)] == ["가", "나", "다"]
    find(box, ipywidgets.ToggleButtons)[0].index = 1
    assert [s.description for s in shown(box)] == ["z[0]", "z[1]", "z[2]", "z[3]"]


def test_fresh_starts_elsewhere_and_reset_goes_back(explorer):
    walking, thick, _ = find(explorer, ipywidgets.FloatSlider)[:3]
    first, text = pictures(explorer)[0], told(explorer)
    seen = [explorer.start_z(3)]
    thick.value = 0.5
    for _ in range(3):
        click(explorer, "새로 뽑기")
        assert thick.value == 0.5 and all(not torch.equal(explorer.start_z(3), z) for z in seen)
        seen.append(explorer.start_z(3))
    walking.value, find(explorer, ipywidgets.Dropdown)[0].value = 0.3, 5
    click(explorer, "처음으로")
    assert all(s.value == 0 for s in find(explorer, ipywidgets.FloatSlider))
    assert [d.value for d in find(explorer, ipywidgets.Dropdown)] == [3, 8]
    assert (pictures(explorer)[0] == first).all() and told(explorer) == text


def test_looking_leaves_training_alone(game, bank):
    before = [{k: v.clone() for k, v in model.state_dict().items()} for model in game]
    random_state = torch.get_rng_state()
    box = LatentExplorer(game[0], NAMED, *game[1:], bank)
    find(box, ipywidgets.FloatSlider)[1].value = 1
    click(box, "새로 뽑기")
    assert box.still_png()
    for model, state in zip(game, before):
        assert all(module.training for module in model.modules())
        assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())
        assert all(p.grad is None and p.requires_grad for p in model.parameters())
    assert torch.equal(torch.get_rng_state(), random_state)


def test_the_picture_follows_the_weights(explorer, game):
    before = pictures(explorer)[0]
    with torch.no_grad():
        game[0].layers[-2].bias.fill_(-100)
    find(explorer, ipywidgets.FloatSlider)[1].value = 0.2
    assert (before > 50).any() and not pictures(explorer)[0].any()


def test_dragging_while_another_thread_trains(explorer, game):
    G, _, D = game
    modes, errors, stop = set(), [], threading.Event()

    def drag():
        slider = find(explorer, ipywidgets.FloatSlider)[1]
        try:
            while not stop.is_set():
                slider.value = slider.value + 0.2 if slider.value < 1.9 else -2
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=drag)
    thread.start()
    optimizer = torch.optim.SGD([*G.parameters(), *D.parameters()], lr=1e-3)
    for _ in range(20):
        loss = D(G(torch.randn(8, 16))).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        modes |= {m.training for model in (G, D) for m in model.modules()}
    stop.set()
    thread.join(timeout=30)
    assert modes == {True} and not errors and not thread.is_alive()


@pytest.mark.parametrize("kind", [0, 2])
@pytest.mark.parametrize("broken, name", [(0, "생성자"), (1, "분류기"), (2, "판별자")])
def test_a_broken_model_gives_a_sentence_and_comes_back(explorer, game, broken, name, kind):
    good = {k: v.clone() for k, v in game[broken].state_dict().items()}
    with torch.no_grad():
        for p in game[broken].parameters():
            p.fill_(float("nan"))
    find(explorer, ipywidgets.ToggleButtons)[0].index = kind
    find(explorer, ipywidgets.FloatSlider)[1].value = 1
    click(explorer, "새로 뽑기")
    assert f"{name}의" in told(explorer) and "NaN" in told(explorer)
    game[broken].load_state_dict(good)
    find(explorer, ipywidgets.FloatSlider)[1].value = 2
    assert "NaN" not in told(explorer) and pictures(explorer)[0].shape == (280, 280)


def test_an_exploded_generator_gives_a_sentence(explorer, game):
    with torch.no_grad():
        for p in game[0].parameters():
            p.mul_(1e38)
    find(explorer, ipywidgets.FloatSlider)[1].value = 1
    assert "NaN" in told(explorer)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"images": torch.zeros(5, 28, 28)}, "images의 모양은 N×1×28×28"),
        ({"named": {"가": (LEAN, brightness)}}, "길이 16인 방향을 둘에서 여섯까지"),
        ({"named": {"가": (LEAN, brightness), "나": (torch.ones(15), brightness)}}, "길이 16인 방향"),
        ({"G": models.ConvGenerator(z_dim=8)}, "길이 8인 방향"),
    ],
)
def test_the_explorer_refuses_bad_shapes(game, bank, change, message):
    G, classifier, D = game
    with pytest.raises(ValueError, match=message):
        LatentExplorer(**(dict(G=G, named=NAMED, classifier=classifier, D=D, images=bank) | change))


def test_many_threads_end_on_the_picture_of_the_last_value(explorer):
    sliders = shown(explorer)
    threads = [threading.Thread(target=lambda s=s: [setattr(s, "value", v) for v in (1, -2, 1.5)]) for s in sliders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    burst, text = pictures(explorer), told(explorer)
    click(explorer, "처음으로")
    for slider in sliders:
        slider.value = 1.5
    assert told(explorer) == text and all((a == b).all() for a, b in zip(pictures(explorer), burst))


def test_many_sliders_moved_at_once_are_drawn_once(explorer, monkeypatch):
    drawn = []
    draw = explorer_module.plot.tile
    monkeypatch.setattr(explorer_module.plot, "tile", lambda *a, **k: drawn.append(1) or draw(*a, **k))
    for slider in shown(explorer):
        slider.value = 1
    assert len(drawn) == 4  # 한 번 그릴 때마다 숫자와 가장 닮은 그림
    for name in ("처음으로", "새로 뽑기"):
        drawn.clear()
        click(explorer, name)
        assert len(drawn) == 2


def test_readers_without_a_kernel_see_the_walk_and_the_named_sliders(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "(잠재 공간 탐색기)"
    assert Image.open(io.BytesIO(explorer.still_png())).size == (800, 450)
