import json

import numpy as np
import pytest
import torch
from nbclient.exceptions import CellExecutionError
from scipy import stats

from benchmarks import mnist, notebook, peers, report


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """학습 셀이 있는 작은 노트북."""

    def write(*cells):
        every = [
            {"cell_type": "code", "metadata": {"tags": tags}, "source": [source], "outputs": [], "execution_count": 1}
            for tags, source in cells
        ]
        whole = {"cells": every, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (tmp_path / "toy.ipynb").write_text(json.dumps(whole))

    monkeypatch.setattr(notebook, "NOTEBOOKS", tmp_path)
    return write


def test_run_executes_the_cells_through_the_first_train_cell(toy):
    toy(
        (["setup"], "total = 1"),
        (["seed"], "SEED = 0\nN = 2"),
        (["figure"], "1 / 0"),
        (["check"], "1 / 0"),
        (["train"], "total += SEED * N"),
        ([], "total = None"),
    )
    assert notebook.run("toy")[0]["total"] == 1
    namespace, seconds = notebook.run("toy", SEED=5)
    assert namespace["total"] == 11 and 0 < seconds < 1


def test_store_keeps_what_a_clean_kernel_prints_and_drops_widgets(toy, tmp_path):
    toy((["setup"], "x = 1"), (["widget"], "x"), ([], "print(x + 1)"))
    notebook.store("toy")
    stored = json.loads((tmp_path / "toy.ipynb").read_text())["cells"]
    assert [cell["execution_count"] for cell in stored] == [1, 2, 3]
    assert stored[1]["outputs"] == [] and stored[2]["outputs"][0]["text"] == ["2\n"]


def test_store_leaves_the_file_alone_when_a_cell_fails(toy, tmp_path):
    toy(([], "print(1)"), ([], "1 / 0"))
    before = (tmp_path / "toy.ipynb").read_bytes()
    with pytest.raises(CellExecutionError):
        notebook.store("toy")
    assert (tmp_path / "toy.ipynb").read_bytes() == before


@pytest.mark.parametrize(
    "cells, message",
    [
        ([(["seed"], "SEED = 0")], "train 셀이 없습니다"),
        ([([], "x = 1"), (["train"], "pass")], "SEED.*정하는 줄이 없습니다"),
        ([([], "SEED = 0"), ([], "SEED = 1"), (["train"], "pass")], "두 번"),
    ],
)
def test_run_refuses_a_constant_that_is_not_set_once(toy, cells, message):
    toy(*cells)
    with pytest.raises(ValueError, match=message):
        notebook.run("toy", SEED=1)


def dense(inputs, outputs):
    return inputs * outputs + outputs


def conv(inputs, outputs, side):
    return side * side * inputs * outputs + outputs


# 원본의 구조에서 층마다 셈한, 학습되는 매개변수의 수입니다. pytorch/examples의 두 합은 널리 알려진 3채널판의
# 수(3,576,704와 2,765,568)에서 두 채널을 뺀 것입니다.
PUBLISHED = {
    peers.TensorFlowTutorial: (
        100 * 12544 + 2 * 12544 + 25 * 256 * 128 + 2 * 128 + 25 * 128 * 64 + 2 * 64 + 25 * 64,
        conv(1, 64, 5) + conv(64, 128, 5) + dense(7 * 7 * 128, 1),
    ),
    peers.PyTorchGAN: (
        dense(100, 128 * 64) + 2 * 128 + conv(128, 128, 3) + 2 * 128 + conv(128, 64, 3) + 2 * 64 + conv(64, 1, 3),
        conv(1, 16, 3) + conv(16, 32, 3) + conv(32, 64, 3) + conv(64, 128, 3) + 2 * (32 + 64 + 128) + dense(512, 1),
    ),
    peers.PyTorchExamples: (3_576_704 - 2 * 16 * 64, 2_765_568 - 2 * 16 * 64),
    peers.KoreanTextbook: (
        dense(10, 1024) + dense(1024, 6272) + 2 * 6272 + conv(128, 64, 5) + conv(64, 1, 5),
        conv(1, 64, 5) + conv(64, 128, 5) + dense(128 * 5 * 5, 1024) + dense(1024, 1),
    ),
}


def sizes(peer):
    return tuple(sum(weight.numel() for weight in net.parameters()) for net in (peer.G, peer.D))


def test_every_peer_is_compared():
    assert set(PUBLISHED) == set(peers.CONV_PEERS)
    assert sizes(peers.TensorFlowTutorial()) == (2_305_472, 212_865)


@pytest.mark.parametrize("peer_class", peers.CONV_PEERS)
def test_conv_peers_have_the_published_architecture_and_learn(peer_class):
    torch.manual_seed(0)
    peer = peer_class()
    assert sizes(peer) == PUBLISHED[peer_class]
    before = [weight.clone() for net in (peer.G, peer.D) for weight in net.parameters()]
    peer.step(torch.rand(peer.batch, 1, peer.size, peer.size) * 2 - 1)
    after = [weight for net in (peer.G, peer.D) for weight in net.parameters()]
    assert not any(torch.equal(old, new) for old, new in zip(before, after))
    images = peer.paint(20)
    assert images.shape == (20, 1, 28, 28) and images.abs().max() <= 1


def test_training_ends_in_time_and_gives_the_peer_its_own_size():
    seen = []

    class Toy(peers.ConvPeer):
        size, batch = 32, 4

        def step(self, real):
            seen.append(tuple(real.shape))

    steps = Toy().train(torch.zeros(10, 1, 28, 28), seconds=0.05)
    assert steps == len(seen) and set(seen) == {(4, 1, 32, 32), (2, 1, 32, 32)}


def test_the_textbook_of_lesson_4_has_the_published_architecture():
    namespace, _ = notebook.run("04_uniform_to_gaussian", SECONDS=0.01)
    gan = namespace["machine"].gan
    assert sizes(gan) == (
        dense(1, 50) + dense(50, 50) + dense(50, 1),
        dense(200, 50) + dense(50, 50) + dense(50, 1),
    )
    assert gan.opt_G.defaults["lr"] == gan.opt_D.defaults["lr"] == 2e-4


def test_four_moments():
    torch.manual_seed(0)
    peer = peers.FourMoments(4.0, 1.25)
    assert sizes(peer) == (dense(1, 5) + dense(5, 5) + dense(5, 1), dense(4, 10) + dense(10, 10) + dense(10, 1))
    x = torch.rand(500, 1, dtype=torch.float64) ** 2
    expected = [x.mean(), x.std(correction=0), stats.skew(x.ravel()), stats.kurtosis(x.ravel())]
    assert np.allclose(peers.moments(x), [expected])
    order = []
    peer.step_D, peer.step_G = lambda: order.append("D"), lambda: order.append("G")
    steps = peer.train(0.02)
    assert steps == len(order) > 80 and "".join(order).startswith("D" * 20 + "G" * 20 + "D" * 20)
    assert peer.sample(7).shape == (7,)


def test_measure_knows_real_digits_from_noise():
    pixels = mnist.to_pixels(mnist.data.load_mnist("test")[0])
    real = mnist.measure(pixels)
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
