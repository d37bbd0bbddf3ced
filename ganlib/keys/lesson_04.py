"""04차시의 빈칸과 연습문제."""

import numpy as np
import torch
from scipy import stats
from torch import nn

from ganlib.exercise import Key
from ganlib.train import d_step, g_step

# ── 한 라운드 ─────────────────────────────────────────────────────


def one_round(game):
    for _ in range(game.k):
        d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    g_step(game.G, game.D, game.opt_G, game.noise())


class Practice:
    """채점에 쓰는 아주 작은 게임. 무대의 game과 이름이 같습니다."""

    def __init__(self, k):
        rng = torch.Generator().manual_seed(4)
        self.G, self.D, self.k, self.draws = nn.Linear(1, 1), nn.Linear(1, 1), k, 0
        for weight in (*self.G.parameters(), *self.D.parameters()):
            nn.init.uniform_(weight, 0.5, 1.0, generator=rng)
        self.opt_G, self.opt_D = (torch.optim.SGD(net.parameters(), lr=0.1) for net in (self.G, self.D))
        # 진짜와 잡음을 따로 뽑으므로, 어느 것을 먼저 뽑든 결과는 같습니다.
        self.reals, self.noises = torch.Generator().manual_seed(5), torch.Generator().manual_seed(6)

    def real(self, count=8):
        self.draws += 1
        return 4 + torch.randn(count, 1, generator=self.reals)

    def noise(self, count=8):
        self.draws += 1
        return 2 * torch.rand(count, 1, generator=self.noises) - 1


def play_round(function, k):
    """한 라운드를 하고 G와 D의 가중치를 돌려줍니다. 데이터를 한 번도 뽑지 않았으면 아직 빈칸입니다."""
    game = Practice(k)
    function(game)
    return [weight.item() for net in (game.G, game.D) for weight in net.parameters()] if game.draws else None


def _forgets_k(game):
    d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    g_step(game.G, game.D, game.opt_G, game.noise())


def _only_d(game):
    for _ in range(game.k):
        d_step(game.G, game.D, game.opt_D, game.real(), game.noise())


def _only_g(game):
    g_step(game.G, game.D, game.opt_G, game.noise())


def _g_in_the_loop(game):
    for _ in range(game.k):
        _forgets_k(game)


def _g_first(game):
    _only_g(game)
    _only_d(game)


def _k_for_g(game):
    d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    for _ in range(game.k):
        _only_g(game)


def _one_noise(game):
    z = game.noise()
    for _ in range(game.k):
        d_step(game.G, game.D, game.opt_D, game.real(), z)
    g_step(game.G, game.D, game.opt_G, z)


def _last_noise(game):
    for _ in range(game.k):
        z = game.noise()
        d_step(game.G, game.D, game.opt_D, game.real(), z)
    g_step(game.G, game.D, game.opt_G, z)


def _one_batch(game):
    x, z = game.real(), game.noise()
    for _ in range(game.k):
        d_step(game.G, game.D, game.opt_D, x, z)
    g_step(game.G, game.D, game.opt_G, game.noise())


def _swapped_optimizers(game):
    for _ in range(game.k):
        d_step(game.G, game.D, game.opt_G, game.real(), game.noise())
    g_step(game.G, game.D, game.opt_D, game.noise())


one_round_hints = [
    (_forgets_k, "판별자가 한 스텝만 배웠습니다. d_step을 game.k번 되풀이해 봅시다."),
    (_only_d, "생성자가 배우지 않았습니다. 반복이 끝난 다음 g_step을 한 번 불러 봅시다."),
    (_only_g, "판별자가 배우지 않았습니다. 먼저 d_step을 game.k번 불러 봅시다."),
    (_g_in_the_loop, "g_step이 반복 안에 들어 있습니다. 들여쓰기를 한 칸 줄여, 반복이 끝난 다음 한 번만 불러 봅시다."),
    (_g_first, "순서가 바뀌었습니다. 판별자가 먼저 배우고, 그 판별자를 보고 생성자가 배웁니다."),
    (_k_for_g, "k스텝을 배우는 것은 판별자입니다. 생성자는 한 스텝만 배웁니다."),
    (
        _one_noise,
        "같은 잡음을 여러 번 썼습니다. game.noise()를 부를 때마다 새 잡음이 나옵니다. 스텝마다 새로 불러 봅시다.",
    ),
    (_last_noise, "판별자에게 쓴 잡음을 생성자에게 다시 썼습니다. g_step에는 game.noise()로 새 잡음을 넣어 봅시다."),
    (_one_batch, "판별자가 같은 데이터만 k번 보았습니다. game.real()과 game.noise()를 반복 안에서 불러 봅시다."),
    (_swapped_optimizers, "옵티마이저가 바뀌었습니다. d_step에는 game.opt_D를, g_step에는 game.opt_G를 넣습니다."),
]


# ── 정답 생성자 ───────────────────────────────────────────────────

MEAN, SD = 4.0, 1.25


def exact(z):
    u = (1 + z) / 2
    return MEAN + SD * stats.norm.ppf(u)


def in_numbers(function, z):
    """함수의 답. 수가 아니면(NaN) 그렇다고 적어, 다른 답과 견줄 수 있게 합니다."""
    x = function(z)
    return "NaN" if x is not None and np.isnan(x).any() else x


exact_hints = [
    (
        lambda z: MEAN + SD * stats.norm.ppf(z),
        "z는 −1과 1 사이의 수입니다. 먼저 0과 1 사이의 u로 바꾸어 봅시다. z = −1이면 u = 0, z = 1이면 u = 1입니다.",
    ),
    (
        lambda z: stats.norm.ppf((1 + z) / 2),
        "표준정규분포의 수가 나왔습니다. SD를 곱하고 MEAN을 더해 봅시다.",
    ),
    (lambda z: SD * stats.norm.ppf((1 + z) / 2), "가운데가 0에 있습니다. MEAN을 더해 봅시다."),
    (lambda z: MEAN + stats.norm.ppf((1 + z) / 2), "퍼진 정도가 1입니다. 표준정규분포의 수에 SD를 곱해 봅시다."),
    (
        lambda z: MEAN + SD**2 * stats.norm.ppf((1 + z) / 2),
        "분산을 곱했습니다. 곱할 것은 표준편차 SD입니다.",
    ),
    (
        lambda z: MEAN + SD * stats.norm.cdf((1 + z) / 2),
        "Φ를 썼습니다. 확률 u에서 수 x로 거꾸로 가려면 stats.norm.ppf를 씁니다.",
    ),
    (
        lambda z: MEAN + SD * stats.norm.cdf(z),
        "Φ를 썼습니다. z를 0과 1 사이의 u로 바꾼 다음, 거꾸로 가는 stats.norm.ppf를 씁니다.",
    ),
    (
        lambda z: MEAN + SD * stats.norm.ppf((1 - z) / 2),
        "왼쪽과 오른쪽이 뒤집혔습니다. 분포는 같지만, 여기서는 z가 클수록 x도 큰 답을 찾습니다.",
    ),
    (
        lambda z: MEAN + SD * z,
        "고른 수를 옮기고 늘이기만 했습니다. 종이 되려면 stats.norm.ppf를 지나야 합니다.",
    ),
    (
        lambda z: MEAN + SD * (1 + z) / 2,
        "u를 옮기고 늘이기만 했습니다. 종이 되려면 u가 stats.norm.ppf를 지나야 합니다.",
    ),
]


# ── 연습문제 ──────────────────────────────────────────────────────


def exact_exponential(z, rate):
    u = (1 + z) / 2
    return -np.log(1 - u) / rate


def wasserstein(a, b):
    return float(np.abs(np.sort(a) - np.sort(b)).mean())


def density(G, z, h=0.001):
    slope = (G(z + h) - G(z - h)) / (2 * h)
    return 0.5 / slope


def share_between(x, low, high):
    return float(((x > low) & (x < high)).mean())


KEYS = {
    "04.one_round": Key(one_round, cases=[((1,), ...), ((3,), ...)], hints=one_round_hints, run=play_round),
    "04.exact": Key(
        exact,
        cases=[
            ((0.5,), 4.843112),
            ((-0.8,), 2.398061),
            ((0.0,), 4.0),
            ((np.array([-0.5, 0.0, 0.9]),), [3.156888, 4.0, 6.056067]),
        ],
        hints=exact_hints,
        run=in_numbers,
    ),
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
                "뽑힌 순서대로 짝지었습니다. 순서에는 뜻이 없습니다. 먼저 크기순으로 줄 세워 봅시다.",
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
        density,
        cases=[
            ((lambda z: 4 + 3 * z, 0.2), 1 / 6),
            ((lambda z: z**3, 0.5), 0.5 / 0.75),
            ((lambda z: np.exp(2 * z), 0.0), 0.25),
        ],
        hints=[
            (
                lambda G, z, h=0.001: 2 * h / (G(z + h) - G(z - h)),
                "기울기의 역수에 p_z를 곱해야 합니다. z는 길이가 2인 구간에서 고르게 뽑으므로 p_z = 1/2입니다.",
            ),
            (
                lambda G, z, h=0.001: (G(z + h) - G(z - h)) / (2 * h),
                "기울기를 구했습니다. 기울기가 클수록 x가 넓게 흩어지므로, 밀도는 기울기와 거꾸로 갑니다.",
            ),
            (
                lambda G, z, h=0.001: 0.5 * (G(z + h) - G(z - h)) / (2 * h),
                "p_z를 기울기로 나누어야 하는데 곱했습니다.",
            ),
            (
                lambda G, z, h=0.001: 0.5 / (G(z + h) - G(z - h)),
                "G의 차이를 z의 차이 2h로 나누어야 기울기가 됩니다.",
            ),
        ],
    ),
    "04.4": Key(
        share_between,
        cases=[
            ((np.array([1.0, 2.0, 3.0, 4.0]), 1.5, 3.5), 0.5),
            ((np.array([0.0, 5.0, 5.0, 5.0, 9.0]), 4.0, 6.0), 0.6),
            ((np.array([2.0, 7.0]), 3.0, 6.0), 0.0),
            ((np.array([1.0, 2.0, 3.0, 9.0]), 2.5, 8.0), 0.25),
        ],
        hints=[
            (
                lambda x, low, high: float(((x > low) & (x < high)).sum()),
                "사이에 든 것을 세기만 했습니다. 전체의 수로 나누어 비율로 만들어 봅시다.",
            ),
            (lambda x, low, high: float((x > low).mean()), "위쪽 경계 high보다 작은지도 함께 봅시다."),
            (lambda x, low, high: float((x < high).mean()), "아래쪽 경계 low보다 큰지도 함께 봅시다."),
            (
                lambda x, low, high: float(((x <= low) | (x >= high)).mean()),
                "바깥에 있는 비율입니다. 사이에 든 비율을 구해 봅시다.",
            ),
        ],
    ),
}
