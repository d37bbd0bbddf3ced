"""04차시의 문제."""

import numpy as np

from ganlib.exercise import Key


def exact_exponential(z, rate):
    u = (1 + z) / 2
    return -np.log(1 - u) / rate


def wasserstein(a, b):
    return float(np.abs(np.sort(a) - np.sort(b)).mean())


def weight(is_cat, e):
    return is_cat * (4 + e) + (1 - is_cat) * (9 + 2 * e)


def order(k, rounds):
    return ("D" * k + "G") * rounds


KEYS = {
    "04.1": Key(
        exact_exponential,
        cases=[
            ((-1.0, 1.0), 0.0),
            ((0.0, 1.0), float(np.log(2))),
            ((0.5, 2.0), float(np.log(4) / 2)),
            ((0.9, 0.5), 5.991465),
        ],
        hints=[
            (
                lambda z, rate: -np.log(1 - z) / rate if z < 1 else None,
                "z는 −1과 1 사이입니다. 먼저 0과 1 사이의 u로 바꾸어 봅시다.",
            ),
            (
                lambda z, rate: -np.log((1 + z) / 2) / rate if z > -1 else np.inf,
                "z가 클수록 x가 작아집니다. u = F(x)를 x에 대해 풀면 1 − u가 나옵니다.",
            ),
            (lambda z, rate: -rate * np.log((1 - z) / 2), "u = 1 − exp(−λx)를 풀면 λ로 나누게 됩니다."),
        ],
    ),
    "04.2": Key(
        wasserstein,
        cases=[
            (([0.0, 1.0, 2.0], [2.0, 1.0, 0.0]), 0.0),
            (([0.0, 4.0], [1.0, 1.0]), 2.0),
            (([3.0, 1.0, 2.0], [2.0, 4.0, 3.0]), 1.0),
            (([0.0, 2.0], [1.0, 1.0]), 1.0),
        ],
        hints=[
            (
                lambda a, b: float(np.mean(np.abs(np.subtract(a, b)))),
                "줄 세우지 않은 채 짝지었습니다. 순서는 샘플에서 뜻이 없습니다.",
            ),
            (
                lambda a, b: float(abs(np.mean(a) - np.mean(b))),
                "평균의 차이만 재었습니다. 퍼진 정도가 달라도 0이 나옵니다.",
            ),
            (
                lambda a, b: float(np.abs(np.sort(a) - np.sort(b)).sum()),
                "거리를 더하기만 했습니다. 짝의 수로 나누어 봅시다.",
            ),
        ],
    ),
    "04.3": Key(
        weight,
        cases=[((1, 0.0), 4.0), ((0, 0.0), 9.0), ((1, 1.5), 5.5), ((0, -1.0), 7.0)],
        hints=[
            (lambda is_cat, e: 4.0 + e if is_cat else 9.0 + 4 * e, "2²은 분산입니다. 표준편차를 곱해야 합니다."),
            (lambda is_cat, e: 9.0 + 2 * e if is_cat else 4.0 + e, "is_cat이 1일 때가 고양이입니다."),
            (
                lambda is_cat, e: 6.5 + 1.5 * e,
                "두 봉우리를 평균하면 봉우리가 하나가 됩니다. 둘 가운데 하나를 골라야 합니다.",
            ),
        ],
    ),
    "04.4": Key(
        order,
        cases=[((1, 2), "DGDG"), ((2, 3), "DDGDDGDDG"), ((5, 1), "DDDDDG"), ((3, 0), "")],
        hints=[
            (
                lambda k, rounds: ("D" + "G" * k) * rounds,
                "교재의 순서입니다. 알고리즘 1에서 k스텝을 학습하는 것은 D입니다.",
            ),
            (
                lambda k, rounds: "D" * k * rounds + "G" * rounds,
                "D가 모두 끝난 뒤에 G를 시작했습니다. 한 라운드마다 번갈아야 합니다.",
            ),
            (lambda k, rounds: ("D" * k + "G") * k, "라운드의 수는 rounds입니다."),
        ],
    ),
}
