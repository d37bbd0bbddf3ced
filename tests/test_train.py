import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import models
from ganlib.train import averaged, d_loss, d_step, g_loss, g_step


@pytest.fixture
def game():
    torch.manual_seed(0)
    G, D = nn.Linear(2, 3), nn.Linear(3, 1)
    real, z = torch.randn(8, 3), torch.randn(8, 2)
    return G, D, real, z


def weights(model):
    return copy.deepcopy(list(model.parameters()))


def same(model, before):
    return all(torch.equal(a, b) for a, b in zip(model.parameters(), before))


def sgd(model):
    return torch.optim.SGD(model.parameters(), lr=0.1)


def test_losses_are_cross_entropies():
    torch.manual_seed(0)
    real, fake = torch.randn(64, 1) * 5, torch.randn(64, 1) * 5
    ones, zeros = torch.ones_like(real), torch.zeros_like(fake)
    bce = F.binary_cross_entropy_with_logits
    assert torch.allclose(d_loss(real, fake), bce(real, ones) + bce(fake, zeros))
    assert torch.allclose(g_loss(fake), bce(fake, ones))


def test_losses_stay_finite_where_a_sigmoid_saturates():
    logits = torch.tensor([[-1000.0], [1000.0]])
    assert d_loss(logits, logits).isfinite() and g_loss(logits).isfinite()


def test_losses_at_the_equilibrium():
    zero = torch.zeros(4, 1)
    assert d_loss(zero, zero).item() == pytest.approx(1.3862944)
    assert g_loss(zero).item() == pytest.approx(0.6931472)


def test_d_step_moves_only_d(game):
    G, D, real, z = game
    g_before, d_before = weights(G), weights(D)
    d_step(G, D, sgd(D), real, z)
    assert same(G, g_before) and not same(D, d_before)
    assert all(p.grad is None for p in G.parameters())


def test_g_step_moves_only_g(game):
    G, D, _, z = game
    g_before, d_before = weights(G), weights(D)
    g_step(G, D, sgd(G), z)
    assert same(D, d_before) and not same(G, g_before)


def test_d_step_is_a_gradient_step_on_the_documented_loss(game):
    G, D, real, z = game
    loss = d_loss(D(real), D(G(z)))
    gradients = torch.autograd.grad(loss, list(D.parameters()))
    expected = [p - 0.1 * g for p, g in zip(D.parameters(), gradients)]
    value, d_real, d_fake = d_step(G, D, sgd(D), real, z)
    assert value == pytest.approx(loss.item())
    assert 0 < d_real < 1 and 0 < d_fake < 1
    assert all(torch.allclose(p, e) for p, e in zip(D.parameters(), expected))


def test_leftover_gradients_do_not_leak_into_a_step(game):
    G, D, real, z = game
    twin = copy.deepcopy(D)
    for p in D.parameters():
        p.grad = torch.full_like(p, 100.0)
    d_step(G, D, sgd(D), real, z)
    d_step(G, twin, sgd(twin), real, z)
    assert same(D, list(twin.parameters()))


def test_g_step_raises_d_of_g(game):
    G, D, _, z = game
    before = D(G(z)).sigmoid().mean()
    for _ in range(20):
        g_step(G, D, sgd(G), z)
    assert D(G(z)).sigmoid().mean() > before


BAD = [
    (torch.zeros(8, 3, dtype=torch.int64), TypeError, "실수형"),
    ([1.0, 2.0, 3.0], TypeError, "실수형"),
    (torch.full((8, 3), float("nan")), ValueError, "NaN"),
    (torch.full((8, 3), float("inf")), ValueError, "NaN이나 무한대"),
    (torch.zeros(0, 3), ValueError, "미니배치"),
    (torch.zeros(3), ValueError, "unsqueeze"),
    (torch.zeros(8, 4), ValueError, "모양"),
]


@pytest.mark.parametrize("real, error, message", BAD)
def test_d_step_refuses_bad_data_and_changes_nothing(game, real, error, message):
    G, D, _, z = game
    before = weights(D)
    with pytest.raises(error, match=message):
        d_step(G, D, sgd(D), real, z)
    assert same(D, before)


@pytest.mark.parametrize("z, error, message", BAD[:-1])
def test_g_step_refuses_bad_noise_and_changes_nothing(game, z, error, message):
    G, D, _, _ = game
    before = weights(G)
    with pytest.raises(error, match=message):
        g_step(G, D, sgd(G), z)
    assert same(G, before)


def test_averaged_weights_follow_the_recurrence():
    torch.manual_seed(0)
    G = models.ConvGenerator(channels=4, hidden=8)
    G_avg = averaged(G, decay=0.9)
    weight, running = G.layers[0].weight, G.layers[1].running_mean
    expected, expected_running = weight.detach().clone(), running.clone()
    for step in range(100):
        with torch.no_grad():
            weight.add_(torch.randn_like(weight))
            running.add_(1)
        G_avg.update_parameters(G)
        # 첫 번째 갱신은 지금의 가중치를 그대로 옮기고, 둘째부터는 n/(n + 9)과 decay 가운데 작은 만큼 남깁니다.
        keep = min(0.9, step / (step + 9))
        expected = keep * expected + (1 - keep) * weight.detach()
        expected_running = keep * expected_running + (1 - keep) * running
    assert torch.allclose(G_avg.module.layers[0].weight, expected, atol=1e-6)
    assert torch.allclose(G_avg.module.layers[1].running_mean, expected_running, atol=1e-5)
    assert not any(module.training for module in G_avg.modules())


def test_the_average_of_a_short_training_has_left_its_start():
    """느린 컴퓨터에서 100스텝만 배워도, 평균은 처음 가중치에 매이지 않습니다."""
    G = nn.Linear(1, 1)
    G_avg = averaged(G)
    for step in range(100):
        with torch.no_grad():
            G.weight.fill_(step)
        G_avg.update_parameters(G)
    assert 85 < G_avg.module.weight.item() < 95
