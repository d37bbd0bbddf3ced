"""숫자를 그리는 그림판과, 두 수를 한 번에 옮기는 판."""

import math
from pathlib import Path

import anywidget
import numpy as np
import torch
import traitlets
from PIL import Image, ImageDraw

from ganlib import data, plot
from ganlib.play.traits import BadValue
from ganlib.still import Still

PEN = 0.1  # 붓의 굵기(그림판의 한 변이 1). MNIST의 획과 비슷해집니다.
RASTER = 280  # 획을 칠할 그림의 한 변(픽셀)
BOWL = [[0.47 + 0.19 * math.cos(a), 0.6 + 0.19 * math.sin(a)] for a in np.linspace(-2.2, 2.4, 24)]
FIVE = [[[0.67, 0.2], [0.39, 0.22]], [[0.39, 0.22], *BOWL]]  # 처음에 보이는 5: 위의 가로획, 그리고 내려와 도는 획


def center_digit(raster):
    """숫자를 MNIST처럼 다듬습니다(LeCun 외, 1998): 20×20 상자에 맞추고, 무게중심을 28×28의 가운데에 놓습니다.

    Args:
        raster: 검은 바탕에 밝은 글씨. 배열이나 텐서, 모양 H×W, uint8(0–255) 또는 실수(0–1).

    Returns:
        float32 텐서, 모양 1×28×28, 범위 [−1, 1].
    """
    raster = np.asarray(raster)
    ink = raster / 255 if raster.dtype == np.uint8 else raster
    if ink.ndim != 2 or not np.isfinite(ink).all() or ink.max(initial=0) < 0.5:
        raise BadValue("아직 아무것도 그리지 않았습니다. 숫자 하나를 그린 다음 다시 실행해 봅시다.")
    rows, columns = (np.flatnonzero(ink.max(axis) > 0.02) for axis in (1, 0))
    part = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32))
    # 긴 쪽이 20픽셀이 되게, 가로세로의 비는 그대로 줄입니다.
    small = part.resize([max(1, round(20 * side / max(part.size))) for side in part.size], Image.Resampling.BILINEAR)
    small = np.asarray(small).clip(0, 1)
    sheet = np.zeros((28, 28), np.float32)
    top, left = (round(14 - small.sum(1 - axis) @ np.arange(small.shape[axis]) / small.sum()) for axis in (0, 1))
    top, left = (min(max(edge, 0), 28 - side) for edge, side in zip((top, left), small.shape))
    sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
    return torch.from_numpy(2 * sheet - 1).unsqueeze(0)


class _Panel(anywidget.AnyWidget):
    """canvas.js의 화면 하나. 속성이 곧 상태입니다."""

    _ipython_display_ = None
    _esm = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("shared.js", "canvas.js"))
    views = traitlets.Int().tag(sync=True)


class Pad(_Panel):
    """점 하나를 끌어 두 수를 한 번에 옮기는 판입니다."""

    kind = traitlets.Unicode("pad").tag(sync=True)
    point = traitlets.List([0.0, 0.0]).tag(sync=True)
    names = traitlets.List(["", ""]).tag(sync=True)
    reach = traitlets.Float(2.0).tag(sync=True)
    step = traitlets.Float(0.125).tag(sync=True)


class DigitCanvas(Still, _Panel):
    """마우스나 손가락이나 화살표 키로 숫자를 그리는 그림판입니다.

    `strokes`는 획의 목록이고, 획은 `[[가로, 세로], …]`입니다. 왼쪽 위가 (0, 0), 오른쪽 아래가 (1, 1)입니다.
    """

    still_text = "(그림판)"
    kind = traitlets.Unicode("canvas").tag(sync=True)
    pen = traitlets.Float(PEN).tag(sync=True)
    strokes = traitlets.Any(FIVE).tag(sync=True)
    seen = traitlets.List().tag(sync=True)  # 신경망이 볼 그림: 784개의 픽셀. 비어 있으면 아직 그리지 않은 것입니다.

    def __init__(self, strokes=FIVE):
        super().__init__(strokes=strokes)
        self._see()

    @property
    def image(self):
        """MNIST처럼 다듬은 그림. 모양 1×28×28, 범위 [−1, 1]. 빈 그림판이면 ValueError를 냅니다."""
        return center_digit(self._raster())

    def _raster(self):
        sheet = Image.new("L", (RASTER, RASTER))
        draw, radius = ImageDraw.Draw(sheet), PEN * RASTER / 2
        for stroke in self.strokes:
            points = [(RASTER * x, RASTER * y) for x, y in stroke]
            draw.line(points, fill=255, width=round(2 * radius))
            for x, y in points:
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        return np.asarray(sheet)

    @traitlets.validate("strokes")
    def _check(self, proposal):
        try:
            strokes = [[[float(x), float(y)] for x, y in stroke] for stroke in proposal.value]
        except (TypeError, ValueError):
            strokes = [[[math.nan]]]
        if not all(0 <= number <= 1 for stroke in strokes for point in stroke for number in point):
            raise BadValue("strokes는 획의 목록이고, 획은 0과 1 사이의 [가로, 세로]의 목록이어야 합니다.")
        return [stroke for stroke in strokes if stroke]

    @traitlets.observe("strokes")
    def _see(self, _=None):
        self.seen = data.to_pixels(self.image).flatten().tolist() if self.strokes else []

    def still_png(self):
        whole = Image.fromarray(self._raster()).resize((224, 224))
        sheet = Image.new("L", (224 + 16 + 224, 224), 255)
        sheet.paste(whole, (0, 0))
        if self.strokes:
            sheet.paste(plot.tile(self.image.unsqueeze(0), scale=8), (240, 0))
        return plot.png_bytes(sheet)
