"""00차시의 문제."""

import numpy as np
from scipy.stats import norm

from ganlib.exercise import Key


def posterior(cat, dog, cat_share):
    joint_cat = cat_share * cat
    joint_dog = (1 - cat_share) * dog
    return joint_dog / (joint_cat + joint_dog)


def count_length(height, width, channels, levels):
    pixels = height * width * channels
    return int(pixels * np.log10(levels)) + 1


def G(z, cat_share):
    if z < cat_share:
        return 4 + 1 * norm.ppf(z / cat_share)
    return 9 + 2 * norm.ppf((z - cat_share) / (1 - cat_share))


KEYS = {
    "00.1": Key(
        posterior,
        cases=[((0.2, 0.2, 0.5), 0.5), ((0.2, 0.2, 0.8), 0.2), ((0.1, 0.4, 0.6), 8 / 11)],
        hints=[
            (lambda cat, dog, cat_share: dog / (cat + dog), "두 동물의 비율을 곱하지 않았습니다."),
            (lambda cat, dog, cat_share: (1 - cat_share) * dog, "두 동물의 합으로 나누어야 확률이 됩니다."),
            (
                lambda cat, dog, cat_share: cat_share * cat / (cat_share * cat + (1 - cat_share) * dog),
                "고양이일 확률을 구했습니다. 강아지일 확률을 돌려주어야 합니다.",
            ),
            (
                lambda cat, dog, cat_share: cat_share * dog / ((1 - cat_share) * cat + cat_share * dog),
                "비율이 서로 바뀌었습니다. cat_share는 고양이의 비율입니다.",
            ),
        ],
    ),
    "00.2": Key(
        count_length,
        cases=[((28, 28, 1, 256), 1889), ((28, 28, 1, 2), 237), ((64, 64, 3, 256), 29593), ((2, 3, 1, 5), 5)],
        hints=[
            (lambda h, w, c, n: int(h * w * np.log10(n)) + 1, "칸마다 색의 수(channels)도 곱합니다."),
            (lambda h, w, c, n: int(h * w * c * np.log10(n)), "로그의 정수 부분에 1을 더해야 자릿수입니다."),
            (
                lambda h, w, c, n: len(str(h * w * c * n)),
                "칸마다 따로 고르므로 단계의 수를 곱하는 것이 아니라 거듭제곱합니다.",
            ),
        ],
    ),
    "00.3": Key(
        G,
        cases=[((0.25, 0.5), 4.0), ((0.1, 0.5), 3.158379), ((0.6, 0.75), 4.841621), ((0.9, 0.6), 10.34898)],
        hints=[
            (
                lambda z, w: 4 + norm.ppf(z) if z < w else 9 + 2 * norm.ppf(z),
                "고양이가 받는 z는 0부터 cat_share까지뿐입니다. 0과 1 사이로 늘여서 norm.ppf에 넣습니다.",
            ),
            (
                lambda z, w: 4 + norm.ppf(z / w) if z < w else 9 + 4 * norm.ppf((z - w) / (1 - w)),
                "N(9, 2²)에서 2²은 분산이고, norm.ppf에 곱하는 것은 표준편차 2입니다.",
            ),
            (
                lambda z, w: 9 + 2 * norm.ppf(z / w) if z < w else 4 + norm.ppf((z - w) / (1 - w)),
                "z가 cat_share보다 작은 쪽이 고양이입니다.",
            ),
        ],
    ),
}
