"""그림의 약속: 한글 글꼴, 늘 같은 색, 두 차시 이상에서 쓰는 그림."""

import io
import math

import matplotlib as mpl
import numpy as np
from IPython import get_ipython
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from PIL import Image

from ganlib.data import FOLDER, read_verified, to_pixels

# 색각 이상이 있어도 구별되는 색입니다(Okabe와 Ito, 2008). 회색만 따로 더했습니다.
REAL = "#0072B2"  # 진짜: 파랑
SKY = "#56B4E9"  # 진짜가 두 무리일 때 둘째 무리: 하늘
FAKE = "#D55E00"  # 가짜: 주홍
JUDGE = "#009E73"  # 판별자: 초록
GRAY = "#7F7F7F"  # 기준선과 배경
GAP = 2  # 바둑판에서 그림 사이의 틈(픽셀)


def setup():
    """글꼴과 그림의 기본값을 정합니다. 노트북마다 처음에 한 번 부릅니다.

    Raises:
        FileNotFoundError, ValueError: 글꼴 파일이 없거나 손상되었을 때.
    """
    for weight in ("Regular", "Bold"):
        name = f"fonts/NotoSansCJKkr-{weight}.otf"
        read_verified(name)
        font_manager.fontManager.addfont(FOLDER / name)
    mpl.rcParams.update(
        {
            "font.family": "Noto Sans CJK KR",
            "figure.figsize": (8, 3.2),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.titlesize": 11,
            "axes.titlesize": 11,
            "legend.fontsize": 9,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.alpha": 0.3,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
            # 기본값 "best"는 느린 컴퓨터에서 경고를 찍습니다.
            "legend.loc": "upper right",
        }
    )
    if shell := get_ipython():
        # 그림을 대신하는 글자를 늘 같게 둡니다. 기본값에는 환경마다 다를 수 있는 픽셀 수가 들어갑니다.
        # 백엔드가 나중에 켜지면 이 설정을 지우므로 먼저 켭니다.
        plt.switch_backend(mpl.get_backend())
        formatter = shell.display_formatter.formatters["text/plain"]
        formatter.for_type(Figure, lambda figure, printer, cycle: printer.text("(그림)"))


def tile(images, columns=8, scale=1):
    """숫자 그림 여러 장을 바둑판처럼 이어 붙인 회색조 `PIL.Image.Image`를 만듭니다. 빈칸은 흰색입니다.

    Args:
        images: 텐서, 모양 N×1×H×W. 실수(범위 [−1, 1], 벗어난 값은 잘라 냅니다) 또는 픽셀(uint8).
        columns: 한 줄에 놓을 장수.
        scale: 픽셀 하나를 몇 배로 키울지(정수).

    Raises:
        ValueError: 모양이 틀리거나 NaN이 있을 때.
    """
    if images.ndim != 4 or images.shape[1] != 1 or len(images) == 0:
        raise ValueError(f"그림은 N×1×H×W 모양이어야 합니다(받은 모양: {tuple(images.shape)}).")
    pixels = to_pixels(images)[:, 0].numpy()
    count, height, width = pixels.shape
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), 255, np.uint8)
    for i, image in enumerate(pixels):
        top, left = (i // columns) * (height + GAP), (i % columns) * (width + GAP)
        sheet[top : top + height, left : left + width] = image
    return Image.fromarray(sheet).resize((sheet.shape[1] * scale, sheet.shape[0] * scale), Image.Resampling.NEAREST)


def png_bytes(image):
    """`PIL.Image.Image`를 PNG 파일의 내용(bytes)으로 바꿉니다. 크기보다 빠르기를 택합니다."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()


def show_images(ax, images, columns=8, title="", rows=(), names=()):
    """축 `ax`에 숫자 그림들을 바둑판으로 그립니다(`tile` 참고). 행의 왼쪽에 `rows`, 열의 아래에 `names`를 적습니다."""
    ax.imshow(tile(images, columns), cmap="gray", vmin=0, vmax=255)
    height, width = images.shape[2:]
    ax.set(title=title, yticks=(height + GAP) * np.arange(len(rows)) + height / 2, yticklabels=rows)
    ax.set(xticks=(width + GAP) * np.arange(len(names)) + width / 2, xticklabels=names)
    ax.tick_params(length=0, labelsize=9)
    ax.spines[:].set_visible(False)
    ax.grid(False)


def draw_gan(ax, mark=(), gradient=None):
    """수업 내내 쓰는 그림 z → G → D ← x를 그립니다.

    Args:
        ax: matplotlib의 축.
        mark: 오늘 다루는 곳들. `"z"`, `"G"`, `"D"`, `"x"` 가운데서 고릅니다.
        gradient: 기울기가 흐르는 길. `"d_step"`이면 `detach`가 G의 앞에서 끊고, `"g_step"`이면 D를 지나 G까지 갑니다.
            `g_step`은 진짜를 쓰지 않으므로 x를 흐리게 그립니다.
    """
    parts = {  # 이름: (가로, 세로, 글, 색)
        "z": (0.7, 1.5, "잡음 $z$", GRAY),
        "G": (2.6, 1.5, "생성자 $G$", FAKE),
        "D": (6.1, 0.8, "판별자 $D$", JUDGE),
        "x": (3.6, 0.1, "진짜 $x$", REAL),
    }
    for name, (across, up, text, color) in parts.items():
        on, unused = name in mark, name == "x" and gradient == "g_step"
        box = dict(boxstyle="round,pad=0.5", edgecolor="lightgray" if unused else color, linewidth=3 if on else 1.2)
        box["facecolor"] = to_rgba(color, 0.22 if on else 0.04)
        style = dict(weight="bold" if on else "normal", color="lightgray" if unused else "black")
        ax.text(across, up, text, ha="center", va="center", bbox=box, **style)
    ax.text(4.4, 1.5, "가짜 $G(z)$", ha="center", va="center", color=FAKE)
    ax.text(8.2, 0.8, "진짜일 확률", ha="center", va="center")
    for start, end in (
        ((1.25, 1.5), (1.9, 1.5)), ((3.3, 1.5), (3.8, 1.5)), ((5.0, 1.45), (5.5, 1.1)),
        ((4.2, 0.12), (5.5, 0.55)), ((6.8, 0.8), (7.45, 0.8)),
    ):  # fmt: skip
        from_x = start == (4.2, 0.12)
        shade = "lightgray" if from_x and gradient == "g_step" else "black"
        ax.annotate("", end, start, arrowprops=dict(arrowstyle="->", linewidth=1.5, color=shade))
    back = dict(arrowstyle="->", linewidth=2, linestyle="--", color=JUDGE, connectionstyle="arc3,rad=0.35")
    if gradient:
        ax.annotate("", (6.4, 1.15), (8.0, 1.05), arrowprops=back)
        ax.text(7.3, 1.62, "기울기", ha="center", color=JUDGE)
    if gradient == "g_step":
        ax.annotate("", (2.75, 1.85), (6.0, 1.2), arrowprops=back | dict(color=FAKE, connectionstyle="arc3,rad=0.3"))
        ax.text(4.4, 2.42, "$D$ 를 지나 $G$ 까지 흐릅니다", ha="center", color=FAKE)
    elif gradient == "d_step":
        ax.annotate("", (5.12, 1.75), (5.95, 1.2), arrowprops=back)
        ax.plot([5.0, 5.24], [2.0, 1.62], color="black", linewidth=3)
        ax.text(5.0, 2.12, "detach가 여기서 끊습니다", ha="center")
    ax.set(xlim=(0, 9), ylim=(-0.3, 2.7 if gradient else 1.9))
    ax.set_axis_off()
