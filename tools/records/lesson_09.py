"""09차시의 기록. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.

vae_plane    β를 바꾸어 학습한 2차원 변분 오토인코더 다섯(CPU 코어 하나로 약 2분 30초).
             차시의 20차원 모델과 손실이 같고, 눈으로 볼 수 있게 차원을 2로 줄이고 층을 하나씩 더했습니다.
bell         04차시의 GAN을 3,000라운드 학습한 생성자(약 7초).
"""

import torch
import torch.nn.functional as F

from ganlib import data
from ganlib.models import mlp
from tools.records import lesson_04

BETAS = (0, 1, 2, 3, 4)
STEPS, BATCH, RATE = 6000, 128, 2e-3


def make():
    """(인코더, 디코더). 인코더는 μ 둘과 log σ² 둘을 냅니다."""
    return mlp(784, 128, 128, 4), mlp(2, 128, 128, 784)


def terms(encoder, decoder, x):
    """그림마다 (복원 손실, KL 항). 단위는 내트입니다."""
    mean, log_var = encoder(x).chunk(2, dim=1)
    logits = decoder(mean + (log_var / 2).exp() * torch.randn_like(mean))
    fit = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return fit, (mean**2 + log_var.exp() - 1 - log_var).sum(dim=1) / 2


def train(beta, images, seed):
    torch.manual_seed(seed)
    encoder, decoder = make()
    opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], fused=True)
    for step in range(STEPS):
        opt.param_groups[0]["lr"] = RATE * min(1, 3 * (1 - step / STEPS))
        x = images[torch.randint(len(images), (BATCH,))] / 255
        fit, kl = terms(encoder, decoder, torch.bernoulli(x))
        loss = (fit + beta * kl).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"β = {beta}: 복원 손실 {fit.mean().item():.1f}, KL 항 {kl.mean().item():.1f}내트", flush=True)
    return encoder, decoder


def vae_plane(seed):
    images = data.load_mnist("train")[0].flatten(1)
    arrays = {}
    for beta in BETAS:
        for name, model in zip(("encoder", "decoder"), train(beta, images, seed)):
            flat = torch.nn.utils.parameters_to_vector(model.parameters())
            arrays[f"{name}_{beta}"] = flat.detach().half().numpy()
    return {"recorded/vae_plane.npz": data.pack_arrays(**arrays)}


def bell(seed):
    """가중치를 평균한 생성자. x = shift + unit·(z + correction(z))입니다."""
    torch.manual_seed(seed)
    game = lesson_04.new_game()
    lesson_04.play(game, 3000)
    flat = torch.nn.utils.parameters_to_vector(game.G_avg.module.correction.parameters())
    arrays = {"correction": flat.detach().numpy(), "shift": game.shift.numpy(), "unit": game.unit.numpy()}
    return {"recorded/bell.npz": data.pack_arrays(**arrays)}


RECORDS = {"vae_plane": vae_plane, "bell": bell}
