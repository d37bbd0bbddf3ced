"""06차시의 문제."""

import torch
from torch import nn

from ganlib.exercise import Key


def direction(z, y):
    with_one = torch.cat([z, torch.ones(len(z), 1)], dim=1)
    w = torch.linalg.lstsq(with_one, y.unsqueeze(1)).solution[:-1, 0]
    return w / w.norm()


dice = torch.Generator().manual_seed(6)
codes = torch.randn(40, 3, generator=dice)
heights = 5 + codes @ torch.tensor([3.0, -4.0, 0.5]) + 0.3 * torch.randn(40, generator=dice)
few_codes = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 3.0]])
few_heights = torch.tensor([5.0, 4.0, 7.0, 15.0])


def not_unit(z, y):
    with_one = torch.cat([z, torch.ones(len(z), 1)], dim=1)
    return torch.linalg.lstsq(with_one, y.unsqueeze(1)).solution[:-1, 0]


def with_constant(z, y):
    with_one = torch.cat([z, torch.ones(len(z), 1)], dim=1)
    w = torch.linalg.lstsq(with_one, y.unsqueeze(1)).solution[:, 0]
    return w / w.norm()


def without_constant(z, y):
    w = torch.linalg.lstsq(z, y.unsqueeze(1)).solution[:, 0]
    return w / w.norm()


def a_column(z, y):
    with_one = torch.cat([z, torch.ones(len(z), 1)], dim=1)
    w = torch.linalg.lstsq(with_one, y.unsqueeze(1)).solution[:-1]
    return w / w.norm()


def descend(G, x, z, steps=150):
    z = z.clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=0.1)
    for _ in range(steps):
        error = (G(z) - x).square().flatten(1).mean(dim=1)
        optimizer.zero_grad()
        error.sum().backward()
        optimizer.step()
    return z.detach(), (G(z) - x).square().flatten(1).mean(dim=1).detach()


def start_linear(rows):
    """행렬 하나인 생성자. 가중치는 고정합니다."""
    G = nn.Linear(len(rows[0]), len(rows), bias=False).requires_grad_(False)
    G.weight.copy_(torch.tensor(rows))
    return G


small_G = start_linear([[1.0, 0.5], [-0.5, 1.0], [0.3, 0.3]])
goal = torch.tensor([0.5, -0.2, 0.1])
places = torch.tensor([[1.0, 1.0], [-0.5, 0.8]])


def walk_without(skipped):
    """세 줄 가운데 하나를 빠뜨린 오답."""

    def wrong(G, x, z, steps=150):
        z = z.clone().requires_grad_()
        optimizer = torch.optim.Adam([z], lr=0.1)
        for _ in range(steps):
            error = (G(z) - x).square().flatten(1).mean(dim=1)
            if skipped != "zero_grad":
                optimizer.zero_grad()
            error.sum().backward()
            if skipped != "step":
                optimizer.step()
        return z.detach(), (G(z) - x).square().flatten(1).mean(dim=1).detach()

    return wrong


def uphill(G, x, z, steps=150):
    z = z.clone().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=0.1)
    for _ in range(steps):
        error = (G(z) - x).square().flatten(1).mean(dim=1)
        optimizer.zero_grad()
        (-error.sum()).backward()
        optimizer.step()
    return z.detach(), (G(z) - x).square().flatten(1).mean(dim=1).detach()


def best_for_each(probabilities):
    best = [-1] * 10
    sure, digits = probabilities.max(dim=1)
    for i in sure.argsort().tolist():
        best[digits[i]] = i
    return best


few = torch.tensor([[0.6, 0.4], [0.9, 0.1], [0.3, 0.7]]) @ torch.eye(10)[:2]


torn = torch.tensor([[0.45, 0.55, 0.0], [0.35, 0.33, 0.32], [0.0, 0.6, 0.4]]) @ torch.eye(10)[:3]


def path_length(pictures):
    steps = (pictures[1:] - pictures[:-1]).flatten(1)
    return steps.norm(dim=1).sum().item()


ramp = torch.linspace(-1, 1, 5).view(-1, 1, 1, 1).expand(-1, 1, 28, 28)


dots = torch.zeros(3, 1, 28, 28)


dots[1, 0, 0, :2] = torch.tensor([3.0, 4.0])


def inversion_step(A, z, x, rate):
    gradient = 2 * A.T @ (A @ z - x)
    return z - rate * gradient


eye, ones = torch.eye(2), torch.ones(2)


tall = torch.tensor([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]])


def width(x):
    ink = (x[:, 0] + 1).sum(dim=1)  # 열마다의 잉크, N×28
    share = ink / ink.sum(dim=1, keepdim=True)
    column = torch.arange(28.0)
    center = (share * column).sum(dim=1, keepdim=True)
    return (share * (column - center).square()).sum(dim=1).sqrt()


def spread(x, dim):
    """잉크의 밝기를 그대로(−1–1) 무게로 쓰거나 세로로 재는 오답에 씁니다."""
    ink = (x[:, 0] + 1).sum(dim=dim)
    share = ink / ink.sum(dim=1, keepdim=True)
    place = torch.arange(28.0)
    return (share * (place - (share * place).sum(dim=1, keepdim=True)).square()).sum(dim=1)


bars = -torch.ones(3, 1, 28, 28)
bars[0, 0, 5:15, 10:12] = 1.0
bars[1, 0, 3, 4:24] = 1.0
bars[2, 0, 6:20, 9] = 0.5
bars[2, 0, 10, 15:20] = 1.0


KEYS = {
    "06.direction": Key(
        direction,
        cases=[((codes, heights), ...), ((few_codes, few_heights), ...)],
        hints=[
            (not_unit, "방향은 맞습니다. 마지막에 자신의 길이로 나누어 길이를 1로 맞춥니다."),
            (with_constant, "마지막 수는 b입니다. 그것을 빼고 앞의 수들만 씁니다. `[:-1]`을 떠올려 봅시다."),
            (without_constant, "b가 빠졌습니다. z 대신 1로 된 열을 붙인 with_one을 씁니다."),
            (a_column, "답이 열 하나짜리 행렬입니다. `[:-1, 0]`처럼 열도 골라 벡터로 만듭니다."),
        ],
    ),
    "06.descend": Key(
        descend,
        cases=[((small_G, goal, places, 3), ...), ((small_G, goal, places, 20), ...)],
        hints=[
            (walk_without("zero_grad"), "지난 스텝의 기울기가 쌓입니다. 먼저 `optimizer.zero_grad()`를 부릅니다."),
            (
                walk_without("step"),
                "z가 처음 그대로입니다. `zero_grad`, `backward`, `step`의 차례로 세 줄이 모두 있어야 합니다.",
            ),
            (uphill, "오차가 커지는 쪽으로 갔습니다. 오차에 −를 붙이지 않습니다."),
        ],
    ),
    "06.1": Key(
        best_for_each,
        cases=[
            ((few,), [1, 2] + [-1] * 8),
            ((torn,), [1, 2] + [-1] * 8),
            ((torch.eye(10).flip(0),), list(range(9, -1, -1))),
        ],
        hints=[
            (lambda p: p.argmax(dim=0), "열마다 가장 큰 행을 골랐습니다. 그 행은 다른 숫자로 읽혔을 수도 있습니다."),
            (
                lambda p: p.argmax(dim=1),
                "행마다 읽힌 숫자를 돌려주었습니다. 이제 숫자마다 가장 확신하는 행을 찾습니다.",
            ),
        ],
    ),
    "06.2": Key(
        path_length,
        cases=[((ramp,), 56.0), ((ramp[:1],), 0.0), ((torch.cat([ramp, ramp.flip(0)]),), 112.0), ((dots,), 10.0)],
        hints=[
            (lambda x: (x[-1] - x[0]).norm().item(), "처음과 끝만 재었습니다. 되돌아오는 길도 길이가 있습니다."),
            (lambda x: (x[1:] - x[:-1]).norm().item(), "걸음마다 길이를 따로 재고 나서 더해야 합니다."),
            (lambda x: (x[1:] - x[:-1]).square().sum().item(), "거리는 제곱의 합의 제곱근입니다."),
            (lambda x: (x[1:] - x[:-1]).abs().sum().item(), "절댓값의 합이 아니라 유클리드 거리입니다."),
        ],
    ),
    "06.3": Key(
        inversion_step,
        cases=[
            ((eye, torch.zeros(2), ones, 0.25), [0.5, 0.5]),
            ((tall, ones, torch.zeros(3), 0.01), [0.76, 0.86]),
            ((tall, torch.zeros(2), torch.tensor([1.0, 1.0, 1.0]), 0.1), [0.8, 0.6]),
        ],
        hints=[
            (lambda A, z, x, rate: z - rate * A.T @ (A @ z - x), "제곱을 미분하면 2가 앞으로 나옵니다."),
            (lambda A, z, x, rate: z + 2 * rate * A.T @ (A @ z - x), "기울기의 반대쪽으로 가야 내려갑니다."),
            (lambda A, z, x, rate: -2 * rate * A.T @ (A @ z - x), "지금의 z에서 출발해야 합니다."),
        ],
    ),
    "06.4": Key(
        width,
        cases=[((bars,), ...), ((bars[:1],), [0.5]), ((bars[1:].flip(3),), ...)],
        hints=[
            (lambda x: spread(x, 1), "분산입니다. 제곱근을 취해야 픽셀 단위가 됩니다."),
            (lambda x: spread(x, 2).sqrt(), "세로로 퍼진 정도입니다. 행을 따라 더해 열마다의 잉크를 만듭니다."),
            (lambda x: x[:, 0].std(dim=(1, 2)), "밝기의 표준편차입니다. 밝기는 무게이고, 재는 것은 가로 위치입니다."),
        ],
    ),
}
