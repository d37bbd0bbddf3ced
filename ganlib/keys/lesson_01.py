"""01차시의 문제."""

import numpy as np
from scipy import stats

from ganlib.exercise import Key


def log_likelihood(theta, heads, tails):
    return heads * np.log(theta) + tails * np.log(1 - theta)


def die_mle(rolls, extra=0):
    total = len(rolls) + 6 * extra
    return [(rolls.count(face) + extra) / total for face in range(1, 7)]


def kl_coins(p, theta):
    return p * np.log(p / theta) + (1 - p) * np.log((1 - p) / (1 - theta))


def kl_dice(p, q):
    total = 0.0
    for p_k, q_k in zip(p, q):
        if p_k > 0:
            total = total + (p_k * np.log(p_k / q_k) if q_k > 0 else np.inf)
    return total


def pixel_coins(rows, z):
    return z < rows.mean(axis=0)


def log_of_product(theta, heads, tails):
    with np.errstate(divide="ignore"):
        return np.log(theta**heads * (1 - theta) ** tails)


def kl_without_infinity(p, q):
    return sum(p_k * np.log(p_k / q_k) for p_k, q_k in zip(p, q) if p_k > 0 and q_k > 0)


FAIR = [1 / 6] * 6
TWO_FACES = [0.5, 0.5, 0.0, 0.0, 0.0, 0.0]
LOADED = [0.05, 0.10, 0.15, 0.20, 0.20, 0.30]
# 그림 세 장, 픽셀 넷: 픽셀마다 1의 비율은 1, 2/3, 1/3, 0입니다.
ROWS = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0]])
Z = np.array([[0.1, 0.1, 0.1, 0.1], [0.9, 0.6, 0.4, 0.05], [0.5, 0.7, 0.3, 0.9]])


KEYS = {
    "01.log_likelihood": Key(
        log_likelihood,
        cases=[
            ((0.7, 2, 1), np.log(0.147)),
            ((0.5, 3, 5), -8 * np.log(2)),
            ((0.7, 1400, 600), 1400 * np.log(0.7) + 600 * np.log(0.3)),
            ((np.array([0.2, 0.6]), 1, 1), [np.log(0.16), np.log(0.24)]),
        ],
        hints=[
            (
                log_of_product,
                "곱한 다음에 로그를 취해서 2,000번에서 언더플로가 일어났습니다. 로그를 먼저 취하고 더합니다.",
            ),
            (lambda theta, heads, tails: heads * np.log(theta), "뒷면의 항 tails × log(1 − θ)가 빠졌습니다."),
            (
                lambda theta, heads, tails: heads * np.log(theta) + tails * np.log(theta),
                "뒷면의 확률은 θ가 아니라 1 − θ입니다.",
            ),
            (
                lambda theta, heads, tails: heads * np.log(theta) * tails * np.log(1 - theta),
                "로그를 취하면 곱이 합이 됩니다. 두 항을 더합니다.",
            ),
            (
                lambda theta, heads, tails: heads * np.log2(theta) + tails * np.log2(1 - theta),
                "밑이 2인 로그입니다. 이 수업에서는 자연로그 np.log를 씁니다.",
            ),
            (
                lambda theta, heads, tails: theta**heads * (1 - theta) ** tails,
                "이것은 우도입니다. 로그를 취한 식을 씁니다.",
            ),
        ],
    ),
    "01.kl_coins": Key(
        kl_coins,
        cases=[((0.7, 0.5), 0.0822829), ((0.7, 0.7), 0.0), ((0.5, 0.7), 0.0871767), ((0.9, 0.2), 1.1457255)],
        hints=[
            (
                lambda p, theta: p * np.log(p / theta) - (1 - p) * np.log((1 - p) / (1 - theta)),
                "앞면의 항과 뒷면의 항을 더합니다. 빼지 않습니다.",
            ),
            (lambda p, theta: p * np.log(p / theta), "앞면의 항만 있습니다. 뒷면의 항도 더합니다."),
            (
                lambda p, theta: stats.entropy([theta, 1 - theta], [p, 1 - p]),
                "두 동전의 순서가 바뀌었습니다. 평균을 내는 확률은 p입니다.",
            ),
            (
                lambda p, theta: stats.entropy([p, 1 - p], [theta, 1 - theta], base=2),
                "밑이 2인 로그입니다. 단위가 내트이면 자연로그 np.log를 씁니다.",
            ),
        ],
    ),
    "01.1": Key(
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
                lambda rolls, extra=0: [(rolls.count(k) + extra) / (len(rolls) + extra) for k in range(1, 7)],
                "합이 1이 아닙니다. 눈이 여섯이므로 나누는 수에는 6 × extra를 더합니다.",
            ),
            (
                lambda rolls, extra=0: [(rolls.count(k) + extra) / 6 for k in range(1, 7)],
                "눈의 수 6이 아니라 굴린 횟수로 나눕니다. 더한 몫도 횟수에 넣습니다.",
            ),
        ],
    ),
    "01.2": Key(
        kl_dice,
        cases=[
            ((LOADED, FAIR), 0.1221793),
            ((TWO_FACES, FAIR), np.log(3)),
            ((FAIR, TWO_FACES), np.inf),
            ((FAIR, FAIR), 0.0),
        ],
        hints=[
            (
                kl_without_infinity,
                "p의 값은 양수인데 q의 값이 0인 눈을 건너뛰었습니다. 그런 눈이 하나라도 있으면 np.inf입니다.",
            ),
            (lambda p, q: kl_dice(q, p), "p와 q의 순서가 바뀌었습니다. 평균을 내는 확률은 p입니다."),
            (lambda p, q: kl_dice(p, q) / np.log(2), "밑이 2인 로그입니다. 단위가 내트이면 자연로그 np.log를 씁니다."),
        ],
    ),
    "01.3": Key(
        pixel_coins,
        cases=[
            ((ROWS, Z), [[True, True, True, False], [True, True, False, False], [True, False, True, False]]),
            ((ROWS[:2], Z[:1]), [[True, True, False, False]]),
        ],
        hints=[
            (lambda rows, z: z > rows.mean(axis=0), "부등호가 반대입니다. 난수가 비율보다 작을 때 1입니다."),
            (
                lambda rows, z: z < rows.mean(),
                "모든 픽셀에 같은 비율을 썼습니다. axis=0으로 평균하면 픽셀마다 비율이 나옵니다.",
            ),
            (
                lambda rows, z: np.broadcast_to(rows.mean(axis=0) > 0.5, z.shape),
                "난수 z를 쓰지 않아 늘 같은 그림이 나옵니다. 4절의 ‘확률이 큰 면으로 답하기’와 같습니다.",
            ),
        ],
    ),
}
