"""평면의 무대의 파이썬 쪽: 노트북의 신경망과 라운드, 세 수, 그림, 고르는 설정, 그린 데이터, 녹화."""

import base64
import io
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from PIL import Image
from torch import nn
from torch.nn.functional import softplus

from ganlib.play.plane import PlaneStage
from ganlib.play.ring import CENTERS, measure
from ganlib.play.traits import BadValue
from ganlib.train import d_step, g_step
from looking import until

CHOICES = {"beta1": ("β₁", [0.9, 0.0]), "pack": ("묶음 m", [1, 2]), "loss": ("G의 손실", ["비포화", "포화"])}


def net(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, outputs))


def start(real, seed, beta1=0.9, pack=1, loss="비포화"):
    torch.manual_seed(seed)
    G, D = net(4, 2), net(2 * pack, 1)
    game = SimpleNamespace(G=G, D=D, real=real, pack=pack, noise=lambda count: torch.randn(count, 4))
    game.opt_G, game.opt_D = (torch.optim.Adam(part.parameters(), 1e-3, (beta1, 0.99)) for part in (G, D))
    game.judge = lambda x: D(x.repeat(1, pack))
    if loss == "포화":
        game.g_loss = lambda logits: -softplus(logits).mean()
    return game


def one_round(game):
    def packed(z):
        return game.G(z).view(-1, 2 * game.pack)

    d_step(packed, game.D, game.opt_D, game.real(64).view(-1, 2 * game.pack), game.noise(64))
    g_step(packed, game.D, game.opt_G, game.noise(64))


def opened(**traits):
    return PlaneStage(start, one_round, **{"choices": CHOICES, **traits})


def weights(game):
    return torch.cat([w.flatten() for net in (game.G, game.D) for w in net.parameters()]).detach()


def still(x):
    """늘 `x`에 머무는 G가 있는 무대. `stage.game.x`로 옮깁니다."""

    def here(real, seed):
        game = SimpleNamespace(x=x, D=nn.Linear(2, 1), noise=lambda count: torch.arange(count))
        game.G = lambda z: game.x[z % len(game.x)]
        return game

    return PlaneStage(here, lambda game: None)


def decoded(text):
    return np.frombuffer(base64.b64decode(text), np.uint8).astype(float)


def test_steps_are_the_bare_loop_of_the_notebook_bit_for_bit():
    stage = opened(seed=3)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    stage.step(15)
    stage.step(5)
    assert torch.get_rng_state().equal(before)  # 차시의 난수를 건드리지 않습니다.

    def real(count):
        which = torch.randint(8, (count,))
        return CENTERS[which] + 0.1 * torch.randn(count, 2)

    game = start(real, seed=3)
    for _ in range(20):
        one_round(game)
    assert weights(game).equal(weights(stage.game)) and stage.rounds == 20 and len(stage.history) == 1
    stage.restart()
    assert stage.rounds == 0 and len(stage.history) == 0
    stage.step(20)
    assert weights(game).equal(weights(stage.game))
    (other := opened(seed=4)).step(20)
    assert not weights(other.game).equal(weights(stage.game))


def by_hand(x):
    """차시에 보이는 정의를 그대로 적은 것."""
    centers = [(2 * math.cos(math.pi * k / 4), 2 * math.sin(math.pi * k / 4)) for k in range(8)]
    counts = [0] * 8
    for point in x.tolist():
        distances = [math.dist(point, center) for center in centers]
        if min(distances) <= 0.3:
            counts[distances.index(min(distances))] += 1
    valid = sum(counts)
    tv = sum(abs(count / valid - 1 / 8) for count in counts) / 2 if valid else 1
    return sum(count >= len(x) / 1000 for count in counts), valid / len(x), tv


def test_the_three_numbers_are_the_definitions_of_the_lesson():
    rng = torch.Generator().manual_seed(0)
    which = torch.randint(8, (20_000,), generator=rng)
    real = CENTERS[which] + 0.1 * torch.randn(20_000, 2, generator=rng)
    assert measure(real) == pytest.approx((8, 0.989, 0), abs=0.02)  # 진짜도 3σ 밖에 1.1%가 있습니다.
    two = torch.cat([real[which == 3], real[which == 4], torch.zeros(5000, 2)])
    thin = torch.cat([real[which == 0][:19_000], CENTERS[1:2].expand(20, 2), CENTERS[2:3].expand(19, 2)])
    thin = torch.cat([thin, torch.full((20_000 - len(thin), 2), 9.0)])
    for x in (real, two, thin, torch.rand(4000, 2, generator=rng) * 6 - 3, torch.zeros(100, 2)):
        assert measure(x) == pytest.approx(by_hand(x))
    assert measure(thin)[0] == 2 and measure(torch.zeros(100, 2)) == (0, 0, 1)
    stage = still(CENTERS)
    assert stage.measure() == pytest.approx((8, 1, 0)) and still(CENTERS[:2]).measure() == pytest.approx((2, 1, 0.75))
    real = torch.cat([stage.real(1000) for _ in range(20)])
    assert measure(real) == pytest.approx((8, 0.989, 0), abs=0.02)


def test_the_picture_says_what_the_networks_say():
    stage = opened(settings={"pack": 2, "loss": "포화"})
    stage.step(40)
    frame, game = stage._frame, stage.game
    assert json.loads(json.dumps(frame)) == frame and len(json.dumps(frame)) < 5000
    across = torch.linspace(-2.925, 2.925, 40)
    judged = decoded(frame["judged"]).reshape(40, 40)
    for row, column in [(0, 0), (3, 30), (39, 5), (20, 20)]:  # 아래 줄부터입니다.
        x = torch.stack([across[column], across[row]]).view(1, 2)
        assert judged[row, column] == pytest.approx(255 * torch.sigmoid(game.D(x.repeat(1, 2))).item(), abs=0.6)
    x = game.G(stage._z[:2000]).detach()
    assert decoded(frame["fakes"]).reshape(300, 2) == pytest.approx(
        np.clip(127.5 * (1 + x[:300].numpy() / 3), 0, 255), abs=0.6
    )
    arrows = (decoded(frame["arrows"]) / 127.5 - 1).reshape(40, 2) * 8
    for i in (0, 7, 39):  # 화살표는 가짜 하나의 손실 log(1 − D(x))의 기울기에 −를 붙인 것입니다.
        for axis in (0, 1):
            step = torch.zeros(1, 2)
            step[0, axis] = 1e-2
            ahead, behind = (-softplus(game.judge(x[i : i + 1] + s * step)).item() for s in (1, -1))
            assert arrows[i, axis] == pytest.approx((behind - ahead) / 2e-2, abs=0.05)
    assert frame["now"][:3] == pytest.approx(measure(x), abs=1e-3)
    assert stage.history[-1].tolist() == [40, *frame["now"]]
    valid = frame["now"][1]
    assert len(frame["mass"]) == 8 and (not valid or sum(frame["mass"]) == pytest.approx(1000, abs=4))


def test_the_history_keeps_the_whole_run_and_counts_changes_of_the_covered_set():
    stage = still(CENTERS[:1])
    stage.step(20)
    stage.game.x = CENTERS[1:2]  # 수는 그대로 하나이지만, 덮은 모드가 바뀌었습니다.
    stage.step(40)
    stage.game.x = CENTERS[:2]
    stage.step(20)
    rows = [[20, 1, 1, 0.875, 0], [40, 1, 1, 0.875, 1], [60, 1, 1, 0.875, 1], [80, 2, 1, 0.75, 2]]
    assert stage.history == pytest.approx(np.array(rows))
    stage.step(20 * 500)
    rounds = stage.history[:, 0]
    assert len(rounds) <= 400 and rounds[0] <= 80 and rounds[-1] >= 10_040 and set(np.diff(rounds)) == {40}
    assert len(json.dumps(stage._frame)) < 20_000
    stage.restart()
    assert len(stage.history) == 0


def test_a_choice_restarts_with_the_new_setting_and_the_same_seed():
    stage = opened(seed=5)
    assert stage.settings == {"beta1": 0.9, "pack": 1, "loss": "비포화"}
    stage.step(30)
    stage.settings = {"beta1": 0}  # 화면에서 온 0.0은 0입니다.
    assert stage.settings == {"beta1": 0.0, "pack": 1, "loss": "비포화"} and isinstance(stage.settings["beta1"], float)
    assert stage.rounds == 0 and stage.game.opt_G.defaults["betas"][0] == 0
    stage.step(10)
    (twin := opened(seed=5, settings={"beta1": 0.0})).step(10)
    assert weights(stage.game).equal(weights(twin.game))
    for bad in ({"beta1": 0.7}, {"gamma": 1}, {"loss": 1}):
        with pytest.raises(BadValue, match="[가-힣]"):
            stage.settings = bad
        assert stage.settings["beta1"] == 0.0 and stage.rounds == 10


def test_a_drawn_target_has_data_but_no_modes_and_the_networks_go_on():
    stage = opened()
    stage.step(40)
    before, drawn = weights(stage.game), [[-1, 0], [0, 1], [2.5, -2.5]]
    stage.target = drawn
    assert weights(stage.game).equal(before) and stage.rounds == 40 and len(stage.history) == 0
    for sample in (stage.real(500), torch.tensor(stage.data)):
        distance, nearest = torch.cdist(sample, torch.tensor(drawn)).min(1)
        assert distance.max() < 0.6 and torch.bincount(nearest).min() > len(sample) / 5
    stage.step(20)
    modes, valid, tv = stage.measure()
    assert math.isnan(modes) and math.isnan(tv) and 0 <= valid <= 1 and np.isnan(stage.history[0, 1])
    assert stage._frame["mass"] == [] and json.loads(json.dumps(stage._frame)) == stage._frame
    here = still(torch.tensor([[0.0, 1.29], [0.0, 1.31]]))
    here.target = drawn
    assert here.measure()[1] == 0.5
    stage.target = "ring"
    stage.step(20)
    assert len(stage.history) == 1 and stage.data != here.data


@pytest.mark.parametrize("bad", ["grid", 3, None, [], [[1, 2, 3]], [[1, 4]], [[0, float("nan")]], [[0, 0]] * 401, {}])
def test_bad_targets_are_refused_in_korean_and_change_nothing(bad):
    stage = opened()
    data = stage.data
    with pytest.raises(BadValue, match="[가-힣]"):
        stage.target = bad
    assert stage.target == "ring" and stage.data == data


def test_other_bad_values_are_refused_in_korean():
    stage = opened()
    for make in (
        lambda: PlaneStage(),
        lambda: PlaneStage(start),
        lambda: PlaneStage(start, 3),
        lambda: opened(colour=1),
        lambda: opened(settings={"beta1": 7}),
        lambda: opened(choices={"beta1": [0.9]}),
        lambda: opened(choices={"beta1": ("β₁", [])}),
        lambda: PlaneStage(lambda real, seed: SimpleNamespace(G=net(4, 2), D=None), one_round),
        lambda: stage.step(0),
        lambda: stage.record(10, 0),
        lambda: stage.record(201, 1),
        lambda: setattr(stage, "one_round", 3),
        lambda: setattr(stage, "seed", -1),
    ):
        with pytest.raises(BadValue, match="[가-힣]"):
            make()
    assert stage.rounds == 0 and stage.one_round is one_round


def test_errors_of_the_notebook_are_said_in_the_panel():
    def broken(game):
        game.no_such_thing()

    def poisoned(game):
        with torch.no_grad():
            game.G[0].weight.fill_(float("nan"))

    def begin(real, seed, beta1):
        if beta1 == 0:
            real.no_such_thing()
        return start(real, seed, beta1)

    stage = PlaneStage(begin, broken, choices={"beta1": CHOICES["beta1"]})
    with pytest.raises(AttributeError, match="no_such_thing"):
        stage.step()
    assert "broken의 2번째 줄에서 오류가 나서" in stage._frame["why"]
    stage.one_round = poisoned
    with pytest.raises(FloatingPointError, match="NaN"):
        stage.step()
    assert "NaN" in stage._frame["why"]
    with pytest.raises(AttributeError, match="no_such_thing"):
        stage.settings = {"beta1": 0.0}
    assert "begin의 3번째 줄에서 오류가 나서" in stage._frame["why"]
    stage.ask = [1, "restart"]  # 화면의 단추는 오류를 내지 않고 까닭만 보입니다.
    assert "begin의 3번째 줄에서" in stage._frame["why"]
    stage.one_round = one_round
    stage.settings = {"beta1": 0.9}
    stage.step()
    assert stage._frame["why"] == "" and stage.rounds == 1


def test_it_plays_in_the_background_through_changes_of_settings_and_data(watched):
    stage = watched(opened())
    before = torch.get_rng_state()
    stage.ask = [1, "play"]
    assert until(lambda: stage.rounds > 30 and stage._frame["playing"])
    game = stage.game
    stage.settings = {"pack": 2}
    assert stage.game is not game and until(lambda: stage.playing and stage.rounds > 30)
    game = stage.game
    for i in range(100):  # 라운드와 겹쳐도 난수가 섞이지 않아야 합니다.
        stage.target = [[0, 0], [1, i / 100]]
    assert until(lambda: len(stage.history) > 1) and stage.playing and stage.game is game
    stage.pause()
    assert not stage.playing and torch.get_rng_state().equal(before)


def test_a_recording_is_small_json_and_plays_without_learning():
    stage = opened(seed=2, settings={"pack": 2})
    stage.step(10)
    recording = stage.record(400, 10)
    assert json.loads(json.dumps(recording)) == recording and len(json.dumps(recording)) < 41 * 4000
    assert [frame["rounds"] for frame in recording["frames"]] == list(range(10, 411, 10))
    replay = PlaneStage.replay(json.loads(json.dumps(recording)))
    assert replay.recording["frames"] == recording["frames"] and replay.data == stage.data
    assert (replay.seed, replay.settings, replay.choices) == (2, stage.settings, stage.choices)
    for act in (replay.play, replay.step, lambda: replay.record(10, 1), replay.measure):
        with pytest.raises(BadValue, match="녹화"):
            act()
    for bad in (None, {}, recording | {"frames": []}):
        with pytest.raises(BadValue, match="PlaneStage.replay"):
            PlaneStage.replay(bad)


@pytest.mark.filterwarnings("error::UserWarning")
def test_the_bundle_carries_the_view_and_a_still_picture():
    stage, figures, pictures = opened(), plt.get_fignums(), []
    for show in (stage, stage, PlaneStage.replay(stage.record(40, 10)), opened(target=[[0, 0]])):
        data, _ = show._repr_mimebundle_()
        assert data["text/plain"] == "(무대)"
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == show.model_id
        pictures.append(np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("L")))
        stage.step(50)
    assert all(picture.shape == (360, 800) and (picture < 140).mean() > 0.003 for picture in pictures)
    assert (pictures[0] != pictures[1]).any() and plt.get_fignums() == figures


def test_the_script_imports_nothing_and_needs_no_network():
    script = opened()._esm
    assert script.count("export default") == 1 and "import " not in script and "http" not in script
