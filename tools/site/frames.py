"""슬라이더의 자리마다 노트북의 `draw`로 그린 SVG를, 같은 조각을 한 번만 적어 모읍니다."""

import io
import itertools
import math
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from tools.site.svg import tidy

ALL = 700  # 자리를 모두 그리는 장면의 수. 더 많으면 FEW까지 고르게 솎습니다.
FEW = 400
MANY = 300  # 점이 더 많으면 하나하나 적지 않고 그림으로 넣습니다. 브라우저가 바로 그릴 수 있게 합니다.
FEWEST = 3  # 슬라이더 하나에 남기는 가장 적은 자리
RC = {"svg.hashsalt": "gan", "svg.fonttype": "path", "image.interpolation": "none"}


@dataclass
class Control:
    """움직이는 막대 하나. `positions`는 쪽에서 고를 수 있는 값, `total`은 노트북에서 고를 수 있는 값의 수입니다."""

    name: str
    label: str
    positions: list
    start: int
    total: int
    switch: bool = False


def control(name, label, low, high, step, start):
    """`sliders(…)`에 적은 다섯 수를 모든 자리로 펼칩니다."""
    count = round((high - low) / step) + 1
    digits = 0 if isinstance(step, int) else max(0, -math.floor(math.log10(step) + 1e-9))
    positions = [low + step * i if isinstance(step, int) else round(low + step * i, digits) for i in range(count)]
    first = min(range(count), key=lambda i: abs(positions[i] - start))
    return Control(name, label, positions, first, count)


def record(draw, size, controls, chosen):
    """장면을 모두 그려 `{"parts", "frames"}`를 돌려줍니다. parts는 SVG의 줄, frames는 장면마다의 줄 번호입니다.

    Args:
        draw: `draw(figure, **values)`.
        size: 그림의 크기(인치).
        controls: `Control`의 리스트. 자리가 너무 많으면 고르게 솎습니다.
        chosen: 셀의 메타데이터에 적은 `{이름: 자리의 리스트}`. 없으면 비어 있습니다.
    """
    for each in controls if chosen else ():
        keep_positions(each, chosen[each.name])
    if math.prod(len(each.positions) for each in controls) > ALL:
        thin(controls, FEW)
    numbers, frames = {}, []
    for values in itertools.product(*(each.positions for each in controls)):
        parts = svg(draw, size, {each.name: value for each, value in zip(controls, values)})
        frames.append(runs([numbers.setdefault(part, len(numbers)) for part in parts]))
    return {"parts": list(numbers), "frames": frames}


def keep_positions(each, wanted):
    """메타데이터가 고른 자리만 남깁니다."""
    start = each.positions[each.start]
    each.positions = sorted({min(each.positions, key=lambda p: abs(p - w)) for w in [*wanted, start]})
    each.start = each.positions.index(start)


def thin(controls, most):
    """자리를 곱한 수가 `most`를 넘지 않을 때까지, 자리가 가장 많은 막대를 고르게 솎습니다. 처음 자리는 남깁니다."""
    counts = [len(each.positions) for each in controls]
    while math.prod(counts) > max(most, 1) and max(counts) > FEWEST:
        counts[counts.index(max(counts))] -= 1
    for each, count in zip(controls, counts):
        if count == len(each.positions):
            continue
        last = len(each.positions) - 1
        kept = {round(i * last / (count - 1)) for i in range(count)}
        if each.start not in kept:  # 처음 자리는 가장 가까운 자리와 바꿉니다. 두 끝은 그대로 둡니다.
            inner = kept - {0, last} or kept
            kept = kept - {min(inner, key=lambda i: abs(i - each.start))} | {each.start}
        start = each.positions[each.start]
        each.positions = [each.positions[i] for i in sorted(kept)]
        each.start = each.positions.index(start)


def svg(draw, size, values):
    """`draw`가 그린 그림 하나의 SVG를 이루는 줄들. 같은 값이면 늘 같은 글입니다. 그릴 수 없는 값이면 비어 있습니다."""
    with mpl.rc_context(RC):
        figure = Figure(figsize=size, dpi=100, layout="none")
        # ganlib.sliders가 쓰는 여백입니다.
        figure.subplots_adjust(left=0.1, right=0.97, bottom=0.19, top=0.86, wspace=0.28)
        try:
            draw(figure, **values)
        except (ValueError, ArithmeticError):
            return []
        for dots in (each for ax in figure.axes for each in ax.collections if isinstance(each, PathCollection)):
            dots.set_rasterized(len(dots.get_offsets()) > MANY)
        FigureCanvasSVG(figure).print_svg(text := io.StringIO(), metadata={"Date": None, "Creator": None})
    return tidy(text.getvalue())


def runs(numbers):
    """이어지는 번호를 묶어 36진수로 적습니다. 예: 0, 1, 2, 7은 "0-2.7"."""
    pieces = []
    for _, group in itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        group = [number for _, number in group]
        ends = [base36(group[0])] + ([base36(group[-1])] if len(group) > 1 else [])
        pieces.append("-".join(ends))
    return ".".join(pieces)


def base36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return text
