"""10차시의 기록: 판별자에 배치 정규화가 없을 때의 모드 붕괴와, 벌점과 짝짓기로 고친 결과.

`python -m tools.record NAME --seed S`가 부릅니다. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.
걸리는 시간은 함수마다 적어 둡니다(CPU 코어 하나, 다른 일이 없을 때).
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import data, models
from ganlib.train import averaged, d_loss, g_loss
from tools.records import lesson_05

Z_DIM, BATCH, STEPS = 16, 64, 3000
RATE_D, RATE_G = 1e-3, 4e-3  # 05차시의 학습률
STRENGTH = 10.0


def without_norm(D):
    """배치 정규화 층을 뺀 판별자. 나머지 층과 초기 가중치는 그대로입니다."""
    return nn.Sequential(*[layer for layer in D.layers if not isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d))])


def slope_penalty(logits, x):
    """그림마다 잰 로짓의 기울기의 제곱, 그 평균."""
    slope = torch.autograd.grad(logits.sum(), x, create_graph=True)[0]
    return slope.flatten(1).square().sum(dim=1).mean()


def penalised_d_step(G, D, optimizer, real, z, strength, paired):
    """판별자를 한 스텝 학습합니다. `strength`로 R1과 R2 벌점을 주고, `paired`이면 진짜와 가짜를 짝지어 견줍니다."""
    real, fake = real.requires_grad_(), G(z).detach().requires_grad_()
    real_logits, fake_logits = D(real), D(fake)
    loss = F.softplus(fake_logits - real_logits).mean() if paired else d_loss(real_logits, fake_logits)
    if strength:
        loss = loss + strength / 2 * slope_penalty(real_logits, real)  # R1
        loss = loss + strength / 2 * slope_penalty(fake_logits, fake)  # R2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def paired_g_step(G, D, optimizer, real, z, paired):
    """생성자를 한 스텝 학습합니다. `paired`이면 가짜의 로짓이 짝지은 진짜의 로짓보다 크도록 배웁니다."""
    fake_logits = D(G(z))
    if paired:
        with torch.no_grad():
            real_logits = D(real)
        loss = F.softplus(real_logits - fake_logits).mean()
    else:
        loss = g_loss(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


# 이름: (판별자의 초기 가중치가 PyTorch의 기본값인지, R1과 R2의 세기, 짝짓기). 판별자에는 모두 배치 정규화가 없습니다.
CONDITIONS = {
    "배치 정규화 없음": (False, 0.0, False),
    "없음, PyTorch의 초기 가중치": (True, 0.0, False),
    "없음, 짝짓기": (False, 0.0, True),
    "없음, R1과 R2": (False, STRENGTH, False),
    "없음, R1과 R2와 짝짓기": (False, STRENGTH, True),
}
RESCUED = "없음, R1과 R2와 짝짓기"


def rescue_run(condition, images, seed):
    """조건 하나를 학습하고 (프레셰 거리, 숫자마다의 비율, 처음 64장)과 평균한 생성자를 돌려줍니다."""
    default_start, strength, paired = condition
    torch.manual_seed(seed)
    G, D = models.ConvGenerator(), without_norm(models.ConvDiscriminator())
    if default_start:
        for layer in D.modules():
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
    rng = torch.Generator().manual_seed(seed)
    G_avg = averaged(G)
    opt_G = torch.optim.Adam(G.parameters(), betas=(0.0, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), betas=(0.0, 0.99), fused=True)

    def noise():
        return torch.randn(BATCH, Z_DIM, generator=rng)

    for step in range(STEPS):
        slower = min(1, 3 * (1 - step / STEPS))  # 05차시처럼 마지막 3분의 1 동안 0까지 줄입니다
        opt_G.param_groups[0]["lr"] = RATE_G * slower
        opt_D.param_groups[0]["lr"] = RATE_D * slower
        real = data.scale(images[torch.randint(len(images), (BATCH,), generator=rng)])
        penalised_d_step(G, D, opt_D, real, noise(), strength, paired)
        paired_g_step(G, D, opt_G, real.detach(), noise(), paired)
        G_avg.update_parameters(G)
    return lesson_05.measure(G_avg, seed), G_avg.module


def rescue(seed):
    """다섯 조건을 시드 셋으로 견주고, 고친 생성자(첫 시드)의 가중치를 남깁니다. 약 33분."""
    images, _ = data.load_mnist("train")
    runs = [[rescue_run(condition, images, seed + i) for i in range(3)] for condition in CONDITIONS.values()]
    rescued = runs[list(CONDITIONS).index(RESCUED)][0][1]
    return {
        "recorded/rescue.npz": data.pack_arrays(
            names=np.array(list(CONDITIONS)),
            steps=STEPS,
            strength=STRENGTH,
            fid=np.array([[fid for (fid, _, _), _ in row] for row in runs]),
            shares=np.array([[shares for (_, shares, _), _ in row] for row in runs]),
            images=np.stack([row[0][0][2][:32] for row in runs]),
        ),
        "weights/rescued_generator.safetensors": data.pack_weights(rescued),
    }


RECORDS = {"rescue": rescue}
