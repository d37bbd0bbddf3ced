import pytest
import torch

from ganlib import data, models


def test_generator_draws_pictures_in_range():
    pictures = models.ConvGenerator(z_dim=5, channels=4)(torch.randn(3, 5) * 10)
    assert pictures.shape == (3, 1, 28, 28)
    assert pictures.abs().max() <= 1


def test_discriminator_returns_logits():
    torch.manual_seed(0)
    D = models.ConvDiscriminator()
    logits = D(torch.randn(64, 1, 28, 28))
    assert logits.shape == (64, 1)
    assert logits.min() < 0 < logits.max()


@pytest.mark.parametrize(
    "model, wrong, right",
    [
        (models.ConvGenerator(z_dim=16), (2, 8), "N×16"),
        (models.ConvDiscriminator(), (2, 28, 28), "N×1×28×28"),
        (models.DigitClassifier(), (2, 1, 32, 32), "N×1×28×28"),
    ],
)
def test_wrong_shapes_are_refused(model, wrong, right):
    with pytest.raises(ValueError, match=f"{right}.*{wrong[1]}"):
        model(torch.zeros(wrong))


def test_start_small_sets_the_spread():
    torch.manual_seed(0)
    layer = models.ConvDiscriminator().layers[6]
    assert layer.weight.std().item() == pytest.approx(0.02, rel=0.02)


def test_shipped_classifier_reads_99_percent_of_the_test_digits():
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    images, labels = data.load_mnist("test")
    accuracy = (models.in_batches(classifier, images).argmax(dim=1) == labels).float().mean().item()
    assert accuracy >= 0.99


def test_pick_device_gives_a_device_that_works():
    assert torch.ones(2, device=models.pick_device()).sum().item() == 2


def test_mlp_has_the_given_widths_and_no_last_activation():
    net = models.mlp(2, 8, 4, 1)
    assert [layer.weight.shape for layer in net if hasattr(layer, "weight")] == [(8, 2), (4, 8), (1, 4)]
    assert net(torch.randn(100, 2)).shape == (100, 1)
    assert type(net[-1]) is torch.nn.Linear


def test_in_batches_equals_one_batch_and_keeps_no_gradient():
    layer = torch.nn.Linear(3, 2)
    x = torch.randn(1203, 3)
    result = models.in_batches(layer, x)
    assert torch.allclose(result, layer(x), atol=1e-6) and not result.requires_grad
    with pytest.raises(ValueError, match="NaN"):
        models.in_batches(layer, x * float("nan"))


def test_paint_equals_the_generator_in_evaluation_mode():
    torch.manual_seed(0)
    G = models.ConvGenerator().eval()
    z = torch.randn(600, 16)
    images = models.paint(G, z)
    assert torch.allclose(images, G(z), atol=1e-6) and not images.requires_grad


def test_averaged_weights_follow_the_recurrence():
    torch.manual_seed(0)
    G = models.ConvGenerator(channels=4, hidden=8)
    G_avg = models.averaged(G, decay=0.9)
    weight, running = G.layers[0].weight, G.layers[1].running_mean
    expected, expected_running = weight.detach().clone(), running.clone()
    for step in range(5):
        with torch.no_grad():
            weight.add_(torch.randn_like(weight))
            running.add_(1)
        G_avg.update_parameters(G)
        # 첫 번째 갱신은 지금의 가중치를 그대로 옮깁니다.
        keep = 0.9 if step else 0.0
        expected = keep * expected + (1 - keep) * weight.detach()
        expected_running = keep * expected_running + (1 - keep) * running
    assert torch.allclose(G_avg.module.layers[0].weight, expected, atol=1e-6)
    assert torch.allclose(G_avg.module.layers[1].running_mean, expected_running, atol=1e-5)
    assert not any(module.training for module in G_avg.modules())


def test_principal_directions_are_the_singular_vectors():
    torch.manual_seed(0)
    G = models.ConvGenerator()
    directions = models.principal_directions(G)
    A = G.layers[0].weight.detach()
    assert torch.allclose(directions @ directions.T, torch.eye(16), atol=1e-5)
    assert torch.allclose((A @ directions.T).norm(dim=0), torch.linalg.svdvals(A), rtol=1e-4)
    assert directions.abs().max(dim=1).values.equal(directions.max(dim=1).values)
    A.mul_(float("inf"))
    with pytest.raises(ValueError, match="NaN"):
        models.principal_directions(G)
