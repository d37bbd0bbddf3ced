"""GAN의 손실과 두 스텝, 가중치 평균. 차시마다 눈에 보이는 반복은 노트북에 있고, 여기에는 한 스텝만 있습니다."""

import torch
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel


def d_loss(real_logits, fake_logits):
    """판별자의 손실. 진짜를 1, 가짜를 0으로 답하라는 이진 교차 엔트로피입니다(Goodfellow 외, 2014, 식 1).

    −log D(x) − log(1 − D(G(z)))의 평균이며, D = σ(로짓)일 때 −log σ(l) = softplus(−l)이므로
    로그와 시그모이드를 따로 계산할 때 생기는 log 0이 없습니다.

    `real_logits`와 `fake_logits`의 모양은 자유이며, 스칼라 텐서(단위: 내트)를 돌려줍니다.
    """
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def g_loss(fake_logits):
    """생성자의 비포화 손실 −log D(G(z))의 평균입니다(Goodfellow 외, 2014, 3절). 단위는 내트입니다."""
    return F.softplus(-fake_logits).mean()


def d_step(G, D, optimizer, real, z):
    """판별자를 한 스텝 학습합니다. 생성자의 가중치는 바뀌지 않습니다.

    `optimizer`는 D의 가중치를 맡습니다. `real`(N×…)과 잠재 벡터 `z`(M×…)는 실수형이며, 비었거나 모양이 틀리거나 NaN이
    있으면 아무것도 바꾸지 않고 ValueError나 TypeError를 냅니다.

    Returns:
        `(손실, D(x)의 평균, D(G(z))의 평균)`. 모두 float.
    """
    check_batch(real, "real")
    check_batch(z, "z")
    fake = G(z).detach()
    check_same_shape(real, fake)
    real_logits, fake_logits = D(real), D(fake)
    loss = d_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item(), real_logits.sigmoid().mean().item(), fake_logits.sigmoid().mean().item()


def g_step(G, D, optimizer, z):
    """생성자를 한 스텝 학습하고 손실(float)을 돌려줍니다. 판별자의 가중치는 바뀌지 않습니다.

    `optimizer`는 G의 가중치를 맡습니다. `z`(N×…)가 비었거나 실수형이 아니거나 NaN이 있으면 아무것도 바꾸지 않고
    ValueError나 TypeError를 냅니다.
    """
    check_batch(z, "z")
    loss = g_loss(D(G(z)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def averaged(G, decay=0.995):
    """G의 가중치를 스텝마다 지수 이동 평균으로 모으는 복사본을 만듭니다(Yazıcı 외, 2019).

    스텝마다 `G_avg.update_parameters(G)`를 부릅니다. 초기에는 최근의 9분의 1쯤만 평균하므로 처음 가중치에 매이지 않고,
    스텝이 쌓이면 `decay`대로 평균합니다(0.995이면 최근 200스텝쯤). 배치 정규화의 통계도 함께 평균합니다.

    Returns:
        평가 모드의 `torch.optim.swa_utils.AveragedModel`. G처럼 부르며, 평균한 생성자는 `.module`에 있습니다.
    """

    @torch.no_grad()
    def average(kept, new, steps):
        if kept[0].is_floating_point():
            torch._foreach_lerp_(kept, new, 1 - min(decay, steps.item() / (steps.item() + 9)))
        else:
            torch._foreach_copy_(kept, new)

    return AveragedModel(G, multi_avg_fn=average, use_buffers=True).eval()


def check_batch(x, name):
    """`x`가 비어 있지 않고 유한한 실수형 미니배치인지 확인합니다. 아니면 이유를 말하며 멈춥니다."""
    if not isinstance(x, torch.Tensor) or not x.is_floating_point():
        kind = x.dtype if isinstance(x, torch.Tensor) else type(x).__name__
        raise TypeError(
            f"{name}은(는) 실수형 텐서여야 합니다(받은 것: {kind}). `torch.as_tensor(…).float()`로 바꾸어 주세요."
        )
    if x.ndim < 2 or len(x) == 0:
        raise ValueError(
            f"{name}은(는) 첫 차원이 샘플의 수인 미니배치여야 합니다(받은 모양: {tuple(x.shape)}). "
            "샘플이 하나라면 `x.unsqueeze(0)`을 써 주세요."
        )
    if not x.isfinite().all():
        raise ValueError(f"{name}에 NaN이나 무한대가 있습니다. 앞 단계의 데이터나 학습률을 살펴봐 주세요.")


def check_same_shape(real, fake):
    """진짜와 가짜가 샘플의 수를 빼고 같은 모양인지 확인합니다."""
    if real.shape[1:] != fake.shape[1:]:
        raise ValueError(
            f"진짜 데이터의 모양 {tuple(real.shape[1:])}과 G가 만든 모양 {tuple(fake.shape[1:])}이 다릅니다. "
            "둘이 같아야 D가 견줄 수 있습니다."
        )
