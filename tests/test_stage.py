"""살아 있는 무대의 파이썬 쪽: 기다리며 하는 라운드, 배경에서 하는 라운드, 멈출 때의 까닭, 데이터, 녹화."""

import io
import json
import time

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from PIL import Image
from scipy import stats

from ganlib import metrics
from ganlib.play import live
from ganlib.play.stage import Stage, one_round
from ganlib.play.traits import BadValue
from ganlib.train import d_step, g_step
from looking import until


def weights(stage):
    return torch.cat([w.flatten() for net in (stage.game.G, stage.game.D) for w in net.parameters()]).detach()


def distance(net):
    z = torch.linspace(-0.9999, 0.9999, 20_000).unsqueeze(1)
    with torch.no_grad():
        return metrics.wasserstein_to_normal(net(z).numpy().ravel(), 4, 1.25)


def test_steps_are_the_rounds_that_a_loop_would_do_and_repeat_exactly():
    one, two, other = Stage(seed=3), Stage(seed=3), Stage(seed=4)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    one.step(25)
    assert torch.get_rng_state().equal(before)  # 차시의 난수를 건드리지 않습니다.
    for _ in range(25):
        two.step()
    other.step(25)
    assert one.rounds == two.rounds == 25 and weights(one).equal(weights(two)) and (one.history == two.history).all()
    assert not weights(one).equal(weights(other))
    game = (by_hand := Stage(seed=3)).game
    for _ in range(25):
        d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
        g_step(game.G, game.D, game.opt_G, game.noise())
    assert weights(one).equal(weights(by_hand))
    one.restart()
    assert one.rounds == 0 and len(one.history) == 0 and weights(one).equal(weights(Stage(seed=3)))


def test_the_learners_round_replaces_the_packages_and_sees_k():
    stage, calls = Stage(seed=0), []

    def mine(game):
        calls.append(game.k)
        one_round(game)

    assert stage.one_round is one_round
    stage.one_round = mine
    stage.k = 3
    stage.step(2)
    assert calls == [3, 3] and stage.game.k == 3
    twin = Stage(seed=0, k=3)
    twin.step(2)
    assert weights(stage).equal(weights(twin))
    with pytest.raises(BadValue, match="함수를"):
        stage.one_round = 3
    assert stage.one_round is mine


def test_ratio_and_k_reach_the_game_and_average_only_the_picture():
    stage = Stage(seed=0, ratio=5)
    base = stage.game.opt_G.param_groups[0]["lr"]
    assert stage.game.opt_D.param_groups[0]["lr"] == pytest.approx(5 * base)
    stage.ratio = 0.5
    assert stage.game.opt_D.param_groups[0]["lr"] == pytest.approx(0.5 * base)
    stage.step(30)
    counts, before = stage._frame["counts"], weights(stage)
    stage.average = True
    assert stage._frame["counts"] != counts and weights(stage).equal(before)
    stage.restart()
    assert stage.game.opt_D.param_groups[0]["lr"] == pytest.approx(0.5 * base)


def test_a_bell_appears_and_the_averaged_mean_is_calmer():
    stage = Stage(seed=0)
    first = distance(stage.game.G)
    stage.step(1500)
    assert first > 1 and distance(stage.game.G) < 0.35 and distance(stage.game.G_avg) < 0.15
    _, mean, averaged, data = stage.history[-50:].T
    assert abs(averaged - 4).max() < 0.3 and averaged.std() < mean.std() and (data == 4).all()


def test_the_picture_says_what_the_networks_say():
    stage = Stage(seed=1)
    stage.step(100)
    frame, game = stage._frame, stage.game
    assert json.loads(json.dumps(frame)) == frame and len(json.dumps(frame)) < 20_000
    assert sum(frame["counts"]) <= 2000 and len(frame["counts"]) == 40
    x = torch.linspace(-1, 9, 81).unsqueeze(1)
    with torch.no_grad():
        assert np.abs(np.array(frame["judged"]) - 100 * game.D(x).sigmoid().numpy().ravel()).max() <= 0.51
    for position, slope in frame["fakes"]:  # 화살표는 가짜 하나의 손실 −log D(x)의 기울기에 −를 붙인 것입니다.
        near = torch.tensor([[position - 0.01], [position + 0.01]])
        with torch.no_grad():
            low, high = torch.nn.functional.softplus(-game.D(near)).ravel().tolist()
        assert slope == pytest.approx((low - high) / 0.02, abs=0.05 + 0.1 * abs(slope))
    stage.one_round = lambda game: None
    stage.step(5000)
    assert len(stage.history) == 200 and list(stage.history[-1, :1]) == [5100]
    assert len(json.dumps(stage._frame)) < 20_000


@pytest.mark.parametrize(
    "target, cdf",
    [
        ("normal", stats.norm(4, 1.25).cdf),
        ("animals", lambda x: (stats.norm(2, 0.5).cdf(x) + stats.norm(4.5, 1).cdf(x)) / 2),
        # 칸 [−1, 4]와 [4, 9]의 높이가 1 대 3입니다. 가운데 1.5와 6.5를 잇는 꺾은선의 누적분포함수입니다.
        ([1, 3], lambda x: np.interp(x, *tent_cdf([1, 3]))),
        ([0] * 10 + [2] + [0] * 29, lambda x: np.interp(x, *tent_cdf([0] * 10 + [2] + [0] * 29))),
    ],
    ids=["normal", "animals", "two", "spike"],
)
def test_the_data_follow_the_target_and_the_curve_that_is_shown(target, cdf):
    stage = Stage(seed=0, target=target)
    sample = stage.game.real(20_000)
    assert sample.shape == (20_000, 1) and sample.dtype == torch.float32
    assert stats.kstest(sample.numpy().ravel(), cdf).statistic < 0.013  # 0.2%의 확률로만 넘습니다.
    assert stage._mean == pytest.approx(sample.mean().item(), abs=0.06)
    x, y = np.array(stage.data).T
    assert y.sum() * (x[1] - x[0]) == pytest.approx(1, abs=0.01)


def tent_cdf(heights):
    width, share = 10 / len(heights), np.array(heights) / sum(heights)
    x = np.linspace(-1 - width, 9 + width, 4001)
    middles = -1 + width * (np.arange(len(heights)) + 0.5)
    y = sum(s * np.clip(1 - abs(x - m) / width, 0, None) for s, m in zip(share, middles))
    return x, np.cumsum(y) / y.sum()


def test_the_target_may_change_and_the_networks_go_on():
    stage = Stage(seed=0)
    stage.step(40)
    before = weights(stage)
    stage.target = "animals"
    assert weights(stage).equal(before) and stage.rounds == 40
    stage.step(20)
    stage.target = np.arange(40)
    stage.step(20)
    assert stage.history[:, 3] == pytest.approx([4, 4, 3.25, stage._mean], abs=0.01) and stage._mean > 5


BAD_TARGETS = ["uniform", 3, None, [1], [[1, 2]], [0, 0, 0], [1, -1], [1, float("nan")], ["a", "b"], [1] * 201, {}]


@pytest.mark.parametrize("bad", BAD_TARGETS, ids=lambda bad: repr(bad)[:20])
def test_bad_targets_are_refused_in_korean_and_change_nothing(bad):
    stage = Stage()
    data = stage.data
    with pytest.raises(BadValue, match="[가-힣]") as refused:
        stage.target = bad
    assert isinstance(refused.value, ValueError) and stage.target == "normal" and stage.data == data
    with pytest.raises(BadValue, match="빈 그림"):
        stage.target = [0] * 40


def test_other_bad_values_are_refused_in_korean():
    stage = Stage()
    for name, bad in [("k", 0), ("k", 11), ("ratio", 0), ("ratio", float("nan")), ("seed", -1)]:
        before = getattr(stage, name)
        with pytest.raises(BadValue, match="[가-힣]"):
            setattr(stage, name, bad)
        assert getattr(stage, name) == before
    for bad in (0, 2.5, "3", True, 10**6):
        with pytest.raises(BadValue, match="정수"):
            stage.step(bad)
    with pytest.raises(BadValue, match="colour"):
        Stage(colour=1)
    for rounds, every in [(10, 0), (5, 10), (10_000, 1)]:
        with pytest.raises(BadValue, match="정수"):
            stage.record(rounds, every)
    assert stage.rounds == 0


def broken(game):
    one_round(game)
    game.no_such_thing()


def poisoned(game):
    with torch.no_grad():
        game.G[0].weight.fill_(float("nan"))


def test_a_round_that_raises_says_where_and_the_learner_sees_the_error():
    stage = Stage()
    stage.step(3)
    stage.one_round = broken
    with pytest.raises(AttributeError, match="no_such_thing"):
        stage.step(5)
    why = stage._frame["why"]
    assert "broken의 3번째 줄에서 오류가 나서 멈췄습니다" in why and "no_such_thing" in why
    assert stage.rounds == 3
    stage.one_round = one_round
    assert stage._frame["why"] == ""
    stage.step()
    assert stage.rounds == 4


def test_nan_is_said_and_starting_again_heals():
    stage = Stage()
    stage.step(5)
    stage.one_round = poisoned
    with pytest.raises(FloatingPointError, match="NaN"):
        stage.step(5)
    assert "NaN" in stage._frame["why"] and "처음부터" in stage._frame["why"]
    assert json.loads(json.dumps(stage._frame)) == stage._frame and "NaN" not in json.dumps(stage._frame["counts"])
    stage.one_round = one_round
    stage.restart()
    stage.step(5)
    assert stage._frame["why"] == ""
    with torch.no_grad():
        stage.game.D[1].bias.fill_(float("nan"))
    stage.one_round = lambda game: None
    with pytest.raises(FloatingPointError, match="NaN"):
        stage.step()


def test_it_plays_in_the_background_and_stops_when_asked(watched):
    stage = watched(Stage(seed=0))
    stage.play()
    stage.play()
    assert until(lambda: stage.rounds > 20 and stage._frame["playing"]) and stage.playing
    stage.target = "animals"
    stage.k = 2
    stage.pause()
    rounds = stage.rounds
    time.sleep(0.1)
    assert stage.rounds == rounds and not stage.playing and stage._frame["playing"] is False
    stage.ask = [1, "play"]
    assert until(lambda: stage.rounds > rounds)
    stage.ask = [2, "restart"]
    assert until(lambda: stage.playing and 0 < stage.rounds)
    stage.ask = [3, "step"]
    assert not stage.playing and stage._frame["rounds"] == stage.rounds


@pytest.mark.parametrize("bad, words", [(broken, "3번째 줄"), (poisoned, "NaN"), (lambda: 1, "오류가 나서")])
def test_a_bad_round_stops_the_background_and_says_why(watched, bad, words):
    stage = watched(Stage(seed=0))
    stage.one_round = bad
    stage.ask = [1, "play"]
    assert until(lambda: not stage.playing) and words in stage._frame["why"]
    stage.ask = [2, "step"]  # 화면의 단추는 오류를 내지 않고 까닭만 보입니다.
    assert words in stage._frame["why"] and stage._frame["playing"] is False


def test_a_round_that_never_ends_is_cut(watched, monkeypatch):
    monkeypatch.setattr(live, "PATIENCE", 0.3)
    stage = watched(Stage(seed=0))

    def endless(game):
        while True:
            one_round(game)

    stage.one_round = endless
    stage.play()
    time.sleep(0.2)
    stage.pause()
    assert until(lambda: not stage.playing) and "끝나지 않아서" in stage._frame["why"]


def test_it_stops_when_nobody_watches(monkeypatch):
    monkeypatch.setattr(live, "PATIENCE", 0.3)
    stage = Stage()
    stage.play()
    assert until(lambda: not stage.playing) and "보는 화면이 없어서" in stage._frame["why"]


def test_another_cell_pauses_it_and_the_panel_waits_for_the_cell(watched, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    monkeypatch.setattr(live, "get_ipython", lambda: shell)
    stage = watched(Stage(seed=0))
    stage.play()
    assert until(lambda: stage.rounds > 3)
    shell.user_ns["stage"] = stage
    shell.run_cell("seen = stage.playing\nstage.ask = [1, 'play']\nalso = stage.playing")
    assert (
        shell.user_ns["seen"] is False
        and shell.user_ns["also"] is False
        and "셀이 실행되는 동안" in stage._frame["why"]
    )
    shell.run_cell("stage.play()")
    assert until(lambda: stage.playing)
    shell.run_cell("1 + 1")
    assert not stage.playing and "다른 셀을 실행해서" in stage._frame["why"]


def test_a_recording_is_small_json_and_plays_without_learning():
    stage = Stage(seed=2, average=True, target=[1, 2, 3])
    stage.step(10)
    recording = stage.record(600, 2)
    assert json.loads(json.dumps(recording)) == recording and len(json.dumps(recording)) < 300_000
    assert [frame["rounds"] for frame in recording["frames"]] == list(range(10, 611, 2))
    replay = Stage.replay(json.loads(json.dumps(recording)))
    assert replay.recording["frames"] == recording["frames"] and replay.data == stage.data
    assert (replay.seed, replay.k, replay.ratio, replay.average) == (2, 1, 10, True)
    for act in (replay.play, replay.step, lambda: replay.record(10, 1)):
        with pytest.raises(BadValue, match="녹화"):
            act()
    for bad in (None, {}, [], {"frames": []}, recording | {"frames": []}):
        with pytest.raises(BadValue, match="Stage.replay"):
            Stage.replay(bad)


@pytest.mark.filterwarnings("error::UserWarning")
def test_the_bundle_carries_the_view_and_a_still_picture():
    stage, figures, pictures = Stage(seed=0), plt.get_fignums(), []
    for show in (stage, stage, Stage.replay(stage.record(40, 10))):
        data, _ = show._repr_mimebundle_()
        assert data["text/plain"] == "(무대)"
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == show.model_id
        pictures.append(np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("L")))
        stage.step(50)
    assert all(picture.shape == (320, 800) and (picture < 128).mean() > 0.003 for picture in pictures)
    assert (pictures[0] != pictures[1]).any() and plt.get_fignums() == figures


def test_the_script_imports_nothing_and_needs_no_network():
    script = Stage()._esm
    assert script.count("export default") == 1 and "import " not in script and "http" not in script
