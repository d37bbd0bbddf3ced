"""05차시의 문제."""

from types import SimpleNamespace

import numpy as np
import torch
from torch import nn

from ganlib import models
from ganlib.exercise import Key
from ganlib.train import d_step, g_step


def one_round(game):
    judged = d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    loss_G = g_step(game.G, game.D, game.opt_G, game.noise())
    return *judged, loss_G


def copied_share(neighbors, used):
    return np.isin(neighbors, used).mean()


def missing_digits(digits):
    counts = digits.bincount(minlength=10)
    return [d for d in range(10) if counts[d] < 0.05 * len(digits)]


def upsampled_size(size, kernel, stride, padding):
    return (size - 1) * stride + kernel - 2 * padding


def generator_size(z_dim):
    dense = z_dim * 256 + 256 * (32 * 7 * 7)
    transposed = 32 * 16 * 4 * 4 + (16 * 1 * 4 * 4 + 1)
    batch_norms = 2 * (256 + 32 + 16)
    return dense + transposed + batch_norms


def without_batch_norm(model):
    batch_norms = (nn.BatchNorm1d, nn.BatchNorm2d)
    kept = [layer for layer in model.layers if not isinstance(layer, batch_norms)]
    return nn.Sequential(*kept)


def play_once(function, seed):
    """작은 게임에서 한 라운드를 하고, 돌려준 값과 두 신경망의 가중치를 늘어놓습니다."""
    torch.manual_seed(seed)
    G, D = nn.Linear(2, 3), nn.Linear(3, 1)
    game = SimpleNamespace(
        G=G,
        D=D,
        opt_G=torch.optim.SGD(G.parameters(), lr=0.5),
        opt_D=torch.optim.SGD(D.parameters(), lr=0.5),
        real=lambda count=8: torch.randn(count, 3) + 1,
        noise=lambda count=8: torch.randn(count, 2),
    )
    returned = function(game)
    return returned and [*returned, *G.weight.flatten().tolist(), *D.weight.flatten().tolist()]


def generator_first(game):
    loss_G = g_step(game.G, game.D, game.opt_G, game.noise())
    judged = d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    return *judged, loss_G


def exchanged_optimizers(game):
    judged = d_step(game.G, game.D, game.opt_G, game.real(), game.noise())
    loss_G = g_step(game.G, game.D, game.opt_D, game.noise())
    return *judged, loss_G


def same_noise(game):
    real, z = game.real(), game.noise()
    return *d_step(game.G, game.D, game.opt_D, real, z), g_step(game.G, game.D, game.opt_G, z)


def real_size(z_dim):
    return sum(weight.numel() for weight in models.ConvGenerator(z_dim).parameters())


kept_in_G = "Linear ReLU Linear Unflatten ReLU ConvTranspose2d ReLU ConvTranspose2d Tanh".split()


kept_in_D = "Conv2d LeakyReLU Conv2d LeakyReLU Flatten Linear LeakyReLU Linear".split()


KEYS = {
    "05.one_round": Key(
        one_round,
        cases=[((0,), ...), ((1,), ...)],
        hints=[
            (generator_first, "생성자가 먼저 학습했습니다. 판별자가 먼저입니다."),
            (exchanged_optimizers, "옵티마이저가 바뀌었습니다. d_step은 game.opt_D를, g_step은 game.opt_G를 씁니다."),
            (same_noise, "두 스텝에 같은 잡음을 썼습니다. game.noise()를 스텝마다 새로 부릅니다."),
        ],
        run=play_once,
    ),
    "05.copied_share": Key(
        copied_share,
        cases=[
            ((np.array([4, 7, 4, 100]), np.array([4, 9])), 0.5),
            ((np.array([50, 60, 70, 80, 90]), np.array([90, 3, 50, 70])), 0.6),
            ((np.array([31, 0, 33]), np.array([5, 6, 7, 8])), 0.0),
        ],
        hints=[
            (
                lambda neighbors, used: np.isin(used, neighbors).mean(),
                "학습에 쓴 그림 가운데 이웃이 된 것의 비율입니다. np.isin의 두 인자를 바꾸어 봅시다.",
            ),
            (
                lambda neighbors, used: np.isin(neighbors, used).sum(),
                "비율이 아니라 개수입니다.",
            ),
            (
                lambda neighbors, used: (neighbors < len(used)).mean(),
                "학습에 쓴 그림이 늘 파일의 앞에 있는 것은 아닙니다. 번호가 used에 들어 있는지 봅시다.",
            ),
        ],
    ),
    "05.1": Key(
        missing_digits,
        cases=[
            ((torch.arange(10).repeat(10),), []),
            ((torch.tensor([3, 3, 3, 1]),), [0, 2, 4, 5, 6, 7, 8, 9]),
            ((torch.cat([torch.arange(9).repeat(20), torch.tensor([9])]),), [9]),
        ],
        hints=[
            (
                lambda digits: [d for d in range(10) if digits.bincount(minlength=10)[d] >= 0.05 * len(digits)],
                "나온 숫자를 돌려주었습니다. 빠진 숫자를 찾아야 합니다.",
            ),
            (
                lambda digits: [d for d in range(10) if d not in digits.tolist()],
                "한 번도 나오지 않은 숫자만 찾았습니다. 5%보다 드문 숫자도 빠진 것으로 칩니다.",
            ),
            (
                lambda digits: [d for d, count in enumerate(digits.bincount()) if count < 0.05 * len(digits)],
                "가장 큰 숫자까지만 살펴보았습니다. minlength=10을 넣어 봅시다.",
            ),
        ],
    ),
    "05.2": Key(
        upsampled_size,
        cases=[((2, 4, 2, 0), 6), ((7, 4, 2, 1), 14), ((14, 4, 2, 1), 28), ((5, 3, 1, 1), 5)],
        hints=[
            (
                lambda size, kernel, stride, padding: size * stride + kernel - 2 * padding,
                "도장이 size개이면 간격은 몇 개일까요?",
            ),
            (
                lambda size, kernel, stride, padding: (size - 1) * stride + kernel - padding,
                "가장자리는 양쪽에서 잘라 냅니다.",
            ),
            (
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride + 1,
                "합성곱의 공식입니다. 전치 합성곱은 그 반대입니다.",
            ),
        ],
    ),
    "05.3": Key(
        generator_size,
        cases=[((2,), real_size(2)), ((16,), real_size(16)), ((100,), real_size(100))],
        hints=[
            (
                lambda z_dim: z_dim * 256 + 256 * 1568 + 32 * 16 * 16 + 16 * 16 + 1,
                "배치 정규화 세 층의 배율과 이동을 빠뜨렸습니다.",
            ),
            (
                lambda z_dim: z_dim * 256 + 256 * 1568 + 32 * 16 * 16 + 16 * 16 + 2 * (256 + 32 + 16),
                "마지막 전치 합성곱에는 편향이 하나 있습니다.",
            ),
        ],
    ),
    "05.4": Key(
        without_batch_norm,
        cases=[
            ((models.ConvGenerator(),), kept_in_G),
            ((models.ConvDiscriminator(),), kept_in_D),
        ],
        hints=[
            (lambda model: list(model.layers), "아직 모든 층이 그대로 남아 있습니다."),
            (
                lambda model: [layer for layer in model.layers if type(layer) is not nn.BatchNorm2d],
                "판별자에는 BatchNorm1d도 있습니다.",
            ),
        ],
        run=lambda function, model: [type(layer).__name__ for layer in function(model)],
    ),
}
