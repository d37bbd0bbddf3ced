"""평면의 무대의 멈춘 그림. 커널 없이 읽는 사람이 봅니다."""

import base64

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ganlib.play.coin_still import korean
from ganlib.play.ring import CENTERS, REACH
from ganlib.plot import FAKE, GRAY, JUDGE, REAL


def draw_still(data, frame):
    """진짜 `data`와 무대의 그림 `frame`을 `matplotlib.figure.Figure`로 그립니다."""
    judged, fakes = (np.frombuffer(base64.b64decode(frame[name]), np.uint8) for name in ("judged", "fakes"))
    side, mass, (modes, valid, tv, _) = round(len(judged) ** 0.5), frame["mass"], frame["now"]
    with korean():
        figure = Figure(figsize=(8, 3.6), dpi=100, layout="constrained")
        left, right = figure.subplots(1, 2)
        green = LinearSegmentedColormap.from_list("D", ["white", JUDGE])
        where = dict(extent=(-REACH, REACH, -REACH, REACH), origin="lower", interpolation="bilinear")
        left.imshow(judged.reshape(side, side), green, vmin=0, vmax=400, **where)
        left.scatter(*np.array(data).T, s=5, color=REAL, alpha=0.5)
        left.scatter(*REACH * (fakes.reshape(-1, 2).T / 127.5 - 1), s=8, color=FAKE)
        left.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2], xlabel="$x_1$", ylabel="$x_2$")
        left.set_title("진짜(파랑), 가짜(주홍), D의 지도(초록)", fontsize=10)
        right.bar(np.arange(len(mass)) + 1, np.array(mass) / 1000, color=FAKE)
        right.axhline(1 / len(CENTERS), color=GRAY)
        right.set(ylim=(0, 1), xlabel="모드", ylabel="유효한 가짜 가운데의 몫", xticks=range(1, len(CENTERS) + 1))
        covered = f"덮은 모드 수 {modes} / {len(CENTERS)}, TV {tv:.2f}, " if mass else ""
        right.set_title(f"{covered}유효한 비율 {100 * valid:.0f}%", fontsize=10)
        figure.draw_without_rendering()
    return figure
