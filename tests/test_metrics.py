import numpy as np
import pytest
import torch
from scipy import stats

from ganlib import data, metrics, models
from ganlib.sampling import in_batches


def test_frechet_distance_of_two_gaussians_matches_the_closed_form():
    # 표본을 μ와 Σ에 꼭 맞추면 공식의 값과 같아야 합니다.
    rng = np.random.default_rng(0)
    x = rng.standard_normal((500, 3))
    x = np.linalg.solve(np.linalg.cholesky(np.cov(x.T)), (x - x.mean(0)).T).T
    scale_a, scale_b = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 0.5])
    a, b = x * scale_a, x * scale_b + [3.0, 0.0, -1.0]
    # 공분산이 대각 행렬이면 tr(Σ_a + Σ_b − 2(Σ_aΣ_b)^½) = Σ(σ_a − σ_b)²
    assert metrics.frechet_distance(a, b) == pytest.approx(10 + ((scale_a - scale_b) ** 2).sum())


def test_frechet_distance_of_general_gaussians_matches_a_matrix_square_root():
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(1)
    a = rng.standard_normal((400, 4)) @ rng.standard_normal((4, 4))
    b = rng.standard_normal((300, 4)) @ rng.standard_normal((4, 4)) + 1
    cov_a, cov_b = np.cov(a.T), np.cov(b.T)
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(cov_a + cov_b - 2 * sqrtm(cov_a @ cov_b).real)
    assert metrics.frechet_distance(a, b) == pytest.approx(expected)
    assert metrics.frechet_distance(b, a) == pytest.approx(expected)


def test_equal_sets_have_distance_zero_even_when_singular():
    x = np.random.default_rng(0).standard_normal((50, 2)) @ np.ones((2, 8))
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-6)


def test_train_and_test_digits_are_close_and_noise_is_far():
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    train, _ = data.load_mnist("train")
    test, _ = data.load_mnist("test")
    noise = torch.rand(1000, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    train, test, noise = (in_batches(classifier.features, x) for x in (train[:10_000], test, noise))
    near, far = metrics.frechet_distance(train, test), metrics.frechet_distance(noise, test)
    assert 0 < near < 0.02 * far


@pytest.mark.parametrize(
    "a, b, message",
    [
        (np.zeros((5, 2)), np.zeros((5, 3)), "차원이 다릅니다"),
        (np.zeros((1, 2)), np.zeros((5, 2)), "2개 이상"),
        (np.zeros(5), np.zeros((5, 2)), "N×K"),
        (np.full((5, 2), np.nan), np.zeros((5, 2)), "NaN"),
    ],
)
def test_frechet_distance_refuses_bad_features(a, b, message):
    with pytest.raises(ValueError, match=message):
        metrics.frechet_distance(a, b)


def test_coverage_counts_the_balls_that_hold_a_fake():
    real = torch.tensor([[0.0], [1.0], [3.0], [100.0]])  # k = 1이면 반지름은 1, 1, 2, 97
    assert metrics.coverage(real, torch.tensor([[0.5], [-50.0]]), k=1) == 0.5
    assert metrics.coverage(real, torch.tensor([[2.5], [40.0]]), k=1) == 0.5


def test_coverage_of_equal_distributions_is_one_minus_two_to_the_minus_k():
    generator = torch.Generator().manual_seed(0)
    for k in (1, 2, 5):
        rates = [metrics.coverage(*torch.randn(2, 300, 8, generator=generator), k) for _ in range(20)]
        assert np.mean(rates) == pytest.approx(1 - 2.0**-k, abs=0.02)


@pytest.mark.parametrize(
    "real, fake, k, message",
    [
        (torch.zeros(9, 2), torch.zeros(9, 3), 5, "차원이 다릅니다"),
        (torch.zeros(5, 2), torch.zeros(9, 2), 5, "작아야 합니다"),
        (torch.zeros(9, 2), torch.full((9, 2), torch.nan), 5, "NaN"),
    ],
)
def test_coverage_refuses_bad_features(real, fake, k, message):
    with pytest.raises(ValueError, match=message):
        metrics.coverage(real, fake, k)


def test_nearest_neighbors_against_a_plain_search():
    generator = torch.Generator().manual_seed(0)
    x, bank = torch.randn(7, 1, 4, 4, generator=generator), torch.randn(50, 1, 4, 4, generator=generator)
    distances, indices = metrics.nearest_neighbors(x, bank)
    for one, distance, index in zip(x, distances, indices):
        every = (bank - one).flatten(1).norm(dim=1)
        assert index == every.argmin() and distance == pytest.approx(every.min().item(), abs=1e-5)


def test_pixels_are_compared_on_the_scale_of_the_networks():
    bank = data.load_mnist("train")[0][:25_000]
    x = data.scale(bank[[20_123, 7]]) + 0.001
    distances, indices = metrics.nearest_neighbors(x, bank)
    assert indices.tolist() == [20_123, 7] and distances.max() < 0.1


def test_nearest_neighbors_refuse_another_size():
    with pytest.raises(ValueError, match="다릅니다"):
        metrics.nearest_neighbors(torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 5, 5))
    with pytest.raises(ValueError, match="다릅니다"):
        metrics.quick_neighbors(torch.zeros(1, 1, 5, 5))(torch.zeros(1, 1, 4, 4))


def test_the_quick_neighbour_is_nearly_the_nearest():
    bank, x = data.load_mnist("train")[0], data.scale(data.load_mnist("test")[0][:320])
    nearest = metrics.quick_neighbors(bank)
    found = torch.cat([nearest(part) for part in x.split(16)])
    exact, indices = metrics.nearest_neighbors(x, bank)
    ratio = (data.scale(bank[found]) - x).flatten(1).norm(dim=1) / exact
    assert (found == indices).float().mean() > 0.95
    assert ratio.mean() < 1.001 and ratio.max() < 1.1
    assert nearest(data.scale(bank[:16])).tolist() == list(range(16))


def test_distances_of_a_shifted_normal_match_the_closed_form():
    # 같은 모양을 m만큼 밀면 W₁ = |m|, KS 거리 = Φ(m/2σ) − Φ(−m/2σ)입니다.
    quantiles = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000, 4, 1.25)
    assert metrics.wasserstein_to_normal(quantiles, 4, 1.25) == pytest.approx(0, abs=1e-9)
    assert metrics.ks_to_normal(quantiles, 4, 1.25) < 1e-4
    assert metrics.wasserstein_to_normal(quantiles + 0.5, 4, 1.25) == pytest.approx(0.5)
    shifted = stats.norm.cdf(0.25 / 1.25) - stats.norm.cdf(-0.25 / 1.25)
    assert metrics.ks_to_normal(quantiles + 0.5, 4, 1.25) == pytest.approx(shifted, abs=1e-4)


def test_distances_of_a_random_sample_are_small_but_not_zero():
    x = torch.randn(20_000, generator=torch.Generator().manual_seed(0)) * 1.25 + 4
    assert 0 < metrics.wasserstein_to_normal(x, 4, 1.25) < 0.04
    assert 0 < metrics.ks_to_normal(x, 4, 1.25) < 0.02


@pytest.mark.parametrize("function", [metrics.wasserstein_to_normal, metrics.ks_to_normal])
@pytest.mark.parametrize(
    "x, sd, message", [([], 1, "샘플이 없습니다"), ([0.0, np.nan], 1, "NaN"), ([0.0], 0, "양수여야")]
)
def test_distances_refuse_bad_samples(function, x, sd, message):
    with pytest.raises(ValueError, match=message):
        function(x, 0, sd)
