"""잠재 공간 탐색기: 슬라이더로 z를 옮기며 그림과 두 신경망의 답을 함께 봅니다."""

import copy
import functools
import math
import threading

import ipywidgets
import torch
from PIL import Image, ImageDraw, ImageFont

from ganlib import metrics, models, plot
from ganlib.data import FOLDER
from ganlib.panel import Panel, newest, png_bytes

AXES = 6  # 한 화면에 들어가는 슬라이더의 수


def latent_explorer(G, D, classifier, bank, z):
    """잠재 벡터를 슬라이더로 움직이며 생성자의 그림, 판별자와 분류기의 답, 가장 닮은 학습용 그림을 함께 봅니다.

    슬라이더는 z의 모든 벡터를 한 축을 따라 같은 만큼 옮깁니다. 축은 z의 앞 좌표이거나 `models.principal_directions`의
    앞 방향입니다. 지금의 가중치를 옮긴 복사본을 부르므로, 학습하는 도중에 움직여도 학습은 그대로입니다. 모델이 망가져
    NaN을 내면 그림 대신 그 까닭을 문장으로 보여 줍니다.

    Args:
        G: 생성자. z(N×K)를 N×1×28×28, 범위 [−1, 1]로 바꿉니다. 첫 `nn.Linear`가 z를 받아야 합니다.
        D, classifier: 판별자와 분류기. 로짓을 N×1과 N×10으로 돌려줍니다.
        bank: 가장 닮은 그림을 찾을 학습용 그림. 모양 M×1×28×28, 범위 [−1, 1].
        z: 출발할 잠재 벡터. 모양 N×K. 앞의 16개만 씁니다.

    Returns:
        `Panel`. 마지막 자식이 그림들입니다.

    Raises:
        ValueError, TypeError: `z`나 `bank`의 모양이나 자료형이 틀리거나 NaN이 있을 때.
    """
    if z.ndim != 2 or len(z) == 0:
        raise ValueError(f"z의 모양은 N×K여야 합니다(받은 모양: {tuple(z.shape)}).")
    models.check_shape(bank, (1, 28, 28), "bank")
    generate, judge, classify = _still(G, "생성자"), _still(D, "판별자"), _still(classifier, "분류기")
    nearest = metrics.quick_neighbors(bank)
    start = base = z[:16].detach().cpu()
    axes = torch.eye(z.shape[1])[:AXES]
    rng = torch.Generator()  # 노트북의 난수를 쓰면, 단추를 누를 때마다 학습의 결과가 달라집니다.
    lock = threading.Lock()

    wide = {"button_width": "auto"}
    sizes = [("1장 크게", 1)] if len(start) == 1 else [(f"{len(start)}장 함께", len(start)), ("1장 크게", 1)]
    view = ipywidgets.ToggleButtons(options=sizes, style=wide)
    kind = ipywidgets.ToggleButtons(options=["z의 좌표", "주요 방향"], style=wide)
    reset = ipywidgets.Button(description="처음으로", icon="undo", tooltip="z와 슬라이더를 처음으로 되돌립니다")
    fresh = ipywidgets.Button(description="새로 뽑기", icon="random", tooltip="잠그지 않은 축의 z를 새로 뽑습니다")
    sliders, keys = [_slider() for _ in axes], [_key() for _ in axes]
    digits, facts = (ipywidgets.Image(format="png", layout={"max_width": "100%"}) for _ in range(2))
    message = ipywidgets.HTML()

    def draw():
        nonlocal axes
        try:
            axes = (models.principal_directions(G) if kind.index else torch.eye(z.shape[1]))[:AXES]
            x = generate(base[: view.value] + torch.tensor([slider.value for slider in sliders]) @ axes)
            # 숫자가 손을 먼저 따라오고, 나머지는 계산이 끝나는 대로 뒤따라옵니다.
            digits.value = png_bytes(plot.tile(x, columns=4, scale=3 if len(x) > 1 else 12))
            facts.value = png_bytes(_draw_answers(bank[nearest(x)], judge(x).sigmoid()[:, 0], classify(x).softmax(1)))
            message.value = ""
        except ValueError as error:
            digits.value = facts.value = png_bytes(Image.new("L", (1, 1), 255))
            message.value = f"<b>{error}</b>"

    redraw = newest(draw, lock)

    def on_reset(_):
        nonlocal base
        base = start
        for i, (slider, key) in enumerate(zip(sliders, keys)):
            slider.description = f"방향 {i + 1}" if kind.index else f"z[{i}]"
            slider.value, key.value = 0, False
        redraw()

    def on_fresh(_):
        nonlocal base
        with lock:
            kept = axes[[key.value for key in keys]]
            drawn = torch.randn(base.shape, generator=rng)
            # 축들은 서로 수직인 단위 벡터이므로, 잠근 축의 성분만 지금의 z에서 옮겨 옵니다.
            base = drawn + (base - drawn) @ kept.T @ kept
        for slider, key in zip(sliders, keys):
            slider.value = slider.value if key.value else 0
        redraw()

    for control in [*sliders, view]:
        control.observe(redraw, names="value")
    kind.observe(on_reset, names="value")
    reset.on_click(on_reset)
    fresh.on_click(on_fresh)
    on_reset(None)

    title = ipywidgets.HTML("<b>잠재 공간 탐색기</b> · 슬라이더를 끌거나, 누른 다음 화살표 키(← →)로 움직여 봅시다.")
    made = f'<b style="color: {plot.FAKE}">생성자가 그린 숫자 G(z)</b>'
    told = (
        f'<b style="color: {plot.REAL}">가장 닮은 학습용 그림</b> · 분류기의 답과 확신 · '
        f'<b style="color: {plot.JUDGE}">판별자의 답 D(G(z))</b>'
    )
    pairs = [ipywidgets.HBox(pair) for pair in zip(sliders, keys)]
    gap = {"margin": "0 12px 0 0"}
    sheets = [ipywidgets.VBox([ipywidgets.HTML(t), image], layout=gap) for t, image in ((made, digits), (told, facts))]
    return Panel([title, _row([view, kind, reset, fresh]), _row(pairs), message, _row(sheets)])


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
