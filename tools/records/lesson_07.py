"""07차시의 기록: 고리에서 설정을 하나씩 바꾼 결과, 고장 난 GAN 다섯의 곡선, 두 자리 숫자의 GAN.

`python -m tools.record NAME --seed S`가 부릅니다. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.
걸리는 시간은 함수마다 적어 둡니다(CPU 코어 하나, 다른 일이 없을 때).
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import data, models
from ganlib.models import mlp, start_small
from ganlib.sampling import in_batches, paint
from ganlib.train import averaged, d_loss, d_step, g_step

ANGLES = torch.arange(8) * 2 * math.pi / 8
CENTERS = 2 * torch.stack([ANGLES.cos(), ANGLES.sin()], dim=1)
SIGMA = 0.1
COUNT = 20_000  # 세 수를 잴 때 뽑는 개수
STEPS, EVERY, BATCH = 3000, 100, 128


def draw_ring(count, rng):
    """고리의 진짜 점 `count`개."""
    return CENTERS[torch.randint(8, (count,), generator=rng)] + SIGMA * torch.randn(count, 2, generator=rng)


def count_valid(x):
    """중심마다, 3σ 안에 든 점의 수를 셉니다. 점은 가장 가까운 중심의 것입니다."""
    distances, nearest = torch.cdist(x, CENTERS).min(dim=1)
    return nearest[distances <= 3 * SIGMA].bincount(minlength=8).numpy()


def pack(x, m):
    """점을 m개씩 이어 붙입니다. N×2를 N/m × 2m으로 바꿉니다."""
    return x.reshape(len(x) // m, -1)


@torch.no_grad()
def ring_counts(G, seed):
    G_mode = G.training
    z = torch.randn(COUNT, 2, generator=torch.Generator().manual_seed(1000 + seed))
    counts = count_valid(G.eval()(z))
    G.train(G_mode)
    return counts


def saturating_step(G, D, optimizer, z):
    """생성자를 포화 손실 log(1 − D(G(z)))로 한 스텝 학습합니다."""
    loss = -F.softplus(D(G(z))).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def penalised_step(G, D, optimizer, real, z, strength):
    """진짜 점에서 D의 기울기의 제곱을 벌하며(R1) 판별자를 한 스텝 학습합니다."""
    fake = G(z).detach()
    real = real.requires_grad_()
    real_logits, fake_logits = D(real), D(fake)
    slope = torch.autograd.grad(real_logits.sum(), real, create_graph=True)[0]
    loss = d_loss(real_logits, fake_logits) + strength / 2 * slope.square().sum(dim=1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item(), real_logits.sigmoid().mean().item(), fake_logits.sigmoid().mean().item()


def play(
    seed,
    steps=STEPS,
    rate_G=1e-3,
    rate_D=1e-4,
    beta1=0.5,
    width_D=128,
    packing=1,
    d_steps=1,
    g_steps=1,
    saturating=False,
    r1=0.0,
    averaging=False,
):
    """고리에서 한 판을 학습하고, 100스텝마다 중심별로 센 점의 수를 돌려줍니다. 모양 (steps/100)×8."""
    torch.manual_seed(seed)
    G, critic = mlp(2, 128, 128, 2), mlp(2 * packing, width_D, width_D, 1)
    opt_G = torch.optim.Adam(G.parameters(), lr=rate_G, betas=(beta1, 0.999), fused=True)
    opt_D = torch.optim.Adam(critic.parameters(), lr=rate_D, betas=(beta1, 0.999), fused=True)
    rng = torch.Generator().manual_seed(seed)
    judged = averaged(G) if averaging else G

    def D(x):
        return critic(pack(x, packing))

    def noise():
        return torch.randn(BATCH, 2, generator=rng)

    counts = []
    for step in range(steps):
        for _ in range(d_steps):
            if r1:
                penalised_step(G, D, opt_D, draw_ring(BATCH, rng), noise(), r1)
            else:
                d_step(G, D, opt_D, draw_ring(BATCH, rng), noise())
        for _ in range(g_steps):
            (saturating_step if saturating else g_step)(G, D, opt_G, noise())
        if averaging:
            judged.update_parameters(G)
        if (step + 1) % EVERY == 0:
            counts.append(ring_counts(judged, seed))
    return np.array(counts)


# 고장 난 설정에서 하나만 바꾼 것과, 나은 설정(D의 학습률 1e-3)에서 하나만 바꾼 것.
FROM_SICK = {
    "그대로": {},
    "D의 학습률 10배": {"rate_D": 1e-3},
    "D의 학습률 100배": {"rate_D": 1e-2},
    "D를 5스텝": {"d_steps": 5},
    "묶음 2": {"packing": 2},
    "β₁ 0": {"beta1": 0.0},
    "β₁ 0.9": {"beta1": 0.9},
    "포화 손실": {"saturating": True},
    "R1 벌점": {"r1": 0.1},
    "가중치 평균": {"averaging": True},
    "5배 오래": {"steps": 5 * STEPS},
}
FROM_HEALTHY = {
    "그대로": {},
    "묶음 2": {"packing": 2},
    "β₁ 0.9": {"beta1": 0.9},
    "D의 폭 8": {"width_D": 8},
    "포화 손실": {"saturating": True},
    "G를 5스텝": {"g_steps": 5},
}


def ring_remedies(seed):
    """고리에서 설정을 하나씩 바꾸어 시드 다섯으로 학습합니다. 약 12분.

    `counts`는 (설정, 시드, 100스텝마다, 중심)이고, `longer`는 다섯 배 오래 학습한 (시드, 100스텝마다, 중심)입니다.
    다섯 배 오래 학습한 줄의 `counts`는 끝의 3,000스텝입니다.
    """
    settings = [("고장 난 설정", name, change) for name, change in FROM_SICK.items()]
    settings += [("나은 설정", name, {"rate_D": 1e-3, **change}) for name, change in FROM_HEALTHY.items()]
    counts, longer = [], None
    for base, name, change in settings:
        runs = np.array([play(seed + i, **change) for i in range(5)])
        print(base, name, *map(describe, runs[:, -1]), flush=True)
        counts.append(runs[:, -STEPS // EVERY :])
        if runs.shape[1] > STEPS // EVERY:
            longer = runs
    return {
        "recorded/ring_remedies.npz": data.pack_arrays(
            bases=np.array([base for base, _, _ in settings]),
            names=np.array([name for _, name, _ in settings]),
            counts=np.array(counts, dtype=np.uint16),
            longer=longer.astype(np.uint16),
            every=EVERY,
            count=COUNT,
        )
    }


def describe(counts):
    """중심마다 센 수에서 '모드/유효한 비율/TV'를 적습니다."""
    total = counts.sum()
    tv = abs(counts / total - 1 / 8).sum() / 2 if total else math.nan
    return f"{(counts >= 20).sum()}/{total / COUNT:.0%}/{tv:.2f}"


def batch_norm_generator(*extra):
    """배치 정규화를 둔 생성자. `extra`는 BatchNorm1d의 둘째 인자부터입니다."""
    return nn.Sequential(
        nn.Linear(2, 128),
        nn.BatchNorm1d(128, *extra),
        nn.ReLU(),
        nn.Linear(128, 128),
        nn.BatchNorm1d(128, *extra),
        nn.ReLU(),
        nn.Linear(128, 2),
    )


def treat(seed, G=None, sigmoid=False, forget=False, saturating=False, sgd=False, ahead=0, chunk=None):
    """나은 설정(D의 학습률 1e-3, 묶음 2)에 병 하나를 심어 학습합니다.

    Returns:
        `(curves, counts)`. 100스텝마다의 (D의 손실, D(x), D(G(z)), G의 손실)과, 중심별로 센 점의 수.
    """
    torch.manual_seed(seed)
    G = G() if G else mlp(2, 128, 128, 2)
    critic = mlp(4, 128, 128, 1)
    if sigmoid:
        critic.append(nn.Sigmoid())  # 로짓을 받는 손실에 확률을 넣습니다.
    opt_G = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999), fused=True)
    if sgd:
        opt_G = torch.optim.SGD(G.parameters(), lr=0.05)
    opt_D = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.5, 0.999), fused=True)
    if forget:
        opt_D.zero_grad = lambda: None  # 기울기를 비우지 않습니다.
    rng = torch.Generator().manual_seed(seed)

    def D(x):
        return critic(pack(x, 2))

    curves, counts = [], []
    for step in range(STEPS):
        told = d_step(G, D, opt_D, draw_ring(BATCH, rng), torch.randn(BATCH, 2, generator=rng))
        z = torch.randn(BATCH, 2, generator=rng)
        loss_G = math.nan
        if step >= ahead:
            loss_G = (saturating_step if saturating else g_step)(G, D, opt_G, z)
        if (step + 1) % EVERY == 0:
            curves.append((*told, loss_G))
            counts.append(ring_counts(G, seed) if chunk is None else chunked_counts(G, seed, chunk))
    return np.array(curves, dtype=np.float32), np.array(counts)


@torch.no_grad()
def chunked_counts(G, seed, chunk):
    """학습 모드 그대로, `chunk`개씩 나누어 뽑아 셉니다. 통계는 되돌려 놓습니다."""
    kept = {name: value.clone() for name, value in G.state_dict().items()}
    z = torch.randn(COUNT, 2, generator=torch.Generator().manual_seed(1000 + seed))
    counts = count_valid(torch.cat([G(part) for part in z.split(chunk)]))
    G.load_state_dict(kept)
    return counts


PATIENTS = {
    "건강한 GAN": {},
    "건강한 GAN, 배치 정규화": {"G": batch_norm_generator},
    "시그모이드를 지난 로짓": {"sigmoid": True},
    "비우지 않은 기울기": {"forget": True},
    "앞선 D, 포화 손실, SGD": {"saturating": True, "sgd": True, "ahead": 1000},
    "앞선 D, 포화 손실, Adam": {"saturating": True, "ahead": 1000},
    "앞선 D, 비포화 손실, SGD": {"sgd": True, "ahead": 1000},
    "학습 모드로 8개씩 뽑기": {"G": batch_norm_generator, "chunk": 8},
    "BatchNorm1d(128, 0.8)": {"G": lambda: batch_norm_generator(0.8)},
}


def ring_clinic(seed):
    """건강한 GAN 둘과 고장 난 GAN, 고친 GAN을 시드 셋으로 학습합니다. 약 3분.

    배치 정규화가 있는 건강한 GAN은 ‘학습 모드로 8개씩 뽑기’와 ‘BatchNorm1d(128, 0.8)’에 견줄 대조입니다.

    `curves`는 (환자, 시드, 100스텝마다, [D의 손실, D(x), D(G(z)), G의 손실])이고,
    `counts`는 (환자, 시드, 100스텝마다, 중심)입니다.
    """
    curves, counts = [], []
    for name, illness in PATIENTS.items():
        runs = [treat(seed + i, **illness) for i in range(3)]
        print(name, *(describe(count[-1]) for _, count in runs), runs[0][0][-1].round(2), flush=True)
        curves.append([curve for curve, _ in runs])
        counts.append([count for _, count in runs])
    return {
        "recorded/ring_clinic.npz": data.pack_arrays(
            names=np.array(list(PATIENTS)),
            curves=np.array(curves),
            counts=np.array(counts, dtype=np.uint16),
            every=EVERY,
            count=COUNT,
        )
    }


PAIR_ROUNDS = 1500


def pair_nets(norm_D):
    """채널이 둘인 05차시의 두 모델. 앞뒤의 층 하나씩만 다르며, `norm_D`가 False이면 D에 배치 정규화가 없습니다."""
    G, D = models.ConvGenerator().layers, models.ConvDiscriminator().layers
    G[-2] = nn.ConvTranspose2d(16, 2, 4, stride=2, padding=1)
    D[0] = nn.Conv2d(2, 16, 4, stride=2, padding=1)
    G[-2].apply(start_small)
    D[0].apply(start_small)
    if not norm_D:
        D = nn.Sequential(*[layer for layer in D if not isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d))])
    return G, D


def draw_pairs(images, count, rng):
    """MNIST에서 따로 뽑은 두 장을 두 채널로 겹칩니다. 모양 N×2×28×28."""
    first, second = torch.randint(len(images), (2, count), generator=rng)
    return data.scale(torch.cat([images[first], images[second]], dim=1))


def train_pairs(images, rounds, seed, norm_D):
    """05차시의 반복으로 두 자리 숫자를 학습하고, 가중치를 평균한 생성자를 돌려줍니다."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    G, D = pair_nets(norm_D)
    G_avg = averaged(G)
    opt_G = torch.optim.Adam(G.parameters(), betas=(0.0, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), betas=(0.0, 0.99), fused=True)
    for step in range(rounds):
        slower = min(1, 3 * (1 - step / rounds))
        opt_G.param_groups[0]["lr"] = 4e-3 * slower
        opt_D.param_groups[0]["lr"] = 1e-3 * slower
        d_step(G, D, opt_D, draw_pairs(images, 64, rng), torch.randn(64, 16, generator=rng))
        g_step(G, D, opt_G, torch.randn(64, 16, generator=rng))
        G_avg.update_parameters(G)
    return G_avg


def read_pairs(classifier, pairs):
    """두 채널을 분류기로 읽어 (00–99의 수, 덜 확실한 쪽의 확신)을 돌려줍니다."""
    logits = [in_batches(classifier, pairs[:, i : i + 1]) for i in (0, 1)]
    (first, sure), (second, sure_too) = [(part.argmax(dim=1), part.softmax(dim=1).amax(dim=1)) for part in logits]
    return (10 * first + second).numpy(), torch.minimum(sure, sure_too).numpy()


def stacked_mnist(seed):
    """두 자리 숫자 100가지를 나은 GAN과 고장 난 GAN(D에 배치 정규화가 없는 것)으로 시드 셋씩 학습합니다. 약 6분.

    `numbers`와 `sure`는 (진짜, 나은 GAN, 고장 난 GAN) × 시드 × 5,000장. 그림은 첫 시드의 것입니다.
    """
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    images, _ = data.load_mnist("train")
    kinds = {"진짜": None, "나은 GAN": True, "고장 난 GAN": False}
    numbers, sure, pictures = [], [], {}
    for name, norm_D in kinds.items():
        for i in range(seed, seed + 3):
            rng = torch.Generator().manual_seed(1000 + i)
            if norm_D is None:
                pairs = draw_pairs(images, 5000, rng)
            else:
                pairs = paint(train_pairs(images, PAIR_ROUNDS, i, norm_D), torch.randn(5000, 16, generator=rng))
            for kept, value in zip((numbers, sure), read_pairs(classifier, pairs), strict=True):
                kept.append(value)
            counts = np.bincount(numbers[-1], minlength=100)
            tv = abs(counts / 5000 - 0.01).sum() / 2
            print(f"{name} {i}: 가지 {(counts > 0).sum()}, 다섯 장 이상 {(counts >= 5).sum()}, ", end="")
            print(f"확신 > .9 {(sure[-1] > 0.9).mean():.1%}, TV {tv:.3f}", flush=True)
            if i == seed:
                pictures[name] = data.to_pixels(pairs).numpy()
    shape = (len(kinds), 3, 5000)
    return {
        "recorded/stacked_mnist.npz": data.pack_arrays(
            names=np.array(list(kinds)),
            rounds=PAIR_ROUNDS,
            numbers=np.reshape(numbers, shape).astype(np.uint8),
            sure=np.reshape(sure, shape).astype(np.float16),
            pairs_cured=pictures["나은 GAN"],
            pairs_sick=pictures["고장 난 GAN"][:32],
            pairs_real=pictures["진짜"][:32],
        )
    }


RECORDS = {"ring_remedies": ring_remedies, "ring_clinic": ring_clinic, "stacked_mnist": stacked_mnist}
