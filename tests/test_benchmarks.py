import numpy as np
import pytest
import torch
from scipy import stats

from benchmarks import mnist, peers, report
from ganlib import data


def dense(inputs, outputs):
    return inputs * outputs + outputs


def conv(inputs, outputs, side):
    return side * side * inputs * outputs + outputs


ADAM = {"lr": 2e-4, "betas": (0.5, 0.999), "eps": 1e-8}
# 원본의 구조에서 층마다 셈한, 학습되는 매개변수의 수와 원본의 하이퍼파라미터입니다. pytorch/examples의 두 합은 널리
# 알려진 3채널판의 수(3,576,704와 2,765,568)에서 두 채널을 뺀 것입니다.
PUBLISHED = {
    peers.TensorFlowTutorial: (
        100 * 12544 + 2 * 12544 + 25 * 256 * 128 + 2 * 128 + 25 * 128 * 64 + 2 * 64 + 25 * 64,
        conv(1, 64, 5) + conv(64, 128, 5) + dense(7 * 7 * 128, 1),
        {"lr": 1e-4, "betas": (0.9, 0.999), "eps": 1e-7},
        {"batch": 256, "size": 28, "paints_in_eval": True},
    ),
    peers.PyTorchGAN: (
        dense(100, 128 * 64) + 2 * 128 + conv(128, 128, 3) + 2 * 128 + conv(128, 64, 3) + 2 * 64 + conv(64, 1, 3),
        conv(1, 16, 3) + conv(16, 32, 3) + conv(32, 64, 3) + conv(64, 128, 3) + 2 * (32 + 64 + 128) + dense(512, 1),
        ADAM,
        {"batch": 64, "size": 32, "paints_in_eval": False},
    ),
    peers.PyTorchExamples: (
        3_576_704 - 2 * 16 * 64,
        2_765_568 - 2 * 16 * 64,
        ADAM,
        {"batch": 64, "size": 64, "paints_in_eval": False},
    ),
    peers.KoreanTextbook: (
        dense(10, 1024) + dense(1024, 6272) + 2 * 6272 + conv(128, 64, 5) + conv(64, 1, 5),
        conv(1, 64, 5) + conv(64, 128, 5) + dense(128 * 5 * 5, 1024) + dense(1024, 1),
        {"lr": 5e-4, "momentum": 0.9, "nesterov": True},
        {"batch": 16, "size": 28, "paints_in_eval": True},
    ),
}
conv_peers = pytest.mark.parametrize("peer_class", peers.CONV_PEERS)


def sizes(peer):
    return tuple(sum(weight.numel() for weight in net.parameters()) for net in (peer.G, peer.D))


def test_every_conv_peer_has_published_numbers():
    assert set(PUBLISHED) == set(peers.CONV_PEERS)


@conv_peers
def test_conv_peers_have_the_published_architecture(peer_class):
    *counts, optimizer, settings = PUBLISHED[peer_class]
    peer = peer_class()
    assert sizes(peer) == tuple(counts)
    for opt in (peer.opt_G, peer.opt_D):
        assert {key: opt.defaults[key] for key in optimizer} == optimizer
    assert {key: getattr(peer, key) for key in settings} == settings
    images = peer.paint(20)
    assert images.shape == (20, 1, 28, 28) and images.abs().max() <= 1
    assert peer.G.training is not settings["paints_in_eval"]


@conv_peers
def test_each_player_of_a_conv_peer_learns_its_own_side(peer_class, monkeypatch):
    torch.manual_seed(0)
    real = peers.enlarge(data.scale(data.load_mnist("test")[0][:16]), peer_class.size)
    peer = peer_class()
    monkeypatch.setattr(peer, "batch", 16)

    @torch.no_grad()
    def answers():
        """학습할 때와 같은 모드에서, 같은 z와 드롭아웃으로 본 D의 로짓(진짜, 가짜)의 평균."""
        torch.manual_seed(1)
        return peer.D.train()(real).mean(), peer.D(peer.G.train()(peer.noise(16))).mean()

    def play_without(optimizer):
        with monkeypatch.context() as patch:
            patch.setattr(optimizer, "step", lambda: None)
            for _ in range(8):
                peer.step(real)

    on_real, on_fake = answers()
    play_without(peer.opt_G)
    caught_real, caught_fake = answers()
    assert caught_real - caught_fake > on_real - on_fake
    play_without(peer.opt_D)
    assert answers()[1] > caught_fake


@pytest.mark.parametrize("size", [28, 32, 64])
def test_shrinking_undoes_enlarging(size):
    images = torch.rand(5, 1, 28, 28) * 2 - 1
    large = peers.enlarge(images, size)
    assert large.shape == (5, 1, size, size)
    assert torch.allclose(peers.shrink(large), images, atol=1e-4)


def test_training_shuffles_every_epoch_and_ends_in_time():
    seen = []

    class Toy(peers.ConvPeer):
        size, batch = 32, 4

        def step(self, real):
            assert real.shape[1:] == (1, 32, 32)
            seen.extend(real[:, 0, 0, 0].tolist())

    torch.manual_seed(0)
    steps = Toy().train(torch.arange(10.0).reshape(10, 1, 1, 1).expand(-1, -1, 28, 28), seconds=0.05)
    assert steps > 3
    first, second = seen[:10], seen[10:20]
    assert sorted(first) == sorted(second) == list(range(10)) and first != second


def test_four_moments():
    torch.manual_seed(0)
    peer = peers.FourMoments(4.0, 1.25)
    assert sizes(peer) == (dense(1, 5) + dense(5, 5) + dense(5, 1), dense(4, 10) + dense(10, 10) + dense(10, 1))
    x = torch.rand(500, 1, dtype=torch.float64) ** 2
    expected = [x.mean(), x.std(correction=0), stats.skew(x.ravel()), stats.kurtosis(x.ravel())]
    assert np.allclose(peers.moments(x), [expected])
    for step, moved, still in ((peer.step_D, peer.D, peer.G), (peer.step_G, peer.G, peer.D)):
        before = [net[0].weight.clone() for net in (moved, still)]
        step()
        assert not torch.equal(moved[0].weight, before[0]) and torch.equal(still[0].weight, before[1])
    order = []
    peer.step_D, peer.step_G = lambda: order.append("D"), lambda: order.append("G")
    steps = peer.train(0.02)
    assert steps == len(order) > 80 and "".join(order).startswith("D" * 20 + "G" * 20 + "D" * 20)
    assert peer.sample(7).shape == (7,)


def test_the_textbook_sees_a_hundred_numbers_as_one():
    torch.manual_seed(0)
    peer = peers.TextbookNumbers(4.0, 1.25)
    assert sizes(peer) == (dense(1, 50) + dense(50, 50) + dense(50, 1), dense(200, 50) + dense(50, 50) + dense(50, 1))
    assert peer.opt_G.defaults["lr"] == peer.opt_D.defaults["lr"] == 2e-4
    assert peer.judge(torch.randn(100, 1)).shape == (1, 1)
    order = []
    for name in ("D", "G"):
        optimizer = getattr(peer, f"opt_{name}")
        optimizer.step = lambda name=name, step=optimizer.step: (order.append(name), step())
    peer.round()
    assert "".join(order) == "DGGGGG"
    assert peer.train(0.02) > 0 and peer.sample(7).shape == (7,)


def test_measure_knows_real_digits_from_noise():
    real = mnist.measure(data.load_mnist("test")[0][:, 0].numpy())
    assert real["fid"] < 0.01 and real["confident"] > 0.95 and real["rarest_digit"] > 800
    noise = np.random.default_rng(0).integers(0, 256, (1000, 28, 28), dtype=np.uint8)
    assert mnist.measure(noise)["fid"] > 100


def test_table_marks_the_best_median_even_when_it_is_not_ours():
    rows = {
        "우리": [{"fid": 3.0, "steps": 10}, {"fid": 9.0, "steps": 30}, {"fid": 5.0, "steps": 20}],
        "상대": [{"fid": 4.0, "steps": 7}],
    }
    text = report.table([("거리", "fid", 1, min), ("스텝", "steps", 0, None)], rows)
    assert text.splitlines()[2:] == ["| 우리 | 5.0 (3.0–9.0) | 20 (10–30) |", "| 상대 | **4.0** | 7 |"]
