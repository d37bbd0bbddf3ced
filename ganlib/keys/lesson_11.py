"""11차시의 문제."""

import math
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import nn

from ganlib.exercise import Key
from ganlib.train import d_loss, g_loss


def with_label(z, y):
    return torch.cat([z, F.one_hot(y, 10)], dim=1)


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def one_round(game):
    x, y = game.real()
    z, wanted = game.orders()
    fake = game.G(with_label(z, wanted)).detach()
    loss_D = d_loss(game.D(x, y), game.D(fake, wanted))
    update(game.opt_D, loss_D)
    z, wanted = game.orders()
    loss_G = g_loss(game.D(game.G(with_label(z, wanted)), wanted))
    update(game.opt_G, loss_G)
    return loss_D.item(), loss_G.item()


class SmallJudge(nn.Module):
    """채점에 쓰는 작은 투영 판별자."""

    def __init__(self):
        super().__init__()
        self.last, self.label = nn.Linear(3, 1), nn.Embedding(10, 3)

    def forward(self, x, y):
        return self.last(x) + (self.label(y) * x).sum(dim=1, keepdim=True)


def play_once(function, seed):
    """작은 게임에서 한 라운드를 하고, 돌려준 값과 두 신경망의 가중치를 늘어놓습니다."""
    torch.manual_seed(seed)
    G, D = nn.Linear(12, 3), SmallJudge()
    game = SimpleNamespace(
        G=G,
        D=D,
        opt_G=torch.optim.SGD(G.parameters(), lr=0.5),
        opt_D=torch.optim.SGD(D.parameters(), lr=0.5),
        real=lambda: (torch.randn(8, 3) + 1, torch.randint(10, (8,))),
        orders=lambda: (torch.randn(8, 2), torch.randint(10, (8,))),
    )
    returned = function(game)
    return returned and [*returned, *(weight.flatten().tolist() for net in (G, D) for weight in net.parameters())]


def round_with(beside):
    """D에 레이블을 잘못 준 오답. beside(y, wanted)는 진짜 옆, 가짜 옆, 마지막 그림 옆에 둔 레이블입니다."""

    def wrong(game):
        x, y = game.real()
        z, wanted = game.orders()
        fake = game.G(with_label(z, wanted)).detach()
        beside_real, beside_fake, _ = beside(y, wanted)
        loss_D = d_loss(game.D(x, beside_real), game.D(fake, beside_fake))
        update(game.opt_D, loss_D)
        z, wanted = game.orders()
        loss_G = g_loss(game.D(game.G(with_label(z, wanted)), beside(y, wanted)[2]))
        update(game.opt_G, loss_G)
        return loss_D.item(), loss_G.item()

    return wrong


def match_codes(table):
    codes, digits = linear_sum_assignment(table, maximize=True)
    return digits, table[codes, digits].sum() / table.sum()


def smallest_match(table):
    codes, digits = linear_sum_assignment(table)
    return digits, table[codes, digits].sum() / table.sum()


def projection_logit(features, y, w, b, E):
    return features @ w + b + (E[y] * features).sum(dim=1)


def find_shift(read_digits, asked):
    return ((read_digits - asked) % 10).bincount(minlength=10).argmax().item()


def information_bound(logits, codes):
    return math.log(10) - F.cross_entropy(logits, codes).item()


def mixed_order(z, a, b, share):
    order = torch.zeros(len(z), 10)
    order[:, a] += 1 - share
    order[:, b] += share
    return torch.cat([z, order], dim=1)


dice = torch.Generator().manual_seed(11)
clash = np.array([[9, 8, 0], [8, 1, 0], [0, 5, 4]])  # 코드마다 가장 많은 것을 고르면 숫자 0이 두 번 나옵니다
crowd = torch.randint(100, (10, 10), generator=dice).numpy()
features, w, E = (torch.randn(*shape, generator=dice) for shape in ((4, 5), (5,), (10, 5)))
asked_digits = torch.arange(10).repeat(3)
two_astray = torch.cat([(asked_digits[:-2] + 7) % 10, torch.tensor([0, 0])])
some_codes = torch.tensor([0, 3, 3, 7, 9, 1])
confident = 8.0 * F.one_hot(some_codes, 10) + torch.randn(6, 10, generator=dice)
small_z = torch.tensor([[0.5, -1.0], [2.0, 0.0]])

KEYS = {
    "11.one_round": Key(
        one_round,
        cases=[((0,), ...), ((1,), ...)],
        hints=[
            (round_with(lambda y, wanted: (y, y, y)), "가짜 옆에 진짜의 레이블을 두었습니다. G가 받은 주문을 둡니다."),
            (round_with(lambda y, wanted: (wanted, wanted, wanted)), "진짜 옆에는 그 그림의 레이블 y를 둡니다."),
            (round_with(lambda y, wanted: (y, wanted, y)), "마지막 그림은 새 주문으로 그렸습니다. 그 주문을 둡니다."),
        ],
        run=play_once,
    ),
    "11.match_codes": Key(
        match_codes,
        cases=[((clash,), ...), ((crowd,), ...), ((np.diag([5, 6, 7]),), ...)],
        hints=[
            (
                lambda table: (table.argmax(axis=1), table.max(axis=1).sum() / table.sum()),
                "코드마다 가장 많은 숫자를 골랐습니다. 두 코드가 같은 숫자를 고를 수 있습니다.",
            ),
            (smallest_match, "합이 가장 작은 짝을 골랐습니다. maximize=True를 넣어 봅시다."),
            (
                lambda table: (match_codes(table)[0], match_codes(table)[1] * table.sum()),
                "비율이 아니라 장수입니다. 표 전체의 합으로 나눕니다.",
            ),
            (
                lambda table: (match_codes(table)[0], np.trace(table) / table.sum()),
                "대각선을 더했습니다. 고른 칸을 더합니다.",
            ),
        ],
    ),
    "11.1": Key(
        projection_logit,
        cases=[
            ((features, torch.tensor([3, 0, 3, 9]), w, 0.5, E), ...),
            ((features, torch.tensor([1, 2, 8, 5]), w, -1.0, E), ...),
        ],
        hints=[
            (lambda features, y, w, b, E: features @ w + b, "레이블을 보지 않는 판별자입니다. 내적을 더합니다."),
            (lambda features, y, w, b, E: (E[y] * features).sum(dim=1), "ψ(φ(x))를 빠뜨렸습니다."),
            (
                lambda features, y, w, b, E: features @ w + (E[y] * features).sum(dim=1),
                "편향 b를 빠뜨렸습니다.",
            ),
        ],
    ),
    "11.2": Key(
        find_shift,
        cases=[
            ((two_astray, asked_digits), 7),
            ((asked_digits, asked_digits), 0),
            (((asked_digits + 1) % 10, asked_digits), 1),
        ],
        hints=[
            (
                lambda read_digits, asked: ((asked - read_digits) % 10).bincount(minlength=10).argmax().item(),
                "반대쪽으로 민 칸 수입니다. 주문에서 몇을 더하면 읽은 숫자가 되는지 구합니다.",
            ),
            (
                lambda read_digits, asked: (read_digits - asked).abs().bincount(minlength=10).argmax().item(),
                "9 다음은 0입니다. 10으로 나눈 나머지를 씁니다.",
            ),
            (
                lambda read_digits, asked: (read_digits == asked).float().mean().item(),
                "정렬도를 돌려주었습니다. 정렬도가 가장 높아지는 shift를 찾습니다.",
            ),
        ],
    ),
    "11.3": Key(
        information_bound,
        cases=[((confident, some_codes), ...), ((torch.zeros(4, 10), some_codes[:4]), 0.0)],
        hints=[
            (
                lambda logits, codes: -F.cross_entropy(logits, codes).item(),
                "코드의 엔트로피 ln 10을 더하지 않았습니다.",
            ),
            (
                lambda logits, codes: math.log(10) + F.cross_entropy(logits, codes).item(),
                "교차 엔트로피를 뺍니다.",
            ),
            (
                lambda logits, codes: math.log2(10) - F.cross_entropy(logits, codes).item() / math.log(2),
                "비트로 구했습니다. 자연로그를 써서 내트로 구합니다.",
            ),
        ],
    ),
    "11.4": Key(
        mixed_order,
        cases=[((small_z, 3, 8, 0.25), ...), ((small_z, 0, 9, 1.0), ...), ((small_z, 4, 4, 0.5), ...)],
        hints=[
            (
                lambda z, a, b, share: mixed_order(z, b, a, share),
                "a와 b의 몫이 바뀌었습니다. share는 b의 몫입니다.",
            ),
            (
                lambda z, a, b, share: mixed_order(z, a, b, share)[:, -10:],
                "주문만 돌려주었습니다. z 뒤에 이어 붙입니다.",
            ),
        ],
    ),
}
