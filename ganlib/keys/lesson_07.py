"""07차시의 빈칸과 연습문제. 환자를 고치는 문제는 고친 GAN을 고리에서 짧게 학습시켜 세 수로 채점합니다."""

from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ganlib.exercise import Key
from ganlib.models import mlp
from ganlib.play.ring import CENTERS, draw, measure
from ganlib.train import d_loss, d_step, g_loss, g_step

# ── 빈칸 ──────────────────────────────────────────────────────────


def total_variation(counts):
    shares = counts / counts.sum()
    return (shares - 1 / len(counts)).abs().sum().item() / 2


def saturating_loss(logits):
    return -F.softplus(logits).mean()


def pack(x, m):
    return x.reshape(len(x) // m, -1)


def healthy_judge():
    return mlp(4, 128, 128, 1)


def healthy_round(game):
    fake = game.G(game.noise()).detach()
    game.opt_D.zero_grad()
    d_loss(game.D(game.real()), game.D(fake)).backward()
    game.opt_D.step()
    game.opt_G.zero_grad()
    g_loss(game.D(game.G(game.noise()))).backward()
    game.opt_G.step()


# ── 연습문제 ──────────────────────────────────────────────────────


def ring_of(count, radius):
    angles = 2 * np.pi * np.arange(count) / count
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def samples_to_see_all(modes):
    return sum(modes / (modes - seen) for seen in range(modes))


def healthy_choice(weights):
    return torch.optim.Adam(weights, 1e-3, (0.5, 0.999)), saturating_loss


def sample_from(G, z):
    training = G.training
    G.eval()
    with torch.no_grad():
        x = G(z)
    G.train(training)
    return x


def batch_norm(width):
    return nn.BatchNorm1d(width, momentum=0.2)


def passed(runs):
    return sum(covered >= 7 and valid >= 0.75 and tv <= 0.25 for covered, valid, tv in runs)


# ── 환자를 고쳤는지: 고리에서 짧게 학습해 세 수를 잽니다 ──────────

ROUNDS, AHEAD, RATE, BATCH = 600, 300, 2e-3, 128


def new_game(judge):
    """D가 두 점을 묶어 보는 게임. 같은 시드에서 시작합니다."""
    torch.manual_seed(7)
    game = SimpleNamespace(G=mlp(2, 128, 128, 2), D=lambda x: judge(pack(x, 2)))
    game.opt_G = torch.optim.Adam(game.G.parameters(), RATE, (0.5, 0.999), fused=True)
    game.opt_D = torch.optim.Adam(judge.parameters(), RATE, (0.5, 0.999), fused=True)
    game.real, game.noise = lambda: draw(CENTERS, BATCH), lambda: torch.randn(BATCH, 2)
    return game


def verdict(game, one_round):
    """학습률을 줄여 가며 짧게 학습시키고 여덟 모드를 되찾았는지 말합니다. 짧으므로 유효한 비율의 기준이 낮습니다."""
    for i in range(ROUNDS):
        for optimizer in (game.opt_G, game.opt_D):
            optimizer.param_groups[0]["lr"] = optimizer.defaults["lr"] * min(1, 2 * (1 - i / ROUNDS))
        one_round(game)
    with torch.no_grad():
        x = game.G(torch.randn(5000, 2))
    covered, valid, tv = measure(x)
    if covered >= 7 and valid >= 0.2 and tv <= 0.25:
        return "여덟 모드를 되찾은 GAN"
    across, up = x.mean(dim=0).tolist()
    return f"덮은 모드 {covered}, 유효한 비율 {valid:.0%}, TV {tv:.2f}, 가짜의 평균 ({across:.2f}, {up:.2f})"


def package_round(game):
    d_step(game.G, game.D, game.opt_D, game.real(), game.noise())
    g_step(game.G, game.D, game.opt_G, game.noise())


def train_with_judge(function):
    torch.manual_seed(7)
    judge = function()
    return None if judge is None else verdict(new_game(judge), package_round)


def train_with_round(function):
    """라운드가 판별자를 건드리지 않았으면 아직 빈칸입니다."""
    torch.manual_seed(7)
    judge = mlp(4, 128, 128, 1)
    game, before = new_game(judge), judge[0].weight.clone()
    function(game)
    return None if torch.equal(judge[0].weight, before) and not game.opt_G.state else verdict(game, function)


def train_with_choice(function):
    """D만 먼저 학습시킨 다음, 고른 옵티마이저와 손실로 G를 학습시킵니다."""
    torch.manual_seed(7)
    game = new_game(mlp(4, 128, 128, 1))
    choice = function(game.G.parameters())
    if choice is None:
        return None
    game.opt_G, loss = choice

    def lead(game):
        d_step(game.G, game.D, game.opt_D, game.real(), game.noise())

    def one_round(game):
        lead(game)
        game.opt_G.zero_grad()
        loss(game.D(game.G(game.noise()))).backward()
        game.opt_G.step()

    for _ in range(AHEAD):
        lead(game)
    return verdict(game, one_round)


def sick_judge():
    return nn.Sequential(mlp(4, 128, 128, 1), nn.Sigmoid())


def sick_round(game):
    fake = game.G(game.noise()).detach()
    d_loss(game.D(game.real()), game.D(fake)).backward()
    game.opt_D.step()
    game.opt_G.zero_grad()
    g_loss(game.D(game.G(game.noise()))).backward()
    game.opt_G.step()


def clears_too_late(game):
    fake = game.G(game.noise()).detach()
    d_loss(game.D(game.real()), game.D(fake)).backward()
    game.opt_D.zero_grad()
    game.opt_D.step()
    game.opt_G.zero_grad()
    g_loss(game.D(game.G(game.noise()))).backward()
    game.opt_G.step()


def practice_G():
    """모아 둔 통계가 미니배치의 통계와 다른, 배치 정규화가 있는 작은 생성자."""
    torch.manual_seed(4)
    G = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    nn.init.uniform_(G[1].running_mean, -1, 1)
    nn.init.uniform_(G[1].running_var, 0.5, 2)
    return G


def drawn(function, training):
    """뽑은 샘플, 뽑은 다음의 모드, 모아 둔 평균이 그대로인지, 기울기를 남겼는지."""
    G, z = practice_G().train(training), torch.linspace(-2, 2, 12).reshape(6, 2)
    kept = G[1].running_mean.clone()
    x = function(G, z)
    return x if x is None else [x.detach(), G.training, torch.equal(G[1].running_mean, kept), x.requires_grad]


def in_training_mode(G, z):
    with torch.no_grad():
        return G(z)


def stays_in_eval(G, z):
    G.eval()
    with torch.no_grad():
        return G(z)


def always_trains(G, z):
    x = stays_in_eval(G, z)
    G.train()
    return x


def with_gradient(G, z):
    training = G.training
    x = G.eval()(z)
    G.train(training)
    return x


def look_inside(function, width):
    layer = function(width)
    return layer and [type(layer).__name__, layer.num_features, layer.eps, layer.momentum]


KEYS = {
    "07.total_variation": Key(
        total_variation,
        cases=[
            ((torch.tensor([5, 5, 5, 5]),), 0.0),
            ((torch.tensor([12, 0, 0, 0]),), 0.75),
            ((torch.tensor([300, 100]),), 0.25),
            ((torch.tensor([30, 10, 10, 10, 10, 10, 0, 0]),), 0.25),
        ],
        hints=[
            (
                lambda counts: (counts / counts.sum() - 1 / len(counts)).abs().sum().item(),
                "넘치는 몫과 모자라는 몫을 두 번 세었습니다. 반으로 나누어 봅시다.",
            ),
            (
                lambda counts: (counts / counts.sum() - 1 / 8).abs().sum().item() / 2,
                "모드가 늘 여덟인 것은 아닙니다. 1/8 대신 1 / len(counts)를 써 봅시다.",
            ),
            (
                lambda counts: (counts / counts.sum() - 1 / len(counts)).sum().abs().item() / 2,
                "더한 다음 절댓값을 구하면 넘치는 것과 모자라는 것이 서로 지워집니다. 절댓값이 먼저입니다.",
            ),
            (
                lambda counts: (counts - counts.sum() / len(counts)).abs().sum().item() / 2,
                "개수의 차이를 더했습니다. 먼저 counts.sum()으로 나누어 몫으로 바꾸어 봅시다.",
            ),
        ],
    ),
    "07.saturating_loss": Key(
        saturating_loss,
        cases=[
            ((torch.tensor([[0.0], [0.0]]),), float(-np.log(2))),
            ((torch.tensor([[2.0], [-1.0], [0.5]]),), ...),
            ((torch.tensor([[-20.0]]),), ...),
        ],
        hints=[
            (
                lambda logits: F.softplus(-logits).mean(),
                "비포화 손실 −log D입니다. log(1 − D)를 softplus로 적어 봅시다.",
            ),
            (lambda logits: F.softplus(logits).mean(), "부호가 바뀌었습니다. log(1 − D) = −softplus(l)입니다."),
            (lambda logits: -F.softplus(-logits).mean(), "log D가 나왔습니다. 1 − D = σ(−l)입니다."),
            (lambda logits: -F.softplus(logits).sum(), "더하기만 했습니다. 평균을 구해 봅시다."),
            (lambda logits: -F.softplus(logits), "샘플마다의 값입니다. 평균을 구해 봅시다."),
        ],
    ),
    "07.pack": Key(
        pack,
        cases=[
            ((torch.arange(8.0).reshape(4, 2), 2), [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]),
            ((torch.arange(12.0).reshape(6, 2), 3), ...),
            ((torch.arange(6.0).reshape(3, 2), 1), ...),
        ],
        hints=[
            (
                lambda x, m: x.reshape(m, -1),
                "행이 m개가 되었습니다. 행의 수는 len(x) // m이고, 한 행에 샘플이 m개씩 들어갑니다.",
            ),
            (
                lambda x, m: torch.cat(x.chunk(m), dim=1),
                "앞쪽 샘플과 뒤쪽 샘플을 이어 붙였습니다. 이웃한 샘플끼리 한 행에 놓아 봅시다.",
            ),
            (
                lambda x, m: x.reshape(len(x) // m, m, 2),
                "차원이 셋입니다. 한 행을 수 2m개로 펴 봅시다.",
            ),
        ],
    ),
    "07.healthy_judge": Key(
        healthy_judge,
        cases=[((), "여덟 모드를 되찾은 GAN")],
        hints=[(sick_judge, "시그모이드가 아직 있습니다. 판별자는 로짓을 그대로 내야 합니다.")],
        run=train_with_judge,
    ),
    "07.healthy_round": Key(
        healthy_round,
        cases=[((), "여덟 모드를 되찾은 GAN")],
        hints=[
            (sick_round, "고장 난 라운드 그대로입니다. D의 기울기는 어디에서 지워야 할까요?"),
            (clears_too_late, "backward 다음에 지우면 배운 것이 사라집니다. backward 앞에서 지워 봅시다."),
        ],
        run=train_with_round,
    ),
    "07.1": Key(
        ring_of,
        cases=[
            ((4, 2.0), [[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]]),
            ((8, 2.0), ...),
            ((3, 1.0), ...),
        ],
        hints=[
            (
                lambda count, radius: (
                    radius * np.stack([f(np.linspace(0, 2 * np.pi, count)) for f in (np.cos, np.sin)], axis=1)
                ),
                "처음과 마지막 중심이 같은 점입니다. 각의 간격은 2π/count이고, 2π는 넣지 않습니다.",
            ),
            (
                lambda count, radius: (
                    radius * np.stack([f(2 * np.pi * np.arange(count) / count) for f in (np.sin, np.cos)], axis=1)
                ),
                "(0, radius)에서 시작해 시계 방향으로 돌았습니다. 가로가 cos, 세로가 sin입니다.",
            ),
            (
                lambda count, radius: (
                    radius * np.stack([f(2 * np.pi * np.arange(count) / count) for f in (np.cos, np.sin)])
                ),
                "모양이 2×count입니다. axis=1로 쌓아 중심 하나가 한 행이 되게 해 봅시다.",
            ),
            (
                lambda count, radius: np.stack(
                    [f(2 * np.pi * np.arange(count) / count) for f in (np.cos, np.sin)], axis=1
                ),
                "반지름이 1인 원입니다. radius를 곱해 봅시다.",
            ),
        ],
    ),
    "07.2": Key(
        samples_to_see_all,
        cases=[((1,), 1.0), ((2,), 3.0), ((8,), 21.742857), ((100,), 518.737752)],
        hints=[
            (lambda modes: float(modes), "운이 가장 좋을 때의 개수입니다. 이미 본 모드가 또 나오기도 합니다."),
            (
                lambda modes: sum((modes - seen) / modes for seen in range(modes)),
                "새로운 모드일 확률을 더했습니다. 평균 개수는 확률의 역수입니다.",
            ),
            (
                lambda modes: sum(modes / (modes - seen) for seen in range(1, modes)),
                "첫 샘플을 빼먹었습니다. seen은 0부터입니다.",
            ),
            (
                lambda modes: sum(1 / (modes - seen) for seen in range(modes)),
                "확률은 (modes − seen)/modes입니다. 그 역수를 더해 봅시다.",
            ),
        ],
    ),
    "07.3": Key(
        healthy_choice,
        cases=[((), "여덟 모드를 되찾은 GAN")],
        hints=[
            (
                lambda weights: (torch.optim.SGD(weights, 0.05), saturating_loss),
                "아직 그대로입니다. G가 거의 움직이지 못합니다.",
            ),
        ],
        run=train_with_choice,
    ),
    "07.4": Key(
        sample_from,
        cases=[((True,), ...), ((False,), ...)],
        hints=[
            (in_training_mode, "G가 학습 모드일 때 그대로 뽑았습니다. 먼저 G.eval()을 불러 봅시다."),
            (stays_in_eval, "뽑은 다음에 G가 원래의 모드로 돌아가지 않았습니다. G.train(…)으로 되돌려 봅시다."),
            (
                always_trains,
                "평가 모드이던 G를 학습 모드로 바꾸어 놓았습니다. 처음의 G.training을 적어 두었다가 되돌려 봅시다.",
            ),
            (with_gradient, "기울기를 계산했습니다. with torch.no_grad(): 안에서 뽑아 봅시다."),
        ],
        run=drawn,
    ),
    "07.5": Key(
        batch_norm,
        cases=[((128,), ["BatchNorm1d", 128, 1e-5, 0.2]), ((16,), ...)],
        hints=[
            (lambda width: nn.BatchNorm1d(width, 0.8), "0.8이 eps로 들어갔습니다. 인자의 이름을 적어 봅시다."),
            (
                lambda width: nn.BatchNorm1d(width, momentum=0.8),
                "PyTorch의 momentum은 새 값에 곱하는 수입니다. Keras의 0.8은 예전 값에 곱하는 수였습니다.",
            ),
            (lambda width: nn.BatchNorm1d(width, 0.2), "0.2가 eps로 들어갔습니다. momentum=을 적어 봅시다."),
            (lambda width: nn.BatchNorm1d(width), "기본값의 momentum은 0.1입니다. 0.8에 맞는 값을 넣어 봅시다."),
        ],
        run=look_inside,
    ),
    "07.6": Key(
        passed,
        cases=[
            (([(8, 0.9, 0.1), (8, 0.9, 0.45), (7, 0.75, 0.25), (6, 0.99, 0.1)],), 2),
            (([(8, 0.1, 0.02), (1, 1.0, 0.875)],), 0),
            (([(8, 0.92, 0.01)],), 1),
        ],
        hints=[
            (
                lambda runs: sum(covered >= 7 for covered, _, _ in runs),
                "덮은 모드만 보았습니다. 세 수가 모두 기준을 넘어야 합니다.",
            ),
            (
                lambda runs: sum(covered > 7 and valid > 0.75 and tv < 0.25 for covered, valid, tv in runs),
                "기준과 꼭 같은 것도 넘은 것으로 칩니다.",
            ),
            (
                lambda runs: all(covered >= 7 and valid >= 0.75 and tv <= 0.25 for covered, valid, tv in runs),
                "참이나 거짓이 아니라, 넘은 것의 수를 돌려줍니다.",
            ),
        ],
    ),
}
