"""11차시의 기록: 레이블 없이 배운 InfoGAN의 코드를 시드 다섯으로 견줍니다.

`python -m tools.record infogan --seed S`가 부릅니다. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.
걸리는 시간은 함수마다 적어 둡니다(CPU 코어 하나, 다른 일이 없을 때).

신경망과 학습률은 05차시의 것입니다. 코드에 관해 Chen 외(2016)와 다른 점은 셋입니다. 연속인 코드 둘이 없고,
λ가 1이 아니라 0.1이며, Q는 그림을 조금 흔든 사본을 읽습니다. 레이블은 쓰지 않지만, 조금
흔들어도 같은 그림이라는 것은 우리가 알려 준 셈입니다.
"""

import functools
import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import nn

from ganlib import data, metrics, models
from ganlib.models import start_small
from ganlib.sampling import in_batches
from ganlib.train import averaged, d_loss, g_loss

Z_DIM, CODES, BATCH = 16, 10, 64
STEPS = 800
# λ와, Q가 흔든 사본을 읽는지. λ=0이면 Q는 배우지 않습니다.
SETTINGS = {
    "λ=0": (0.0, False),
    "λ=0.1": (0.1, False),
    "λ=0.1, 흔들기": (0.1, True),
}
COUNT = 10_000  # 코드를 읽을 때 그리는 장수
LIMITS = torch.tensor([[0.2, 0.5, 0.1], [0.25, 0.2, 0.1]])


class CodeReader(nn.Module):
    """판별자와, 판별자의 몸을 함께 쓰며 코드를 읽는 Q."""

    def __init__(self):
        super().__init__()
        *body, last = models.ConvDiscriminator().layers
        self.body, self.last, self.code = nn.Sequential(*body), last, nn.Linear(256, CODES)
        start_small(self.code)

    def forward(self, x):
        return self.last(self.body(x))

    def read_code(self, x):
        return self.code(self.body(x))


def wobble(x, rng):
    """그림마다 조금 흔듭니다. 곧, 기울이고 돌리고 늘이고 옮깁니다. 숫자의 이름은 바뀌지 않습니다."""
    moves = torch.eye(2, 3) + LIMITS * (2 * torch.rand(len(x), 2, 3, generator=rng) - 1)
    grid = F.affine_grid(moves, x.shape, align_corners=False)
    return F.grid_sample(x + 1, grid, align_corners=False) - 1  # 바깥은 0, 곧 검정이 됩니다


@functools.cache
def judge():
    """분류기와, 시험용 그림 10,000장의 특징."""
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    return classifier, in_batches(classifier.features, data.load_mnist("test")[0])


def train(images, seed, strength, shaken, steps=STEPS):
    """(가중치를 평균한 생성자, 끝의 100스텝에서 잰 정보량의 아래 경계)를 돌려줍니다. 코드는 z 앞의 10칸입니다."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    G, D = models.ConvGenerator(CODES + Z_DIM), CodeReader()
    G_avg = averaged(G)
    opt_G = torch.optim.Adam(G.parameters(), betas=(0.0, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), betas=(0.0, 0.99), fused=True)

    def draw():
        codes = torch.randint(CODES, (BATCH,), generator=rng)
        return codes, torch.cat([F.one_hot(codes, CODES), torch.randn(BATCH, Z_DIM, generator=rng)], dim=1)

    def confusion(fake, codes):
        return F.cross_entropy(D.read_code(wobble(fake, rng) if shaken else fake), codes)

    bounds = []
    for step in range(steps):
        slower = min(1, 3 * (1 - step / steps))
        opt_G.param_groups[0]["lr"] = 4e-3 * slower
        opt_D.param_groups[0]["lr"] = 1e-3 * slower
        real = data.scale(images[torch.randint(len(images), (BATCH,), generator=rng)])
        codes, noise = draw()
        fake = G(noise).detach()
        loss = d_loss(D(real), D(fake)) + strength * confusion(fake, codes)
        opt_D.zero_grad()
        loss.backward()
        opt_D.step()
        codes, noise = draw()
        fake = G(noise)
        unsure = confusion(fake, codes)
        opt_G.zero_grad()
        (g_loss(D(fake)) + strength * unsure).backward()
        opt_G.step()
        G_avg.update_parameters(G)
        bounds.append(math.log(CODES) - unsure.item())
    return G_avg, np.mean(bounds[-100:])


def one_run(seed, strength, shaken):
    """한 번 학습하고 (코드와 읽은 숫자의 표, 정보량의 아래 경계, 프레셰 거리, 그림 100장)을 돌려줍니다."""
    images, _ = data.load_mnist("train")
    G_avg, bound = train(images, seed, strength, shaken)
    rng = torch.Generator().manual_seed(1000 + seed)
    codes = torch.arange(COUNT) % CODES
    z = torch.randn(COUNT // CODES, Z_DIM, generator=rng).repeat_interleave(CODES, dim=0)
    pictures = in_batches(G_avg, torch.cat([F.one_hot(codes, CODES), z], dim=1))
    classifier, real_features = judge()
    features = in_batches(classifier.features, pictures)
    read = in_batches(classifier.head, features).argmax(dim=1)
    table = np.zeros((CODES, 10), dtype=np.uint16)
    np.add.at(table, (codes.numpy(), read.numpy()), 1)
    return table, bound, metrics.frechet_distance(features, real_features), data.to_pixels(pictures[:100])[:, 0].numpy()


def infogan(seed):
    """InfoGAN을 세 설정에서 시드 다섯씩 학습합니다. 약 12분.

    `tables`는 (설정, 시드, 코드, 분류기가 읽은 숫자)의 장수, `bounds`는 정보량의 아래 경계(내트)입니다.
    `images`는 설정과 시드마다 100장이며, 줄마다 z가 같고 코드가 0부터 9까지입니다.
    """
    runs = []
    for name, setting in SETTINGS.items():
        for i in range(seed, seed + 5):
            runs.append(one_run(i, *setting))
            table, bound, fid, _ = runs[-1]
            accuracy = table[linear_sum_assignment(table, maximize=True)].sum() / COUNT
            print(f"{name}, 시드 {i}: 정확도 {accuracy:.3f}, 아래 경계 {bound:.3f}, 프레셰 거리 {fid:.0f}", flush=True)
    return {"recorded/infogan.npz": pack(runs)}


def pack(runs):
    tables, bounds, fids, images = (
        np.stack(part).reshape(len(SETTINGS), -1, *np.shape(part[0])) for part in zip(*runs, strict=True)
    )
    return data.pack_arrays(
        names=np.array(list(SETTINGS)),
        strengths=np.array([strength for strength, _ in SETTINGS.values()]),
        steps=STEPS,
        tables=tables,
        bounds=bounds,
        fid=fids,
        images=images,
    )


RECORDS = {"infogan": infogan}
