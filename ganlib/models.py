"""모델. 판별자와 분류기는 확률이 아니라 로짓을 돌려줍니다."""

from itertools import pairwise

import torch
from torch import nn


def mlp(*sizes, activation=nn.ReLU):
    """완전 연결 신경망을 만듭니다. `sizes`는 층마다의 폭이며, 마지막 층 뒤에는 활성화가 없습니다.

    예: `mlp(1, 32, 32, 1)`은 N×1을 받아 N×1을 돌려줍니다. `activation`은 인자 없이 부르는 활성화 층의 클래스입니다.
    """
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers[:-1])


class ConvGenerator(nn.Module):
    """잠재 벡터를 28×28 그림으로 바꾸는 합성곱 생성자입니다.

    Radford 외(2016)의 지침을 따르되, 은닉 완전 연결층 하나를 둡니다.

    입력 z: 모양 N×z_dim. 출력: 모양 N×1×28×28, 범위 (−1, 1).
    모양이 틀리면 ValueError를 냅니다.
    """

    def __init__(self, z_dim=16, channels=16, hidden=256):
        super().__init__()
        self.z_dim = z_dim
        self.layers = nn.Sequential(
            nn.Linear(z_dim, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, 2 * channels * 7 * 7, bias=False),
            nn.Unflatten(1, (2 * channels, 7, 7)),
            nn.BatchNorm2d(2 * channels),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * channels, channels, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )
        self.apply(start_small)

    def forward(self, z):
        check_shape(z, (self.z_dim,), "z")
        return self.layers(z)


class ConvDiscriminator(nn.Module):
    """28×28 그림이 진짜인지 판별하는 합성곱 판별자입니다.

    입력 x: 모양 N×1×28×28. 출력: 로짓, 모양 N×1. 모양이 틀리면 ValueError를 냅니다.
    """

    def __init__(self, channels=16, hidden=256):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, channels, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, 2 * channels, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * channels),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * channels * 7 * 7, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1),
        )
        self.apply(start_small)

    def forward(self, x):
        check_shape(x, (1, 28, 28), "x")
        return self.layers(x)


class DigitClassifier(nn.Module):
    """손글씨 숫자를 가려내는 작은 합성곱 분류기입니다. GAN이 그린 숫자를 세고 재는 데 씁니다.

    입력 x: 모양 N×1×28×28, 범위 [−1, 1]. 출력: 로짓, 모양 N×10. 모양이 틀리면 ValueError를 냅니다.
    """

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 64),
            nn.ReLU(),
        )
        self.head = nn.Linear(64, 10)

    def features(self, x):
        """마지막 층에 들어가기 직전의 특징을 돌려줍니다. 모양 N×64."""
        check_shape(x, (1, 28, 28), "x")
        return self.body(x)

    def forward(self, x):
        return self.head(self.features(x))


class HangulGenerator(nn.Module):
    """잠재 벡터와 조건(`hangul.parts`)으로 음절 그림을 그리는 합성곱 생성자입니다.

    입력 z: 모양 N×8. y: 모양 N×69. 출력: 모양 N×1×32×32, 범위 (−1, 1). 모양이 틀리면 ValueError를 냅니다.
    """

    def __init__(self, z_dim=8, channels=32, hidden=192):
        super().__init__()
        self.z_dim = z_dim
        self.layers = nn.Sequential(
            nn.Linear(z_dim + 69, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, 2 * channels * 8 * 8, bias=False),
            nn.Unflatten(1, (2 * channels, 8, 8)),
            nn.BatchNorm2d(2 * channels),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * channels, channels, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )
        self.apply(start_small)

    def forward(self, z, y):
        check_shape(z, (self.z_dim,), "z")
        check_shape(y, (69,), "y")
        return self.layers(torch.cat([z, y], dim=1))


class HangulDiscriminator(nn.Module):
    """32×32 그림과 조건이 어울리는 진짜인지 판별합니다. 로짓은 ψ(φ(x)) + ⟨e_초성 + e_중성 + e_종성 + …, φ(x)⟩입니다.

    입력 x: 모양 N×1×32×32. y: 모양 N×69. 출력: 로짓, 모양 N×1. 모양이 틀리면 ValueError를 냅니다.
    """

    def __init__(self, channels=16, hidden=256):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, channels, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, 2 * channels, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * channels),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * channels * 8 * 8, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.LeakyReLU(0.2),
        )
        self.last = nn.Linear(hidden, 1)
        self.embedding = nn.Linear(69, hidden, bias=False)  # 원-핫을 넣으므로 자모마다 둔 임베딩의 합입니다
        self.apply(start_small)

    def forward(self, x, y):
        check_shape(x, (1, 32, 32), "x")
        check_shape(y, (69,), "y")
        features = self.body(x)
        return self.last(features) + (self.embedding(y) * features).sum(dim=1, keepdim=True)


class HangulReader(nn.Module):
    """한글 음절을 읽는 합성곱 신경망입니다. 진짜 글꼴 그림으로만 배웠고, GAN의 그림은 본 적이 없습니다.

    입력 x: 모양 N×1×32×32, 범위 [−1, 1]. 출력: 초성 19, 중성 21, 종성 28의 로짓, 모양 N×68.
    모양이 틀리면 ValueError를 냅니다.
    """

    def __init__(self):
        super().__init__()
        layers = []
        for inputs, outputs in pairwise((1, 24, 48, 96)):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            layers += [nn.MaxPool2d(2)]
        layers += [nn.Flatten(), nn.Linear(96 * 4 * 4, 192), nn.BatchNorm1d(192), nn.ReLU(), nn.Linear(192, 68)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        check_shape(x, (1, 32, 32), "x")
        return self.layers(x)


def start_small(layer):
    """가중치를 N(0, 0.02²)에서 시작합니다(Radford 외, 2016, 4절). `model.apply(start_small)`로 씁니다."""
    if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, std=0.02)


def check_shape(x, shape, name):
    """`x`가 N×`shape` 모양이 아니면 무엇이 다른지 말하며 멈춥니다."""
    if tuple(x.shape[1:]) != shape:
        expected = "×".join(map(str, ("N", *shape)))
        raise ValueError(f"{name}의 모양은 {expected}여야 합니다(받은 모양: {tuple(x.shape)}).")
