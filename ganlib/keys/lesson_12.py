"""12차시의 문제."""

import numpy as np

from ganlib.exercise import Key


def tomorrow(rain, after_rain, after_dry):
    return rain * after_rain + (1 - rain) * after_dry


def only_rain(rain, after_rain, after_dry):
    return rain * after_rain


def forgot_today(rain, after_rain, after_dry):
    return after_rain + after_dry


def dry_both(rain, after_rain, after_dry):
    return rain * after_rain + rain * after_dry


def iteration(k, noise, real, update_D, update_G):
    for _ in range(k):
        z = noise()
        x = real()
        update_D(z, x)
    z = noise()
    update_G(z)


def updates_made(function, k):
    """갱신할 때마다 D나 G와, 몇 번째로 뽑은 잡음과 데이터를 썼는지 적은 리스트."""
    drawn, made = {"z": 0, "x": 0}, []

    def draw(name):
        drawn[name] += 1
        return f"{name}{drawn[name]}"

    function(
        k,
        lambda: draw("z"),
        lambda: draw("x"),
        lambda z, x: made.append(f"D {z} {x}"),
        lambda z: made.append(f"G {z}"),
    )
    return made


def same_noise(k, noise, real, update_D, update_G):
    for _ in range(k):
        z = noise()
        update_D(z, real())
    update_G(z)


def one_d_step(k, noise, real, update_D, update_G):
    update_D(noise(), real())
    update_G(noise())


def g_in_the_loop(k, noise, real, update_D, update_G):
    for _ in range(k):
        update_D(noise(), real())
        update_G(noise())


def g_first(k, noise, real, update_D, update_G):
    update_G(noise())
    for _ in range(k):
        update_D(noise(), real())


def swapped(k, noise, real, update_D, update_G):
    for _ in range(k):
        update_D(real(), noise())
    update_G(noise())


def gap_in_errors(a, b):
    return (a[0] - b[0]) / np.sqrt(a[1] ** 2 + b[1] ** 2)


def sum_of_errors(a, b):
    return (a[0] - b[0]) / (a[1] + b[1])


def no_square_root(a, b):
    return (a[0] - b[0]) / (a[1] ** 2 + b[1] ** 2)


def gap_alone(a, b):
    return a[0] - b[0]


def proof_order():
    return "ㄹㄴㅁㄱㄷ"


def card_at(function, place):
    """답에서 그 차례의 카드. 다섯 장이 아니면 그렇게 말합니다."""
    cards = function()
    return cards[PLACES.index(place)] if len(cards) == 5 else "다섯 글자가 아닙니다"


PLACES = ["첫째 카드", "둘째 카드", "셋째 카드", "넷째 카드", "다섯째 카드"]


def jsd_too_soon():
    return "ㄹㄴㄱㅁㄷ"


def substitute_first():
    return "ㄴㄹㅁㄱㄷ"


def bottom_first():
    return "ㄷㄹㄴㅁㄱ"


def stationary(after_rain, after_dry):
    return after_dry / (1 - after_rain + after_dry)


def average(after_rain, after_dry):
    return (after_rain + after_dry) / 2


def chance_of_dry(after_rain, after_dry):
    return (1 - after_rain) / (1 - after_rain + after_dry)


def images_for(values, target):
    error = values.std() / np.sqrt(len(values))
    return [error, len(values) * (error / target) ** 2]


def no_root(values, target):
    error = values.std() / len(values)
    return [error, len(values) * (error / target) ** 2]


def linear(values, target):
    error = values.std() / np.sqrt(len(values))
    return [error, len(values) * error / target]


def no_division(values, target):
    return [values.std(), len(values) * (values.std() / target) ** 2]


def maxout(x, slopes, offsets):
    return np.max(slopes * x + offsets)


def largest_slope(x, slopes, offsets):
    return np.max(slopes) * x + np.max(offsets)


def every_piece(x, slopes, offsets):
    return slopes * x + offsets


def missing_rows(column, rows):
    return [row for row in rows if not column.get(row)]


def only_absent(column, rows):
    return [row for row in rows if row not in column]


def how_many(column, rows):
    return len([row for row in rows if not column.get(row)])


scores = np.random.default_rng(12).normal(225, 200, size=400)
ROWS = ["학습", "추론", "샘플 뽑기"]

KEYS = {
    "12.tomorrow": Key(
        tomorrow,
        cases=[((1.0, 0.7, 0.2), 0.7), ((0.0, 0.7, 0.2), 0.2), ((0.55, 0.7, 0.2), 0.475), ((0.3, 0.9, 0.4), 0.55)],
        hints=[
            (only_rain, "오늘 맑고 내일 비가 오는 길이 빠졌습니다. 오늘 맑을 확률은 1 − rain입니다."),
            (forgot_today, "두 길의 확률을 그대로 더하지 말고, 오늘의 날씨가 나올 확률을 저마다 곱합니다."),
            (dry_both, "둘째 길은 오늘 맑을 때입니다. rain이 아니라 1 − rain을 곱합니다."),
        ],
    ),
    "12.iteration": Key(
        iteration,
        run=updates_made,
        cases=[((1,), ["D z1 x1", "G z2"]), ((3,), ["D z1 x1", "D z2 x2", "D z3 x3", "G z4"])],
        hints=[
            (same_noise, "원문은 G를 고치기 전에 잡음을 다시 뽑으라고 적었습니다."),
            (one_d_step, "판별자를 고치는 세 줄은 k번 되풀이합니다."),
            (g_in_the_loop, "생성자를 고치는 줄은 end for 다음에 있습니다. 안쪽 반복의 밖입니다."),
            (g_first, "생성자는 판별자를 k번 고친 다음에 고칩니다."),
            (swapped, "update_D(z, x)에는 잡음을 먼저, 데이터를 나중에 넣습니다."),
        ],
    ),
    "12.gap_in_errors": Key(
        gap_in_errors,
        cases=[(((10.0, 3.0), (0.0, 4.0)), 2.0), (((2110, 50), (2057, 26)), ...), (((225, 2), (214, 1.1)), ...)],
        hints=[
            (sum_of_errors, "표준오차를 그대로 더하지 않습니다. 제곱해서 더한 다음 제곱근을 구합니다."),
            (no_square_root, "제곱해서 더한 값의 제곱근으로 나눕니다."),
            (gap_alone, "값의 차이만 구했습니다. 차이의 표준오차로 나눕니다."),
        ],
    ),
    "12.proof_order": Key(
        proof_order,
        run=card_at,
        cases=[((place,), ...) for place in PLACES],
        hints=[
            (jsd_too_soon, "ㄱ이 묶는 두 KL 발산은 어느 카드에서 나왔을까요?"),
            (substitute_first, "ㄴ의 ‘그 답’이 무엇인지 정한 카드가 먼저 와야 합니다."),
            (bottom_first, "ㄷ은 C = −log 4 + 2 JSD를 얻은 다음에야 쓸 수 있습니다."),
        ],
    ),
    "12.1": Key(
        stationary,
        cases=[((0.7, 0.2), 0.4), ((0.99, 0.01), 0.5), ((0.3, 0.3), 0.3), ((0.5, 0.1), 1 / 6)],
        hints=[
            (average, "두 확률의 평균이 아닙니다. 맑은 날이 더 많으면 맑은 다음 날의 확률이 더 자주 쓰입니다."),
            (chance_of_dry, "맑을 확률을 구했습니다. 비가 올 확률을 돌려줍니다."),
        ],
    ),
    "12.2": Key(
        images_for,
        cases=[
            ((np.array([1.0, 3.0, 5.0, 7.0]), 0.5), [1.118034, 20.0]),  # 표준편차는 √5입니다
            ((np.array([1.0, 3.0, 5.0, 7.0]), 2.0), [1.118034, 1.25]),
            ((scores, 1.0), ...),
        ],
        hints=[
            (no_root, "표준편차를 n이 아니라 √n으로 나눕니다."),
            (linear, "표준오차는 √n에 반비례합니다. 절반으로 줄이려면 몇 배가 필요할까요?"),
            (no_division, "표준편차를 그대로 썼습니다. √n으로 나누어야 표준오차입니다."),
        ],
    ),
    "12.3": Key(
        maxout,
        cases=[
            ((-2.0, np.array([0.0, 1.0]), np.array([0.0, 0.0])), 0.0),
            ((3.0, np.array([0.0, 1.0]), np.array([0.0, 0.0])), 3.0),
            ((-2.0, np.array([-1.0, 1.0]), np.array([0.0, 0.0])), 2.0),
            ((0.5, np.array([-0.8, 0.2, 1.2]), np.array([-0.6, 0.0, -0.8])), 0.1),
        ],
        hints=[
            (largest_slope, "기울기와 절편을 따로 고르지 않습니다. 직선마다 값을 구한 다음 가장 큰 것을 고릅니다."),
            (every_piece, "직선마다의 값을 모두 돌려주었습니다. 그 가운데 가장 큰 수 하나만 돌려줍니다."),
        ],
    ),
    "12.4": Key(
        missing_rows,
        cases=[
            (({"학습": "안정적이다"}, ROWS), ["추론", "샘플 뽑기"]),
            (({"학습": "안정적이다", "추론": "", "샘플 뽑기": "여러 번 부른다"}, ROWS), ["추론"]),
            (({"학습": "가", "추론": "나", "샘플 뽑기": "다"}, ROWS), []),
        ],
        hints=[
            (only_absent, "이름은 있지만 글이 빈 행도 빠뜨린 것입니다."),
            (how_many, "몇 행인지가 아니라 행의 이름을 리스트로 돌려줍니다."),
        ],
    ),
}
