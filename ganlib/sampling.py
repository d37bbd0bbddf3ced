"""학습한 모델에서 샘플을 뽑고 살펴봅니다. 기울기는 계산하지 않습니다."""

import torch
from torch import nn

from ganlib.data import scale
from ganlib.train import check_batch


def pick_device():
    """쓸 장치를 고릅니다. CUDA GPU, 애플 GPU(MPS), CPU의 차례로 있는 것을 씁니다."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@torch.no_grad()
def in_batches(function, x, batch_size=100):
    """큰 묶음 `x`(N×…)를 나누어 `function`에 넣고 결과를 이어 붙입니다.

    픽셀(uint8)을 주면 나눈 묶음마다 `data.scale`로 바꾸어 넣으므로, 전체를 실수로 바꾼 사본을 만들지 않습니다.
    """

    def call(part):
        part = scale(part)
        check_batch(part, "x")
        return function(part)

    return torch.cat([call(part) for part in x.split(batch_size)])


def paint(G, z):
    """잠재 벡터 z(N×K)마다 그림을 그려 CPU로 가져옵니다."""
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
