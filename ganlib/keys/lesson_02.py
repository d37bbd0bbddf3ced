"""02차시의 문제."""

import numpy as np
import torch
import torch.nn.functional as F

from ganlib.exercise import Key


def mean_bce(d, y):
    d, y = np.array(d), np.array(y)
    return np.mean(-y * np.log(d) - (1 - y) * np.log(1 - d))


def total(d, y):
    d, y = torch.tensor(d), torch.tensor(y).float()
    return F.binary_cross_entropy(d, y, reduction="sum").item()


def generator_slopes(l):
    d = 1 / (1 + np.exp(-l))
    return [-d, -(1 - d)]


def sigmoid(l):
    return 1 / (1 + np.exp(-l))


def police_step(w, v):
    w = torch.tensor(w, requires_grad=True)
    v = torch.tensor(v, requires_grad=True)
    optimizer = torch.optim.SGD([w, v], lr=0.1)
    x, z = torch.tensor(1.0), torch.tensor(1.0)
    fake = (w * z).detach()
    loss = F.softplus(-v * x) + F.softplus(v * fake)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return [w.item(), v.item()]


def moved(w, v, leak=0, learn_fake=1):
    w, v = torch.tensor(w), torch.tensor(v)
    slope = -torch.sigmoid(-v) + learn_fake * w * torch.sigmoid(v * w)
    return [w - 0.1 * leak * v * torch.sigmoid(v * w), v - 0.1 * slope]


def die_g_loss(q, logits):
    q, logits = torch.as_tensor(q), torch.as_tensor(logits)
    return (q * F.softplus(-logits)).sum()


def softplus(l):
    return np.log1p(np.exp(l))


KEYS = {
    "02.1": Key(
        mean_bce,
        cases=[
            (([0.5, 0.5], [1, 0]), 0.6931472),
            (([0.9], [1]), 0.1053605),
            (([0.8, 0.3, 0.8, 0.3], [1, 1, 0, 0]), 0.8483073),
            (([0.99, 0.2, 0.6], [0, 0, 1]), 1.7797132),
        ],
        hints=[
            (total, "더하기만 했습니다. 개수로 나누어 평균을 구해 봅시다."),
            (lambda d, y: -total(d, y) / len(d), "부호가 반대입니다. 손실은 0 이상이어야 합니다."),
            (
                lambda d, y: total(d, [1 - b for b in y]) / len(d),
                "진짜와 가짜의 항이 뒤바뀌었습니다. y = 1이면 -log d입니다.",
            ),
            (lambda d, y: total(d, y) / len(d) / np.log(2), "밑이 2인 로그를 썼습니다. 자연로그 np.log를 써 봅시다."),
        ],
    ),
    "02.2": Key(
        generator_slopes,
        cases=[((0.0,), [-0.5, -0.5]), ((-4.0,), [-0.0179862, -0.9820138]), ((3.0,), [-0.9525741, -0.0474259])],
        hints=[
            (
                lambda l: [sigmoid(l), 1 - sigmoid(l)],
                "크기는 맞지만 부호가 빠졌습니다. 로짓이 커지면 두 손실 모두 작아집니다.",
            ),
            (
                lambda l: [sigmoid(l) - 1, -sigmoid(l)],
                "순서가 뒤바뀌었습니다. 판별자가 확신할 때(l = -4) 거의 0인 쪽이 포화 손실입니다.",
            ),
            (
                lambda l: [-1 / (1 - sigmoid(l)), -1 / sigmoid(l)],
                "D로 미분한 값입니다. 연쇄 법칙에 따라 dD/dl = D(1 - D)를 곱해 봅시다.",
            ),
        ],
    ),
    "02.3": Key(
        police_step,
        cases=[((0.5, 1.0), [0.5, 0.9957712]), ((-1.0, 2.0), [-1.0, 2.0238406]), ((2.0, -0.5), [2.0, -0.4915423])],
        hints=[
            (
                lambda w, v: moved(w, v, leak=1),
                "아직 w가 움직입니다. 판별자의 손실이 fake를 거쳐 w까지 흘러갑니다. 길을 끊을 곳을 찾아봅시다.",
            ),
            (
                lambda w, v: moved(w, v, learn_fake=0),
                "w는 지켰지만 v가 가짜에서 배우지 못합니다. 로짓이 아니라 가짜를 만든 직후에 끊어 봅시다.",
            ),
            (lambda w, v: [w, v], "아무도 움직이지 않습니다. v는 옮겨야 합니다."),
        ],
    ),
    "02.4": Key(
        die_g_loss,
        cases=[
            (([1 / 6] * 6, [0.0] * 6), 0.6931472),
            (([0.5, 0.5, 0.0, 0.0, 0.0, 0.0], [2.0, -2.0, 9.0, 9.0, 9.0, 9.0]), 1.1269280),
            (([0.3, 0.1, 0.1, 0.1, 0.2, 0.2], [1.0, 0.0, -1.0, 2.0, -3.0, 0.5]), 1.0118451),
        ],
        hints=[
            (
                lambda q, l: sum(softplus(-np.array(l))) / len(q),
                "모든 면을 똑같이 평균했습니다. 위조범의 확률 q를 무게로 곱해 봅시다.",
            ),
            (lambda q, l: np.dot(q, softplus(np.array(l))), "-log(1 - D)를 계산했습니다. -log D = softplus(-l)입니다."),
            (
                lambda q, l: -np.dot(q, softplus(np.array(l))),
                "포화 손실 log(1 - D)를 계산했습니다. 비포화 손실은 softplus(-l)입니다.",
            ),
        ],
    ),
}
