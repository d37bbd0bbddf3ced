"""08차시의 기록: 2014년 논문과 같은 모양의 완전 연결 생성자(100–1200–1200–784).

`python -m tools.record parzen_gan --seed S`가 부릅니다. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.

생성자의 모양, z의 분포, 판별자의 맥스아웃 층, 비포화 손실, 한 라운드에 한 번씩(k = 1)은 논문과 공개된 코드를 따릅니다.
논문의 SGD와 드롭아웃으로는 코어 2개에서 알맞은 시간 안에 배우지 못하여 세 가지를 바꾸었습니다. 옵티마이저는 Adam이고,
생성자는 배치 정규화를 두고 학습한 뒤에 접으며, 판별자는 드롭아웃 대신 잡음을 더한 그림을 봅니다.
가중치는 오래 평균합니다. 평균하지 않은 가중치로는 파르젠 추정이 50내트 넘게 낮습니다.
"""

import math

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_linear_bn_eval
from torch.optim.swa_utils import AveragedModel

from ganlib import data
from ganlib.train import averaged, d_loss, g_loss

IMAGES = 50_000  # 논문대로 앞의 50,000장으로 학습합니다. 남은 10,000장은 검증용입니다.
BATCH, STEPS = 64, 25_000
KEEP_EVERY, KEEP_FROM = 1000, 6000  # 1,000스텝마다의 생성자를 6,000스텝부터 고르게 평균합니다.
NOISE = 0.3  # 판별자가 보는 그림에 더하는 잡음의 표준편차. 픽셀은 0부터 1까지입니다.


class Maxout(nn.Module):
    """선형 함수 `pieces`개 가운데 가장 큰 값을 내는 층입니다(Goodfellow 외, 2013)."""

    def __init__(self, inputs, outputs, pieces):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs * pieces)
        self.pieces = pieces

    def forward(self, x):
        return self.linear(x).unflatten(1, (-1, self.pieces)).amax(dim=2)


def make_generator():
    """학습할 때의 생성자. `fold`가 논문과 같은 모양으로 접습니다."""
    G = nn.Sequential(
        nn.Linear(100, 1200),
        nn.BatchNorm1d(1200),
        nn.ReLU(),
        nn.Linear(1200, 1200),
        nn.BatchNorm1d(1200),
        nn.ReLU(),
        nn.Linear(1200, 784),
        nn.Sigmoid(),
    )
    for layer in G:
        if isinstance(layer, nn.Linear):
            nn.init.uniform_(layer.weight, -0.05, 0.05)
            nn.init.zeros_(layer.bias)
    return G


def fold(G):
    """배치 정규화를 앞의 완전 연결층에 접어 `nn.Sequential(*mlp(100, 1200, 1200, 784), nn.Sigmoid())`로 만듭니다."""
    first, norm1, relu, second, norm2, _, last, sigmoid = G.eval()
    return nn.Sequential(
        fuse_linear_bn_eval(first, norm1), relu, fuse_linear_bn_eval(second, norm2), nn.ReLU(), last, sigmoid
    )


def make_noise(count, generator):
    """생성자에 넣을 z. 공개된 코드대로 [−√3, √3]에서 고르게 뽑으므로 분산이 1입니다."""
    return (torch.rand(count, 100, generator=generator) * 2 - 1) * math.sqrt(3)


def train(seed, steps):
    """`steps`스텝 학습하고, 가중치를 평균한 생성자를 돌려줍니다."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    images = data.load_mnist("train")[0][:IMAGES].flatten(1)
    G = make_generator()
    D = nn.Sequential(Maxout(784, 240, 5), Maxout(240, 240, 5), nn.Linear(240, 1))
    G_avg = averaged(G, decay=0.9995)
    kept = AveragedModel(G_avg.module, use_buffers=True)
    opt_G = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.0, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.0, 0.99), fused=True)
    for step in range(1, steps + 1):
        real = images[torch.randint(IMAGES, (BATCH,), generator=rng)] / 255
        with torch.autocast("cpu", torch.bfloat16):
            fake = G(make_noise(BATCH, rng))
            seen = torch.cat([real, fake])
            real_logits, fake_logits = D(seen + NOISE * torch.randn(seen.shape, generator=rng)).float().chunk(2)
        # 공개된 코드처럼 둘을 같은 자리에서 한꺼번에 갱신합니다.
        gradients_D = torch.autograd.grad(d_loss(real_logits, fake_logits), list(D.parameters()), retain_graph=True)
        gradients_G = torch.autograd.grad(g_loss(fake_logits), list(G.parameters()))
        for net, optimizer, gradients in ((D, opt_D, gradients_D), (G, opt_G, gradients_G)):
            for weight, gradient in zip(net.parameters(), gradients, strict=True):
                weight.grad = gradient
            optimizer.step()
        G_avg.update_parameters(G)
        if step % KEEP_EVERY == 0:
            print(f"{step:,}스텝", flush=True)
            if step >= KEEP_FROM:
                kept.update_parameters(G_avg.module)
    return kept.module


def parzen_gan(seed):
    """논문과 같은 모양의 생성자를 학습합니다. 약 12분. 파일이 작도록 가중치를 float16으로 저장합니다."""
    G = fold(train(seed, STEPS))
    return {"weights/parzen_generator.safetensors": data.pack_weights(G.half())}


RECORDS = {"parzen_gan": parzen_gan}
