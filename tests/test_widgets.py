import gc
import io
import os
import signal
import threading
import time
import weakref
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import Image

from ganlib import data, metrics, models, widgets
from ganlib.widgets import countdown, curve_sliders, latent_explorer


def test_countdown_runs_for_the_given_time():
    start = time.perf_counter()
    fractions = [t for t in countdown(0.3) if time.sleep(0.01) is None]
    assert 0.3 <= time.perf_counter() - start < 1
    assert fractions == sorted(fractions) and 0 <= fractions[0] < 0.1 and 0.8 < fractions[-1] < 1


def test_countdown_shows_the_picture_at_the_start_in_between_and_at_the_end():
    calls = []

    def picture():
        calls.append(time.perf_counter())
        return Image.new("L", (4, 4))

    for _ in countdown(0.3, picture, every=0.1):
        time.sleep(0.01)
    assert 3 <= len(calls) <= 5


def test_interrupt_finishes_the_step_and_ends_the_loop(monkeypatch):
    shown = []
    monkeypatch.setattr(widgets.DisplayHandle, "update", lambda self, content: shown.append(content.data))
    handler = signal.getsignal(signal.SIGINT)
    steps = 0
    for _ in countdown(30):
        if steps == 3:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
        steps += 1
    assert steps == 4
    assert "도중에 멈췄습니다" in shown[-1] and "4스텝" in shown[-1]
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_error_in_the_loop_gives_the_interrupt_back():
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        for _ in countdown(30):
            1 / 0  # noqa: B018
    assert signal.getsignal(signal.SIGINT) is handler


def test_countdown_works_outside_the_main_thread():
    steps = []
    thread = threading.Thread(target=lambda: steps.extend(countdown(0.05)))
    thread.start()
    thread.join(timeout=5)
    assert steps


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_countdown_refuses_nonsense(seconds):
    with pytest.raises(ValueError, match="양수"):
        next(countdown(seconds))


def walk(widget):
    """위젯과 그 안에 든 모든 위젯."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def find(box, kind, description=None):
    return [w for w in walk(box) if type(w) is kind and (description is None or w.description == description)]


def pictures(box):
    """상자에 보이는 그림들을 0~255의 배열로."""
    return [np.asarray(Image.open(io.BytesIO(w.value)).convert("L")) for w in find(box, ipywidgets.Image)]


def click(box, description):
    find(box, ipywidgets.Button, description)[0].click()


def registered():
    """ipywidgets의 등록부에 살아 있는 위젯의 수(8판과 7판은 등록부의 자리가 다릅니다)."""
    module = ipywidgets.widgets.widget
    return len(module._instances if hasattr(module, "_instances") else ipywidgets.Widget.widgets)


@pytest.fixture(scope="module")
def bank():
    return data.load_mnist("test")[0][:2000]


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
    box = latent_explorer(*game, bank, torch.randn(32, 16, generator=torch.Generator().manual_seed(1)))
    yield box
    box.close()


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
        expected = widgets.plot.tile(G(z), columns=4, scale=3)
    assert np.abs(pictures(explorer)[0].astype(int) - np.asarray(expected)).max() <= 1


def test_one_large_digit_is_the_first_of_the_grid(explorer):
    together = pictures(explorer)[0]
    find(explorer, ipywidgets.ToggleButtons)[0].index = 1
    alone = pictures(explorer)[0]
    assert alone.shape == (336, 336)
    assert np.abs(alone[::12, ::12].astype(int) - together[:84:3, :84:3]).max() <= 1


def test_a_single_z_needs_no_grid(game, bank):
    box = latent_explorer(*game, bank, torch.zeros(1, 16), coordinates=[3, 7])
    assert pictures(box)[0].shape == (336, 336)
    assert find(box, ipywidgets.ToggleButtons)[0].options == (("1장 크게", 1),)
    assert [s.description for s in find(box, ipywidgets.FloatSlider)] == ["z[3]", "z[7]"]
    box.close()


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
    still = widgets._still
    monkeypatch.setattr(
        widgets, "_still", lambda model, name: lambda x: (name == "생성자" and seen.append(x), still(model, name)(x))[1]
    )
    z = torch.randn(16, 16, generator=torch.Generator().manual_seed(1))
    box = latent_explorer(*game, bank, z)
    find(box, ipywidgets.ToggleButtons)[1].index = kind
    axes = models.principal_directions(game[0])[:6] if kind else torch.eye(16)[:6]
    sliders, keys = find(box, ipywidgets.FloatSlider), find(box, ipywidgets.ToggleButton)
    sliders[1].value, sliders[4].value, keys[1].value, keys[3].value = 2, 1, True, True
    before = seen[-1] @ axes.T
    click(box, "새로 뽑기")
    after = seen[-1] @ axes.T
    assert torch.allclose(after[:, [1, 3]], before[:, [1, 3]], atol=1e-5)
    assert ((after[:, [0, 2, 4, 5]] - before[:, [0, 2, 4, 5]]).abs().mean(dim=0) > 0.3).all()
    assert sliders[1].value == 2 and sliders[4].value == 0
    box.close()


def test_principal_directions_are_the_singular_vectors(game):
    directions = models.principal_directions(game[0])
    A = game[0].layers[0].weight.detach()
    assert torch.allclose(directions @ directions.T, torch.eye(16), atol=1e-5)
    assert torch.allclose((A @ directions.T).norm(dim=0), torch.linalg.svdvals(A), rtol=1e-4)
    assert directions.abs().max(dim=1).values.equal(directions.max(dim=1).values)
    A.mul_(float("inf"))
    with pytest.raises(ValueError, match="NaN"):
        models.principal_directions(game[0])


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
    box = latent_explorer(*game, bank, torch.zeros(16, 16))
    find(box, ipywidgets.FloatSlider)[0].value = 1
    click(box, "새로 뽑기")
    for model, state in zip(game, before):
        assert all(module.training for module in model.modules())
        assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())
        assert all(p.grad is None and p.requires_grad for p in model.parameters())
    assert torch.equal(torch.get_rng_state(), random_state)
    box.close()


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


def test_an_exploded_generator_is_shown_or_explained(explorer, game):
    with torch.no_grad():
        for p in game[0].parameters():
            p.mul_(1e30)
    find(explorer, ipywidgets.FloatSlider)[0].value = 1
    text = "".join(w.value for w in find(explorer, ipywidgets.HTML))
    assert "NaN" in text or pictures(explorer)[0].shape == (354, 354)


@pytest.mark.parametrize(
    "change, message",
    [({"z": torch.zeros(16)}, "z의 모양은 N×K"), ({"bank": torch.zeros(5, 28, 28)}, "bank의 모양은 N×1×28×28")],
)
def test_the_explorer_refuses_bad_shapes(game, change, message):
    with pytest.raises(ValueError, match=message):
        latent_explorer(*game, **({"bank": torch.zeros(5, 1, 28, 28), "z": torch.zeros(16, 16)} | change))


def test_the_quick_neighbour_is_nearly_the_nearest():
    bank, x = data.load_mnist("train")[0], data.load_mnist("test")[0][:320]
    nearest = widgets._finder(bank)
    found = torch.cat([nearest(part) for part in x.split(16)])
    exact, indices = metrics.nearest_neighbors(x, bank)
    ratio = (bank[found] - x).flatten(1).norm(dim=1) / exact
    assert (found == indices).float().mean() > 0.95
    assert ratio.mean() < 1.001 and ratio.max() < 1.1
    assert nearest(bank[:16]).tolist() == list(range(16))


def test_a_burst_draws_only_the_newest_and_ends_right():
    drawn, started, go = [], threading.Event(), threading.Event()
    state = SimpleNamespace(value=0)

    def draw():
        value = state.value
        started.set()
        go.wait(timeout=10)
        drawn.append(value)

    redraw = widgets._newest(draw, threading.Lock())
    first = threading.Thread(target=redraw)
    first.start()
    started.wait(timeout=10)
    threads = [threading.Thread(target=redraw) for _ in range(200)]
    for i, thread in enumerate(threads):
        state.value = i + 1
        thread.start()
    go.set()
    for thread in [first, *threads]:
        thread.join(timeout=10)
    assert drawn == [0, 200]


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


def curve(figure, p):
    figure.subplots().plot([0, p])


def test_closing_leaves_nothing_behind(game, bank):
    gc.collect()
    before = registered()
    box = latent_explorer(*game, bank, torch.zeros(16, 16))
    slider, button = find(box, ipywidgets.FloatSlider)[0], find(box, ipywidgets.Button)[0]
    watched = weakref.ref(slider)
    assert registered() > before + 20 and slider.has_trait("value") and slider._trait_notifiers["value"]
    box.close()
    box.close()
    assert registered() == before
    assert not slider._trait_notifiers
    del slider, button
    gc.collect()
    # 상자를 아직 붙들고 있어도(노트북의 Out) 안에 든 위젯은 사라집니다.
    assert watched() is None and box.children == ()


def test_closing_curve_sliders_leaves_nothing_behind():
    gc.collect()
    before = registered()
    box = curve_sliders(curve, p=("확률", 0.0, 1.0, 0.1, 0.5))
    [slider] = find(box, ipywidgets.FloatSlider)
    first = pictures(box)[0]
    slider.value = 0.9
    assert (pictures(box)[0] != first).any()
    box.close()
    assert registered() == before and not slider._trait_notifiers


def test_running_the_cell_again_closes_what_it_made_before(monkeypatch):
    def run(cell, number, count=1):
        request = {"metadata": {"cellId": cell}, "content": {}, "header": {"msg_id": number}}
        monkeypatch.setattr(widgets, "get_ipython", lambda: SimpleNamespace(parent_header=request))
        return [curve_sliders(curve, p=("확률", 0.0, 1.0, 0.1, 0.5)) for _ in range(count)]

    gc.collect()
    before = registered()
    first, second = run("a", 1, count=2)
    [other] = run("b", 2)
    assert first.children and second.children
    size = (registered() - before) // 3
    for number in range(3, 8):
        [newest] = run("a", number)
        assert registered() - before == 2 * size
    assert not first.children and not second.children and other.children and newest.children
    run("b", 9)[0].close()
    newest.close()
    assert registered() == before
