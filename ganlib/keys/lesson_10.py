"""10차시의 문제."""

import numpy as np
import torch
import torch.nn.functional as F
from scipy import optimize
from torch import nn

from ganlib.exercise import Key


def w1(x, y):
    return (x.sort().values - y.sort().values).abs().mean()


dice = torch.Generator().manual_seed(10)
here, there = torch.randn(2, 9, generator=dice)


def gradient_penalty(critic, real, fake):
    t = torch.rand(len(real), *[1] * (real.ndim - 1))
    between = (t * real + (1 - t) * fake).requires_grad_()
    slope = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
    return (slope.flatten(1).norm(dim=1) - 1).relu().square().mean()


def bend(function, real, fake, weights):
    """정해 둔 가중치의 비평가에 벌점을 매기고, 벌점과 첫 층의 기울기를 돌려줍니다."""
    width = len(weights)
    critic = nn.Sequential(nn.Flatten(), nn.Linear(len(weights[0]), width), nn.Tanh(), nn.Linear(width, 1))
    with torch.no_grad():
        critic[1].weight.copy_(torch.tensor(weights))
        critic[1].bias.fill_(0.1)
        critic[3].weight.copy_(torch.linspace(-2, 3, width).unsqueeze(0))
        critic[3].bias.fill_(0.5)
    torch.manual_seed(3)
    penalty = function(critic, real, fake)
    if penalty is None:
        return None
    if not penalty.requires_grad:
        return [penalty.item(), "벌점에서 비평가까지 기울기가 흐르지 않습니다"]
    penalty.backward()
    return [penalty.item(), critic[1].weight.grad]


def penalty_wrong(mistake):
    def wrong(critic, real, fake):
        t = torch.rand(len(real), *[1] * (real.ndim - 1))
        between = (t * real + (1 - t) * fake).requires_grad_()
        slope = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
        sizes = slope.flatten(1).norm(dim=1)
        if mistake == "not one":
            return sizes.square().mean()
        if mistake == "whole batch":
            return (slope.norm() - 1).relu().square()
        if mistake == "no square":
            return (sizes - 1).relu().mean()
        return (sizes - 1).square().mean()

    return wrong


def pair_loss(winner, loser):
    return F.softplus(loser - winner).mean()


real_logits = torch.tensor([[2.0], [-1.0], [0.5]])
fake_logits = torch.tensor([[1.0], [0.5], [-3.0]])


def w1_of_cells(p, q, width):
    return np.abs(np.cumsum(p - q)).sum() * width


left = np.array([0.5, 0.5, 0.0, 0.0])
right = np.array([0.0, 0.0, 0.5, 0.5])
bumpy = np.array([0.1, 0.4, 0.1, 0.4])


def spectral_norm(W, steps):
    v = torch.ones(W.shape[1])
    for _ in range(steps):
        v = W.T @ (W @ v)
        v = v / v.norm()
    return (W @ v).norm()


matrices = [torch.randn(rows, columns, generator=dice) for rows, columns in ((4, 3), (3, 5), (6, 6))]


def norm_wrong(mistake):
    def wrong(W, steps):
        v = torch.ones(W.shape[1])
        for _ in range(steps):
            v = W.T @ (W @ v)
            v = v / v.norm()
        if mistake == "frobenius":
            return W.norm()
        if mistake == "squared":
            return (W.T @ (W @ v)).norm()
        return v

    return wrong


def best_slope(shift, lam):
    return 1 + shift / (2 * lam)


def slowest(gamma):
    moves = np.array([[0, 0.5], [-0.5, -gamma]])
    return max(np.linalg.eigvals(moves).real)


def best_profit(cost):
    n = len(cost)
    buy, sell = np.kron(np.eye(n), np.ones((n, 1))), np.kron(np.ones((n, 1)), np.eye(n))
    limits = np.hstack([-buy, sell])
    found = optimize.linprog(np.r_[np.ones(n), -np.ones(n)], limits, cost.ravel(), bounds=(None, None))
    return -found.fun


yard = np.abs(np.array([1, 4, 11, 15])[:, None] - np.array([3, 6, 8, 12])) * 1.0
tickets = np.array([[4.0, 1.0, 3.0], [2.0, 0.0, 5.0], [3.0, 2.0, 2.0]])

KEYS = {
    "10.w1": Key(
        w1,
        cases=[
            ((torch.tensor([1.0, 4.0, 11.0, 15.0]), torch.tensor([12.0, 3.0, 8.0, 6.0])), 2.5),
            ((here, there), ...),
            ((here[:5], here[:5].flip(0)), 0.0),
        ],
        hints=[
            (lambda x, y: (x - y).abs().mean(), "늘어놓은 차례 그대로 짝지었습니다. 두 미니배치를 먼저 정렬합니다."),
            (
                lambda x, y: (x.sort().values - y.sort().values).mean(),
                "오른쪽으로 옮긴 것과 왼쪽으로 옮긴 것이 지워졌습니다. 절댓값을 씁니다.",
            ),
            (
                lambda x, y: (x.sort().values - y.sort().values).abs().sum(),
                "합입니다. 한 수레의 비용이 되도록 평균을 냅니다.",
            ),
            (
                lambda x, y: (x.sort().values - y.sort().values).square().mean(),
                "거리를 제곱했습니다. 제곱하지 않은 거리를 평균합니다.",
            ),
        ],
    ),
    "10.gradient_penalty": Key(
        gradient_penalty,
        cases=[
            ((torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[3.0], [2.5], [4.0]]), [[0.9], [-0.8]]), ...),
            (
                (
                    torch.randn(4, 1, 2, 2, generator=dice),
                    torch.randn(4, 1, 2, 2, generator=dice),
                    [[0.5, -0.2, 0.1, 0.9], [0.3, 0.6, -0.7, 0.2]],
                ),
                ...,
            ),
        ],
        hints=[
            (
                penalty_wrong("not one"),
                "기울기가 0이 아니기만 하면 벌을 주었습니다. 1을 넘는 만큼만 벌하도록 먼저 1을 뺍니다.",
            ),
            (penalty_wrong("whole batch"), "미니배치 전체를 한 벡터로 보았습니다. 샘플마다 크기를 구합니다(dim=1)."),
            (penalty_wrong("no square"), "1을 넘은 만큼을 제곱하지 않았습니다. square()를 더합니다."),
            (
                penalty_wrong("both sides"),
                "1보다 작은 기울기에도 벌을 주었습니다. 1을 뺀 다음 relu()를 씁니다.",
            ),
        ],
        run=bend,
    ),
    "10.pair_loss": Key(
        pair_loss,
        cases=[
            ((real_logits, fake_logits), ...),
            ((fake_logits, real_logits), ...),
            ((real_logits + 100, fake_logits + 100), ...),
        ],
        hints=[
            (
                lambda winner, loser: F.softplus(winner - loser).mean(),
                "이길수록 손실이 커집니다. −log σ(l)은 softplus(−l)이므로 빼는 차례를 바꿉니다.",
            ),
            (
                lambda winner, loser: F.softplus(-winner).mean() + F.softplus(loser).mean(),
                "02차시의 손실입니다. 두 로짓을 따로 보지 말고 차를 봅니다.",
            ),
            (lambda winner, loser: F.softplus(loser - winner).sum(), "합입니다. 미니배치에서 평균합니다."),
            (
                lambda winner, loser: (loser - winner).mean(),
                "차를 그대로 평균하면 WGAN의 손실입니다. softplus에 넣은 다음 평균합니다.",
            ),
            (
                lambda winner, loser: F.softplus(loser.mean() - winner.mean()),
                "평균의 차를 보았습니다. 짝마다 손실을 구한 다음 평균합니다.",
            ),
        ],
    ),
    "10.1": Key(
        w1_of_cells,
        cases=[
            ((left, right, 1.0), 2.0),
            ((left, right, 0.1), 0.2),
            ((bumpy, bumpy, 1.0), 0.0),
            ((bumpy, left, 2.0), ...),
        ],
        hints=[
            (
                lambda p, q, width: np.abs(p - q).sum() * width,
                "칸마다의 차이만 더했습니다. 왼쪽부터 쌓인 차이를 더합니다(np.cumsum).",
            ),
            (lambda p, q, width: np.abs(np.cumsum(p - q)).sum(), "칸의 폭 width를 곱합니다."),
            (
                lambda p, q, width: np.cumsum(p - q).sum() * width,
                "흙이 모자란 곳과 남은 곳이 지워졌습니다. 절댓값을 씁니다.",
            ),
        ],
    ),
    "10.2": Key(
        spectral_norm,
        cases=[((W, 200), ...) for W in matrices] + [((torch.diag(torch.tensor([2.0, 1.0])), 1), ...)],
        hints=[
            (
                norm_wrong("frobenius"),
                "원소를 제곱해 모두 더했습니다. 한 방향으로 가장 크게 늘이는 배율을 구합니다.",
            ),
            (norm_wrong("squared"), "WᵀW의 배율이라 제곱이 되었습니다. 마지막에는 |Wv|를 돌려줍니다."),
            (norm_wrong("direction"), "방향 v를 돌려주었습니다. 그 방향의 배율 |Wv|를 돌려줍니다."),
        ],
    ),
    "10.3": Key(
        best_slope,
        cases=[((2.0, 10.0), 1.1), ((4.0, 10.0), 1.2), ((4.0, 100.0), 1.02), ((0.0, 5.0), 1.0)],
        hints=[
            (lambda shift, lam: 1 + shift / lam, "제곱을 미분하면 2가 나옵니다."),
            (lambda shift, lam: 1.0, "벌점만 보면 1이지만, 이익도 함께 늘려야 합니다. w로 미분해 봅시다."),
            (lambda shift, lam: 1 - shift / (2 * lam), "부호를 봅시다. 기울기가 커지면 이익 w·shift도 커집니다."),
        ],
    ),
    "10.4": Key(
        slowest,
        cases=[((0.0,), 0.0), ((1.0,), -0.5), ((0.5,), -0.25), ((2.5,), ...)],
        hints=[
            (
                lambda gamma: min(np.linalg.eigvals(np.array([[0, 0.5], [-0.5, -gamma]])).real),
                "가장 빨리 줄어드는 쪽입니다. 끝까지 남는 것은 실수부가 가장 큰 쪽입니다.",
            ),
            (
                lambda gamma: max(np.linalg.eigvals(np.array([[0, 0.5], [-0.5, gamma]])).real),
                "벌점은 판별자를 되돌립니다. −γ를 넣습니다.",
            ),
            (
                lambda gamma: max(abs(np.linalg.eigvals(np.array([[0, 0.5], [-0.5, -gamma]])))),
                "크기가 아니라 실수부(.real)를 봅니다.",
            ),
        ],
    ),
    "10.5": Key(
        best_profit,
        cases=[((yard,), 10.0), ((tickets,), ...), ((np.zeros((2, 2)),), 0.0)],
        hints=[
            (lambda cost: -best_profit(cost), "linprog는 최솟값을 구합니다. 이익은 부호를 바꾼 값입니다."),
            (
                lambda cost: cost.min(axis=1).sum(),
                "흙마다 가장 싼 구덩이로 보냈습니다. 구덩이에는 한 수레만 들어갑니다.",
            ),
        ],
    ),
}
