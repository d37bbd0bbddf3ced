"""detach 실험실. 스위치 세 개를 켜고 끄며 생성자와 판별자의 기울기와 움직임을 봅니다."""

import io
import math

import ipywidgets
from matplotlib.figure import Figure

from ganlib import plot
from ganlib.still import Still

RATE = 0.1  # 학습률
ROUNDS = (1, 2, 3, 5, 10, 20, 40, 100, 400)  # 고를 수 있는 라운드 수
START = {"w": 0.5, "v": 1.0, "w_grad": 0.0, "v_grad": 0.0}
SWITCHES = {"detach": "detach", "zero_grad": "zero_grad", "two_optimizers": "옵티마이저 나누기"}


def sigmoid(logit):
    """1/(1 + e^(-logit)). 로짓이 −1,000이어도 넘치지 않도록 tanh로 구합니다."""
    return (1 + math.tanh(logit / 2)) / 2


def lab_round(state, detach=True, zero_grad=True, two_optimizers=True):
    """판별자와 생성자가 한 스텝씩 가고, `[d_step을 마친 상태, g_step을 마친 상태]`를 돌려줍니다.

    생성자는 G(z) = wz, 판별자의 로짓은 vx이며 x = z = 1입니다. PyTorch의 SGD가 하는 계산을 손으로 적은 것입니다.
    `state`는 w, v, w_grad, v_grad가 든 사전이며 바뀌지 않습니다. 나머지는 세 장치를 켰으면 True입니다.
    """
    path = []
    s = dict(state)
    for mine, other in (("v", "w"), ("w", "v")):  # d_step은 v를, g_step은 w를 맡습니다
        movers = (mine,) if two_optimizers else (mine, other)
        for name in movers if zero_grad else ():
            s[name + "_grad"] = 0.0
        w, v = s["w"], s["v"]
        if mine == "v":  # L_D = softplus(-v) + softplus(vw)
            s["v_grad"] += -sigmoid(-v) + w * sigmoid(v * w)
            s["w_grad"] += 0.0 if detach else v * sigmoid(v * w)
        else:  # L_G = softplus(-vw). D를 지나는 길에 v에도 기울기가 쌓입니다
            s["w_grad"] += -v * sigmoid(-v * w)
            s["v_grad"] += -w * sigmoid(-v * w)
        for name in movers:
            s[name] -= RATE * s[name + "_grad"]
        path.append(dict(s))
    return path


def lab_rounds(rounds, **switches):
    """출발점에서 `rounds`라운드를 가며 지난 상태를 모두 돌려줍니다(출발점, d_step, g_step, d_step, …)."""
    path = [dict(START)]
    for _ in range(rounds):
        path += lab_round(path[-1], **switches)
    return path


def is_wrong(name, step, before, after):
    """w나 v가 이 스텝에서 세 장치를 모두 켰을 때와 다르게 움직였는지 봅니다."""
    w, v = before["w"], before["v"]
    slope = {"wg_step": -v * sigmoid(-v * w), "vd_step": -sigmoid(-v) + w * sigmoid(v * w)}.get(name + step, 0.0)
    return abs(after[name] - (before[name] - RATE * slope)) > 1e-9


def draw_lab(figure, rounds=1, **switches):
    """마지막 라운드의 두 스텝이 무엇을 움직였는지 그립니다. 옳은 움직임과 다르면 굵게 적습니다."""
    path = lab_rounds(rounds, **switches)
    figure.subplots_adjust(left=0.12, right=0.98, top=0.76, bottom=0.2, wspace=0.08)
    off = [name for key, name in SWITCHES.items() if not switches.get(key, True)]
    figure.suptitle(f"{rounds}라운드째 · " + (f"끈 장치: {', '.join(off)}" if off else "세 장치를 모두 켬"), y=0.98)
    for ax, step, before, after in zip(figure.subplots(1, 2), ("d_step", "g_step"), path[-3:-1], path[-2:]):
        for y, name, color in ((1, "w", plot.FAKE), (0, "v", plot.JUDGE)):
            moved = max(-0.13, min(0.13, after[name] - before[name]))
            wrong = is_wrong(name, step, before, after)
            ax.plot([0, moved], [y, y], color=color, linewidth=3)
            ax.plot(moved, y, "o" if moved == 0 else "<" if moved < 0 else ">", color=color)
            note = f"${name}$.grad {after[name + '_grad']:+.3f}    ${name}$: {before[name]:.3f} → {after[name]:.3f}"
            ax.text(0, y + 0.25, note + ("  잘못!" if wrong else ""), ha="center", weight="bold" if wrong else "normal")
        ax.axvline(0, color=plot.GRAY, linewidth=0.8)
        ax.set(title=f"{step}을 마친 뒤", xlabel="이 스텝에서 움직인 거리", xlim=(-0.14, 0.14), ylim=(-0.35, 1.6))
        ax.set_yticks([0, 1], ["판별자 $v$", "생성자 $w$"] if step == "d_step" else ["", ""])
        ax.grid(axis="y", visible=False)


def picture(settings):
    """설정마다 한 칸씩 위에서 아래로 그린 PNG(bytes)를 돌려줍니다."""
    figure, buffer = Figure(figsize=(8, 2.5 * len(settings)), dpi=100, layout="none"), io.BytesIO()
    for panel, values in zip(figure.subfigures(len(settings), 1, squeeze=False)[:, 0], settings):
        draw_lab(panel, **values)
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


class DetachLab(Still, ipywidgets.VBox):
    """스위치나 라운드 수를 바꾸면 출발점부터 다시 계산해 그리는 실험실입니다. 셀의 마지막 줄에 둡니다."""

    still_text = "(detach 실험실)"

    def __init__(self):
        wide = {"width": "auto"}
        self.switches = [ipywidgets.Checkbox(True, description=s, indent=False, layout=wide) for s in SWITCHES.values()]
        self.rounds = ipywidgets.SelectionSlider(options=ROUNDS, value=1, description="라운드")
        self.image = ipywidgets.Image(format="png", layout={"max_width": "100%"})
        for control in (*self.switches, self.rounds):
            control.observe(self.redraw, names="value")
        super().__init__([ipywidgets.HBox(self.switches, layout={"flex_flow": "row wrap"}), self.rounds, self.image])
        self.redraw()

    def redraw(self, _=None):
        on = dict(zip(SWITCHES, [switch.value for switch in self.switches]))
        self.image.value = picture([dict(rounds=self.rounds.value, **on)])

    def still_png(self):
        return picture([{}, {"detach": False}, {"detach": False, "zero_grad": False}, {"two_optimizers": False}])
