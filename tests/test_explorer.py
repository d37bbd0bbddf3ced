import threading

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import ImageColor

from ganlib import data, metrics, models, plot, sampling
from ganlib.play import explorer as explorer_module
from ganlib.play.explorer import LatentExplorer
from looking import click, find, pictures


@pytest.fixture(scope="module")
def bank():
    return data.load_mnist("test")[0][:2000]  # 픽셀(uint8) 그대로


@pytest.fixture
def game():
    """그린 결과가 z에 따라 뚜렷이 달라지는, 학습 모드의 G와 D와 분류기."""
    torch.manual_seed(0)
    G, D, classifier = models.ConvGenerator(), models.ConvDiscriminator(), models.DigitClassifier()
    with torch.no_grad():
        for layer in G.modules():
            if isinstance(layer, (torch.nn.Linear, torch.nn.ConvTranspose2d)):
                layer.weight.mul_(10)
    return G, D, classifier


@pytest.fixture
def explorer(game, bank):
    box = LatentExplorer(*game, bank, torch.randn(32, 16, generator=torch.Generator().manual_seed(1)))
    return box


def test_every_slider_moves_every_picture(explorer):
    sliders = find(explorer, ipywidgets.FloatSlider)
    assert [s.description for s in sliders] == [f"z[{i}]" for i in range(6)]
    for slider in sliders:
        before = [w.value for w in find(explorer, ipywidgets.Image)]
        slider.value = 4
        assert all(w.value != old for w, old in zip(find(explorer, ipywidgets.Image), before))


def test_the_picture_is_what_the_generator_draws(explorer, game):
    G = game[0].eval()
    z = torch.randn(32, 16, generator=torch.Generator().manual_seed(1))[:16]
    z[:, 2] += 1.6
    find(explorer, ipywidgets.FloatSlider)[2].value = 1.6
    with torch.no_grad():
        expected = plot.tile(G(z), columns=4, scale=3)
    assert np.abs(pictures(explorer)[0].astype(int) - np.asarray(expected)).max() <= 1


def test_the_answers_are_those_of_the_models(game, bank, monkeypatch):
    given = []
    draw = explorer_module._draw_answers
    monkeypatch.setattr(explorer_module, "_draw_answers", lambda *answers: given.append(answers) or draw(*answers))
    z = torch.randn(16, 16, generator=torch.Generator().manual_seed(1))
    LatentExplorer(*game, bank, z)
    G, D, classifier = (model.eval() for model in game)
    with torch.no_grad():
        x = G(z)
        reals, verdicts, classes = given[-1]
        assert torch.allclose(verdicts, D(x).sigmoid()[:, 0], atol=1e-5)
        assert torch.allclose(classes, classifier(x).softmax(dim=1), atol=1e-5)
    exact, _ = metrics.nearest_neighbors(x, bank)
    assert ((data.scale(reals) - x).flatten(1).norm(dim=1) < 1.1 * exact).all()


def test_the_bar_is_as_long_as_the_verdict():
    sheet = explorer_module._draw_answers(torch.zeros(2, 1, 28, 28), torch.tensor([0.25, 1.0]), torch.eye(10)[:2])
    # 그림 한 칸은 114픽셀이고, 막대는 그림의 폭(56픽셀)에 판별자의 답을 곱한 만큼 초록입니다.
    green = np.all(np.asarray(sheet) == ImageColor.getrgb(plot.JUDGE), axis=2)[66]
    assert green[:56].sum() == 15 and green[114 : 114 + 56].all()


def test_one_large_digit_is_the_first_of_the_grid(explorer):
    together = pictures(explorer)[0]
    find(explorer, ipywidgets.ToggleButtons)[0].index = 1
    alone = pictures(explorer)[0]
    assert alone.shape == (336, 336)
    assert np.abs(alone[::12, ::12].astype(int) - together[:84:3, :84:3]).max() <= 1


def test_a_single_z_and_few_coordinates_are_enough(bank):
    G = models.ConvGenerator(z_dim=4)
    box = LatentExplorer(G, models.ConvDiscriminator(), models.DigitClassifier(), bank, torch.zeros(1, 4))
    assert pictures(box)[0].shape == (336, 336)
    assert find(box, ipywidgets.ToggleButtons)[0].options == (("1장 크게", 1),)
    assert [s.description for s in find(box, ipywidgets.FloatSlider)] == ["z[0]", "z[1]", "z[2]", "z[3]"]


def test_reset_goes_back_to_the_beginning(explorer):
    start = [w.value for w in find(explorer, ipywidgets.Image)]
    find(explorer, ipywidgets.FloatSlider)[0].value = 2
    find(explorer, ipywidgets.ToggleButton)[0].value = True
    assert find(explorer, ipywidgets.ToggleButton)[0].icon == "lock"
    click(explorer, "새로 뽑기")
    click(explorer, "처음으로")
    assert [w.value for w in find(explorer, ipywidgets.Image)] == start
    assert all(s.value == 0 for s in find(explorer, ipywidgets.FloatSlider))
    assert all(not key.value and key.icon == "unlock" for key in find(explorer, ipywidgets.ToggleButton))


@pytest.mark.parametrize("kind", [0, 1])
def test_fresh_z_leaves_locked_axes_alone(game, bank, monkeypatch, kind):
    seen = []
    still = explorer_module._still

    def spy(model, name):
        def call(x):
            if name == "생성자":
                seen.append(x)
            return still(model, name)(x)

        return call

    monkeypatch.setattr(explorer_module, "_still", spy)
    z = torch.randn(16, 16, generator=torch.Generator().manual_seed(1))
    box = LatentExplorer(*game, bank, z)
    find(box, ipywidgets.ToggleButtons)[1].index = kind
    axes = sampling.principal_directions(game[0])[:6] if kind else torch.eye(16)[:6]
    sliders, keys = find(box, ipywidgets.FloatSlider), find(box, ipywidgets.ToggleButton)
    sliders[1].value, sliders[4].value, keys[1].value, keys[3].value = 2, 1, True, True
    before = seen[-1] @ axes.T
    click(box, "새로 뽑기")
    after = seen[-1] @ axes.T
    assert torch.allclose(after[:, [1, 3]], before[:, [1, 3]], atol=1e-5)
    assert ((after[:, [0, 2, 4, 5]] - before[:, [0, 2, 4, 5]]).abs().mean(dim=0) > 0.3).all()
    assert sliders[1].value == 2 and sliders[4].value == 0


def test_directions_move_along_the_axes_of_the_first_layer(explorer):
    start = pictures(explorer)
    find(explorer, ipywidgets.ToggleButtons)[1].index = 1
    assert [s.description for s in find(explorer, ipywidgets.FloatSlider)] == [f"방향 {i}" for i in range(1, 7)]
    assert (pictures(explorer)[0] == start[0]).all()
    find(explorer, ipywidgets.FloatSlider)[0].value = 2
    assert (pictures(explorer)[0] != start[0]).any()


def test_looking_leaves_training_alone(game, bank):
    before = [{k: v.clone() for k, v in model.state_dict().items()} for model in game]
    random_state = torch.get_rng_state()
    box = LatentExplorer(*game, bank, torch.zeros(16, 16))
    find(box, ipywidgets.FloatSlider)[0].value = 1
    click(box, "새로 뽑기")
    for model, state in zip(game, before):
        assert all(module.training for module in model.modules())
        assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())
        assert all(p.grad is None and p.requires_grad for p in model.parameters())
    assert torch.equal(torch.get_rng_state(), random_state)


def test_the_picture_follows_the_weights(explorer, game):
    before = pictures(explorer)[0]
    with torch.no_grad():
        game[0].layers[-2].bias.fill_(-100)
    find(explorer, ipywidgets.FloatSlider)[0].value = 0.2
    assert (before > 50).any() and not pictures(explorer)[0][:84, :84].any()


def test_dragging_while_another_thread_trains(explorer, game):
    G, D, _ = game
    modes, errors, stop = set(), [], threading.Event()

    def drag():
        slider = find(explorer, ipywidgets.FloatSlider)[0]
        try:
            while not stop.is_set():
                slider.value = slider.value + 0.2 if slider.value < 3.9 else -4
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


@pytest.mark.parametrize("kind", [0, 1])
@pytest.mark.parametrize("broken, name", [(0, "생성자"), (1, "판별자"), (2, "분류기")])
def test_a_broken_model_gives_a_sentence(explorer, game, broken, name, kind):
    good = {k: v.clone() for k, v in game[broken].state_dict().items()}
    with torch.no_grad():
        for p in game[broken].parameters():
            p.fill_(float("nan"))
    find(explorer, ipywidgets.ToggleButtons)[1].index = kind
    find(explorer, ipywidgets.FloatSlider)[0].value = 1
    click(explorer, "새로 뽑기")
    text = "".join(w.value for w in find(explorer, ipywidgets.HTML))
    assert f"{name}의" in text and "NaN" in text
    game[broken].load_state_dict(good)
    find(explorer, ipywidgets.FloatSlider)[0].value = 2
    assert "NaN" not in "".join(w.value for w in find(explorer, ipywidgets.HTML))
    assert pictures(explorer)[0].shape == (354, 354)


def test_an_exploded_generator_gives_a_sentence_and_comes_back(explorer, game):
    good = {k: v.clone() for k, v in game[0].state_dict().items()}
    with torch.no_grad():
        for p in game[0].parameters():
            p.mul_(1e38)
    find(explorer, ipywidgets.FloatSlider)[0].value = 1
    assert "NaN" in "".join(w.value for w in find(explorer, ipywidgets.HTML))
    game[0].load_state_dict(good)
    find(explorer, ipywidgets.FloatSlider)[0].value = 2
    assert pictures(explorer)[0].shape == (354, 354)


@pytest.mark.parametrize(
    "change, message",
    [({"z": torch.zeros(16)}, "z의 모양은 N×K"), ({"bank": torch.zeros(5, 28, 28)}, "bank의 모양은 N×1×28×28")],
)
def test_the_explorer_refuses_bad_shapes(game, change, message):
    with pytest.raises(ValueError, match=message):
        LatentExplorer(*game, **({"bank": torch.zeros(5, 1, 28, 28), "z": torch.zeros(16, 16)} | change))


def test_many_threads_end_on_the_picture_of_the_last_value(explorer):
    sliders = find(explorer, ipywidgets.FloatSlider)
    threads = [threading.Thread(target=lambda s=s: [setattr(s, "value", v) for v in (1, -2, 3)]) for s in sliders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    burst = pictures(explorer)
    click(explorer, "처음으로")
    for slider in sliders:
        slider.value = 3
    assert all((a == b).all() for a, b in zip(pictures(explorer), burst))


def test_many_sliders_moved_at_once_are_drawn_once(explorer, monkeypatch):
    drawn = []
    draw = explorer_module._draw_answers
    monkeypatch.setattr(explorer_module, "_draw_answers", lambda *answers: drawn.append(1) or draw(*answers))
    for slider in find(explorer, ipywidgets.FloatSlider):
        slider.value = 2
    assert len(drawn) == 6
    for name in ("처음으로", "새로 뽑기"):
        drawn.clear()
        click(explorer, name)
        assert len(drawn) == 1
