"""05차시의 문제."""

import torch
from torch import nn

from ganlib import models
from ganlib.exercise import Key


def missing_digits(digits):
    seen = set(digits.tolist())
    return [d for d in range(10) if d not in seen]


def upsampled_size(size, kernel, stride, padding):
    return (size - 1) * stride + kernel - 2 * padding


def generator_size(z_dim):
    dense = z_dim * 256 + 256 * (32 * 7 * 7)
    transposed = 32 * 16 * 4 * 4 + (16 * 1 * 4 * 4 + 1)
    batch_norms = 2 * (256 + 32 + 16)
    return dense + transposed + batch_norms


def real_size(z_dim):
    return sum(weight.numel() for weight in models.ConvGenerator(z_dim).parameters())


def without_batch_norm(model):
    batch_norms = (nn.BatchNorm1d, nn.BatchNorm2d)
    kept = [layer for layer in model.layers if not isinstance(layer, batch_norms)]
    return nn.Sequential(*kept)


kept_in_G = "Linear ReLU Linear Unflatten ReLU ConvTranspose2d ReLU ConvTranspose2d Tanh".split()


kept_in_D = "Conv2d LeakyReLU Conv2d LeakyReLU Flatten Linear LeakyReLU Linear".split()


KEYS = {
    "05.1": Key(
        missing_digits,
        cases=[
            ((torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),), []),
            ((torch.tensor([3, 3, 3, 1]),), [0, 2, 4, 5, 6, 7, 8, 9]),
            ((torch.arange(9),), [9]),
        ],
        hints=[
            (
                lambda digits: sorted(set(digits.tolist())),
                "나온 숫자를 돌려주었습니다. 나오지 않은 숫자를 찾아야 합니다.",
            ),
            (
                lambda digits: [d for d in range(max(digits.tolist())) if d not in digits.tolist()],
                "가장 큰 숫자까지만 살펴보았습니다. 0부터 9까지 모두 살펴봅시다.",
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
