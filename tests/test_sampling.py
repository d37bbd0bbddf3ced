import pytest
import torch

from ganlib import data, models, sampling


def test_pick_device_gives_a_device_that_works():
    assert torch.ones(2, device=sampling.pick_device()).sum().item() == 2


def test_in_batches_equals_one_batch_and_keeps_no_gradient():
    layer = torch.nn.Linear(3, 2)
    x = torch.randn(1203, 3)
    result = sampling.in_batches(layer, x)
    assert torch.allclose(result, layer(x), atol=1e-6) and not result.requires_grad
    with pytest.raises(ValueError, match="NaN"):
        sampling.in_batches(layer, x * float("nan"))


def test_paint_equals_the_generator_in_evaluation_mode():
    torch.manual_seed(0)
    G = models.ConvGenerator().eval()
    z = torch.randn(600, 16)
    images = sampling.paint(G, z)
    assert torch.allclose(images, G(z), atol=1e-6) and not images.requires_grad


def test_principal_directions_are_the_singular_vectors():
    torch.manual_seed(0)
    G = models.ConvGenerator()
    directions = sampling.principal_directions(G)
    A = G.layers[0].weight.detach()
    assert torch.allclose(directions @ directions.T, torch.eye(16), atol=1e-5)
    assert torch.allclose((A @ directions.T).norm(dim=0), torch.linalg.svdvals(A), rtol=1e-4)
    assert directions.abs().max(dim=1).values.equal(directions.max(dim=1).values)
    A.mul_(float("inf"))
    with pytest.raises(ValueError, match="NaN"):
        sampling.principal_directions(G)


def test_pixels_are_scaled_part_by_part():
    images = data.load_mnist("test")[0][:1203]
    flat = torch.nn.Flatten()
    assert torch.equal(sampling.in_batches(flat, images), flat(data.scale(images)))
