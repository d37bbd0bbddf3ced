"""01차시의 문제."""

import numpy as np
from scipy import stats

from ganlib.exercise import Key


def sequence_likelihood(flips, theta):
    heads = sum(flips)
    return theta**heads * (1 - theta) ** (len(flips) - heads)


def kl_coins(p, theta):
    return p * np.log(p / theta) + (1 - p) * np.log((1 - p) / (1 - theta))


def die_mle(rolls, extra=0):
    total = len(rolls) + 6 * extra
    return [(rolls.count(face) + extra) / total for face in range(1, 7)]


KEYS = {
    "01.1": Key(
        sequence_likelihood,
        cases=[
            (([1], 0.7), 0.7),
            (([1, 1, 0], 0.7), 0.147),
            (([0, 0, 1, 0], 0.2), 0.1024),
            (([1, 0, 1, 0, 1], 0.5), 0.03125),
        ],
        hints=[
            (lambda flips, theta: theta ** sum(flips), "뒤가 나온 번에도 확률 1 − theta를 곱해야 합니다."),
            (
                lambda flips, theta: float(stats.binom.pmf(sum(flips), len(flips), theta)),
                "앞의 횟수가 같은 다른 순서까지 세었습니다. 순서가 정해져 있으면 이항계수를 곱하지 않습니다.",
            ),
            (
                lambda flips, theta: sum(np.log(theta if flip else 1 - theta) for flip in flips),
                "로그우도입니다. 여기서는 로그를 씌우지 않은 우도를 구합니다.",
            ),
        ],
    ),
    "01.2": Key(
        kl_coins,
        cases=[
            ((0.7, 0.7), 0.0),
            ((0.7, 0.5), 0.0822829),
            ((0.5, 0.7), 0.0871767),
            ((0.9, 0.2), 1.1457255),
        ],
        hints=[
            (lambda p, theta: p * np.log(p / theta), "앞의 항만 있습니다. 뒤의 항도 더합니다."),
            (
                lambda p, theta: theta * np.log(theta / p) + (1 - theta) * np.log((1 - theta) / (1 - p)),
                "두 동전의 순서가 바뀌었습니다. 평균을 내는 확률은 p입니다.",
            ),
            (
                lambda p, theta: p * np.log2(p / theta) + (1 - p) * np.log2((1 - p) / (1 - theta)),
                "밑이 2인 로그입니다. 단위가 내트이면 자연로그 np.log를 씁니다.",
            ),
        ],
    ),
    "01.3": Key(
        die_mle,
        cases=[
            (([1, 2, 3, 4, 5, 6],), [1 / 6] * 6),
            (([6, 6, 6, 1],), [0.25, 0.0, 0.0, 0.0, 0.0, 0.75]),
            (([2, 2, 5, 5, 5, 3, 1, 1, 1, 6], 0), [0.3, 0.2, 0.1, 0.0, 0.3, 0.1]),
            (([6, 6, 6, 1], 1), [0.2, 0.1, 0.1, 0.1, 0.1, 0.4]),
        ],
        hints=[
            (
                lambda rolls, extra=0: [rolls.count(k) / len(rolls) for k in range(1, 7)],
                "extra를 쓰지 않았습니다. 횟수마다 extra를 더하고, 나누는 수도 그만큼 키웁니다.",
            ),
            (
                lambda rolls, extra=0: [(rolls.count(k) + extra) / len(rolls) for k in range(1, 7)],
                "합이 1이 아닙니다. 눈이 여섯이므로 나누는 수에는 6 × extra를 더합니다.",
            ),
            (
                lambda rolls, extra=0: [(rolls.count(k) + extra) / 6 for k in range(1, 7)],
                "면의 수 6이 아니라 굴린 횟수로 나눕니다. 더한 몫도 횟수에 넣습니다.",
            ),
        ],
    ),
}
