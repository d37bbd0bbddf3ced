"""03차시의 빈칸과 연습문제: 풀이, 채점할 경우, 흔한 오답에 맞춘 도움말."""

import numpy as np

from ganlib.exercise import Key


def sigmoid(logit):
    return 1 / (1 + np.exp(-logit))


# 본문의 빈칸


def best_judge(real, fake):
    return real / (real + fake)


def alternating(theta, psi, rate):
    psi = psi - rate * sigmoid(psi * theta) * theta
    theta = theta + rate * sigmoid(psi * theta) * psi
    return theta, psi


def _both_at_once(theta, psi, rate):
    s = sigmoid(psi * theta)
    return theta + rate * s * psi, psi - rate * s * theta


def _forger_first(theta, psi, rate):
    theta = theta + rate * sigmoid(psi * theta) * psi
    return theta, psi - rate * sigmoid(psi * theta) * theta


def _stale_confidence(theta, psi, rate):
    s = sigmoid(psi * theta)
    psi = psi - rate * s * theta
    return theta + rate * s * psi, psi


def _same_side(theta, psi, rate):
    psi = psi - rate * sigmoid(psi * theta) * theta
    return theta - rate * sigmoid(psi * theta) * psi, psi


def _swapped(theta, psi, rate):
    return alternating(theta, psi, rate)[::-1]


# 연습문제


def judge_of_ramp(x):
    return 2 * x / (2 * x + 1)


def real_coin(theta, d_head):
    return theta * d_head / (1 - d_head)


def value(p, theta, d_head, d_tail):
    on_real = p * np.log(d_head) + (1 - p) * np.log(d_tail)
    on_fake = theta * np.log(1 - d_head) + (1 - theta) * np.log(1 - d_tail)
    return on_real + on_fake


def room_to_improve(p, theta, d_head, d_tail):
    now = value(p, theta, d_head, d_tail)
    best = value(p, theta, best_judge(p, theta), best_judge(1 - p, 1 - theta))
    worst = min(value(p, 0, d_head, d_tail), value(p, 1, d_head, d_tail))
    return [best - now, now - worst]


def _only_judge(p, theta, d_head, d_tail):
    return [room_to_improve(p, theta, d_head, d_tail)[0], 0.0]


def _forger_to_real(p, theta, d_head, d_tail):
    now = value(p, theta, d_head, d_tail)
    return [room_to_improve(p, theta, d_head, d_tail)[0], now - value(p, p, d_head, d_tail)]


def _against_floor(p, theta, d_head, d_tail):
    now = value(p, theta, d_head, d_tail)
    return [-np.log(4) - now, now + np.log(4)]


def _signs(p, theta, d_head, d_tail):
    first, second = room_to_improve(p, theta, d_head, d_tail)
    return [-first, -second]


def damped_step(theta, psi, rate, gamma):
    s = sigmoid(psi * theta)
    return [theta + rate * s * psi, psi - rate * (s * theta + gamma * psi)]


def _undamped(theta, psi, rate, gamma):
    return damped_step(theta, psi, rate, 0.0)


def _pushed(theta, psi, rate, gamma):
    return damped_step(theta, psi, rate, -gamma)


def _damped_alternating(theta, psi, rate, gamma):
    psi = psi - rate * (sigmoid(psi * theta) * theta + gamma * psi)
    return [theta + rate * sigmoid(psi * theta) * psi, psi]


def _square_kept(theta, psi, rate, gamma):
    s = sigmoid(psi * theta)
    return [theta + rate * s * psi, psi - rate * (s * theta + gamma * psi**2 / 2)]


def growth(rate, alternate):
    forger = np.array([[1, -rate], [0, 1]])
    judge = np.array([[1, 0], [rate, 1]])
    together = np.array([[1, -rate], [rate, 1]])
    step = forger @ judge if alternate else together
    return max(np.abs(np.linalg.eigvals(step)))


def _real_part(rate, alternate):
    corner = 1 - rate**2 if alternate else 1
    return max(np.linalg.eigvals([[corner, -rate], [rate, 1]]).real)


def _always_together(rate, alternate):
    return growth(rate, False)


def _allies(rate, alternate):
    return max(abs(np.linalg.eigvals([[1 + alternate * rate**2, rate], [rate, 1]])))


KEYS = {
    "03.best_judge": Key(
        best_judge,
        cases=[
            ((0.7, 0.4), ...),
            ((0.3, 0.6), ...),
            ((0.2, 0.2), 0.5),
            ((np.array([0.1, 0.5]), np.array([0.3, 0.5])), ...),
        ],
        hints=[
            (
                lambda real, fake: fake / (real + fake),
                "가짜의 비율을 구했습니다. D는 진짜일 확률이므로 분자가 real입니다.",
            ),
            (lambda real, fake: real / fake, "두 밀도의 비입니다. 확률이 되려면 둘의 합으로 나누어야 합니다."),
            (
                lambda real, fake: real / real + fake,
                "나눗셈이 먼저 계산되었습니다. 분모 real + fake를 괄호로 묶어 봅시다.",
            ),
            (
                lambda real, fake: real / (1 - fake),
                "분모는 1 − fake가 아니라 두 밀도의 합입니다. 같은 면을 낸 두 동전만 견줍니다.",
            ),
            (
                lambda real, fake: (real > fake) * 1.0,
                "더 많은 쪽을 골랐습니다. 확률로 답해야 하므로 진짜의 비율을 그대로 적습니다.",
            ),
        ],
    ),
    "03.alternating": Key(
        alternating,
        cases=[((1.0, 1.0, 0.2), ...), ((0.5, -2.0, 0.3), ...), ((-1.5, 0.0, 1.0), ...)],
        hints=[
            (_both_at_once, "동시에 움직였습니다. 위조범의 식에는 방금 고친 psi를 써야 합니다."),
            (_forger_first, "위조범이 먼저 움직였습니다. 경찰의 psi를 먼저 고쳐 봅시다."),
            (
                _stale_confidence,
                "sigmoid 안의 psi가 지난 값입니다. 위조범의 차례에는 sigmoid(psi * theta)도 다시 계산합니다.",
            ),
            (_same_side, "위조범의 부호가 반대입니다. 위조범은 psi가 가리키는 쪽으로 가므로 더합니다."),
            (_swapped, "두 값의 순서가 바뀌었습니다. (theta, psi)의 순서로 돌려줍니다."),
        ],
    ),
    "03.1": Key(
        judge_of_ramp,
        cases=[((0.0,), 0.0), ((0.5,), 0.5), ((1.0,), 2 / 3), ((0.2,), ...)],
        hints=[
            (lambda x: 1 / (2 * x + 1), "가짜의 비율을 구했습니다. D는 진짜일 확률입니다."),
            (lambda x: 2 * x, "진짜의 밀도 그대로입니다. 두 밀도의 합으로 나누어 봅시다."),
            (lambda x: x, "2x를 2로 나누었습니다. 두 밀도의 합은 2x + 1입니다."),
            (lambda x: x / (x + 1), "진짜의 밀도를 x로 두었습니다. 적분이 1이 되려면 2x여야 합니다."),
        ],
    ),
    "03.2": Key(
        real_coin,
        cases=[((0.4, 7 / 11), 0.7), ((0.5, 0.5), 0.5), ((0.2, 0.75), 0.6)],
        hints=[
            (lambda theta, d_head: theta * d_head, "D를 곱하기만 했습니다. D = p / (p + θ)를 p에 대해 풀어 봅시다."),
            (
                lambda theta, d_head: theta * (1 - d_head) / d_head,
                "비를 거꾸로 썼습니다. D가 1/2보다 크면 p는 θ보다 커야 합니다.",
            ),
            (
                lambda theta, d_head: d_head / (1 - d_head),
                "두 확률의 비 p/θ까지 구했습니다. 여기에 θ를 곱하면 p입니다.",
            ),
            (lambda theta, d_head: theta / (1 - d_head), "p + θ를 구했습니다. 여기에서 θ를 빼면 p입니다."),
        ],
    ),
    "03.3": Key(
        room_to_improve,
        cases=[
            ((0.7, 0.1, 0.5, 0.5), ...),
            ((0.7, 0.7, 0.5, 0.5), [0.0, 0.0]),
            ((0.7, 0.3, 0.7, 0.3), ...),
            ((0.2, 0.6, 0.6, 0.3), ...),
        ],
        hints=[
            (
                _only_judge,
                "위조범이 더 줄일 수 있는 양이 비었습니다. 경찰을 그대로 두고 θ가 0일 때와 1일 때의 V를 견주어 봅시다.",
            ),
            (
                _forger_to_real,
                "위조범을 θ = p로 보냈습니다. 고정된 경찰 앞에서 V가 가장 작은 곳은 직선의 끝, θ = 0이나 1입니다.",
            ),
            (_against_floor, "−log 4와 견주었습니다. 상대를 그대로 두고 혼자 바꾸었을 때 얻는 양을 구합니다."),
            (_signs, "부호가 모두 반대입니다. 경찰은 V를 올린 만큼, 위조범은 내린 만큼이 이득입니다."),
        ],
    ),
    "03.4": Key(
        damped_step,
        cases=[((1.0, 1.0, 0.2, 0.0), ...), ((1.0, 1.0, 0.2, 1.0), ...), ((0.5, -2.0, 0.1, 0.5), ...)],
        hints=[
            (_undamped, "벌점 항이 빠졌습니다. −γψ²/2를 ψ로 미분한 −γψ도 더해야 합니다."),
            (_pushed, "벌점의 부호가 반대입니다. 경찰은 ψ가 커지면 손해를 봅니다."),
            (_square_kept, "벌점을 미분하지 않았습니다. ψ²/2를 ψ로 미분하면 ψ입니다."),
            (_damped_alternating, "번갈아 움직였습니다. 이번에는 위조범도 경찰의 지난 ψ를 봅니다."),
        ],
    ),
    "03.5": Key(
        growth,
        cases=[((0.5, False), 1.1180340), ((0.5, True), 1.0), ((1.9, True), 1.0), ((2.5, True), 4.0)],
        hints=[
            (_real_part, "실수부만 보았습니다. 복소수의 크기는 np.abs로 구합니다."),
            (
                _always_together,
                "번갈아 움직일 때에도 동시에 움직이는 행렬을 썼습니다. 위조범은 경찰의 새 값을 보고 움직입니다.",
            ),
            (_allies, "두 사람이 같은 쪽으로 움직였습니다. 위조범은 V를 줄이므로 x의 식에 빼기가 있어야 합니다."),
        ],
    ),
}
