"""02차시의 빈칸과 연습문제."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ganlib.exercise import Key
from ganlib.train import d_loss, g_loss

# ── 경찰의 최적의 답 ──────────────────────────────────────────────


def best_police(real, fake):
    d_head = real / (real + fake)
    d_tail = (1 - real) / ((1 - real) + (1 - fake))
    return d_head, d_tail


best_police_hints = [
    (lambda real, fake: (real, 1 - real), "진짜만 보았습니다. 같은 면을 가짜 동전은 얼마나 자주 내는지도 넣어 봅시다."),
    (
        lambda real, fake: (fake / (real + fake), (1 - fake) / (2 - real - fake)),
        "가짜의 몫을 구했습니다. D는 진짜일 확률이므로 분자에 진짜의 비율이 와야 합니다.",
    ),
    (
        lambda real, fake: (real / (real + fake), fake / (real + fake)),
        "D(뒷면)은 1 - D(앞면)이 아닙니다. 뒷면의 비율 1 - real과 1 - fake로 같은 셈을 해 봅시다.",
    ),
    (
        lambda real, fake: (real / (real + fake), real / (real + fake)),
        "D(앞면)은 맞았습니다. D(뒷면)에는 뒷면의 비율 1 - real과 1 - fake를 넣어 봅시다.",
    ),
    (
        lambda real, fake: (real / (real + fake), (1 - real) / (1 - real + fake)),
        "D(뒷면)의 분모에서 가짜가 뒷면을 내는 비율은 1 - fake입니다.",
    ),
    (
        lambda real, fake: (real - fake, fake - real),
        "차이만 보면 0보다 작은 답이 나옵니다. 같은 면을 낸 두 동전 가운데 진짜의 몫을 구해 봅시다.",
    ),
    (
        lambda real, fake: real / (real + fake),
        "D(뒷면)도 함께 돌려주어야 합니다. return d_head, d_tail처럼 적어 봅시다.",
    ),
]


# ── 위조범의 반복문 ───────────────────────────────────────────────


def play(game, rate=0.05):
    for _ in range(200):
        real, fake = game.toss(100)
        game.d_head, game.d_tail = best_police(real, fake)
        game.theta -= rate * (np.log(1 - game.d_head) - np.log(1 - game.d_tail))
        game.next_round()


class Practice:
    """채점에 쓰는 게임. 화면이 없을 뿐, 동전을 던지고 라운드를 세는 법은 위조 게임과 같습니다."""

    def __init__(self, p):
        self.p, self.theta, self.real = p, 0.5, None
        self.d_head = self.d_tail = 0.5
        self.thetas, self.answers, self.copied, self.rng = [], [], 0, np.random.default_rng(2)

    def __setattr__(self, name, value):
        low, high = {"d_head": (0.03, 0.97), "d_tail": (0.03, 0.97), "theta": (0.0, 1.0)}.get(name, (None, None))
        super().__setattr__(name, value if low is None else float(np.clip(value, low, high)))

    def toss(self, n=20):
        self.real = self.rng.binomial(n, self.p) / n
        return self.real, self.rng.binomial(n, self.theta) / n

    def next_round(self):
        self.thetas.append(self.theta)
        self.answers.append((self.d_head, self.d_tail))
        self.copied += self.theta == self.real


def watch_play(function, coin):
    """반복문을 돌려 보고, 무슨 일이 일어났는지 한 문장으로 돌려줍니다."""
    p = float(coin[2:])
    game = Practice(p)
    function(game)
    thetas, answers = np.array(game.thetas), np.array(game.answers)
    if len(thetas) == 0:
        return None if game.theta == game.d_head == 0.5 else "라운드가 하나도 끝나지 않았습니다"
    if np.ptp(thetas) == 0 and np.all(answers == 0.5):
        return None
    if np.ptp(thetas) == 0:
        return "θ가 움직이지 않습니다"
    if game.copied > len(thetas) / 2:
        return "위조범이 진짜의 비율을 베꼈습니다"
    if abs(thetas[-50:].mean() - p) < 0.05 and np.abs(answers[-50:].mean(axis=0) - 0.5).max() < 0.1:
        return "θ가 p에 다가가 머뭅니다"
    if (thetas[-1] - 0.5) * (p - 0.5) < 0:
        return "θ가 p의 반대쪽으로 갑니다"
    return "θ가 p에 이르지 못합니다"


def _played(update, police=best_police, rounds=200, end=True):
    def wrong(game):
        for _ in range(rounds):
            real, fake = game.toss(100)
            game.d_head, game.d_tail = police(real, fake)
            game.theta = update(game, real)
            if end:
                game.next_round()

    return wrong


def _slope(game):
    return np.log(1 - game.d_head) - np.log(1 - game.d_tail)


play_hints = [
    (
        _played(lambda game, real: game.theta, end=False),
        "라운드가 끝나지 않습니다. 반복문의 마지막 줄 game.next_round()를 남겨 두어야 합니다.",
    ),
    (
        _played(lambda game, real: real),
        "θ를 진짜의 비율 real로 바로 정했습니다. 위조범은 real을 볼 수 없습니다. 두 답만 써 봅시다.",
    ),
    (
        _played(
            lambda game, real: game.theta - 0.05 * (np.log(1 - game.d_head) - np.log(1 - game.d_tail)),
            police=lambda real, fake: (real, 1 - real),
        ),
        "경찰이 진짜만 보고 답합니다. best_police(real, fake)의 두 답을 game.d_head와 game.d_tail에 넣어 봅시다.",
    ),
    (
        _played(lambda game, real: game.theta),
        "위조범이 가만히 있습니다. game.theta를 기울기의 반대쪽으로 옮기는 줄을 더해 봅시다.",
    ),
    (
        _played(lambda game, real: game.theta + 0.05 * _slope(game)),
        "반대쪽으로 갑니다. 위조범은 V를 줄이므로 기울기에 rate를 곱해 빼야 합니다.",
    ),
]


# ── 두 스텝 ──────────────────────────────────────────────────────


def d_step(G, D, optimizer, real, z):
    fake = G(z).detach()
    loss = d_loss(D(real), D(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def g_step(G, D, optimizer, z):
    loss = g_loss(D(G(z)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _small_nets(seed):
    """작은 생성자와 판별자, 그리고 지난 스텝이 남긴 기울기를 만듭니다."""
    torch.manual_seed(seed)
    G, D = nn.Linear(1, 1), nn.Linear(1, 1)
    for weight in (*G.parameters(), *D.parameters()):
        weight.grad = torch.full_like(weight, 0.5)
    return G, D, torch.randn(6, 1) + 3, torch.randn(6, 1)


def _weights(net):
    return torch.cat([weight.detach().flatten() for weight in net.parameters()]).tolist()


def _grads(net):
    return torch.cat([torch.zeros(1) if w.grad is None else w.grad.flatten() for w in net.parameters()]).tolist()


def _watch(step, mover, seed):
    """한 스텝 뒤의 가중치와 상대에게 남은 기울기를, 무슨 일이 일어났는지 적은 문장과 함께 돌려줍니다."""
    G, D, real, z = _small_nets(seed)
    mine, other = (D, G) if mover == "D" else (G, D)
    before, still, left = _weights(mine), _weights(other), _grads(other)
    optimizer = torch.optim.SGD(mine.parameters(), lr=0.1)
    step(G, D, optimizer, real, z) if mover == "D" else step(G, D, optimizer, z)
    if _weights(mine) == before and _weights(other) == still:
        if _grads(mine) == [0.5, 0.5]:
            return None
        said = f"{mover}가 움직이지 않았습니다"
    elif mover == "D" and _grads(G) != left:
        said = "D의 손실이 G의 .grad에 쌓였습니다"
    else:
        said = f"{mover}가 움직였습니다"
    return [said, _weights(mine), _weights(other), _grads(other)]


def watch_d_step(function, nets):
    return _watch(function, "D", int(nets[-1]))


def watch_g_step(function, nets):
    return _watch(function, "G", int(nets[-1]))


def _d(loss, zero=True, backward=True, step=True):
    def wrong(G, D, optimizer, real, z):
        value = loss(G, D, real, z)
        if zero:
            optimizer.zero_grad()
        if backward:
            value.backward()
        if step:
            optimizer.step()

    return wrong


def _g(loss, **switches):
    inner = _d(lambda G, D, real, z: loss(G, D, z), **switches)
    return lambda G, D, optimizer, z: inner(G, D, optimizer, None, z)


def _right_d(G, D, real, z):
    return d_loss(D(real), D(G(z).detach()))


d_step_hints = [
    (
        _d(lambda G, D, real, z: d_loss(D(real), D(G(z)))),
        "D는 옳게 움직였지만, G의 .grad에도 기울기가 쌓였습니다. 가짜를 만든 직후에 .detach()로 길을 끊어 봅시다.",
    ),
    (
        _d(lambda G, D, real, z: d_loss(D(real), D(G(z)).detach())),
        "D가 가짜에서 배우지 못합니다. D의 답이 아니라 가짜 G(z)에 .detach()를 붙여 봅시다.",
    ),
    (
        _d(_right_d, zero=False),
        "지난 기울기 위에 새 기울기가 더해졌습니다. backward 앞에서 optimizer.zero_grad()를 불러 봅시다.",
    ),
    (
        _d(lambda G, D, real, z: d_loss(D(G(z).detach()), D(real))),
        "진짜와 가짜의 순서가 바뀌었습니다. d_loss에는 진짜의 로짓이 먼저 들어갑니다.",
    ),
    (
        _d(lambda G, D, real, z: g_loss(D(G(z).detach()))),
        "g_loss는 생성자의 손실입니다. 판별자는 d_loss(D(real), D(fake))를 줄입니다.",
    ),
    (
        _d(_right_d, step=False),
        "아무것도 움직이지 않았습니다. zero_grad, backward, step 세 줄이 이 순서로 있는지 살펴봅시다.",
    ),
]

g_step_hints = [
    (
        _g(lambda G, D, z: g_loss(D(G(z))), zero=False),
        "지난 기울기 위에 새 기울기가 더해졌습니다. backward 앞에서 optimizer.zero_grad()를 불러 봅시다.",
    ),
    (
        _g(lambda G, D, z: -F.softplus(D(G(z))).mean()),
        "포화 손실 log(1 - D)를 썼습니다. 이번에는 비포화 손실 g_loss를 써 봅시다.",
    ),
    (
        _g(lambda G, D, z: -g_loss(D(G(z)))),
        "부호가 반대입니다. g_loss는 이미 줄여야 할 값입니다.",
    ),
    (
        _g(lambda G, D, z: F.softplus(D(G(z))).mean()),
        "판별자의 손실을 줄였습니다. G가 더 잘 들키는 쪽으로 갑니다. g_loss를 써 봅시다.",
    ),
    (
        _g(lambda G, D, z: g_loss(D(G(z))), step=False),
        "아무것도 움직이지 않았습니다. zero_grad, backward, step 세 줄이 이 순서로 있는지 살펴봅시다.",
    ),
]


# ── 연습 1. 게임의 점수 ───────────────────────────────────────────


def expected_points(d_head, d_tail, p, theta):
    value = p * np.log(d_head) + (1 - p) * np.log(d_tail)
    value += theta * np.log(1 - d_head) + (1 - theta) * np.log(1 - d_tail)
    return value + 2 * np.log(2)


def _points_of(real=1.0, fake=1.0, bonus=2.0, other=lambda d: 1 - d):
    def wrong(d_head, d_tail, p, theta):
        on_real = p * np.log(d_head) + (1 - p) * np.log(d_tail)
        on_fake = theta * np.log(other(d_head)) + (1 - theta) * np.log(other(d_tail))
        return real * on_real + fake * on_fake + bonus * np.log(2)

    return wrong


points_hints = [
    (_points_of(bonus=0.0), "V까지는 맞습니다. 늘 1/2이라고 답할 때 0점이 되도록 2 log 2를 더해 봅시다."),
    (_points_of(-1.0, -1.0, 0.0), "손실을 구했습니다. 점수는 손실의 부호를 바꾸고 2 log 2를 더한 값입니다."),
    (_points_of(-1.0, -1.0), "부호가 반대입니다. 손실이 클수록 점수는 작아야 합니다."),
    (_points_of(fake=0.0), "가짜를 볼 때의 항이 빠졌습니다. θ와 log(1 - D)로 적어 봅시다."),
    (_points_of(other=lambda d: d), "가짜를 볼 때는 log D가 아니라 log(1 - D)입니다."),
    (_points_of(0.5, 0.5), "반으로 나누지 않아도 됩니다. 진짜의 평균과 가짜의 평균을 그대로 더합니다."),
]


# ── 연습 2. 셋째 손실 ─────────────────────────────────────────────


def square_slope(l):
    d = 1 / (1 + np.exp(-l))
    return -2 * d * (1 - d) ** 2


def _sigmoid(l):
    return 1 / (1 + np.exp(-l))


slope_hints = [
    (
        lambda l: 2 * _sigmoid(l) * (1 - _sigmoid(l)) ** 2,
        "크기는 맞지만 부호가 빠졌습니다. 로짓이 커지면 손실은 작아집니다.",
    ),
    (
        lambda l: -2 * (1 - _sigmoid(l)),
        "D로 미분한 값입니다. 연쇄 법칙에 따라 dD/dl = D(1 - D)를 곱해 봅시다.",
    ),
    (
        lambda l: 2 * (1 - _sigmoid(l)),
        "제곱만 미분했습니다. 1 - D를 D로 미분하면 -1이고, 여기에 dD/dl = D(1 - D)를 더 곱해야 합니다.",
    ),
    (
        lambda l: -_sigmoid(l) * (1 - _sigmoid(l)) ** 2,
        "제곱을 미분할 때 나오는 2가 빠졌습니다.",
    ),
    (lambda l: (1 - _sigmoid(l)) ** 2, "손실의 값입니다. 로짓으로 미분한 값을 돌려주어야 합니다."),
]


# ── 연습 3. 잘못 찾기: 판별자의 스텝 ──────────────────────────────


def police_step(w, v):
    w = torch.tensor(w, requires_grad=True)
    v = torch.tensor(v, requires_grad=True)
    optimizer = torch.optim.SGD([w, v], lr=0.1)
    x, z = torch.tensor(1.0), torch.tensor(1.0)
    fake = (w * z).detach()
    loss = F.softplus(-v * x) + F.softplus(v * fake)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return [w.item(), v.item()]


def _police_moved(leak, learn_fake):
    def wrong(w, v):
        slope = -_sigmoid(-v) + learn_fake * w * _sigmoid(v * w)
        return [w - 0.1 * leak * v * _sigmoid(v * w), v - 0.1 * slope]

    return wrong


police_hints = [
    (
        _police_moved(1, 1),
        "아직 w가 움직입니다. 판별자의 손실이 fake를 거쳐 w까지 흘러갑니다. 길을 끊을 곳을 찾아봅시다.",
    ),
    (_police_moved(0, 0), "w는 지켰지만 v가 가짜에서 배우지 못합니다. 로짓이 아니라 가짜를 만든 직후에 끊어 봅시다."),
    (lambda w, v: [w, v], "아무것도 움직이지 않습니다. v는 옮겨야 합니다."),
]


# ── 연습 4. 잘못 찾기: 두 라운드 ──────────────────────────────────


def two_rounds(w, v):
    w = torch.tensor(w, requires_grad=True)
    v = torch.tensor(v, requires_grad=True)
    opt_G = torch.optim.SGD([w], lr=0.1)
    opt_D = torch.optim.SGD([v], lr=0.1)
    for _ in range(2):
        opt_D.zero_grad()
        d_loss(v, v * w.detach()).backward()
        opt_D.step()
        opt_G.zero_grad()
        g_loss(v * w).backward()
        opt_G.step()
    return [w.item(), v.item()]


def _two_rounds(swap=False, zero=(True, True), cut=False, detach=True):
    def wrong(w, v):
        w, v = torch.tensor(w, requires_grad=True), torch.tensor(v, requires_grad=True)
        opt_G, opt_D = torch.optim.SGD([w], lr=0.1), torch.optim.SGD([v], lr=0.1)
        for _ in range(2):
            first, second = (opt_G, opt_D) if swap else (opt_D, opt_G)
            if zero[0]:
                first.zero_grad()
            d_loss(v, v * (w.detach() if detach else w)).backward()
            opt_D.step()
            if zero[1]:
                second.zero_grad()
            g_loss(v * (w.detach() if cut else w)).backward()
            opt_G.step()
        return [w.item(), v.item()]

    return wrong


two_rounds_hints = [
    (
        _two_rounds(cut=True),
        "w가 움직이지 않습니다. 생성자의 손실은 w까지 흘러가야 합니다. 여기에는 detach가 없어야 합니다.",
    ),
    (
        _two_rounds(cut=True, zero=(False, True)),
        "고칠 곳이 둘 다 남아 있습니다. 먼저 생성자의 손실이 w까지 흘러가는지 살펴봅시다.",
    ),
    (
        _two_rounds(zero=(False, True)),
        "w는 움직이지만 v에 지난 기울기가 더해집니다. 판별자의 backward 앞에 opt_D.zero_grad()를 놓아 봅시다.",
    ),
    (_two_rounds(zero=(False, False)), "zero_grad가 하나도 없습니다. 두 backward 앞에서 저마다 지워 봅시다."),
    (
        _two_rounds(zero=(True, False)),
        "w에 지난 라운드의 기울기가 더해집니다. opt_G.zero_grad()를 지우지 말아야 합니다.",
    ),
    (
        _two_rounds(swap=True),
        "엉뚱한 쪽을 지웁니다. 판별자의 backward 앞에서는 opt_D를, 생성자의 backward 앞에서는 opt_G를 지웁니다.",
    ),
]


# ── 연습 5. 주사위 GAN ────────────────────────────────────────────


def die_g_loss(q, logits):
    q, logits = torch.as_tensor(q), torch.as_tensor(logits)
    return (q * F.softplus(-logits)).sum()


def _softplus(l):
    return np.log1p(np.exp(np.array(l)))


die_loss_hints = [
    (
        lambda q, l: np.mean(_softplus(-np.array(l))),
        "모든 면을 똑같이 평균했습니다. 위조범의 확률 q를 가중치로 곱해 봅시다.",
    ),
    (
        lambda q, l: np.mean(np.array(q) * _softplus(-np.array(l))),
        "면의 수로 한 번 더 나누었습니다. q의 합이 1이므로 곱한 값을 더하기만 하면 됩니다.",
    ),
    (lambda q, l: np.dot(q, _softplus(l)), "-log(1 - D)를 계산했습니다. -log D = softplus(-l)입니다."),
    (lambda q, l: -np.dot(q, _softplus(l)), "포화 손실 log(1 - D)를 계산했습니다. 비포화 손실은 softplus(-l)입니다."),
]


def die_round(a, logits, p):
    q = torch.softmax(a, dim=0)
    loss_D = (p * F.softplus(-logits) + q.detach() * F.softplus(logits)).sum()
    [slope] = torch.autograd.grad(loss_D, logits)
    logits = (logits - slope).detach().requires_grad_()
    loss_G = die_g_loss(torch.softmax(a, dim=0), logits.detach())
    [slope] = torch.autograd.grad(loss_G, a)
    a = (a - slope).detach().requires_grad_()
    return a, logits


def watch_die(function, p, rounds):
    """`rounds`라운드를 돌린 뒤의 위조범의 확률과 경찰의 로짓입니다."""
    p = torch.tensor(p)
    a, logits = torch.zeros_like(p, requires_grad=True), torch.zeros_like(p, requires_grad=True)
    for _ in range(rounds):
        answer = function(a, logits, p)
        if answer is None:
            return None
        a, logits = (part.detach().requires_grad_() for part in answer)
    return [torch.softmax(a, dim=0).tolist(), logits.tolist()]


def _die(d_first=True, g_sign=1.0, d_sign=1.0, fresh=True, move_G=True, saturating=False):
    def wrong(a, logits, p):
        q = torch.softmax(a, dim=0)
        [slope_D] = torch.autograd.grad((p * F.softplus(-logits) + q.detach() * F.softplus(logits)).sum(), logits)
        moved = (logits - d_sign * slope_D).detach()
        seen = moved if fresh else logits.detach()
        loss_G = -(q * F.softplus(seen)).sum() if saturating else (q * F.softplus(-seen)).sum()
        [slope_G] = torch.autograd.grad(loss_G, a)
        return (a - g_sign * slope_G if move_G else a), (moved if d_first else logits)

    return wrong


die_round_hints = [
    (_die(move_G=False), "위조범 a가 움직이지 않습니다. 경찰의 새 로짓으로 die_g_loss를 구해 a로 미분해 봅시다."),
    (_die(d_first=False, fresh=False), "경찰의 로짓이 움직이지 않습니다. 먼저 경찰이 한 스텝 가야 합니다."),
    (_die(g_sign=-1.0), "위조범이 반대쪽으로 갑니다. 기울기를 빼 봅시다."),
    (_die(d_sign=-1.0), "경찰이 반대쪽으로 갑니다. 기울기를 빼 봅시다."),
    (_die(fresh=False), "위조범이 경찰의 옛 로짓을 보았습니다. 옮긴 뒤의 로짓을 보여 줍시다."),
    (_die(saturating=True), "위조범이 포화 손실을 썼습니다. 첫 단계에서 만든 die_g_loss를 써 봅시다."),
]


KEYS = {
    "02.best_police": Key(
        best_police,
        cases=[
            ((0.7, 0.4), (0.6363636, 0.3333333)),
            ((0.9, 0.1), (0.9, 0.1)),
            ((0.5, 0.5), (0.5, 0.5)),
            ((0.2, 0.6), ...),
        ],
        hints=best_police_hints,
    ),
    "02.play": Key(
        play, cases=[((f"p={p}",), "θ가 p에 다가가 머뭅니다") for p in (0.2, 0.85)], hints=play_hints, run=watch_play
    ),
    "02.d_step": Key(
        d_step, cases=[((f"작은 신경망 {seed}",), ...) for seed in (1, 2)], hints=d_step_hints, run=watch_d_step
    ),
    "02.g_step": Key(
        g_step, cases=[((f"작은 신경망 {seed}",), ...) for seed in (1, 2)], hints=g_step_hints, run=watch_g_step
    ),
    "02.1": Key(
        expected_points,
        cases=[
            ((0.5, 0.5, 0.7, 0.4), 0.0),
            ((0.9, 0.1, 0.9, 0.1), ...),
            ((0.97, 0.03, 0.7, 0.4), ...),
            ((0.6, 0.3, 0.2, 0.5), ...),
        ],
        hints=points_hints,
    ),
    "02.2": Key(
        square_slope,
        cases=[((0.0,), -0.25), ((-4.0,), -0.0346902), ((3.0,), -0.0042851)],
        hints=slope_hints,
    ),
    "02.3": Key(
        police_step,
        cases=[((0.5, 1.0), [0.5, 0.9957712]), ((-1.0, 2.0), [-1.0, 2.0238406]), ((2.0, -0.5), [2.0, -0.4915423])],
        hints=police_hints,
    ),
    "02.4": Key(two_rounds, cases=[((0.5, 1.0), ...), ((-1.0, 2.0), ...)], hints=two_rounds_hints),
    "02.5a": Key(
        die_g_loss,
        cases=[
            (([1 / 6] * 6, [0.0] * 6), 0.6931472),
            (([0.5, 0.5, 0.0, 0.0, 0.0, 0.0], [2.0, -2.0, 9.0, 9.0, 9.0, 9.0]), 1.1269280),
            (([0.3, 0.1, 0.1, 0.1, 0.2, 0.2], [1.0, 0.0, -1.0, 2.0, -3.0, 0.5]), 1.0118451),
        ],
        hints=die_loss_hints,
    ),
    "02.5b": Key(
        die_round,
        cases=[(([0.1, 0.2, 0.7], 1), ...), (([0.3, 0.1, 0.1, 0.1, 0.2, 0.2], 5), ...)],
        hints=die_round_hints,
        run=watch_die,
    ),
}
