"""평면의 데이터: 원 위에 선 봉우리 여덟 개, 또는 그린 점들. 그리고 가짜를 재는 세 수."""

import math

import numpy as np
import torch
import traitlets

from ganlib.play.traits import BadValue

RADIUS, SIGMA, REACH = 2.0, 0.1, 3.0  # 원의 반지름, 봉우리의 표준편차, 평면의 끝
ANGLES = 2 * math.pi * torch.arange(8) / 8
CENTERS = RADIUS * torch.stack([ANGLES.cos(), ANGLES.sin()], 1)
ENOUGH, MOST = 0.001, 400  # 덮었다고 보는 샘플의 비율, 그린 점의 수


def draw(centers, count, generator=None):
    """`centers`에서 하나씩 골라 N(0, σ²)만큼 흩은 샘플 `count`개. 모양 count×2."""
    which = torch.randint(len(centers), (count,), generator=generator)
    return centers[which] + SIGMA * torch.randn(count, 2, generator=generator)


def counts(x, centers=CENTERS):
    """봉우리마다 유효한 샘플의 수: 가장 가까운 중심이 그것이고, 그 중심에서 3σ 안에 있습니다."""
    distance, nearest = torch.cdist(x, centers).min(1)
    return torch.bincount(nearest[distance <= 3 * SIGMA], minlength=len(centers))


def measure(x):
    """샘플 `x`(N×2)의 (덮은 모드 수, 유효한 비율, 유효한 몫과 고른 몫의 TV).

    샘플의 0.1% 이상이 유효하게 놓인 봉우리가 덮인 모드입니다. 유효한 샘플이 없으면 TV는 1로 둡니다.
    """
    count = counts(x)
    valid = count.sum().item()
    tv = (count / valid - 1 / len(count)).abs().sum().item() / 2 if valid else 1.0
    return (count >= ENOUGH * len(x)).sum().item(), valid / len(x), tv


class Target(traitlets.TraitType):
    """ "ring" 또는 평면에 그린 점들의 목록 [[x, y], …]."""

    def validate(self, obj, value):
        if isinstance(value, str) and value == "ring":
            return value
        try:
            points = np.asarray(value, float).round(3)
        except (TypeError, ValueError):
            points = np.array(None, float)
        if points.ndim == 2 and points.shape[1] == 2 and 1 <= len(points) <= MOST and (abs(points) <= REACH).all():
            return points.tolist()
        raise BadValue(
            f'target에는 "ring" 또는 −3과 3 사이의 점 [x, y]를 1–{MOST}개 담은 리스트를 넣어 주세요. '
            f"받은 값: {value!r:.60}. target은 그대로 두었습니다."
        )
