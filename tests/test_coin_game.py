"""위조 게임의 파이썬 쪽: 규칙, 전략의 승패, 거절하는 값, 멈춘 그림."""

import io
import json

import numpy as np
import pytest
import traitlets
from matplotlib import pyplot as plt
from PIL import Image

from ganlib.play.coin_game import CoinGame
from ganlib.play.coin_still import draw_still
from ganlib.play.traits import BadValue

SEEDS = range(40)


def lazy(real, fake):
    return 0.5, 0.5


def best(real, fake):
    """20번씩 던진 결과에 앞뒤를 한 번씩 더해 셉니다."""
    real, fake = 20 * real + 1, 20 * fake + 1
    return real / (real + fake), (22 - real) / (44 - real - fake)


def sure(real, fake):
    return (0.97, 0.03) if real > fake else (0.03, 0.97)


def to_the_end(game):
    return float(game.d_head > game.d_tail)


def small_steps(game):
    return game.theta + 0.05 * (np.log(game.d_head) - np.log(game.d_tail))


def honest(game):
    return game.p


def points_per_round(police, forger):
    """여덟 라운드짜리 게임들에서 경찰이 라운드마다 얻은 점수의 평균."""
    scores = []
    for seed in SEEDS:
        game = CoinGame(seed=seed)
        for _ in range(8):
            game.d_head, game.d_tail = police(*game.toss(20))
            game.theta = forger(game)
            game.next_round()
        scores.append(game.points / 8)
    return np.mean(scores)


def test_running_to_the_end_is_caught_and_small_steps_are_not():
    assert 0.25 < points_per_round(best, to_the_end) < 0.45
    assert 0.0 < points_per_round(best, small_steps) < 0.06
    assert -0.05 < points_per_round(best, honest) < 0.01


@pytest.mark.parametrize("forger", [to_the_end, small_steps, honest])
def test_knowing_nothing_is_worth_nothing_and_being_too_sure_costs(forger):
    assert abs(points_per_round(lazy, forger)) < 1e-12
    assert points_per_round(sure, forger) < -0.3


def learner(game):
    for _ in range(200):
        real, fake = game.toss(100)
        game.d_head = real / (real + fake)
        game.d_tail = (1 - real) / (2 - real - fake)
        game.theta += 0.05 * (np.log(game.d_head) - np.log(game.d_tail))
        game.next_round()


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_the_learners_loop_lands_on_p(p):
    for seed in range(5):
        game = CoinGame(p=p, seed=seed)
        learner(game)
        assert abs(np.mean([row["theta"] for row in game.rounds[-50:]]) - p) < 0.03
        assert abs(game.theta - p) < 0.1
        assert [row["round"] for row in game.rounds] == list(range(1, 201))


def test_points_are_v_in_expectation_and_use_the_theta_of_the_round():
    game = CoinGame(p=0.8, theta=0.4, seed=0)
    points = []
    for _ in range(3000):
        game.theta, game.d_head, game.d_tail = 0.4, 0.7, 0.2
        game.toss(1)
        game.theta = 0.9  # 다음 라운드의 동전입니다. 이번 판정에는 쓰이지 않습니다.
        game.next_round()
        points.append(game.rounds[-1]["points"])
        game.rounds = []
    v = 0.8 * np.log(0.7) + 0.2 * np.log(0.2) + 0.4 * np.log(0.3) + 0.6 * np.log(0.8)
    assert abs(np.mean(points) - (v + 2 * np.log(2))) < 4 * np.std(points) / np.sqrt(3000)


def test_a_row_tells_how_its_points_were_counted():
    game = CoinGame(seed=3, d_head=0.8, d_tail=0.3)
    game.next_round()
    row = game.rounds[0]
    real, fake = np.array(row["counts"]) / 20
    on_real = real * np.log(0.8) + (1 - real) * np.log(0.3)
    on_fake = fake * np.log(0.2) + (1 - fake) * np.log(0.7)
    assert row["points"] == pytest.approx(on_real + on_fake + 2 * np.log(2))
    assert json.loads(json.dumps(row)) == row


def test_code_takes_over_from_the_hand_once_and_keeps_p():
    game = CoinGame(seed=1)
    p = game.p
    game.rounds, game.phase = [dict(round=i, theta=0.5, d_head=0.5, d_tail=0.5, points=0.0) for i in range(1, 9)], "end"
    game.next_round()
    game.next_round()
    assert (game.phase, len(game.rounds), game.p) == ("code", 2, p)
    game.reveal()
    assert game.phase == "end"
    game.new_game(p=0.2)
    assert (game.p, game.theta, game.d_head, game.rounds, game.phase) == (0.2, 0.5, 0.5, [], "police")


def test_the_same_seed_plays_the_same_game():
    one, two, other = CoinGame(seed=5), CoinGame(seed=5), CoinGame(seed=6)
    for game in (one, two, other):
        learner(game)
    assert one.rounds == two.rounds and one.p == two.p
    assert one.rounds != other.rounds


def test_hidden_coins_are_far_from_the_first_forgery():
    coins = [CoinGame(seed=seed).p for seed in range(60)]
    assert all(0.15 <= abs(p - 0.5) <= 0.4 for p in coins)
    assert min(coins) < 0.5 < max(coins) and len(set(coins)) > 20


def test_numpy_and_torch_numbers_are_welcome():
    torch = pytest.importorskip("torch")
    game = CoinGame()
    game.theta, game.d_head, game.d_tail = np.float32(0.25), torch.tensor(0.75), np.array(0.5)
    assert (game.theta, game.d_head, game.d_tail) == (0.25, 0.75, 0.5)
    assert all(type(value) is float for value in (game.theta, game.d_head, game.d_tail))


def test_small_overshoots_stop_at_the_wall():
    game = CoinGame()
    game.theta, game.d_head, game.d_tail = 1.2, 1, 0
    assert (game.theta, game.d_head, game.d_tail) == (1, 0.97, 0.03)
    game.theta = -0.2
    assert game.theta == 0


BAD = [2, -1, float("nan"), np.float64("inf"), "0.5", None, [0.5, 0.5], np.array([0.1, 0.2]), {}]


@pytest.mark.parametrize("name", ["theta", "d_head", "d_tail", "p", "eta"])
@pytest.mark.parametrize("bad", BAD, ids=repr)
def test_bad_numbers_are_refused_in_korean_and_change_nothing(name, bad):
    game = CoinGame()
    before = getattr(game, name)
    with pytest.raises(ValueError, match=f"{name}에는 .*그대로 두었습니다") as error:
        setattr(game, name, bad)
    assert isinstance(error.value, traitlets.TraitError)
    assert getattr(game, name) == before


def test_other_bad_values_are_refused_in_korean():
    game = CoinGame()
    for name, bad, words in [
        ("police", "frozen", "hand, computer"),
        ("forger", 3, "hand, computer"),
        ("mode", "duel", "만들 때만"),
        ("groups", 5, "4까지"),
    ]:
        before = getattr(game, name)
        with pytest.raises(BadValue, match=words):
            setattr(game, name, bad)
        assert getattr(game, name) == before
    for bad in (0, 2.5, "20", 10**7):
        with pytest.raises(BadValue, match="정수"):
            game.toss(bad)
    for settings in (dict(mode="poker"), dict(theta=7), dict(colour=1), dict(p="0.7")):
        with pytest.raises(BadValue, match="[가-힣]"):
            CoinGame(**settings)
    with pytest.raises(BadValue, match="라운드가 없습니다"):
        CoinGame(mode="bet").next_round()


def test_the_best_police_follow_theta_and_the_forger_settles_while_a_frozen_one_lets_him_run():
    ends = {}
    for police in ("best", "frozen"):
        duel = CoinGame(mode="duel", p=0.7, theta=0.3, police="best")
        duel.police = police
        for _ in range(400):
            duel.theta -= duel.eta * (np.log(1 - duel.d_head) - np.log(1 - duel.d_tail))
            duel.next_round()
        ends[police] = duel.theta
        last = duel.rounds[-1]
    assert ends["best"] == pytest.approx(0.7, abs=1e-3) and ends["frozen"] == 1
    d = CoinGame(mode="duel", p=0.7, theta=0.3, police="best")
    assert (d.d_head, d.d_tail) == pytest.approx((0.7, 0.3))
    assert "counts" not in last


def test_the_chase_spirals_outwards_and_alternation_holds_it():
    game = CoinGame(mode="chase", start=[1.0, 0.0], eta=0.2, steps=300)
    distance = np.hypot(*game.path().T)
    assert distance.shape == (301,) and distance[-1] > 2 and (np.diff(distance) > 0).all()
    game.alternate = True
    assert np.hypot(*game.path().T).max() < 1.3
    one = CoinGame(mode="chase", start=[1.0, 2.0], eta=0.1, steps=1).path()[1]
    half = 1 / (1 + np.exp(-2.0))  # σ(ψθ), θ = 1, ψ = 2
    assert one == pytest.approx([1 + 0.1 * 2 * half, 2 - 0.1 * 1 * half])


@pytest.mark.parametrize("mode", ["game", "bet", "duel", "chase"])
def test_the_bundle_carries_the_view_and_a_still_picture(mode):
    game = CoinGame(mode=mode, steps=30, seed=2)
    open_figures = plt.get_fignums()
    pictures = []
    for _ in range(2):
        data, _ = game._repr_mimebundle_()
        assert data["text/plain"] == "(위조 게임)"
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == game.model_id
        pictures.append(np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("L")))
        game.eta = 0.3
        game.bets = [dict(group=1, heads=7, tosses=10, bet=0.7)]
        if mode in ("game", "duel"):
            game.theta = 0.1
            game.next_round()
        game.reveal()
    assert all(picture.shape == (320, 800) and (picture < 128).mean() > 0.003 for picture in pictures)
    assert (pictures[0] != pictures[1]).any()
    assert plt.get_fignums() == open_figures


@pytest.mark.filterwarnings("error::UserWarning")
def test_the_still_picture_has_every_glyph():
    for mode in ("game", "bet", "duel", "chase"):
        CoinGame(mode=mode)._repr_mimebundle_()


def test_many_rounds_reach_the_screen_thinned_and_nothing_is_sent_while_nobody_watches(monkeypatch):
    game, sent = CoinGame(seed=0), []
    monkeypatch.setattr(game, "_send", lambda message, buffers=None: sent.append(message))
    game.next_round()
    sent.clear()
    for _ in range(500):
        game.next_round()
    assert sent == [] and len(game.rounds) == 501
    shown = game.get_state("rounds")["rounds"]
    assert len(shown) <= 102 and shown[-1]["round"] == 501
    game.views = 1
    assert any(len(message["state"].get("rounds", [])) > 50 for message in sent)


@pytest.mark.parametrize("police, shown", [("hand", False), ("frozen", False), ("best", True)])
def test_p_and_the_best_curve_are_drawn_only_when_the_police_follows(police, shown):
    [ax] = draw_still(CoinGame(mode="duel", p=0.7, theta=0.3, police=police)).axes
    assert ({"p = 0.70", "최적의 답"} <= {line.get_label() for line in ax.lines}) is shown
    assert ("p = 0.70" in {line.get_label() for line in ax.lines}) is shown


def test_the_script_imports_nothing_and_needs_no_network():
    for mode in ("game", "bet", "duel", "chase"):
        script = CoinGame(mode=mode)._esm
        assert script.count("export default") == 1 and "import " not in script and "http" not in script
