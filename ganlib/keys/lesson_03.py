"""03차시의 문제."""

import numpy as np
from scipy import stats

from ganlib.exercise import Key


def judge_of_ramp(x):
    return 2 * x / (2 * x + 1)


def jsd_of_coins(p, theta):
    m = (p + theta) / 2
    real, fake, middle = [p, 1 - p], [theta, 1 - theta], [m, 1 - m]
    return (stats.entropy(real, middle) + stats.entropy(fake, middle)) / 2


def to_middle(p, theta):
    middle = (p + theta) / 2
    return stats.entropy([p, 1 - p], [middle, 1 - middle])


def growth(rate, alternate):
    forger = np.array([[1, -rate], [0, 1]])  # x만 움직입니다
    judge = np.array([[1, 0], [rate, 1]])  # y만 움직입니다
    together = np.array([[1, -rate], [rate, 1]])
    step = forger @ judge if alternate else together
    return max(np.abs(np.linalg.eigvals(step)))


def eigenvalues(rate, alternate):
    corner = 1 - rate**2 if alternate else 1
    return np.linalg.eigvals([[corner, -rate], [rate, 1]])


def damped_step(x, y, rate, gamma):
    return [x - rate * y, y + rate * (x - gamma * y)]


KEYS = {
    "03.1": Key(
        judge_of_ramp,
        cases=[((0.0,), 0.0), ((0.5,), 0.5), ((1.0,), 0.6666667), ((0.2,), 0.2857143)],
        hints=[
            (lambda x: 1 / (2 * x + 1), "가짜의 몫을 구했습니다. D는 진짜일 확률입니다."),
            (lambda x: 2 * x, "진짜의 밀도 그대로입니다. 두 밀도의 합으로 나누어 봅시다."),
            (lambda x: x, "2x를 2로 나누었습니다. 두 밀도의 합은 2x + 1입니다."),
            (lambda x: x / (x + 1), "진짜의 밀도를 x로 두었습니다. 적분이 1이 되려면 2x여야 합니다."),
        ],
    ),
    "03.2": Key(
        jsd_of_coins,
        cases=[((0.7, 0.7), 0.0), ((0.7, 0.4), 0.0462008), ((1.0, 0.0), 0.6931472), ((1.0, 0.5), 0.2157616)],
        hints=[
            (lambda p, t: to_middle(p, t) + to_middle(t, p), "두 KL 발산을 더하기만 했습니다. 둘의 평균이 JSD입니다."),
            (to_middle, "한쪽의 KL 발산만 구했습니다. 가짜 쪽도 구해 평균합니다."),
            (
                lambda p, t: (to_middle(p, t) + to_middle(t, p)) / (2 * np.log(2)),
                "밑이 2인 로그를 썼습니다. 단위가 내트이면 가장 큰 값이 log 2입니다.",
            ),
            (
                lambda p, t: (stats.entropy([p, 1 - p], [t, 1 - t]) + stats.entropy([t, 1 - t], [p, 1 - p])) / 2,
                "두 동전을 서로 견주었습니다. 각각을 둘의 평균 m과 견주어야 무한대가 되지 않습니다.",
            ),
        ],
    ),
    "03.3": Key(
        growth,
        cases=[((0.5, False), 1.1180340), ((0.5, True), 1.0), ((1.9, True), 1.0), ((2.5, True), 4.0)],
        hints=[
            (
                lambda rate, alternate: max(eigenvalues(rate, alternate).real),
                "실수부만 보았습니다. 복소수의 크기는 np.abs로 구합니다.",
            ),
            (
                lambda rate, alternate: max(abs(eigenvalues(rate, False))),
                "번갈아 갈 때에도 동시에 가는 행렬을 썼습니다. 위조범은 경찰의 새 자리를 보고 움직입니다.",
            ),
            (
                lambda rate, alternate: max(abs(np.linalg.eigvals([[1 + alternate * rate**2, rate], [rate, 1]]))),
                "두 사람이 같은 쪽으로 움직였습니다. 위조범은 V를 줄이므로 x의 식에 빼기가 있어야 합니다.",
            ),
        ],
    ),
    "03.4": Key(
        damped_step,
        cases=[
            ((1.0, 1.0, 0.1, 0.0), [0.9, 1.1]),
            ((1.0, 1.0, 0.1, 2.0), [0.9, 0.9]),
            ((0.5, -2.0, 0.2, 1.0), [0.9, -1.5]),
        ],
        hints=[
            (
                lambda x, y, rate, gamma: [x - rate * y, y + rate * x],
                "벌칙 항이 빠졌습니다. −γy²/2를 y로 미분한 −γy도 더해야 합니다.",
            ),
            (
                lambda x, y, rate, gamma: [x - rate * y, y + rate * (x + gamma * y)],
                "벌칙의 부호가 반대입니다. 경찰은 y가 커지면 손해를 봅니다.",
            ),
            (
                lambda x, y, rate, gamma: [x - rate * (y + rate * (x - gamma * y)), y + rate * (x - gamma * y)],
                "번갈아 움직였습니다. 위조범도 경찰의 지난 자리를 보아야 합니다.",
            ),
        ],
    ),
}
