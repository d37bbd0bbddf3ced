"""수 네 개로 그리는 고양이. 00차시와 06차시의 가장 작은 생성자입니다."""

import numpy as np

from ganlib import plot

_TURN = np.linspace(0, 2 * np.pi, 60)
_CIRCLE = np.column_stack([np.cos(_TURN), np.sin(_TURN)])
_LIPS = np.linspace(-0.35, 0.35, 20)


def sketch(z):
    """z의 수 네 개를 고양이 얼굴을 이루는 선들(모양 M×2인 배열의 리스트)로 바꿉니다. 우연이 없는 함수입니다."""
    width, ear, eye, mouth = np.tanh(z)  # 그림이 찢어지지 않게 −1과 1 사이로 누릅니다.
    face = _CIRCLE * [1.1 + 0.25 * width, 0.9]
    nose = np.array([(-0.1, -0.15), (0.1, -0.15), (0, -0.27), (-0.1, -0.15)])
    smile = np.column_stack([_LIPS, -0.5 + 0.15 * mouth * (_LIPS**2 / 0.06 - 1)])
    side = [
        np.array([(0.35, 0.84), (0.85, 1.35 + 0.4 * ear), (0.98, 0.5)]) * [1 + 0.2 * width, 1],
        _CIRCLE * [0.17, 0.19 + 0.1 * eye] + [0.45, 0.2],
        _CIRCLE * [0.04, 0.14 + 0.07 * eye] + [0.45, 0.2],
        np.array([(0.5, -0.2), (1.4, -0.1)]),
        np.array([(0.5, -0.3), (1.4, -0.4)]),
    ]
    return [face, nose, smile, *side, *(line * [-1, 1] for line in side)]


def draw_cat(ax, z):
    """축 `ax`에 고양이를 그립니다."""
    for line in sketch(z):
        ax.plot(line[:, 0], line[:, 1], color=plot.FAKE, linewidth=1.5)
    ax.set(xlim=(-1.5, 1.5), ylim=(-1, 1.85), aspect="equal")
    ax.set_axis_off()
