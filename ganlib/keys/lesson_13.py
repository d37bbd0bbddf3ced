"""13차시의 문제."""

from types import SimpleNamespace

import torch
from torch import nn

from ganlib import hangul
from ganlib.exercise import Key
from ganlib.train import d_loss, g_loss


def decompose(syllable):
    initial = syllable // (21 * 28)
    vowel = syllable // 28 % 21
    final = syllable % 28
    return initial, vowel, final


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def one_round(game):
    x, y = game.real()
    z, wanted = game.orders()
    fake = game.G(z, wanted).detach()
    loss_D = d_loss(game.D(x, y), game.D(fake, wanted))
    update(game.opt_D, loss_D)
    z, wanted = game.orders()
    loss_G = g_loss(game.D(game.G(z, wanted), wanted))
    update(game.opt_G, loss_G)


class SmallWriter(nn.Module):
    """채점에 쓰는 작은 생성자."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def forward(self, z, y):
        return self.layer(torch.cat([z, y], dim=1))


class SmallJudge(nn.Module):
    """채점에 쓰는 작은 투영 판별자."""

    def __init__(self):
        super().__init__()
        self.last, self.embedding = nn.Linear(3, 1), nn.Linear(4, 3, bias=False)

    def forward(self, x, y):
        return self.last(x) + (self.embedding(y) * x).sum(dim=1, keepdim=True)


def play_once(function, seed):
    """작은 게임에서 한 라운드를 하고 두 신경망의 가중치를 늘어놓습니다."""
    torch.manual_seed(seed)
    G, D = SmallWriter(), SmallJudge()
    game = SimpleNamespace(
        G=G,
        D=D,
        opt_G=torch.optim.SGD(G.parameters(), lr=0.5),
        opt_D=torch.optim.SGD(D.parameters(), lr=0.5),
        real=lambda: (torch.randn(8, 3) + 1, torch.eye(4)[torch.randint(4, (8,))]),
        orders=lambda: (torch.randn(8, 2), torch.eye(4)[torch.randint(4, (8,))]),
    )
    function(game)
    return [weight.flatten().tolist() for net in (G, D) for weight in net.parameters()]


def round_with(judge, draw):
    """두 손실을 다르게 적은 오답. judge(game, x, y, fake, wanted)와 draw(game, z, wanted, fake, y)가 손실을 냅니다."""

    def wrong(game):
        x, y = game.real()
        z, wanted = game.orders()
        fake = game.G(z, wanted).detach()
        update(game.opt_D, judge(game, x, y, fake, wanted))
        z, wanted = game.orders()
        update(game.opt_G, draw(game, z, wanted, fake, y))

    return wrong


def judge(game, x, y, fake, wanted):
    return d_loss(game.D(x, y), game.D(fake, wanted))


def draw(game, z, wanted, fake, y):
    return g_loss(game.D(game.G(z, wanted), wanted))


def by_place(asked, answers):
    return [(a == b).float().mean().item() for a, b in zip(decompose(asked), decompose(answers))]


def letter_of(initial, vowel, final):
    return chr(hangul.FIRST + (initial * 21 + vowel) * 28 + final)


def count_close(syllable, others):
    same = sum((a == b).long() for a, b in zip(decompose(others), decompose(syllable)))
    return (same == 2).sum().item()


def count_at_least_two(syllable, others):
    same = sum((a == b).long() for a, b in zip(decompose(others), decompose(syllable)))
    return (same >= 2).sum().item()


def count_one(syllable, others):
    same = sum((a == b).long() for a, b in zip(decompose(others), decompose(syllable)))
    return (same == 1).sum().item()


def keeps_every_jamo(hidden):
    kept = decompose(torch.arange(hangul.COUNT)[~hidden])
    return all(len(part.unique()) == size for part, size in zip(kept, (19, 21, 28)))


def hides_every_jamo(hidden):
    return keeps_every_jamo(~hidden)


def keeps_letters(hidden):
    """자리를 가리지 않고 글자 모양만 본 오답: ㅋ이 종성에 있으면 초성에 없어도 남았다고 봅니다."""
    kept = decompose(torch.arange(hangul.COUNT)[~hidden])
    names = {letters[number] for letters, part in zip(hangul.JAMO, kept) for number in part.unique().tolist()}
    return names == set("".join(hangul.JAMO))


def my_sheet():
    return [hangul.compose(number % 19, number % 21, number) for number in range(28)]


def covered(function):
    """글자표의 글자 수와, 자리마다 나온 자모의 수."""
    sheet = function()
    return sheet and [len(sheet), *(len(set(part)) for part in zip(*map(decompose, sheet)))]


everything = torch.arange(hangul.COUNT)
random_split = hangul.held_out(1)
no_initial = decompose(everything)[0] == 15  # 초성 ㅋ을 모두 숨깁니다
no_final = decompose(everything)[2] == 27
no_double = decompose(everything)[0] == 4  # 초성 ㄸ을 모두 숨깁니다. ㄸ은 종성에 없습니다
just_one = everything == 0
only_some = torch.ones(hangul.COUNT, dtype=torch.bool)
only_some[my_sheet()] = False  # 28자만 남깁니다
asked = torch.tensor([10836, 0, 588, 29, 11171])
answers = torch.tensor([10837, 0, 0, 28, 11171 - 28])
dice = torch.Generator().manual_seed(13)
some = torch.randint(hangul.COUNT, (200,), generator=dice)

KEYS = {
    "13.decompose": Key(
        decompose,
        cases=[((0,), (0, 0, 0)), ((11171,), (18, 20, 27)), ((10948,), (18, 13, 0)), ((torch.tensor([5, 617]),), ...)],
        hints=[
            (
                lambda syllable: (syllable // 588, syllable % 28, syllable // 28 % 21),
                "중성과 종성의 차례가 바뀌었습니다.",
            ),
            (
                lambda syllable: (syllable // 588, syllable // 28, syllable % 28),
                "중성은 0–20입니다. 28로 나눈 몫을 다시 21로 나눈 나머지를 구합니다.",
            ),
            (
                lambda syllable: (syllable // 588, syllable % 588, syllable % 28),
                "588로 나눈 나머지는 중성과 종성이 함께 든 번호입니다. 28로 나누어 몫을 구합니다.",
            ),
            (
                lambda syllable: (syllable / 588, syllable / 28 % 21, syllable % 28),
                "나눗셈에 /를 썼습니다. 몫은 //로 구합니다.",
            ),
            (
                lambda syllable: (syllable // 21 // 28 % 19, syllable // 21 % 28, syllable % 21),
                "종성이 28가지이고 중성이 21가지입니다. 먼저 28로 나눕니다.",
            ),
        ],
    ),
    "13.one_round": Key(
        one_round,
        cases=[((0,), ...), ((1,), ...)],
        hints=[
            (
                round_with(lambda game, x, y, fake, wanted: d_loss(game.D(x, y), game.D(fake, y)), draw),
                "가짜 옆에 진짜의 조건을 두었습니다. G가 받은 주문 wanted를 둡니다.",
            ),
            (
                round_with(lambda game, x, y, fake, wanted: d_loss(game.D(fake, wanted), game.D(x, y)), draw),
                "d_loss의 차례가 바뀌었습니다. 진짜의 로짓을 먼저 적습니다.",
            ),
            (
                round_with(judge, lambda game, z, wanted, fake, y: g_loss(game.D(fake, wanted))),
                "G의 손실에 detach한 가짜를 썼습니다. 새 z와 새 주문으로 다시 그립니다.",
            ),
            (
                round_with(judge, lambda game, z, wanted, fake, y: g_loss(game.D(game.G(z, wanted), y))),
                "G가 그린 그림 옆에 진짜의 조건을 두었습니다. 주문 wanted를 둡니다.",
            ),
        ],
        run=play_once,
    ),
    "13.by_place": Key(
        by_place,
        cases=[((asked, answers), ...), ((some, some), [1.0, 1.0, 1.0])],
        hints=[
            (
                lambda asked, answers: [
                    (a != b).float().mean().item() for a, b in zip(*map(decompose, (asked, answers)))
                ],
                "틀린 비율입니다. 같은지(==) 봅니다.",
            ),
            (
                lambda asked, answers: [(asked == answers).float().mean().item() for _ in range(3)],
                "세 값이 모두 글자를 맞게 쓴 비율입니다. 나눈 자모 a와 b를 비교합니다.",
            ),
            (
                lambda asked, answers: [(a == answers).float().mean().item() for a in decompose(asked)],
                "읽은 음절도 자모로 나누어 비교합니다.",
            ),
        ],
    ),
    "13.1": Key(
        letter_of,
        cases=[((18, 13, 4), "훈"), ((0, 0, 0), "가"), ((18, 20, 27), "힣"), ((12, 4, 21), "정")],
        hints=[
            (
                lambda initial, vowel, final: chr((initial * 21 + vowel) * 28 + final),
                "‘가’의 번호 hangul.FIRST를 더하지 않았습니다.",
            ),
            (
                lambda initial, vowel, final: chr(hangul.FIRST + (initial * 28 + vowel) * 21 + final),
                "21과 28의 차례가 바뀌었습니다. 1절의 식을 다시 봅시다.",
            ),
            (
                lambda initial, vowel, final: (initial * 21 + vowel) * 28 + final,
                "번호만 돌려주었습니다. chr로 글자를 얻습니다.",
            ),
            (
                lambda initial, vowel, final: hangul.FIRST + (initial * 21 + vowel) * 28 + final,
                "유니코드의 번호를 돌려주었습니다. chr로 글자를 얻습니다.",
            ),
        ],
    ),
    "13.2": Key(
        count_close,
        cases=[((10836, everything), 65), ((0, some), ...), ((11171, everything[random_split]), ...)],
        hints=[
            (count_at_least_two, "셋이 모두 같은 글자까지 세었습니다. 꼭 둘만 같아야 합니다."),
            (count_one, "자모 하나가 같은 글자를 세었습니다."),
            (
                lambda syllable, others: (decompose(others)[0] == decompose(syllable)[0]).sum().item(),
                "초성만 비교했습니다. 세 자리를 모두 비교해 같은 것의 수를 더합니다.",
            ),
        ],
    ),
    "13.3": Key(
        keeps_every_jamo,
        cases=[
            ((random_split,), True),
            ((no_initial,), False),
            ((no_final,), False),
            ((no_double,), False),
            ((only_some,), True),
            ((just_one,), True),
        ],
        hints=[
            (hides_every_jamo, "숨긴 글자를 보았습니다. 남은 글자 ~hidden을 봅니다."),
            (keeps_letters, "자리를 나누지 않았습니다. 종성의 ㅋ이 남아 있어도 초성의 ㅋ은 없을 수 있습니다."),
            (lambda hidden: bool((~hidden).any()), "글자가 남았는지만 보았습니다. 자모마다 봅니다."),
        ],
    ),
    "13.4": Key(
        my_sheet,
        cases=[((), [28, 19, 21, 28])],
        hints=[
            (lambda: list(range(28)), "초성과 중성이 하나뿐입니다. 초성과 중성도 돌려 가며 씁니다."),
            (
                lambda: [hangul.compose(number % 19, number % 21, 0) for number in range(28)],
                "종성이 하나뿐입니다.",
            ),
        ],
        run=covered,
    ),
}
