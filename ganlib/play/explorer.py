"""잠재 공간 탐색기: 이름 붙은 슬라이더로 z를 옮기며, 그림과 그림에서 잰 수를 함께 봅니다."""

import contextlib
import io
import threading

import ipywidgets
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ganlib import data, metrics, models, plot
from ganlib.arrow_keys import with_arrow_keys
from ganlib.play.canvas import Pad
from ganlib.play.frozen import frozen
from ganlib.sampling import principal_directions
from ganlib.sliders import newest
from ganlib.still import Still

REACH = 2  # 슬라이더의 끝
# 간격은 2의 거듭제곱입니다. 0.1처럼 딱 떨어지지 않는 간격이면, 판이 옮긴 슬라이더가 조금 다른 값(0.2000…18)을 되돌려
# 보내서 바쁜 컴퓨터에서 끌던 점을 뒤로 당깁니다.
STEP = 1 / 8
AXES = 6  # 한 화면에 들어가는 슬라이더의 수
POOL = 1000  # 출발하는 z를 고르는 후보의 수


class LatentExplorer(Still, ipywidgets.VBox):
    """시작하는 숫자에서 목표의 숫자까지 구면을 따라 걷고, 이름 붙은 방향으로 z를 더 옮기며 그림을 봅니다.

    출발하는 z는 1,000개에서 숫자마다 분류기가 가장 확신하는 20개를 고르고, 이름 붙은 슬라이더를 끝까지 밀어도 확신이 덜
    줄어드는 차례로 씁니다. 모델은 지금의 가중치를 옮긴 복사본을 부르므로, 학습하는 도중에 움직여도 학습은 그대로입니다.

    Args:
        G: 생성자. z(N×K)를 N×1×28×28, 범위 [−1, 1]로 바꿉니다. 첫 `nn.Linear`가 z를 받아야 합니다.
        named: `{이름: (방향, 재는 함수)}`, 둘에서 여섯까지. 방향은 길이 K인 텐서이거나, 자리마다 다르다면 z(N×K)를 받아
            N×K를 돌려주는 함수입니다. 재는 함수는 그림(N×1×28×28)을 받아 수 N개를 돌려줍니다.
        classifier, D: 분류기와 판별자. 로짓을 N×10과 N×1로 돌려줍니다.
        images: 가장 닮은 그림을 찾을 학습용 그림. 모양 M×1×28×28, 픽셀(uint8)이나 실수.

    모양이 틀리거나 NaN이 있으면 ValueError를 냅니다. 움직이는 도중이면 그림 대신 문장으로 말합니다.
    """

    still_text = "(잠재 공간 탐색기)"

    def __init__(self, G, named, classifier, D, images):
        models.check_shape(images, (1, 28, 28), "images")
        size = next(layer.in_features for layer in G.modules() if isinstance(layer, torch.nn.Linear))
        lengths = [tuple(way.shape) for way, _ in named.values() if not callable(way)]
        if not 2 <= len(named) <= AXES or set(lengths) - {(size,)}:
            raise ValueError(f"named에는 길이 {size}인 방향을 둘에서 여섯까지 넣어 주세요(받은 모양: {lengths}).")
        self._G, self._named, self._images, self._size = G, named, images, size
        self._generate, self._classify = frozen(G, "생성자"), frozen(classifier, "분류기")
        self._judge, self._nearest = frozen(D, "판별자"), metrics.quick_neighbors(images)
        self._real = self._judge(data.scale(data.load_mnist("test")[0][:1000])).sigmoid().mean().item()
        self._starts, self._turn = self._choose(), 0
        self._lock, self._moving_many = threading.RLock(), False
        self._redraw = newest(self._draw, self._lock)
        super().__init__(self._build())
        with_arrow_keys(self)
        self._on_kind()

    def start_z(self, digit):
        """그 숫자에서 출발하는 z(길이 K)를 돌려줍니다."""
        return self._starts[digit][self._turn].clone()

    @property
    def z(self):
        """지금 그림의 z(길이 K)."""
        base = self._base(self._walk.value)
        moves = [_along(way, base, slider.value) - base for (_, way), slider in zip(self._ways(), self._sliders)]
        return (base + sum(moves))[0]

    def _choose(self):
        """숫자마다 출발할 z 20개를 고릅니다. 모양 10×20×K."""
        # 노트북의 난수를 쓰면, 탐색기를 여는 것만으로 다음 셀의 결과가 달라집니다.
        pool = torch.randn(POOL, self._size, generator=torch.Generator().manual_seed(0))
        best = pool[self._classify(self._generate(pool)).softmax(1).topk(20, dim=0).indices.T]
        surest = torch.ones(10, 20)
        for way, _ in self._named.values():
            for t in (-REACH, REACH):
                seen = self._classify(self._generate(_along(way, best.flatten(0, 1), t))).softmax(1)
                surest = surest.minimum(seen.view(10, 20, 10).diagonal(dim1=0, dim2=2).T)
        return best.gather(1, surest.argsort(dim=1, descending=True).unsqueeze(2).expand_as(best))

    def _build(self):
        digits = {"options": range(10), "layout": {"width": "8em"}, "style": {"description_width": "3em"}}
        self._from = ipywidgets.Dropdown(value=3, description="시작", **digits)
        self._to = ipywidgets.Dropdown(value=8, description="목표", **digits)
        wide = {"layout": {"width": "21em", "max_width": "100%"}, "style": {"description_width": "4.5em"}}
        self._walk = ipywidgets.FloatSlider(min=0, max=1, step=0.02, description="걷기", **wide)
        self._sliders = [ipywidgets.FloatSlider(min=-REACH, max=REACH, step=STEP, **wide) for _ in range(AXES)]
        self._kind = ipywidgets.ToggleButtons(options=["이름 붙은 방향", "z의 좌표", "주요 방향"])
        self._kind.style.button_width = "auto"
        fresh = ipywidgets.Button(description="새로 뽑기", icon="random", tooltip="같은 숫자의 다른 z에서 출발합니다")
        reset = ipywidgets.Button(description="처음으로", icon="undo", tooltip="모두 처음으로 되돌립니다")
        self._digit, self._like = (ipywidgets.Image(format="png", width=side, height=side) for side in (280, 112))
        self._told, self._pad = ipywidgets.HTML(), Pad(reach=REACH, step=STEP)
        for control in (self._from, self._to, self._walk, *self._sliders):
            control.observe(self._follow, names="value")
        self._kind.observe(self._on_kind, names="value")
        self._pad.observe(self._on_pad, names="point")
        fresh.on_click(self._on_fresh)
        reset.on_click(self._on_reset)
        wrap = {"flex_flow": "row wrap"}
        title = ipywidgets.HTML("<b>잠재 공간 탐색기</b> · 슬라이더나 점을 끌고, 화살표 키로도 움직여 봅시다.")
        buttons = ipywidgets.HBox([self._kind, fresh, reset], layout=wrap)
        hands = [ipywidgets.HBox([self._from, self._to]), self._walk, *self._sliders, self._pad]
        parts = (hands, [self._digit, self._told], [ipywidgets.HTML("가장 닮은 학습용 그림"), self._like])
        columns = [ipywidgets.VBox(part, layout={"margin": "0 16px 0 0"}) for part in parts]
        return [title, buttons, ipywidgets.HBox(columns, layout=wrap)]

    def _base(self, walked):
        """시작에서 목표까지 `walked`(수 또는 텐서)만큼 구면을 따라 걸은 z(N×K)."""
        start, goal = self._from.value, self._to.value
        a, b = self.start_z(start), self._starts[goal][(self._turn + (start == goal)) % 20]
        w = torch.as_tensor(walked).reshape(-1, 1)
        angle = torch.cosine_similarity(a, b, dim=0).clamp(-0.999, 0.999).acos()
        return (((1 - w) * angle).sin() * a + (w * angle).sin() * b) / angle.sin()

    def _ways(self):
        if self._kind.index == 0:
            return [(name, way) for name, (way, _) in self._named.items()]
        every = torch.eye(self._size) if self._kind.index == 1 else principal_directions(self._G)
        return [(f"z[{i}]" if self._kind.index == 1 else f"방향 {i + 1}", way) for i, way in enumerate(every[:AXES])]

    def _draw(self):
        try:
            x = self._generate(self.z.unsqueeze(0))
            # 숫자가 손을 먼저 따라오고, 나머지는 계산이 끝나는 대로 뒤따라옵니다.
            self._digit.value = plot.png_bytes(plot.tile(x, scale=10))
            self._like.value = plot.png_bytes(plot.tile(self._images[self._nearest(x)], scale=4))
            self._told.value = self._tell(x)
        except ValueError as error:
            self._digit.value = self._like.value = plot.png_bytes(plot.tile(torch.zeros(1, 1, 28, 28)))
            self._told.value = f"<b>{error}</b>"

    def _tell(self, x):
        sure, digit = self._classify(x).softmax(1)[0].max(0)
        ends = [f"✓ {end.description} 숫자" for end in (self._from, self._to) if end.value == digit]
        rows = {"분류기가 읽은 숫자": f"<b>{digit}</b> ({sure:.0%}) {[*ends, '✗ 다른 숫자'][0]}"}
        rows |= {f"잰 {name}": f"<b>{measure(x).item():.2f}</b>" for name, (_, measure) in self._named.items()}
        rows["판별자의 답 D(G(z))"] = f"<b>{self._judge(x).sigmoid().item():.2f}</b> · 진짜는 평균 {self._real:.2f}"
        return "".join(f"<div>{name}: {told}</div>" for name, told in rows.items())

    def still_png(self):
        """걷는 길과 이름 붙은 슬라이더가 하는 일을 한 줄씩 그립니다."""
        walk = self._base(torch.linspace(0, 1, 7))
        rows = {f"걷기: {self._from.value}에서 {self._to.value}까지": walk}
        for name, (way, _) in self._named.items():
            moved = [_along(way, walk[:1], t) for t in torch.linspace(-REACH, REACH, 7)]
            rows[f"{name}: −{REACH}에서 +{REACH}까지"] = torch.cat(moved)
        figure = Figure(figsize=(8, 1.5 * len(rows)), dpi=100)
        for ax, (title, z) in zip(figure.subplots(len(rows)), rows.items()):
            x = self._generate(z)
            names = [f"{digit} ({sure:.0%})" for sure, digit in zip(*self._classify(x).softmax(1).max(1))]
            plot.show_images(ax, x, columns=7, title=title, names=names)
        FigureCanvasAgg(figure).print_png(buffer := io.BytesIO())
        return buffer.getvalue()

    def _follow(self, _=None):
        if not self._moving_many:
            self._redraw()  # 그림이 먼저 가야 손을 따라옵니다.
            self._pad.point = [slider.value for slider in self._sliders[:2]]

    @contextlib.contextmanager
    def _at_once(self):
        """여러 슬라이더를 한꺼번에 옮기고 한 번만 다시 그립니다."""
        with self._lock:
            self._moving_many = True
            try:
                yield
            finally:
                self._moving_many = False
        self._follow()

    def _on_pad(self, change):
        if change["new"] != [slider.value for slider in self._sliders[:2]]:
            with self._at_once():
                for slider, amount in zip(self._sliders, change["new"]):
                    slider.value = amount

    def _on_kind(self, _=None):
        with contextlib.suppress(ValueError), self._at_once():  # 망가진 모델은 그리면서 이유를 말합니다.
            names = [name for name, _ in self._ways()]
            self._pad.names = names[:2]
            for i, slider in enumerate(self._sliders):
                slider.value, slider.layout.display = 0, None if i < len(names) else "none"
                slider.description = names[i] if i < len(names) else ""

    def _on_reset(self, _):
        with self._at_once():
            self._turn, self._walk.value, self._from.value, self._to.value = 0, 0, 3, 8
            for slider in self._sliders:
                slider.value = 0

    def _on_fresh(self, _):
        self._turn = (self._turn + 1) % 20
        self._redraw()


def _along(way, z, t):
    return z + t * (way(z) if callable(way) else way)
