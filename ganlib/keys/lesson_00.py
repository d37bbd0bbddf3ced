"""00차시의 문제."""

import numpy as np
from scipy.stats import norm

from ganlib.exercise import Key


def sample(z, sorted_kg):
    position = int(z * len(sorted_kg))
    return sorted_kg[position]


def count_errors(real, made):
    invented = sum(kind not in real for kind in made) / len(made)
    omitted = sum(kind not in made for kind in real) / len(real)
    return invented, omitted


def posterior(cat, dog, cat_share):
    joint_cat = cat_share * cat
    joint_dog = (1 - cat_share) * dog
    return joint_dog / (joint_cat + joint_dog)


def formula_G(z, cat_share):
    if z < cat_share:
        return 4 + 1 * norm.ppf(z / cat_share)
    return 9 + 2 * norm.ppf((z - cat_share) / (1 - cat_share))


def judge_sample(function, z, sorted_kg):
    """이웃한 두 몸무게의 사이값(np.quantile)으로 답해도 맞은 것으로 칩니다."""
    answer = function(z, sorted_kg)
    if isinstance(answer, (int, float)) and np.isclose(answer, np.quantile(sorted_kg, z)):
        return sample(z, sorted_kg)
    return answer


SIX = np.array([3.0, 4.0, 4.5, 7.0, 9.0, 11.0])
PETS = ["고양이", "고양이", "개", "개"]

KEYS = {
    "00.sample": Key(
        sample,
        cases=[((0.0, SIX), 3.0), ((0.5, SIX), 7.0), ((0.4, SIX), 4.5), ((0.99, SIX), 11.0), ((0.25, SIX[:4]), 4.0)],
        run=judge_sample,
        hints=[
            (
                lambda z, kg: kg[round(z * (len(kg) - 1))],
                "반올림하면 맨 앞과 맨 끝이 절반만 나옵니다. len(sorted_kg)를 곱하고 int로 버립니다.",
            ),
            (
                lambda z, kg: kg[int(z * (len(kg) - 1))],
                "1을 빼면 맨 끝의 몸무게가 나오지 않습니다. z는 1보다 작으니 len(sorted_kg)를 곱해도 됩니다.",
            ),
            (lambda z, kg: z * len(kg), "그것은 위치입니다. 그 위치에 있는 몸무게를 돌려줍니다."),
            (lambda z, kg: int(z * len(kg)), "그것은 위치입니다. 그 위치에 있는 몸무게를 돌려줍니다."),
            (lambda z, kg: kg[-1 - int(z * len(kg))], "순서가 거꾸로입니다. z가 작으면 가벼운 동물입니다."),
            (
                lambda z, kg: kg[0] + z * (kg[-1] - kg[0]),
                "가장 가벼운 것과 무거운 것만 보았습니다. 그 사이의 몸무게들이 어디에 모여 있는지가 사라집니다.",
            ),
        ],
    ),
    "00.1": Key(
        count_errors,
        cases=[
            ((PETS, ["고양이", "개"]), [0.0, 0.0]),
            ((PETS, ["고양이", "고양이", "고양이"]), [0.0, 0.5]),
            ((PETS, ["고양이", "개", "용", "용"]), [0.5, 0.0]),
            ((["고양이"], ["용", "용", "고양이", "용"]), [0.75, 0.0]),
            ((PETS, ["용"]), [1.0, 1.0]),
        ],
        hints=[
            (
                lambda real, made: count_errors(real, made)[::-1],
                "두 비율의 순서가 바뀌었습니다. 지어낸 비율이 먼저입니다.",
            ),
            (
                lambda real, made: (
                    len(set(made) - set(real)) / len(set(made)),
                    len(set(real) - set(made)) / len(set(real)),
                ),
                "종류의 수를 세었습니다. 같은 종류가 여러 번 나오면 나온 만큼 셉니다.",
            ),
            (
                lambda real, made: (sum(k not in real for k in made), sum(k not in made for k in real)),
                "횟수입니다. 리스트의 길이로 나누어 비율로 바꿉니다.",
            ),
        ],
    ),
    "00.2": Key(
        posterior,
        cases=[((0.2, 0.2, 0.5), 0.5), ((0.2, 0.2, 0.8), 0.2), ((0.1, 0.4, 0.6), 8 / 11)],
        hints=[
            (lambda cat, dog, cat_share: dog / (cat + dog), "두 동물의 비율을 곱하지 않았습니다."),
            (lambda cat, dog, cat_share: (1 - cat_share) * dog, "두 동물의 합으로 나누어야 확률이 됩니다."),
            (
                lambda cat, dog, cat_share: 1 - posterior(cat, dog, cat_share),
                "고양이일 확률을 구했습니다. 개일 확률을 돌려주어야 합니다.",
            ),
            (
                lambda cat, dog, cat_share: posterior(cat, dog, 1 - cat_share),
                "비율이 서로 바뀌었습니다. cat_share는 고양이의 비율입니다.",
            ),
        ],
    ),
    "00.3": Key(
        formula_G,
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
