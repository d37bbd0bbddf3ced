"""위조 게임의 멈춘 그림. 커널 없이 읽는 사람이 봅니다."""

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure

from ganlib.data import FOLDER
from ganlib.plot import FAKE, GRAY, JUDGE, REAL

FONT = "Noto Sans CJK KR"


def value(p, theta, d_head, d_tail):
    """가치 함수 V(내트): 진짜는 p, 가짜는 theta의 비율로 앞면일 때 경찰의 답 d_head, d_tail이 얻는 값."""
    on_real = p * np.log(d_head) + (1 - p) * np.log(d_tail)
    return float(on_real + theta * np.log(1 - d_head) + (1 - theta) * np.log(1 - d_tail))


def best_answers(p, theta):
    """p와 theta를 모두 아는 경찰의 가장 좋은 답 (D(앞면), D(뒷면)). 0.03에서 0.97 사이로 자릅니다."""
    answers = p / max(p + theta, 1e-9), (1 - p) / max(2 - p - theta, 1e-9)
    return tuple(min(max(answer, 0.03), 0.97) for answer in answers)


def korean():
    """한글을 쓸 수 있는 그림의 설정. `with korean():` 안에서 `Figure`를 만들고 그립니다."""
    if FONT not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(FOLDER / "fonts/NotoSansCJKkr-Regular.otf")
    style = {"font.family": FONT, "axes.unicode_minus": False, "axes.spines.top": False, "axes.spines.right": False}
    return mpl.rc_context(style)


def draw_still(game):
    """판의 지금 상태를 `matplotlib.figure.Figure`로 그립니다."""
    with korean():
        figure = Figure(figsize=(8, 3.2), dpi=100, layout="constrained")
        {"bet": _bet, "duel": _duel, "chase": _chase}.get(game.mode, _game)(figure, game)
        figure.draw_without_rendering()  # 글꼴은 그릴 때 정해지므로 여기에서 한 번 그립니다.
    return figure


def _coins(ax, rows):
    """줄마다 (글, 앞면 수, 던진 횟수, 색). 채운 동전이 앞면이며, 40개까지만 그립니다."""
    bottom = 0.0
    for text, heads, n, color in rows:
        i = np.arange(min(n, 40))
        ax.text(-0.5, bottom, text, va="center")
        face = np.where(i < round(len(i) * heads / n), color, "white")
        ax.scatter(i % 10, bottom - 1 - i // 10, s=170, c=face, edgecolors=color, linewidths=1.5)
        bottom -= 2.2 + i[-1] // 10
    ax.set(xlim=(-0.8, 9.8), ylim=(bottom + 0.4, 0.6), aspect="equal")
    ax.axis("off")


def _game(figure, game):
    rounds, end = game.rounds, game.phase == "end"
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.3))
    if rounds:
        x = [row["round"] for row in rounds]
        for name, label, color, dash in [
            ("theta", "θ", FAKE, "-"), ("d_head", "D(앞면)", JUDGE, "-"), ("d_tail", "D(뒷면)", JUDGE, "--"),
        ]:  # fmt: skip
            right.plot(x, [row[name] for row in rounds], dash, color=color, label=label)
        points = np.array([row["points"] for row in rounds])
        left.bar(x, points, color=np.where(points > 0, JUDGE, FAKE), width=0.7)
        left.set(xlabel="라운드", ylabel="경찰의 점수", title=f"모두 {points.sum():+.2f}점".replace("-", "−"))
        right.set(xlabel="라운드", ylim=(-0.03, 1.03))
    else:
        coins = [("진짜", game.seen["real"], REAL), ("위조", game.seen["fake"], FAKE)]
        n = game.seen["n"]
        _coins(left, [(f"{name} 동전: {n}번 가운데 앞면 {heads}번", heads, n, color) for name, heads, color in coins])
        right.bar(["D(앞면)", "D(뒷면)"], [game.d_head, game.d_tail], color=JUDGE, width=0.3)
        right.axhline(0.5, color=GRAY, linewidth=1, linestyle=":")
        right.set(ylim=(0, 1), yticks=[0, 0.5, 1], yticklabels=["가짜", "모르겠다", "진짜"], title="경찰의 답")
    if end:
        right.axhline(game.p, color=REAL, linewidth=2, label=f"p = {game.p:.2f}")
    if rounds or end:
        right.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)


def _duel(figure, game):
    ax = figure.subplots()
    theta = np.linspace(0, 1, 201)
    if game.police == "best":  # 멈춘 경찰 앞에서는 곡선도 p도 아직 보이지 않습니다.
        best = [value(game.p, t, *best_answers(game.p, t)) for t in theta]
        ax.plot(theta, best, color=JUDGE, label="최적의 답")
        ax.axvline(game.p, color=REAL, label=f"p = {game.p:.2f}")
    else:
        ax.plot(theta, [value(game.p, t, game.d_head, game.d_tail) for t in theta], color=JUDGE, label="지금의 답")
    ax.axhline(-np.log(4), color=GRAY, linewidth=1, linestyle=":", label="−log 4")
    trail = [(row["theta"], row["points"] - np.log(4)) for row in game.rounds]
    ax.plot(*np.array([*trail, (game.theta, value(game.p, game.theta, game.d_head, game.d_tail))]).T, ".", color=FAKE)
    ax.plot(
        game.theta, value(game.p, game.theta, game.d_head, game.d_tail), "o", color=FAKE, markersize=11, label="위조범"
    )
    ax.set(xlabel="위조 동전이 앞면일 확률 θ", ylabel="V (내트)")
    ax.legend(ncols=5, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)


def _chase(figure, game):
    ax = figure.subplots()
    path = game.path()
    far = 1.2 * np.abs(path).max() + 0.1
    theta, psi = np.meshgrid(*[np.linspace(-far, far, 9)] * 2)
    w = 1 / (1 + np.exp(-theta * psi))
    ax.quiver(theta, psi, w * psi, -w * theta, color=GRAY, alpha=0.5, angles="xy", width=0.004)
    ax.plot(*path.T, color="black", linewidth=1, label="지나온 길")
    ax.plot(*path[0], "o", color="white", markeredgecolor=FAKE, label="출발점")
    ax.plot(*path[-1], "o", color=FAKE, label=f"{game.steps}스텝 뒤")
    ax.plot(0, 0, "+", color="black", markersize=12, markeredgewidth=3, label="균형 (0, 0)")
    ax.set(xlabel="위조범의 지점 θ", ylabel="경찰의 기울기 ψ", aspect="equal")
    ax.margins(0.1)
    ax.legend(loc="center left", bbox_to_anchor=(1.05, 0.5), frameon=False)


def _bet(figure, game):
    ax = figure.subplots()
    if not game.bets:
        _coins(ax, [("숨은 동전을 던져 보고 p를 짐작해 겁니다. 10번 던진 보기: 칠한 동전이 앞면입니다.", 6, 10, REAL)])
        return
    for row in game.bets:
        ax.plot(row["bet"], row["group"], "o", color=JUDGE, markersize=11)
        ax.annotate(
            f"{row['tosses']}번 던지고 {row['bet']:.2f}",
            (row["bet"], row["group"]),
            (12, -4),
            textcoords="offset points",
        )
    if game.phase == "end":
        ax.axvline(game.p, color=REAL, label=f"p = {game.p:.2f}")
        ax.legend(loc="upper left", frameon=False)
    groups = range(1, game.groups + 1)
    ax.set(
        xlim=(0, 1),
        ylim=(game.groups + 0.5, 0.5),
        yticks=groups,
        yticklabels=[f"{i}조" for i in groups],
        xlabel="건 값",
    )
