"""06차시의 문제."""

import numpy as np
import torch

from ganlib.exercise import Key


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


def to_model(picture):
    return torch.tensor(1 - picture / 127.5, dtype=torch.float32).view(1, 1, 28, 28)


white = np.full((28, 28), 255, dtype=np.uint8)


black = np.zeros((28, 28), dtype=np.uint8)


shades = np.arange(784).reshape(28, 28) % 256


KEYS = {
    "06.1": Key(
        best_for_each,
        cases=[
            ((few,), [1, 2] + [-1] * 8),
            ((torn,), [1, 2] + [-1] * 8),
            ((torch.eye(10).flip(0),), list(range(9, -1, -1))),
        ],
        hints=[
            (lambda p: p.argmax(dim=0), "열마다 가장 큰 줄을 골랐습니다. 그 줄은 다른 숫자로 읽혔을 수도 있습니다."),
            (
                lambda p: p.argmax(dim=1),
                "줄마다 읽힌 숫자를 돌려주었습니다. 이제 숫자마다 가장 확신하는 줄을 찾습니다.",
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
        to_model,
        cases=[
            ((white,), torch.full((1, 1, 28, 28), -1.0)),
            ((black,), torch.full((1, 1, 28, 28), 1.0)),
            ((shades,), torch.tensor(1 - shades / 127.5).view(1, 1, 28, 28).float()),
        ],
        hints=[
            (
                lambda p: torch.tensor(p / 127.5 - 1).view(1, 1, 28, 28).float(),
                "흑백이 뒤집혀 있습니다. 종이의 흰색이 −1이 되어야 합니다.",
            ),
            (
                lambda p: torch.tensor(1 - p / 255).view(1, 1, 28, 28).float(),
                "범위가 0에서 1까지입니다. −1에서 1까지로 넓힙니다.",
            ),
            (lambda p: torch.tensor(1 - p / 127.5).float(), "모양이 28×28입니다. 장수와 색의 차원을 앞에 붙입니다."),
        ],
    ),
}
