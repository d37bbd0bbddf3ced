"""notebooks/pictures/family_tree.png를 그립니다: 생성 모델의 가계도.

python -m tools.family_tree
"""

import io

from matplotlib import pyplot as plt
from PIL import Image

from ganlib import plot
from tools.lesson import NOTEBOOKS

STEMS = {  # 이름: (가로, 세로, 부모, 설명)
    "생성 모델": (0.9, 4.0, None, "새 샘플을 만든다"),
    "명시적 밀도": (3.0, 5.6, "생성 모델", "$p_{\\mathrm{model}}(x)$ 의 식을 적는다"),
    "암묵적 밀도": (3.0, 1.4, "생성 모델", "식 없이 뽑는 법만 있다"),
    "정확한 값": (5.3, 7.0, "명시적 밀도", "식의 값을 계산한다"),
    "근삿값": (5.3, 4.0, "명시적 밀도", "하한이나 비율만 안다"),
    "한 번에": (5.3, 2.0, "암묵적 밀도", "$z$ 를 넣으면 바로"),
    "여러 번에 걸쳐": (5.3, 0.8, "암묵적 밀도", "조금씩 고치며"),
}
LEAVES = [  # 이름, 예, 세로, 부모, 보는 법에 따라 위치가 달라지는가
    ("자기회귀 모델", "PixelRNN, GPT", 8.0, "정확한 값", False),
    ("정규화 플로우", "RealNVP, Glow", 7.0, "정확한 값", False),
    ("플로우 매칭", "Flow Matching", 6.0, "정확한 값", True),
    ("확산 모델", "DDPM, 스코어 기반 모델", 5.0, "근삿값", True),
    ("변분 오토인코더", "VAE", 4.0, "근삿값", False),
    ("에너지 기반 모델", "볼츠만 머신", 3.0, "근삿값", False),
    ("GAN", "DCGAN, StyleGAN", 2.0, "한 번에", False),
    ("생성 확률 신경망", "GSN", 0.8, "여러 번에 걸쳐", False),
]


def box(ax, across, up, text, color=plot.GRAY, width=1.2, style="-", face="white"):
    shape = dict(boxstyle="round,pad=0.4", facecolor=face, edgecolor=color, linewidth=width, linestyle=style)
    ax.text(across, up, text, ha="center", va="center", fontsize=11, bbox=shape, zorder=3)


def line(ax, start, end):
    middle = end[0] - 0.95
    ax.plot([start[0], middle, middle, end[0]], [start[1], start[1], end[1], end[1]], color=plot.GRAY, linewidth=1.1)


def draw():
    figure, ax = plt.subplots(figsize=(9.6, 5.2))
    for name, (across, up, parent, note) in STEMS.items():
        if parent:
            line(ax, STEMS[parent][:2], (across, up))
        box(ax, across, up, name)
        paper = dict(facecolor="white", edgecolor="none", pad=1)
        ax.text(across, up - 0.58, note, ha="center", va="center", fontsize=8.5, bbox=paper)
    for name, example, up, parent, moves in LEAVES:
        line(ax, STEMS[parent][:2], (7.8, up))
        color, width = (plot.FAKE, 3) if name == "GAN" else (plot.GRAY, 1.4)
        box(ax, 7.8, up, name, color, width, "--" if moves else "-")
        ax.text(8.95, up, example, va="center", fontsize=10)
    ax.set(xlim=(0, 11.2), ylim=(0.0, 8.5))
    ax.set_axis_off()
    return figure


if __name__ == "__main__":
    plot.setup()
    content = io.BytesIO()
    draw().savefig(content, dpi=110)
    # 색이 몇 가지뿐인 그림이므로 32색으로 줄여 작게 담습니다.
    Image.open(content).convert("RGB").quantize(32).save(NOTEBOOKS / "pictures/family_tree.png", optimize=True)
