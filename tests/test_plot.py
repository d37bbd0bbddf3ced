import warnings

import numpy as np
import pytest
import torch
from matplotlib import colors
from matplotlib import pyplot as plt

from ganlib import data, plot


def test_korean_minus_and_log_axes_draw_without_missing_glyphs():
    plot.setup()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure, ax = plt.subplots()
        ax.plot([-1, 1], [0.001, 1000])
        ax.set(yscale="log", title="생성자와 판별자: −1 × θ ≤ μ ± σ", xlabel="가로")
        ax.set_ylabel("굵은 글씨", weight="bold")
        figure.canvas.draw()
    plt.close(figure)


def test_broken_font_is_refused(tmp_path, monkeypatch):
    (tmp_path / "SHA256SUMS").write_text("")
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match="fonts.*없습니다"):
        plot.setup()


def test_colours_differ_even_in_grey():
    # 흑백으로 보아도 똑같아지지 않도록 밝기가 서로 달라야 합니다.
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = sorted(colors.to_rgb(c) @ weights for c in (plot.REAL, plot.FAKE, plot.JUDGE))
    assert np.diff(light).min() > 0.02


def test_tile_puts_each_picture_in_its_place():
    images = torch.stack([torch.full((1, 28, 28), v) for v in (-1.0, 0.0, 1.0)])
    sheet = np.asarray(plot.tile(images, columns=2))
    assert sheet.shape == (58, 58)
    assert (sheet[:28, :28] == 0).all() and (sheet[:28, 30:] == 128).all() and (sheet[30:, :28] == 255).all()
    assert plot.tile(images, columns=8, scale=3).size == ((28 * 3 + 4) * 3, 84)


@pytest.mark.parametrize(
    "images, message",
    [
        (torch.zeros(3, 28, 28), "N×1×H×W"),
        (torch.zeros(0, 1, 28, 28), "N×1×H×W"),
        (torch.full((1, 1, 28, 28), float("nan")), "NaN"),
    ],
)
def test_tile_refuses_bad_pictures(images, message):
    with pytest.raises(ValueError, match=message):
        plot.tile(images)


@pytest.mark.parametrize("gradient", [None, "d_step", "g_step"])
def test_the_drawing_of_the_course_marks_today_and_the_path_of_the_gradient(gradient):
    figure, ax = plt.subplots()
    plot.draw_gan(ax, mark=("D",), gradient=gradient)
    weights = {text.get_text(): text.get_weight() for text in ax.texts}
    assert weights["판별자 $D$"] == "bold" and weights["생성자 $G$"] == "normal"
    assert any("detach" in text for text in weights) == (gradient == "d_step")
    assert any("까지 흐릅니다" in text for text in weights) == (gradient == "g_step")
    plt.close(figure)


def test_rows_and_names_stand_beside_their_pictures():
    figure, ax = plt.subplots()
    plot.show_images(ax, torch.zeros(6, 1, 28, 28), columns=3, rows=["위", "아래"], names=[0, 1, 2])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["위", "아래"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2"]
    # 눈금은 그림의 한가운데에 있습니다: 28픽셀의 반, 그리고 틈까지 30픽셀씩.
    assert list(ax.get_yticks()) == [14, 44] and list(ax.get_xticks()) == [14, 44, 74]
    plt.close(figure)
