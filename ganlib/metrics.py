"""얼마나 닮았는지 재는 지표."""

import numpy as np
import torch
from scipy import linalg, stats

from ganlib.data import scale
from ganlib.train import check_batch


def frechet_distance(a, b):
    """두 특징 묶음을 정규분포로 보고 잰 프레셰 거리의 제곱입니다(Heusel 외, 2017).

    |μ_a − μ_b|² + tr(Σ_a + Σ_b − 2(Σ_aΣ_b)^½). FID는 이 값을 Inception 신경망의 특징에서 잰 것입니다.

    Args:
        a, b: 특징. 배열이나 텐서, 모양 N×K와 M×K, N과 M은 2 이상.

    Returns:
        0 이상의 float. 두 묶음이 같으면 0입니다. 단위는 특징의 제곱입니다.

    Raises:
        ValueError: 모양이 틀리거나 NaN이 있을 때.
    """
    a, b = _feature_matrix(a, "a"), _feature_matrix(b, "b")
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"두 특징의 차원이 다릅니다: {a.shape[1]}과 {b.shape[1]}. 같은 모델로 뽑은 특징을 넣어 주세요."
        )
    cov_a, cov_b = np.atleast_2d(np.cov(a.T)), np.atleast_2d(np.cov(b.T))
    # tr((Σ_aΣ_b)^½)은 대칭 행렬 Σ_a^½ Σ_b Σ_a^½의 고윳값으로 구하면 특이 행렬에서도 안정합니다.
    values, vectors = linalg.eigh(cov_a)
    root_a = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    cross = np.sqrt(linalg.eigvalsh(root_a @ cov_b @ root_a).clip(min=0)).sum()
    difference = a.mean(axis=0) - b.mean(axis=0)
    distance = difference @ difference + np.trace(cov_a) + np.trace(cov_b) - 2 * cross
    return max(float(distance), 0.0)


def _feature_matrix(x, name):
    x = _array(x)
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"{name}은(는) 샘플 2개 이상의 N×K 특징이어야 합니다(받은 모양: {x.shape}).")
    if not np.isfinite(x).all():
        raise ValueError(f"{name}에 NaN이나 무한대가 있습니다. 특징을 만든 모델과 입력을 살펴봐 주세요.")
    return x


def coverage(real, fake, k=5):
    """진짜마다 k번째로 가까운 다른 진짜까지를 반지름으로 그린 공 가운데, 가짜가 든 공의 비율입니다(Naeem 외, 2020).

    Args:
        real, fake: 특징(텐서), 모양 N×K와 M×K. N은 k보다 큽니다.
        k: 반지름을 정하는 이웃의 차례.

    Returns:
        0과 1 사이의 float. 두 분포가 같고 N과 M이 같으면 1 − 2^(−k)쯤입니다.

    Raises:
        ValueError: 모양이 틀리거나 NaN이 있을 때, 진짜가 k개를 넘지 않을 때.
    """
    if _feature_matrix(real, "real").shape[1] != _feature_matrix(fake, "fake").shape[1]:
        raise ValueError(f"두 특징의 차원이 다릅니다: {real.shape[1]}과 {fake.shape[1]}.")
    if not 1 <= k < len(real):
        raise ValueError(f"k는 1 이상이고 진짜의 수({len(real)})보다 작아야 합니다. 받은 값: {k!r}")
    radius = torch.cdist(real, real).kthvalue(k + 1, dim=1, keepdim=True).values  # 가장 가까운 것은 자기 자신입니다
    return (torch.cdist(real, fake) < radius).any(dim=1).float().mean().item()


def nearest_neighbors(x, bank):
    """`x`의 각 샘플과 가장 가까운 `bank`의 샘플을 유클리드 거리로 찾습니다.

    Args:
        x: 실수형 텐서, 모양 N×….
        bank: 실수형 텐서 또는 픽셀(uint8), 모양 M×…. 픽셀은 범위 [−1, 1]로 바꾸어 견줍니다.

    Returns:
        `(distances, indices)`. 모양 N, float32와 int64.

    Raises:
        ValueError, TypeError: 비었거나 모양, 자료형이 틀리거나 `x`에 NaN이 있을 때.
    """
    _check_neighbors(x, bank)
    best = torch.full((len(x),), torch.inf)
    where = torch.zeros(len(x), dtype=torch.int64)
    for start in range(0, len(bank), 10_000):
        part = scale(bank[start : start + 10_000]).flatten(1)
        distances, indices = torch.cdist(x.flatten(1), part).min(dim=1)
        closer = distances < best
        best[closer], where[closer] = distances[closer], indices[closer] + start
    return best, where


def quick_neighbors(bank):
    """`nearest_neighbors`의 번호를 어림으로 빨리 찾는 함수를 만듭니다. 슬라이더를 따라갈 만큼 빠릅니다.

    앞의 3,000장의 제곱의 합이 가장 큰 방향 32개만 보고 후보 50장을 고른 다음, 그 가운데에서만 정확한 거리를 잽니다.
    MNIST에서는 100번에 99번쯤 `nearest_neighbors`와 같은 그림을 찾습니다.

    Args:
        bank: 실수형 텐서 또는 픽셀(uint8), 모양 M×….

    Returns:
        x(모양 N×…)를 받아 번호(int64, 모양 N)를 돌려주는 함수.
    """
    first = scale(bank[:3000]).flatten(1)
    basis = torch.linalg.eigh(first.T @ first).eigenvectors[:, -32:]
    coarse = torch.cat([scale(part).flatten(1) @ basis for part in bank.split(10_000)])
    half_squares = coarse.square().sum(dim=1) / 2

    def nearest(x):
        _check_neighbors(x, bank)
        # |a − b|²이 작은 차례는 b·b/2 − a·b가 작은 차례와 같습니다.
        scores = half_squares - x.flatten(1) @ basis @ coarse.T
        candidates = scores.topk(min(50, len(bank)), largest=False, sorted=False).indices
        distances = (scale(bank[candidates]).flatten(2) - x.flatten(1).unsqueeze(1)).square().sum(dim=2)
        return candidates.gather(1, distances.argmin(dim=1, keepdim=True)).squeeze(1)

    return nearest


def _check_neighbors(x, bank):
    check_batch(x, "x")
    check_batch(scale(bank[:1]), "bank")
    if x.shape[1:] != bank.shape[1:]:
        raise ValueError(f"x의 모양 {tuple(x.shape[1:])}과 bank의 모양 {tuple(bank.shape[1:])}이 다릅니다.")


def wasserstein_to_normal(x, mean, sd):
    """1차원 샘플과 정규분포 N(mean, sd²) 사이의 바서슈타인 거리 W₁입니다.

    크기순으로 i번째인 샘플을 정규분포의 (i − 1/2)/N 분위수와 짝지어, 짝 사이의 거리를 평균합니다.

    Args:
        x: 샘플. 배열이나 텐서, 모양은 자유이고 모두 한 줄로 폅니다.
        mean, sd: 정규분포의 평균과 표준편차(양수).

    Returns:
        0 이상의 float. 단위는 `x`와 같습니다.

    Raises:
        ValueError: 샘플이 없거나 NaN이 있을 때, `sd`가 양수가 아닐 때.
    """
    x = _line_of_numbers(x, sd)
    middles = (np.arange(len(x)) + 0.5) / len(x)
    return float(stats.wasserstein_distance(x, stats.norm.ppf(middles, mean, sd)))


def ks_to_normal(x, mean, sd):
    """1차원 샘플과 정규분포 N(mean, sd²) 사이의 콜모고로프–스미르노프 거리입니다.

    두 누적분포함수가 가장 크게 벌어진 간격입니다.

    Args:
        x: 샘플. 배열이나 텐서, 모양은 자유이고 모두 한 줄로 폅니다.
        mean, sd: 정규분포의 평균과 표준편차(양수).

    Returns:
        0과 1 사이의 float.

    Raises:
        ValueError: 샘플이 없거나 NaN이 있을 때, `sd`가 양수가 아닐 때.
    """
    return float(stats.kstest(_line_of_numbers(x, sd), stats.norm(mean, sd).cdf).statistic)


def _line_of_numbers(x, sd):
    x = _array(x).ravel()
    if len(x) == 0:
        raise ValueError("샘플이 없습니다. 수를 하나 이상 넣어 주세요.")
    if not np.isfinite(x).all():
        raise ValueError("샘플에 NaN이나 무한대가 있습니다. 샘플을 만든 모델이 발산했는지 살펴봐 주세요.")
    if not sd > 0:
        raise ValueError(f"표준편차 sd는 양수여야 합니다. 받은 값: {sd!r}")
    return x


def _array(x):
    return np.asarray(x.detach().cpu() if isinstance(x, torch.Tensor) else x, dtype=np.float64)
