"""09차시의 문제."""

import math

import numpy as np
import torch

from ganlib.exercise import Key


def elbo(x, m, s):
    kl = (m**2 + s**2 - 1) / 2 - np.log(s)
    fit = -math.log(2 * math.pi) / 2 - ((x - 2 * m) ** 2 + 4 * s**2) / 2
    return fit - kl


def elbo_with(square):
    """제곱의 평균을 잘못 구한 오답."""

    def wrong(x, m, s):
        kl = (m**2 + s**2 - 1) / 2 - np.log(s)
        return -math.log(2 * math.pi) / 2 - square(x, m, s) / 2 - kl

    return wrong


def draw_z(mean, log_var):
    noise = torch.randn_like(mean)
    return mean + (log_var / 2).exp() * noise


def with_slopes(function, mean, log_var):
    """뽑은 z와, z의 합을 두 인자로 미분한 기울기를 돌려줍니다."""
    mean.requires_grad_(), log_var.requires_grad_()
    z = function(mean, log_var)
    if z is None:
        return None
    slopes = [None, None]
    if z.requires_grad:
        slopes = torch.autograd.grad(z.sum(), [mean, log_var], allow_unused=True)
    return [z.detach(), *slopes]


def draw_z_with(sigma):
    """표준편차를 잘못 구한 오답."""

    def wrong(mean, log_var):
        noise = torch.randn_like(mean)
        return mean + sigma(log_var) * noise

    return wrong


def cut_off(mean, log_var):
    noise = torch.randn_like(mean)
    return (mean + (log_var / 2).exp() * noise).detach()


def only_mean(mean, log_var):
    return mean


def look_back(n):
    return torch.ones(n, n).tril(-1)


def kl_normals(m1, s1, m2, s2):
    return math.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5


def slope(df, m, s, noise):
    return df(m + s * noise).mean()


def best_q(x, W, s):
    M = W.T @ W + s**2 * torch.eye(W.shape[1])
    return torch.linalg.solve(M, W.T @ x), s**2 * torch.linalg.inv(M)


def bits_per_pixel(nats):
    return nats / 784 / math.log(2)


def new_order():
    return torch.arange(784).view(28, 28).T.flatten()


def inspect_order(function):
    """(784개인지, 빠짐없이 한 번씩인지, 처음의 순서와 다른지)를 돌려줍니다."""
    order = function()
    if order is None:
        return None
    order = torch.as_tensor(order).flatten()
    if len(order) != 784:
        return [False, False, False]
    return [True, sorted(order.tolist()) == list(range(784)), order.tolist() != list(range(784))]


dice = torch.Generator().manual_seed(9)
means, log_vars = torch.randn(4, 3, generator=dice), torch.randn(4, 3, generator=dice)
noise = torch.randn(50, generator=dice)
W = torch.randn(5, 2, generator=dice)
shown = torch.randn(5, generator=dice)

KEYS = {
    "09.elbo": Key(
        elbo,
        cases=[((2.5, 1.0, 0.5), ...), ((0.0, -1.0, 2.0), ...), ((1.0, 0.3, 0.1), ...)],
        hints=[
            (elbo_with(lambda x, m, s: (x - 2 * m) ** 2), "제곱의 평균에는 분산도 더합니다. 2z의 분산은 얼마일까요?"),
            (elbo_with(lambda x, m, s: (x - 2 * m) ** 2 + s**2), "s²은 z의 분산입니다. 2z의 분산은 그 네 배입니다."),
            (
                elbo_with(lambda x, m, s: (x - 2 * m) ** 2 + 2 * s**2),
                "분산은 배율의 제곱으로 커집니다. 2z는 4s²입니다.",
            ),
            (elbo_with(lambda x, m, s: (x - m) ** 2 + s**2), "x − z가 아니라 x − 2z의 제곱입니다."),
        ],
    ),
    "09.draw_z": Key(
        draw_z,
        cases=[((means, log_vars), ...), ((means, 0 * log_vars), ...)],
        hints=[
            (draw_z_with(lambda v: v), "log_var는 분산의 로그입니다. 먼저 표준편차로 바꿉니다."),
            (
                draw_z_with(lambda v: v.exp()),
                "exp(log_var)는 분산입니다. 표준편차는 그 제곱근입니다.",
            ),
            (cut_off, "값은 맞지만 기울기가 끊겼습니다. detach나 no_grad를 빼야 인코더가 배웁니다."),
            (only_mean, "평균을 그대로 돌려주었습니다. 표준편차에 noise를 곱해 더합니다."),
        ],
        run=with_slopes,
    ),
    "09.look_back": Key(
        look_back,
        cases=[((1,), ...), ((3,), ...), ((6,), ...)],
        hints=[
            (lambda n: torch.ones(n, n).tril(), "대각선이 남았습니다. 자기 자신을 보고 자기를 맞히게 됩니다."),
            (lambda n: torch.ones(n, n).triu(1), "거꾸로 뒤의 픽셀만 보게 됩니다. i행에서 j < i인 곳이 1입니다."),
            (lambda n: torch.ones(n, n), "모든 픽셀을 보게 됩니다. 앞의 픽셀만 남깁니다."),
            (lambda n: torch.ones(n, n).tril(-2), "바로 앞의 픽셀도 보아야 합니다. 대각선만 뺍니다."),
        ],
    ),
    "09.1": Key(
        kl_normals,
        cases=[((0.0, 1.0, 0.0, 1.0), 0.0), ((1.0, 0.5, 0.0, 1.0), ...), ((0.0, 2.0, 3.0, 0.5), ...)],
        hints=[
            (
                lambda m1, s1, m2, s2: kl_normals(m2, s2, m1, s1),
                "순서가 바뀌었습니다. 평균은 앞의 분포로 냅니다.",
            ),
            (
                lambda m1, s1, m2, s2: math.log(s2 / s1) + (m1 - m2) ** 2 / (2 * s2**2) - 0.5,
                "(z − m₂)²의 평균에는 앞의 분포의 분산 s₁²도 들어갑니다.",
            ),
            (
                lambda m1, s1, m2, s2: math.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2),
                "(z − m₁)²/(2s₁²)의 평균인 1/2을 빼지 않았습니다.",
            ),
            (
                lambda m1, s1, m2, s2: math.log(s1 / s2) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5,
                "로그의 부호가 반대입니다. log q에는 −log s₁, log p에는 −log s₂가 있습니다.",
            ),
        ],
    ),
    "09.2": Key(
        slope,
        cases=[((torch.cos, 0.3, 0.5, noise), ...), ((lambda z: 2 * z, -1.0, 2.0, noise), ...)],
        hints=[
            (lambda df, m, s, noise: df(torch.tensor(m)), "m에서만 쟀습니다. z = m + s·noise마다 재어 평균합니다."),
            (lambda df, m, s, noise: (df(m + s * noise) * noise).mean(), "noise를 곱하면 s로 미분한 값입니다."),
            (lambda df, m, s, noise: df(m + noise).mean(), "noise에 s를 곱해야 표준편차가 s가 됩니다."),
            (lambda df, m, s, noise: df(m + s * noise).sum(), "기댓값이므로 더하지 않고 평균합니다."),
        ],
    ),
    "09.3": Key(
        best_q,
        cases=[((shown, W, 1.0), ...), ((2 * shown, W, 0.5), ...), ((shown, 2 * W, 0.1), ...)],
        hints=[
            (
                lambda x, W, s: (torch.linalg.solve(W.T @ W, W.T @ x), s**2 * torch.linalg.inv(W.T @ W)),
                "사전분포를 빠뜨렸습니다. M에는 s²I도 더합니다.",
            ),
            (
                lambda x, W, s: (best_q(x, W, s)[0], torch.linalg.inv(W.T @ W + s**2 * torch.eye(W.shape[1]))),
                "평균은 맞습니다. 공분산은 M의 역행렬에 s²을 곱합니다.",
            ),
        ],
    ),
    "09.4": Key(
        bits_per_pixel,
        cases=[((784 * math.log(2),), 1.0), ((100.0,), ...)],
        hints=[
            (lambda nats: nats / 784, "픽셀마다의 내트입니다. 1비트는 log 2내트입니다."),
            (lambda nats: nats / math.log(2), "그림 한 장의 비트입니다. 픽셀 784개로 나눕니다."),
            (
                lambda nats: nats / 784 * math.log(2),
                "1비트가 log 2 ≈ 0.69내트입니다. 곱하지 않고 나눕니다.",
            ),
        ],
    ),
    "09.5": Key(
        new_order,
        cases=[((), [True, True, True])],
        hints=[
            (lambda: torch.arange(784), "처음의 순서 그대로입니다. 다른 순서를 만들어 봅시다."),
            (lambda: torch.randint(784, (784,)), "빠진 픽셀이 있습니다. 784개가 빠짐없이 한 번씩 나와야 합니다."),
            (lambda: torch.arange(28), "784개여야 합니다. 28×28을 펴 봅시다."),
        ],
        run=inspect_order,
    ),
}
