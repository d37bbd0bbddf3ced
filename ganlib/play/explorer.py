"""잠재 공간 탐색기: 슬라이더로 z를 옮기며 그림과 두 신경망의 답을 함께 봅니다."""

import contextlib
import copy
import functools
import io
import math
import threading

import ipywidgets
import torch
from PIL import Image, ImageDraw, ImageFont

from ganlib import metrics, models, plot
from ganlib.arrow_keys import with_arrow_keys
from ganlib.data import FOLDER
from ganlib.plot import png_bytes
from ganlib.sampling import principal_directions
from ganlib.sliders import newest
from ganlib.still import Still

AXES = 6  # 한 화면에 들어가는 슬라이더의 수


class LatentExplorer(Still, ipywidgets.VBox):
    """잠재 벡터를 슬라이더로 움직이며 생성자의 그림, 판별자와 분류기의 답, 가장 닮은 학습용 그림을 함께 봅니다.

    슬라이더는 z의 모든 벡터를 한 축을 따라 같은 만큼 옮깁니다. 축은 z의 앞 좌표이거나 `sampling.principal_directions`의
    앞 방향입니다. 지금의 가중치를 옮긴 복사본을 부르므로, 학습하는 도중에 움직여도 학습은 그대로입니다. 모델이 망가져
    NaN을 내면 그림 대신 그 이유를 문장으로 보여 줍니다.

    Args:
        G: 생성자. z(N×K)를 N×1×28×28, 범위 [−1, 1]로 바꿉니다. 첫 `nn.Linear`가 z를 받아야 합니다.
        D, classifier: 판별자와 분류기. 로짓을 N×1과 N×10으로 돌려줍니다.
        bank: 가장 닮은 그림을 찾을 학습용 그림. 모양 M×1×28×28, 픽셀(uint8)이나 실수.
        z: 출발할 잠재 벡터. 모양 N×K. 앞의 16개만 씁니다.

    Raises:
        ValueError, TypeError: `z`나 `bank`의 모양이나 자료형이 틀리거나 NaN이 있을 때.
    """

    still_text = "(잠재 공간 탐색기)"

    def __init__(self, G, D, classifier, bank, z):
        if z.ndim != 2 or len(z) == 0:
            raise ValueError(f"z의 모양은 N×K여야 합니다(받은 모양: {tuple(z.shape)}).")
        models.check_shape(bank, (1, 28, 28), "bank")
        self._G, self._bank = G, bank
        self._generate, self._classify = _still(G, "생성자"), _still(classifier, "분류기")
        self._judge, self._nearest = _still(D, "판별자"), metrics.quick_neighbors(bank)
        self._start = self._base = z[:16].detach().cpu()
        self._rng = torch.Generator()  # 노트북의 난수를 쓰면, 단추를 누를 때마다 학습의 결과가 달라집니다.
        self._lock = threading.RLock()
        self._redraw = newest(self._draw, self._lock)
        self._moving_many = False
        super().__init__(self._build())
        with_arrow_keys(self)
        self._reset()

    def _build(self):
        """위젯을 만들어 잇고, 위에서 아래로 놓을 순서대로 돌려줍니다."""
        wide = {"button_width": "auto"}
        count = len(self._start)
        sizes = ([(f"{count}장 함께", count)] if count > 1 else []) + [("1장 크게", 1)]
        self._view = ipywidgets.ToggleButtons(options=sizes, style=wide)
        self._kind = ipywidgets.ToggleButtons(options=["z의 좌표", "주요 방향"], style=wide)
        reset = ipywidgets.Button(description="처음으로", icon="undo", tooltip="z와 슬라이더를 처음으로 되돌립니다")
        fresh = ipywidgets.Button(description="새로 뽑기", icon="random", tooltip="잠그지 않은 축의 z를 새로 뽑습니다")
        axes = range(min(AXES, self._start.shape[1]))
        self._sliders, self._keys = [_slider() for _ in axes], [_key() for _ in axes]
        self._digits, self._facts = (ipywidgets.Image(format="png", layout={"max_width": "100%"}) for _ in range(2))
        self._message = ipywidgets.HTML()

        for control in [*self._sliders, self._view]:
            control.observe(self._follow, names="value")
        self._kind.observe(self._reset, names="value")
        reset.on_click(self._reset)
        fresh.on_click(self._fresh)

        title = ipywidgets.HTML("<b>잠재 공간 탐색기</b> · 슬라이더를 끌거나 화살표 키(← →)로 움직여 봅시다.")
        made = f'<b style="color: {plot.FAKE}">생성자가 그린 숫자 G(z)</b>'
        told = (
            f'<b style="color: {plot.REAL}">가장 닮은 학습용 그림</b> · 분류기의 답과 확신 · '
            f'<b style="color: {plot.JUDGE}">판별자의 답 D(G(z))</b>'
        )
        gap = {"margin": "0 12px 0 0"}
        sheets = [
            ipywidgets.VBox([ipywidgets.HTML(text), image], layout=gap)
            for text, image in ((made, self._digits), (told, self._facts))
        ]
        pairs = [ipywidgets.HBox(pair) for pair in zip(self._sliders, self._keys)]
        return [title, _row([self._view, self._kind, reset, fresh]), _row(pairs), self._message, _row(sheets)]

    def _axes(self):
        every = principal_directions(self._G) if self._kind.index else torch.eye(self._start.shape[1])
        return every[:AXES]

    def _draw(self):
        try:
            moved = torch.tensor([slider.value for slider in self._sliders]) @ self._axes()
            x = self._generate(self._base[: self._view.value] + moved)
            # 숫자가 손을 먼저 따라오고, 나머지는 계산이 끝나는 대로 뒤따라옵니다.
            self._digits.value = png_bytes(plot.tile(x, columns=4, scale=3 if len(x) > 1 else 12))
            verdicts, classes = self._judge(x).sigmoid()[:, 0], self._classify(x).softmax(1)
            self._facts.value = png_bytes(_draw_answers(self._bank[self._nearest(x)], verdicts, classes))
            self._message.value = ""
        except ValueError as error:
            self._digits.value = self._facts.value = png_bytes(Image.new("L", (1, 1), 255))
            self._message.value = f"<b>{error}</b>"

    def still_png(self):
        digits, facts = (Image.open(io.BytesIO(image.value)).convert("RGB") for image in (self._digits, self._facts))
        sheet = Image.new("RGB", (digits.width + 24 + facts.width, max(digits.height, facts.height)), "white")
        sheet.paste(digits, (0, 0))
        sheet.paste(facts, (digits.width + 24, 0))
        return png_bytes(sheet)

    def _follow(self, _):
        if not self._moving_many:
            self._redraw()

    @contextlib.contextmanager
    def _at_once(self):
        """여러 슬라이더를 한꺼번에 옮기고 한 번만 다시 그립니다."""
        with self._lock:
            self._moving_many = True
            try:
                yield
            finally:
                self._moving_many = False
        self._redraw()

    def _reset(self, _=None):
        with self._at_once():
            self._base = self._start
            for i, (slider, key) in enumerate(zip(self._sliders, self._keys)):
                slider.description = f"방향 {i + 1}" if self._kind.index else f"z[{i}]"
                slider.value, key.value = 0, False

    def _fresh(self, _):
        try:
            axes = self._axes()
        except ValueError:
            return self._redraw()  # 망가진 모델은 그리면서 이유를 말합니다.
        with self._at_once():
            kept = axes[[key.value for key in self._keys]]
            drawn = torch.randn(self._base.shape, generator=self._rng)
            # 축들은 서로 수직인 단위 벡터이므로, 잠근 축의 성분만 지금의 z에서 옮겨 옵니다.
            self._base = drawn + (self._base - drawn) @ kept.T @ kept
            for slider, key in zip(self._sliders, self._keys):
                slider.value = slider.value if key.value else 0


def _slider():
    return ipywidgets.FloatSlider(
        min=-4, max=4, step=0.2, readout_format=".1f",
        layout={"width": "17.5em"}, style={"description_width": "3.5em"},
    )  # fmt: skip


def _key():
    tip = "자물쇠: 새로 뽑아도 이 축은 그대로 둡니다"
    key = ipywidgets.ToggleButton(icon="unlock", tooltip=tip, layout={"width": "2.6em", "padding": "0"})

    def on_lock(change):
        key.icon = "lock" if change["new"] else "unlock"

    key.observe(on_lock, names="value")
    return key


def _row(parts):
    return ipywidgets.HBox(parts, layout={"flex_flow": "row wrap"})


def _still(model, name):
    """학습 중일 수 있는 모델을 건드리지 않고, 지금의 가중치로 평가 모드에서 부르는 함수를 만듭니다."""
    still = copy.deepcopy(model).eval()
    device = next(model.parameters()).device

    @torch.no_grad()
    def call(x):
        # 모델 자체를 평가 모드로 바꾸면, 그 순간 다른 스레드에서 도는 학습 스텝도 평가 모드가 됩니다.
        still.load_state_dict(model.state_dict())
        output = still(x.to(device)).cpu()
        if not output.isfinite().all():
            raise ValueError(
                f"{name}의 출력에 NaN이나 무한대가 있습니다. 학습이 발산한 것 같습니다. "
                "모델을 만드는 셀부터 다시 실행해 봅시다."
            )
        return output

    return call


def _draw_answers(reals, verdicts, classes):
    """숫자마다 가장 닮은 그림, 분류기의 답과 확신, 판별자의 답을 네 줄로 그립니다. 한 장이면 크게 그립니다."""
    unit = 2 if len(reals) > 1 else 7
    columns, rows = min(4, len(reals)), math.ceil(len(reals) / 4)
    sheet = Image.new("RGB", (57 * unit * columns, 45 * unit * rows), "white")
    pen = ImageDraw.Draw(sheet)
    sure, answers = classes.max(dim=1)
    for i, verdict in enumerate(verdicts.tolist()):
        x, y = i % 4 * 57 * unit, i // 4 * 45 * unit
        side, right = 28 * unit, x + 31 * unit
        sheet.paste(plot.tile(reals[i : i + 1], scale=unit), (x, y))
        _write(sheet, right, y, str(answers[i].item()), 13 * unit)
        _write(sheet, right, y + 17 * unit, f"{sure[i].item():.0%}", 7 * unit)
        bar = y + 31 * unit
        pen.rectangle((x, bar, x + side - 1, bar + 6 * unit), fill="#E0E0E0")
        pen.rectangle((x, bar, x + round(side * verdict), bar + 6 * unit), fill=plot.JUDGE)
        _write(sheet, right, y + 28 * unit, f"{verdict:.2f}", 7 * unit, plot.JUDGE)
    return sheet


def _write(sheet, x, y, text, size, color="black"):
    sheet.paste(color, (x, y), _letters(text, size))


@functools.lru_cache(maxsize=1000)
def _letters(text, size):
    """글을 칠할 마스크입니다. 글꼴을 그리는 일은 느리므로 한 번 그린 글은 다시 씁니다."""
    font = ImageFont.truetype(FOLDER / "fonts/NotoSansCJKkr-Bold.otf", size)
    mask = Image.new("L", (round(font.getlength(text)) + 1, size * 3 // 2))
    ImageDraw.Draw(mask).text((0, 0), text, fill=255, font=font)
    return mask
