"""GAN의 두 스텝과 손실. 02차시에서 한 줄씩 쓴 뒤로 모든 차시가 이 함수를 씁니다."""

import torch
import torch.nn.functional as F


def d_loss(real_logits, fake_logits):
    """판별자의 손실. 진짜를 1, 가짜를 0으로 답하라는 이진 교차 엔트로피입니다(Goodfellow 외, 2014, 식 1).

    −log D(x) − log(1 − D(G(z)))의 평균이며, D = σ(로짓)일 때 −log σ(l) = softplus(−l)이므로
    로그와 시그모이드를 따로 계산할 때 생기는 log 0이 없습니다.

    Args:
        real_logits, fake_logits: 진짜와 가짜에 대한 로짓. 모양은 자유입니다.

    Returns:
        스칼라 텐서(단위: 냇).
    """
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def g_loss(fake_logits):
    """생성자의 비포화 손실 −log D(G(z))의 평균입니다(Goodfellow 외, 2014, 3절).

    Args:
        fake_logits: 가짜에 대한 로짓. 모양은 자유입니다.

    Returns:
        스칼라 텐서(단위: 냇).
    """
    return F.softplus(-fake_logits).mean()


def d_step(G, D, optimizer, real, z):
    """판별자를 한 스텝 학습합니다. 생성자는 바뀌지 않습니다.

    Args:
        G, D: 생성자와 판별자. D는 로짓을 돌려줍니다.
        optimizer: D의 가중치를 맡은 최적화기.
        real: 진짜 데이터, 실수형, 모양 N×….
        z: 잠재 벡터, 실수형, 모양 M×….

    Returns:
        `(손실, D(x)의 평균, D(G(z))의 평균)`. 모두 float.

    Raises:
        ValueError, TypeError: 입력이 비었거나 모양, 자료형이 틀리거나 NaN이 있을 때. 가중치는 그대로입니다.
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
    """생성자를 한 스텝 학습합니다. 판별자는 바뀌지 않습니다.

    Args:
        G, D: 생성자와 판별자. D는 로짓을 돌려줍니다.
        optimizer: G의 가중치를 맡은 최적화기.
        z: 잠재 벡터, 실수형, 모양 N×….

    Returns:
        손실(float).

    Raises:
        ValueError, TypeError: `z`가 비었거나 자료형이 틀리거나 NaN이 있을 때. 가중치는 그대로입니다.
    """
    check_batch(z, "z")
    loss = g_loss(D(G(z)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


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
