"""모델. 판별자와 분류기는 확률이 아니라 로짓을 돌려줍니다."""

from itertools import pairwise

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ganlib.train import check_batch


def pick_device():
    """쓸 장치를 고릅니다. CUDA GPU, 애플 GPU(MPS), CPU의 차례로 있는 것을 씁니다."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def mlp(*sizes):
    """ReLU를 쓰는 완전 연결 신경망을 만듭니다. 예: `mlp(1, 32, 32, 1)`.

    Args:
        *sizes: 층마다의 폭. 처음이 입력, 마지막이 출력입니다.

    Returns:
        `nn.Sequential`. 입력 N×sizes[0], 출력 N×sizes[-1]. 마지막 층 뒤에는 활성화가 없습니다.
    """
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
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


def averaged(G, decay=0.995):
    """G의 가중치를 스텝마다 지수 이동 평균으로 모으는 복사본을 만듭니다(Yazıcı 외, 2019).

    스텝마다 `G_avg.update_parameters(G)`를 부릅니다. 배치 정규화의 통계도 함께 평균합니다.

    Args:
        G: 생성자.
        decay: 스텝마다 옛 평균을 남기는 비율. 0.995이면 최근 200스텝쯤을 평균합니다.

    Returns:
        평가 모드의 `torch.optim.swa_utils.AveragedModel`. G처럼 부르며, 평균한 생성자는 `.module`에 있습니다.
    """
    return AveragedModel(G, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True).eval()


@torch.no_grad()
def in_batches(function, x, batch_size=500):
    """큰 묶음 `x`를 나누어 `function`에 넣고 결과를 이어 붙입니다. 기울기는 계산하지 않습니다.

    Args:
        function: 텐서를 받아 같은 길이의 텐서를 돌려주는 함수나 모델.
        x: 모양 N×….
        batch_size: 한 번에 넣을 개수.

    Returns:
        모양 N×…인 텐서.
    """
    check_batch(x, "x")
    return torch.cat([function(part) for part in x.split(batch_size)])


def paint(G, z):
    """z마다 그림을 그려 CPU로 가져옵니다. 기울기는 계산하지 않습니다.

    Args:
        G: 생성자.
        z: 잠재 벡터, 모양 N×K.

    Returns:
        그림, 모양 N×1×28×28.
    """
    return in_batches(G, z.to(next(G.parameters()).device)).cpu()


def principal_directions(G):
    """생성자의 첫 층이 크게 늘이는 방향을 공식으로 구합니다(SeFa: Shen과 Zhou, 2021).

    첫 완전 연결층의 가중치가 A이면, |An|이 큰 단위 벡터 n은 AᵀA의 고유벡터입니다. 뒤따르는 층은 보지 않습니다.

    Args:
        G: 생성자. 첫 `nn.Linear`가 z(K차원)를 받아야 합니다.

    Returns:
        float32 텐서, 모양 K×K. 행마다 방향 하나이며, 서로 수직이고 길이는 1입니다. 크게 늘이는 방향이 먼저입니다.

    Raises:
        ValueError: 가중치에 NaN이나 무한대가 있을 때.
    """
    weight = next(layer for layer in G.modules() if isinstance(layer, nn.Linear)).weight.detach().cpu().double()
    if not weight.isfinite().all():
        raise ValueError("생성자의 첫 층에 NaN이나 무한대가 있습니다. 모델을 만드는 셀부터 다시 실행해 봅시다.")
    directions = torch.linalg.eigh(weight.T @ weight).eigenvectors.T.flip(0)
    # n과 −n은 같은 답이므로, 가장 큰 성분이 양수인 쪽을 고릅니다.
    largest = directions.gather(1, directions.abs().argmax(dim=1, keepdim=True))
    return (directions * largest.sign()).float()


def start_small(layer):
    """가중치를 N(0, 0.02²)에서 시작합니다(Radford 외, 2016, 4절). `model.apply(start_small)`로 씁니다."""
    if isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, std=0.02)


def check_shape(x, shape, name):
    """`x`가 N×`shape` 모양이 아니면 무엇이 다른지 말하며 멈춥니다."""
    if tuple(x.shape[1:]) != shape:
        expected = "×".join(map(str, ("N", *shape)))
        raise ValueError(f"{name}의 모양은 {expected}여야 합니다(받은 모양: {tuple(x.shape)}).")
