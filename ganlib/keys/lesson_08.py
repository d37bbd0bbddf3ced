"""08차시의 문제."""

import math

import numpy as np
import torch

from ganlib.exercise import Key


def log_parzen(squared, sigma, d):
    constant = math.log(squared.shape[1]) + d / 2 * math.log(2 * math.pi * sigma**2)
    return torch.logsumexp(-squared / (2 * sigma**2), dim=1) - constant


table = torch.tensor([[1.0, 4.0, 9.0], [0.5, 0.25, 16.0]])
far = torch.tensor([[5000.0, 5200.0]])  # 지수를 그대로 더하면 0이 됩니다


def parzen_with(mistake):
    """한 군데를 틀린 오답."""

    def wrong(squared, sigma, d):
        bells = torch.logsumexp(-squared / (2 * sigma**2), dim=1)
        constant = math.log(squared.shape[1]) + d / 2 * math.log(2 * math.pi * sigma**2)
        if mistake == "no constant":
            return bells
        if mistake == "plus":
            return bells + constant
        if mistake == "two":
            return torch.logsumexp(-squared / sigma**2, dim=1) - constant
        if mistake == "squared again":
            return torch.logsumexp(-(squared**2) / (2 * sigma**2), dim=1) - constant
        return (-squared / (2 * sigma**2)).exp().sum(dim=1).log() - constant

    return wrong


def inside(centers, points, k=5):
    radius = torch.cdist(centers, centers).kthvalue(k + 1, dim=1, keepdim=True).values
    return torch.cdist(centers, points) < radius


def precision(real, fake, k=5):
    return inside(real, fake, k).any(dim=0).float().mean()


people = torch.Generator().manual_seed(5)
crowd = torch.randn(30, 2, generator=people)
visitors = 1.5 * torch.randn(20, 2, generator=people) + 1


def frechet(mean_a, cov_a, mean_b, cov_b):
    cross = np.sqrt(np.linalg.eigvals(cov_a @ cov_b).real.clip(min=0)).sum()
    return ((mean_a - mean_b) ** 2).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * cross


zeros, ones = np.zeros(2), np.ones(2)
leaning = np.array([[2.0, 1.0], [1.0, 3.0]])
upright = np.array([[4.0, 0.0], [0.0, 1.0]])
flat = np.array([[1.0, 0.0], [0.0, 0.0]])


def frechet_wrong(mistake):
    def wrong(mean_a, cov_a, mean_b, cov_b):
        shift = ((mean_a - mean_b) ** 2).sum()
        cross = np.sqrt(np.linalg.eigvals(cov_a @ cov_b).real.clip(min=0)).sum()
        if mistake == "once":
            return shift + np.trace(cov_a) + np.trace(cov_b) - cross
        if mistake == "no root":
            return shift + np.trace(cov_a) + np.trace(cov_b) - 2 * np.trace(cov_a @ cov_b)
        if mistake == "diagonal":
            return shift + ((np.sqrt(np.diag(cov_a)) - np.sqrt(np.diag(cov_b))) ** 2).sum()
        return np.sqrt(shift) + np.trace(cov_a) + np.trace(cov_b) - 2 * cross

    return wrong


def at_infinity(counts, distances):
    _, intercept = np.polyfit(1 / counts, distances, 1)
    return intercept


counts = np.array([250, 500, 1000, 5000])


def repeat_chance(kinds, draws):
    return 1 - math.prod((kinds - i) / kinds for i in range(draws))


def forge(real):
    K = real.shape[1]
    values, vectors = torch.linalg.eigh(torch.cov(real.T))
    steps = (vectors * (values.clamp(min=0) * (2 * K - 1) / 2).sqrt()).T
    return real.mean(dim=0) + torch.cat([steps, -steps])


dice = torch.Generator().manual_seed(8)
cloud = torch.randn(60, 3, generator=dice) @ torch.tensor([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.5, 0.3]]) + 4
stripe = torch.rand(40, 2, generator=dice) * torch.tensor([5.0, 1.0])


def inspect(function, real):
    """(평균이 같은지, 공분산이 같은지, 진짜와 다른 점인지)를 돌려줍니다."""
    made = function(real)
    if made is None:
        return None
    made = torch.as_tensor(made)
    new = torch.cdist(made, real).min(dim=1).values.median() > 1e-3
    return [
        bool(torch.allclose(made.mean(dim=0), real.mean(dim=0), atol=1e-2)),
        bool(torch.allclose(torch.cov(made.T), torch.cov(real.T), atol=2e-2)),
        bool(new),
    ]


def biased(real):
    K = real.shape[1]
    values, vectors = torch.linalg.eigh(torch.cov(real.T))
    steps = (vectors * (values.clamp(min=0) * K).sqrt()).T
    return real.mean(dim=0) + torch.cat([steps, -steps])


def centered(real):
    return forge(real) - real.mean(dim=0)


KEYS = {
    "08.log_parzen": Key(
        log_parzen,
        cases=[((table, 0.5, 2), ...), ((table, 2.0, 784), ...), ((far, 0.2, 784), ...)],
        hints=[
            (parzen_with("no constant"), "둘째 항과 셋째 항, 곧 constant를 뺍니다."),
            (parzen_with("plus"), "constant는 더하지 않고 뺍니다."),
            (parzen_with("two"), "분모는 σ²이 아니라 2σ²입니다."),
            (parzen_with("squared again"), "squared는 이미 거리의 제곱입니다."),
            (parzen_with("exp and log"), "먼 그림에서 −∞가 됩니다. exp와 log 대신 torch.logsumexp를 씁니다."),
        ],
    ),
    "08.precision": Key(
        precision,
        cases=[((crowd, visitors), ...), ((crowd, visitors, 1), ...), ((visitors, crowd, 2), ...)],
        hints=[
            (
                lambda real, fake, k=5: inside(real, fake, k).any(dim=1).float().mean(),
                "행마다 세었습니다. 공 가운데 가짜가 들어온 것의 비율은 커버리지입니다. 열마다 셉니다.",
            ),
            (
                lambda real, fake, k=5: inside(fake, real, k).any(dim=0).float().mean(),
                "가짜의 공을 그렸습니다. 그것은 재현율입니다. 공의 중심은 진짜입니다.",
            ),
            (
                lambda real, fake, k=5: inside(real, fake, k).float().mean(),
                "표 전체의 평균입니다. 먼저 열마다 참이 하나라도 있는지 봅니다.",
            ),
            (lambda real, fake, k=5: inside(real, fake).any(dim=0).float().mean(), "inside에 k도 넘겨줍니다."),
        ],
    ),
    "08.1": Key(
        frechet,
        cases=[
            ((zeros, leaning, zeros, leaning), 0.0),
            ((zeros, np.eye(2), 3 * ones, np.eye(2)), 18.0),
            ((zeros, leaning, ones, upright), ...),
            ((zeros, flat, ones, leaning), ...),
        ],
        hints=[
            (frechet_wrong("once"), "마지막 항에는 2를 곱합니다."),
            (frechet_wrong("no root"), "고윳값마다 제곱근을 구한 다음 더합니다."),
            (frechet_wrong("diagonal"), "대각선만 보았습니다. 두 행렬을 곱해 고윳값을 구합니다."),
            (frechet_wrong("root shift"), "평균의 차이는 제곱해서 더합니다. 제곱근을 취하지 않습니다."),
        ],
    ),
    "08.2": Key(
        at_infinity,
        cases=[
            ((counts, 3 + 2000 / counts), 3.0),
            ((counts, np.array([9.0, 5.0, 3.0, 1.5])), ...),
            ((counts[:2], np.array([40.0, 22.0])), 4.0),
        ],
        hints=[
            (
                lambda counts, distances: np.polyfit(counts, distances, 1)[1],
                "장수의 일차식으로 어림했습니다. 장수의 역수 1/counts를 씁니다.",
            ),
            (lambda counts, distances: np.polyfit(1 / counts, distances, 1)[0], "기울기입니다. 절편을 돌려줍니다."),
            (
                lambda counts, distances: distances[-1],
                "가장 많은 장수로 잰 값입니다. 직선을 1/장수 = 0까지 이어 봅니다.",
            ),
        ],
    ),
    "08.3": Key(
        repeat_chance,
        cases=[((32, 7), ...), ((365, 23), ...), ((2, 3), 1.0), ((10, 1), 0.0)],
        hints=[
            (
                lambda kinds, draws: math.prod((kinds - i) / kinds for i in range(draws)),
                "하나도 겹치지 않을 확률입니다. 1에서 뺍니다.",
            ),
            (
                lambda kinds, draws: 1 - ((kinds - 1) / kinds) ** (draws - 1),
                "첫째 그림과 겹치는 것만 세었습니다. 셋째는 첫째와도 둘째와도 달라야 합니다.",
            ),
            (lambda kinds, draws: draws / kinds, "7/32은 특정한 그림 하나가 나올 확률에 가깝습니다. 짝은 더 많습니다."),
        ],
    ),
    "08.4": Key(
        forge,
        cases=[((cloud,), [True, True, True]), ((stripe,), [True, True, True])],
        hints=[
            (lambda real: real, "진짜를 그대로 돌려주었습니다. 평균과 공분산만 같은 다른 점을 만듭니다."),
            (centered, "공분산은 같습니다. 평균을 더해 줍니다."),
            (biased, "평균은 같고 공분산이 다릅니다. torch.cov는 점의 수가 아니라 (점의 수 − 1)로 나눕니다."),
        ],
        run=inspect,
    ),
}
