"""05차시의 기록: 완전 연결 GAN과의 견줌, 배치 정규화가 없는 판별자, 32장으로 학습한 GAN.

`python -m tools.record NAME --seed S`가 부릅니다. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.
걸리는 시간은 함수마다 적어 둡니다(CPU 코어 2개, 다른 일이 없을 때).
"""

import functools

import numpy as np
import torch
from torch import nn

from ganlib import data, metrics, models
from ganlib.models import start_small
from ganlib.sampling import in_batches, paint, pick_device
from ganlib.train import averaged, d_step, g_step

Z_DIM, BATCH = 16, 64
STEPS = 1500  # 05차시가 코어 2개에서 1분 동안 마치는 스텝
DENSE_STEPS = 4000  # 완전 연결 GAN이 같은 시간에 마치는 스텝. 한 스텝이 15ms로, 합성곱 GAN은 40ms입니다.
MEMORISER_STEPS = 4000
COUNT = 10_000  # 프레셰 거리를 잴 때 그리는 장수


def train(G, D, images, steps, seed, rate_D=1e-3, rate_G=4e-3):
    """05차시의 반복으로 G와 D를 `steps`스텝 학습하고, 가중치를 평균한 생성자를 돌려줍니다."""
    device = pick_device()
    rng = torch.Generator().manual_seed(seed)
    G, D = G.to(device), D.to(device)
    G_avg = averaged(G)
    opt_G = torch.optim.Adam(G.parameters(), betas=(0.0, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), betas=(0.0, 0.99), fused=True)

    def noise():
        return torch.randn(BATCH, Z_DIM, generator=rng).to(device)

    for step in range(steps):
        slower = min(1, 3 * (1 - step / steps))
        opt_G.param_groups[0]["lr"] = rate_G * slower
        opt_D.param_groups[0]["lr"] = rate_D * slower
        real = data.scale(images[torch.randint(len(images), (BATCH,), generator=rng)]).to(device)
        d_step(G, D, opt_D, real, noise())
        g_step(G, D, opt_G, noise())
        G_avg.update_parameters(G)
    return G_avg


@functools.cache
def judge():
    """분류기와, 시험용 그림 10,000장의 특징."""
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    return classifier, in_batches(classifier.features, data.load_mnist("test")[0])


def measure(G_avg, seed):
    """(프레셰 거리, 숫자마다의 비율, 처음 64장)을 돌려줍니다. 10,000장을 그려 잽니다."""
    classifier, real_features = judge()
    pictures = paint(G_avg, torch.randn(COUNT, Z_DIM, generator=torch.Generator().manual_seed(1000 + seed)))
    features = in_batches(classifier.features, pictures)
    digits = in_batches(classifier.head, features).argmax(dim=1)
    shares = digits.bincount(minlength=10).numpy() / COUNT
    return metrics.frechet_distance(features, real_features), shares, data.to_pixels(pictures[:64])[:, 0].numpy()


class DenseGenerator(nn.Module):
    """합성곱이 없는 생성자. 매개변수의 수가 `ConvGenerator`와 비슷합니다."""

    def __init__(self, z_dim=Z_DIM, hidden=(256, 392)):
        super().__init__()
        self.z_dim = z_dim
        self.layers = nn.Sequential(
            nn.Linear(z_dim, hidden[0], bias=False),
            nn.BatchNorm1d(hidden[0]),
            nn.ReLU(),
            nn.Linear(hidden[0], hidden[1], bias=False),
            nn.BatchNorm1d(hidden[1]),
            nn.ReLU(),
            nn.Linear(hidden[1], 28 * 28),
            nn.Tanh(),
            nn.Unflatten(1, (1, 28, 28)),
        )
        self.apply(start_small)

    def forward(self, z):
        return self.layers(z)


class DenseDiscriminator(nn.Module):
    """합성곱이 없는 판별자. 매개변수의 수가 `ConvDiscriminator`와 비슷합니다."""

    def __init__(self, hidden=(392, 256)):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(28 * 28, hidden[0]),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden[0], hidden[1], bias=False),
            nn.BatchNorm1d(hidden[1]),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden[1], 1),
        )
        self.apply(start_small)

    def forward(self, x):
        return self.layers(x)


def count_by_kind(model):
    """(합성곱 층, 완전 연결층, 나머지)의 매개변수 수를 돌려줍니다."""
    counts = [0, 0, 0]
    for layer in model.modules():
        kind = 0 if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)) else 1 if isinstance(layer, nn.Linear) else 2
        counts[kind] += sum(weight.numel() for weight in layer.parameters(recurse=False))
    return counts


def dense_gan(seed):
    """합성곱 GAN과 완전 연결 GAN을 시드 셋으로 견줍니다. 약 10분.

    완전 연결 GAN은 합성곱 GAN의 학습률로도, 시험해 본 것 가운데 가장 나았던 작은 학습률로도 학습합니다.
    """
    dense = DenseGenerator, DenseDiscriminator
    kinds = {
        "합성곱 GAN": (models.ConvGenerator, models.ConvDiscriminator, 1e-3, 4e-3, STEPS),
        "완전 연결 GAN, 같은 학습률": (*dense, 1e-3, 4e-3, STEPS),
        "완전 연결 GAN, 작은 학습률": (*dense, 2e-4, 2e-4, STEPS),
        "완전 연결 GAN, 작은 학습률, 같은 시간": (*dense, 2e-4, 2e-4, DENSE_STEPS),
    }
    images, _ = data.load_mnist("train")
    runs = [[compare_run(*kind, images, seed + i) for i in range(3)] for kind in kinds.values()]
    return {
        "recorded/dense_gan.npz": data.pack_arrays(
            names=np.array(list(kinds)),
            rates=np.array([kind[2:4] for kind in kinds.values()]),
            steps=np.array([kind[4] for kind in kinds.values()]),
            fid=np.array([[fid for fid, _, _ in row] for row in runs]),
            shares=np.array([[shares for _, shares, _ in row] for row in runs]),
            images=np.stack([row[0][2] for row in runs]),
            weights_G=np.array([count_by_kind(G()) for G, *_ in kinds.values()]),
            weights_D=np.array([count_by_kind(D()) for _, D, *_ in kinds.values()]),
        )
    }


def compare_run(make_G, make_D, rate_D, rate_G, steps, images, seed):
    torch.manual_seed(seed)
    return measure(train(make_G(), make_D(), images, steps, seed, rate_D, rate_G), seed)


# (배치 정규화를 두는지, 초기 가중치, D의 학습률). G의 학습률은 늘 D의 네 배입니다.
STARTS = ("N(0, 0.02²)", "PyTorch의 기본")
NORM_CONDITIONS = [(norm, start, rate) for start in STARTS for norm in (True, False) for rate in (1e-3, 2.5e-4)]
NORM_STEPS = 600


def norm_ablation(seed):
    """판별자의 배치 정규화, 초기 가중치, 학습률을 따로따로 바꾸어 시드 셋으로 견줍니다. 약 10분."""
    images, _ = data.load_mnist("train")
    runs = [[norm_run(*condition, images, seed + i) for i in range(3)] for condition in NORM_CONDITIONS]
    return {
        "recorded/norm_ablation.npz": data.pack_arrays(
            norm=np.array([norm for norm, _, _ in NORM_CONDITIONS]),
            start=np.array([start for _, start, _ in NORM_CONDITIONS]),
            rate=np.array([rate for _, _, rate in NORM_CONDITIONS]),
            steps=NORM_STEPS,
            fid=np.array([[fid for fid, _, _ in row] for row in runs]),
            shares=np.array([[shares for _, shares, _ in row] for row in runs]),
            images=np.stack([row[0][2][:16] for row in runs]),
        )
    }


def norm_run(norm, start, rate, images, seed):
    torch.manual_seed(seed)
    G, D = models.ConvGenerator(), models.ConvDiscriminator()
    if not norm:
        kept = [layer for layer in D.layers if not isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d))]
        D = nn.Sequential(*kept)
    if start == "PyTorch의 기본":
        for layer in (*G.modules(), *D.modules()):
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
    return measure(train(G, D, images, NORM_STEPS, seed, rate_D=rate, rate_G=4 * rate), seed)


def memoriser(seed):
    """학습용 그림 32장으로 학습한 생성자의 그림과, 60,000장으로 학습한 생성자의 그림. 약 3분."""
    images, _ = data.load_mnist("train")
    indices = torch.arange(32)
    torch.manual_seed(seed)
    G, D = models.ConvGenerator(), models.ConvDiscriminator()
    # 사본이 또렷해지도록 이 차시의 설정보다 크게 움직입니다.
    small = train(G, D, images[indices], MEMORISER_STEPS, seed, rate_D=3e-3, rate_G=6e-3)
    big = data.load_weights(models.ConvGenerator(), "conv_generator").to(pick_device())
    z = torch.randn(2000, Z_DIM, generator=torch.Generator().manual_seed(1000 + seed))
    arrays = {"indices": indices.numpy(), "steps": MEMORISER_STEPS}
    for name, G in (("small", small), ("big", big)):
        pictures = paint(G, z)
        distances, nearest = metrics.nearest_neighbors(pictures, images)
        arrays |= {f"{name}_distances": distances.numpy(), f"{name}_nearest": nearest.numpy()}
        if name == "small":
            arrays["images"] = data.to_pixels(pictures)[:, 0].numpy()
    return {"recorded/memoriser.npz": data.pack_arrays(**arrays)}


RECORDS = {"dense_gan": dense_gan, "norm_ablation": norm_ablation, "memoriser": memoriser}
