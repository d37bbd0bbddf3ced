"""04차시의 기록: 설정을 하나씩 바꾼 결과와, 교재의 프로그램을 40,000라운드 돌린 결과.

ablation_04    설정 열한 가지를 시드 다섯 개에서 2,000라운드씩 학습합니다(CPU 코어 하나로 약 7분).
textbook_04    교재의 프로그램을 40,000라운드 학습합니다(약 2분). 교재가 남긴 두 실행은 이미 있는 파일에서 옮깁니다.
"""

from types import SimpleNamespace

import numpy as np
import torch
from scipy import stats
from torch import nn

from benchmarks.peers import TextbookNumbers
from ganlib import data, metrics
from ganlib.models import mlp
from ganlib.train import averaged, d_step, g_step

MEAN, SD = 4.0, 1.25
ROUNDS, SEEDS = 2000, 5
RATE_G, RATE_D = 1.5e-3, 1.5e-2
STAGES, STAGE_ROUNDS = 200, 200  # 교재가 평균과 표준편차를 찍는 횟수와 간격
Z = ((torch.arange(20_000) + 0.5) / 10_000 - 1).unsqueeze(1)  # 고르게 놓은 z. 뽑을 때의 우연이 없습니다.


def Leaky():
    return nn.LeakyReLU(0.2)


class Generator(nn.Module):
    """z에 신경망의 보정을 더합니다."""

    def __init__(self, activation):
        super().__init__()
        self.correction = mlp(1, 64, 64, 1, activation=activation)

    def forward(self, z):
        return z + self.correction(z)


class BundleJudge(nn.Module):
    """수 묶음 하나를 입력 하나로 보는 판별자. 교재처럼 묶음의 평균에서 벗어난 정도의 제곱을 덧붙여 봅니다."""

    def __init__(self, count):
        super().__init__()
        self.net = mlp(2 * count, 64, 64, 1, activation=nn.Tanh)

    def forward(self, x):
        return self.net(torch.cat([x, (x - x.mean()).square()]).T)


def new_game(
    rate_D=RATE_D, beta1=0.0, d_steps=1, g_steps=1, batch=256, standard=True, activation=nn.Tanh, bundle=False
):
    """04차시의 게임. 인자 하나로 설정 하나를 바꿉니다."""
    G = Generator(activation)
    D = BundleJudge(batch) if bundle else mlp(1, 64, 64, 1, activation=activation)
    opt_G = torch.optim.Adam(G.parameters(), RATE_G, (beta1, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), rate_D, (beta1, 0.99), fused=True)
    sample = MEAN + SD * torch.randn(1000, 1)
    shift, unit = (sample.mean(), sample.std()) if standard else (0.0, 1.0)
    return SimpleNamespace(
        G=G, D=D, opt_G=opt_G, opt_D=opt_D, G_avg=averaged(G, decay=0.998), d_steps=d_steps, g_steps=g_steps,
        batch=batch, shift=shift, unit=unit,
    )  # fmt: skip


def play(game, rounds):
    """게임을 `rounds`라운드 학습합니다."""

    def noise():
        return 2 * torch.rand(game.batch, 1) - 1

    for _ in range(rounds):
        for _ in range(game.d_steps):
            real = MEAN + SD * torch.randn(game.batch, 1)
            d_step(game.G, game.D, game.opt_D, (real - game.shift) / game.unit, noise())
        for _ in range(game.g_steps):
            g_step(game.G, game.D, game.opt_G, noise())
        game.G_avg.update_parameters(game.G)


@torch.no_grad()
def measure(game, G):
    """고르게 놓은 z로 잰 (W₁, KS, 울퉁불퉁함)."""
    x = (game.shift + game.unit * G(Z)).numpy().ravel().astype(float)
    return metrics.wasserstein_to_normal(x, MEAN, SD), metrics.ks_to_normal(x, MEAN, SD), roughness(x)


def roughness(x):
    """히스토그램이 꺾인 정도(이차 차분의 크기의 합)를 정규분포의 것으로 나눈 값. 매끄러운 종은 1쯤입니다."""
    edges = np.linspace(MEAN - 4, MEAN + 4, 65)
    heights = np.histogram(x, edges)[0] / len(x)
    smooth = np.diff(stats.norm.cdf(edges, MEAN, SD))
    return np.abs(np.diff(heights, 2)).sum() / np.abs(np.diff(smooth, 2)).sum()


SWITCHES = {
    "이 차시의 설정": {},
    "표준화를 끔": dict(standard=False),
    "D의 학습률을 G와 같게": dict(rate_D=RATE_G),
    "D 1스텝에 G 5스텝": dict(g_steps=5),
    "D 5스텝에 G 1스텝": dict(d_steps=5),
    "모멘텀을 켬(β1 = 0.9)": dict(beta1=0.9),
    "LeakyReLU 신경망": dict(activation=Leaky),
    "미니배치 100개": dict(batch=100),
    "100개를 한 묶음으로 보는 D": dict(batch=100, bundle=True),
    "한 묶음, 학습률도 같게": dict(batch=100, bundle=True, rate_D=RATE_G),
}
NOT_AVERAGED = "가중치 평균을 끔"


def ablation(seed):
    """설정마다 시드 `seed`부터 다섯 개로 학습해 잰 값. 모양은 설정×시드입니다."""
    torch.set_num_threads(1)
    scores = {name: [] for name in (*SWITCHES, NOT_AVERAGED)}
    for each in range(seed, seed + SEEDS):
        for name, switch in SWITCHES.items():
            torch.manual_seed(each)
            game = new_game(**switch)
            play(game, ROUNDS)
            scores[name].append(measure(game, game.G_avg))
            if not switch:
                scores[NOT_AVERAGED].append(measure(game, game.G))
            print(f"시드 {each}, {name}: W₁ {scores[name][-1][0]:.3f}", flush=True)
    w1, ks, rough = np.moveaxis(np.array(list(scores.values())), 2, 0)
    arrays = dict(names=np.array(list(scores)), w1=w1, ks=ks, rough=rough, rounds=np.array(ROUNDS))
    return {"recorded/ablation_04.npz": data.pack_arrays(**arrays)}


def textbook(seed):
    """교재의 프로그램을 40,000라운드 학습하며 남긴 평균, 표준편차, W₁과, 평균과 표준편차가 가장 잘 맞은 단계의 샘플."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    machine, rows, best = TextbookNumbers(MEAN, SD), [], np.inf
    for _ in range(STAGES):
        for _ in range(STAGE_ROUNDS):
            machine.round()
        x = machine.sample(10_000)
        rows.append((x.mean(), x.std(), metrics.wasserstein_to_normal(x, MEAN, SD)))
        if abs(x.mean() - MEAN) + abs(x.std() - SD) < best:
            best, matched = abs(x.mean() - MEAN) + abs(x.std() - SD), x
    mean, sd, w1 = np.float32(rows).T
    # 교재의 두 실행은 저장소의 노트북에 찍힌 값이어서 다시 만들 수 없습니다.
    book = {name: array for name, array in data.load_recorded("textbook_04").items() if name.startswith("book")}
    return {"recorded/textbook_04.npz": data.pack_arrays(mean=mean, sd=sd, w1=w1, matched=matched, **book)}


RECORDS = {"ablation_04": ablation, "textbook_04": textbook}
