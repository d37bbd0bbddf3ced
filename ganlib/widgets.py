"""학습을 지켜보고 손으로 움직여 보는 도구."""

import copy
import functools
import io
import signal
import threading
import time

import ipywidgets
import torch
from IPython import get_ipython
from IPython.display import HTML, DisplayHandle, Image
from matplotlib.figure import Figure
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from ganlib import models, plot
from ganlib.data import FOLDER

_open = {}  # 셀마다 (그 셀의 마지막 실행 번호, 그때 만든 상자들)


class Panel(ipywidgets.VBox):
    """닫으면 안에 든 위젯과 관찰자까지 사라지는 상자입니다. 같은 셀을 다시 실행하면 지난번 상자를 스스로 닫습니다.

    그냥 두면 ipywidgets의 등록부가 위젯과 거기에 매달린 모델을 커널이 끝날 때까지 붙들고 있습니다.
    """

    def __init__(self, children):
        super().__init__(children)
        if request := getattr(get_ipython(), "parent_header", None):
            # 셀의 이름을 보내지 않는 환경에서는 셀의 글로 알아봅니다.
            cell = request["metadata"].get("cellId") or request["content"].get("code")
            run = request["header"]["msg_id"]
            old_run, panels = _open.get(cell, (run, []))
            while old_run != run and panels:
                panels.pop().close()
            _open[cell] = (run, [*panels, self])

    def close(self):
        """상자와 그 안의 모든 위젯을 닫습니다. 여러 번 불러도 됩니다."""
        _close_parts(self)
        super().close()


def _close_parts(widget):
    for part in (*getattr(widget, "children", ()), widget.layout, getattr(widget, "style", None)):
        if isinstance(part, ipywidgets.DOMWidget):
            _close_parts(part)
        if part is not None:
            part.unobserve_all()
            part.close()
    if hasattr(widget, "children"):
        widget.children = ()


def _newest(draw, lock):
    """`draw`를 한 번에 한 스레드만 부르게 하고, 밀린 부름은 가장 새로운 것만 남기는 함수를 만듭니다."""
    latest = None

    def redraw(_=None):
        nonlocal latest
        latest = mine = object()
        # JupyterLab은 셀이 도는 동안 이 함수를 다른 스레드에서 부를 수 있습니다.
        with lock:
            # 기다리는 동안 새 부름이 왔다면, 그 부름이 지금의 값을 모두 읽어 그립니다.
            if mine is latest:
                draw()

    return redraw


def countdown(seconds, picture=None, every=2.0):
    """정해진 시간 동안 도는 반복자입니다. 남은 시간을 보여 주고, 지난 비율 t(0 이상 1 미만)를 하나씩 내놓습니다.

    커널을 중단(■)하면 하던 스텝을 마치고 반복을 끝내므로, 모델은 언제나 쓸 수 있는 상태로 남습니다.

    Args:
        seconds: 돌 시간(초), 양수.
        picture: 인자 없이 부르면 `PIL.Image.Image`를 돌려주는 함수. 주면 `every`초마다 불러서 그림을 바꿉니다.
        every: 화면을 고치는 간격(초).

    Yields:
        float: 지난 시간 / `seconds`.

    Raises:
        ValueError: `seconds`가 양수가 아닐 때.
    """
    if not seconds > 0:
        raise ValueError(f"seconds는 양수여야 합니다. 받은 값: {seconds!r}")
    stopped = threading.Event()
    # 신호 처리기는 주 스레드에서만 바꿀 수 있습니다.
    on_main_thread = threading.current_thread() is threading.main_thread()
    if on_main_thread:
        previous = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    line, frame = DisplayHandle(), DisplayHandle()
    steps = 0
    try:
        line.display(HTML(_bar(0, seconds)))
        if picture:
            frame.display(_png(picture()))
        start = shown = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds and not stopped.is_set():
            if time.perf_counter() - shown >= every:
                line.update(HTML(_bar(elapsed, seconds)))
                if picture:
                    frame.update(_png(picture()))
                shown = time.perf_counter()
            yield elapsed / seconds
            steps += 1
        if picture:
            frame.update(_png(picture()))
        ending = "도중에 멈췄습니다. 모델은 그대로 쓸 수 있습니다" if stopped.is_set() else "끝났습니다"
        line.update(HTML(f"{ending} · {steps:,}스텝 · {elapsed:.0f}초"))
    finally:
        if on_main_thread:
            signal.signal(signal.SIGINT, previous)


def _bar(elapsed, seconds):
    return (
        f'<progress value="{elapsed:.1f}" max="{seconds:.1f}" style="width: 20em"></progress> '
        f"남은 시간 {seconds - elapsed:.0f}초"
    )


def _png(image):
    return Image(data=_png_bytes(image), format="png")


def curve_sliders(draw, size=(8, 3.2), **sliders):
    """슬라이더를 움직일 때마다 그림을 다시 그립니다.

    Args:
        draw: `draw(figure, **values)`. 비어 있는 `matplotlib.figure.Figure`에 그립니다. pyplot은 쓰지 않습니다.
        size: 그림의 크기(인치).
        **sliders: 이름마다 `(라벨, 최솟값, 최댓값, 간격, 처음 값)`. 간격이 정수이면 정수 슬라이더입니다.

    Returns:
        `ipywidgets.VBox`. 마지막 자식이 그림(`ipywidgets.Image`)입니다.
    """
    figure = Figure(figsize=size, dpi=100)
    image = ipywidgets.Image(format="png")
    message = ipywidgets.HTML()
    controls = {}
    for name, (label, low, high, step, start) in sliders.items():
        kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
        controls[name] = kind(
            value=start, min=low, max=high, step=step, description=label,
            style={"description_width": "12em"}, layout={"width": "36em"},
        )  # fmt: skip

    def redraw():
        try:
            figure.clear()
            # 여백을 그릴 때마다 계산하는 layout="constrained"는 시간을 두 배로 늘립니다.
            figure.subplots_adjust(left=0.1, right=0.97, bottom=0.19, top=0.86, wspace=0.28)
            draw(figure, **{name: control.value for name, control in controls.items()})
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png")
            image.value, message.value = buffer.getvalue(), ""
        except (ValueError, FloatingPointError) as error:
            message.value = f"이 값에서는 그릴 수 없습니다: {error}"

    follow = _newest(redraw, threading.Lock())
    for control in controls.values():
        control.observe(follow, names="value")
    follow()
    return Panel([*controls.values(), message, image])


def latent_explorer(G, D, classifier, bank, z, coordinates=range(6)):
    """잠재 벡터를 슬라이더로 움직이며 생성자의 그림, 판별자와 분류기의 답, 가장 닮은 학습 그림을 함께 봅니다.

    슬라이더는 z의 모든 벡터를 한 축을 따라 같은 만큼 옮깁니다. 축은 z의 좌표이거나 `models.principal_directions`의
    방향입니다. 지금의 가중치를 옮긴 복사본을 부르므로, 학습하는 도중에 움직여도 학습은 그대로입니다. 모델이 망가져
    NaN을 내면 그림 대신 그 까닭을 문장으로 보여 줍니다.

    Args:
        G: 생성자. z(N×K)를 N×1×28×28, 범위 [−1, 1]로 바꿉니다. 첫 `nn.Linear`가 z를 받아야 합니다.
        D, classifier: 판별자와 분류기. 로짓을 N×1과 N×10으로 돌려줍니다.
        bank: 가장 닮은 그림을 찾을 학습 그림. 모양 M×1×28×28, 범위 [−1, 1].
        z: 출발할 잠재 벡터. 모양 N×K. 앞의 16개만 쓰고, 하나뿐이면 크게 한 장만 보여 줍니다.
        coordinates: 슬라이더를 붙일 좌표의 번호들. 주요 방향도 이만큼 보여 줍니다.

    Returns:
        `Panel`. 마지막 자식이 그림들입니다.

    Raises:
        ValueError: `z`나 `bank`의 모양이 틀릴 때.
        IndexError: z에 없는 좌표를 골랐을 때.
    """
    if z.ndim != 2 or len(z) == 0:
        raise ValueError(f"z의 모양은 N×K여야 합니다(받은 모양: {tuple(z.shape)}).")
    generate, judge, classify = _still(G, "생성자"), _still(D, "판별자"), _still(classifier, "분류기")
    nearest = _finder(bank)
    start = base = z[:16].detach().cpu()
    coordinates = list(coordinates)
    axes = torch.eye(z.shape[1])[coordinates]
    rng = torch.Generator()  # 노트북의 난수를 쓰면, 단추를 누를 때마다 학습의 결과가 달라집니다.
    lock = threading.Lock()

    sizes = [(f"{len(start)}장 함께", len(start)), ("1장 크게", 1)][len(start) == 1 :]
    view = ipywidgets.ToggleButtons(options=sizes, style={"button_width": "auto"})
    kind = ipywidgets.ToggleButtons(options=["z의 좌표", "주요 방향"], style={"button_width": "auto"})
    reset = ipywidgets.Button(description="처음으로", icon="undo", tooltip="z와 슬라이더를 처음으로 되돌립니다")
    fresh = ipywidgets.Button(description="새로 뽑기", icon="random", tooltip="잠그지 않은 축의 z를 새로 뽑습니다")
    look = {"readout_format": ".1f", "layout": {"width": "17.5em"}, "style": {"description_width": "3.5em"}}
    sliders = [ipywidgets.FloatSlider(min=-4, max=4, step=0.2, **look) for _ in coordinates]
    tip = "자물쇠: 새로 뽑아도 이 축은 그대로 둡니다"
    keys = [
        ipywidgets.ToggleButton(icon="unlock", tooltip=tip, layout={"width": "2.6em", "padding": "0"})
        for _ in coordinates
    ]
    message = ipywidgets.HTML()
    digits, facts = (ipywidgets.Image(format="png", layout={"max_width": "100%"}) for _ in range(2))

    def draw():
        nonlocal axes
        try:
            axes = models.principal_directions(G)[: len(sliders)] if kind.index else torch.eye(z.shape[1])[coordinates]
            x = generate(base[: view.value] + torch.tensor([slider.value for slider in sliders]) @ axes)
            # 숫자가 손을 먼저 따라오고, 나머지는 계산이 끝나는 대로 뒤따라옵니다.
            digits.value = _png_bytes(plot.tile(x, columns=4, scale=3 if len(x) > 1 else 12))
            facts.value = _png_bytes(_paint(bank[nearest(x)], judge(x).sigmoid()[:, 0], classify(x).softmax(dim=1)))
            message.value = ""
        except ValueError as error:
            digits.value = facts.value = _png_bytes(Picture.new("L", (1, 1), 255))
            message.value = f"<b>{error}</b>"

    redraw = _newest(draw, lock)

    def on_reset(_):
        nonlocal base
        base = start
        for i, (slider, key) in enumerate(zip(sliders, keys)):
            slider.description = f"방향 {i + 1}" if kind.index else f"z[{coordinates[i]}]"
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

    def on_lock(change):
        change["owner"].icon = "lock" if change["new"] else "unlock"

    for key in keys:
        key.observe(on_lock, names="value")
    for control in [*sliders, view]:
        control.observe(redraw, names="value")
    kind.observe(on_reset, names="value")
    reset.on_click(on_reset)
    fresh.on_click(on_fresh)
    on_reset(None)

    made = f'<b style="color: {plot.FAKE}">생성자가 그린 숫자 G(z)</b>'
    told = (
        f'<b style="color: {plot.REAL}">가장 닮은 학습 그림</b> · 분류기의 답과 확신 · '
        f'<b style="color: {plot.JUDGE}">판별자의 답 D(G(z))</b>'
    )
    gap = {"margin": "0 12px 0 0"}
    sheets = [ipywidgets.VBox([ipywidgets.HTML(t), image], layout=gap) for t, image in ((made, digits), (told, facts))]
    pairs = [ipywidgets.HBox(pair) for pair in zip(sliders, keys)]
    top, middle, bottom = (
        ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in ([view, kind, reset, fresh], pairs, sheets)
    )
    title = ipywidgets.HTML("<b>잠재 공간 탐색기</b> · 슬라이더를 끌거나, 누른 다음 화살표 키(← →)로 움직여 봅시다.")
    return Panel([title, top, middle, message, bottom])


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


def _finder(bank):
    """가장 닮은 그림의 번호를 빨리 찾는 함수를 만듭니다.

    앞의 3,000장에서 구한 주성분 32개로 줄인 그림에서 후보 50장을 고르고, 그 가운데에서만 정확한 거리를 재는
    어림입니다. MNIST에서는 100번에 99번쯤 `metrics.nearest_neighbors`와 같은 그림을 찾습니다.
    """
    models.check_shape(bank, (1, 28, 28), "bank")
    pixels = bank.flatten(1)
    basis = torch.linalg.eigh(pixels[:3000].T @ pixels[:3000]).eigenvectors[:, -32:]
    coarse = pixels @ basis
    half_squares = coarse.square().sum(dim=1) / 2

    def nearest(x):
        # |a − b|²이 작은 차례는 b·b/2 − a·b가 작은 차례와 같습니다.
        scores = half_squares - x.flatten(1) @ basis @ coarse.T
        candidates = scores.topk(min(50, len(bank)), largest=False, sorted=False).indices
        distances = (pixels[candidates] - x.flatten(1).unsqueeze(1)).square().sum(dim=2)
        return candidates.gather(1, distances.argmin(dim=1, keepdim=True)).squeeze(1)

    return nearest


def _paint(reals, verdicts, classes):
    """숫자마다 가장 닮은 그림, 분류기의 답과 확신, 판별자의 답을 네 줄로 그립니다. 한 장이면 크게 그립니다."""
    unit = 2 if len(reals) > 1 else 7
    columns, rows = min(4, len(reals)), -(-len(reals) // 4)
    sheet = Picture.new("RGB", (57 * unit * columns, 45 * unit * rows), "white")
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
    mask = Picture.new("L", (round(font.getlength(text)) + 1, size * 3 // 2))
    ImageDraw.Draw(mask).text((0, 0), text, fill=255, font=font)
    return mask


def _png_bytes(image):
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
