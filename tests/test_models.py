import pytest
import torch

from ganlib import data, models
from ganlib.sampling import in_batches


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
    accuracy = (in_batches(classifier, images).argmax(dim=1) == labels).float().mean().item()
    assert accuracy >= 0.99


def test_mlp_has_the_given_widths_and_no_last_activation():
    net = models.mlp(2, 8, 4, 1)
    assert [layer.weight.shape for layer in net if hasattr(layer, "weight")] == [(8, 2), (4, 8), (1, 4)]
    assert net(torch.randn(100, 2)).shape == (100, 1)
    assert type(net[-1]) is torch.nn.Linear
