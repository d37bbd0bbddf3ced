"""“진짜? 가짜?”: 그림마다 답하고, 판별자와 점수를 겨룹니다. 표는 브라우저가 셉니다."""

import base64
import io
import threading
from numbers import Integral
from pathlib import Path

import anywidget
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image

from ganlib import plot
from ganlib.data import FOLDER
from ganlib.play.traits import BadValue, Number

WAIT = 12  # 답을 기다리는 그림은 이만큼만 두고, 더 오래된 것은 버립니다.
SCRIPT = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("shared.js", "quiz.js"))


class Quiz(anywidget.AnyWidget):
    """그림마다 진짜인지 가짜인지 답하는 판입니다.

    `Quiz(images, is_fake, judged)`는 그림을 한꺼번에 보여 주고, **공개**를 누르면 답과 점수를 보여 줍니다.
    `Quiz()`는 빈 판이며, 학습하는 셀이 `push`로 넣는 그림을 한 장씩 묻고 바로 답을 보여 줍니다.

    Args:
        images: 모양 N×1×H×W(uint8 또는 [−1, 1]).
        is_fake: 그림마다 가짜이면 참.
        judged: 그림마다 판별자 D가 가짜라고 답했으면 참. 없으면 우리 점수만 셉니다.

    Raises:
        BadValue: 받아들일 수 없는 그림이나 답일 때(`ValueError`이며, 판은 바뀌지 않습니다).
    """

    _ipython_display_ = None  # ipywidgets 7에서도 멈춘 그림이 함께 남게 합니다.
    _esm = traitlets.Unicode(SCRIPT).tag(sync=True)
    cards = traitlets.List().tag(sync=True)  # 그림마다 id, image, fake, judged, step
    # 브라우저가 적는 것: 그림의 id마다 ‘가짜’라고 답한 비율, 학급에서 ‘가짜’에 손을 든 사람의 수
    answers, hands = (traitlets.Dict().tag(sync=True) for _ in range(2))
    people = Number(30, 1, 999, kind=int)
    together, opened, live = (traitlets.Bool().tag(sync=True) for _ in range(3))
    views = traitlets.Int().tag(sync=True)

    def __init__(self, images=None, is_fake=(), judged=None):
        self._lock, self._count = threading.RLock(), 0
        super().__init__(live=images is None)
        if images is not None:
            self.show(images, is_fake, judged)

    def show(self, images, is_fake, judged=None):
        """새 그림들로 판을 다시 엽니다."""
        answers = [None] * len(is_fake) if judged is None else judged
        if not 0 < len(images) == len(is_fake) == len(answers):
            raise BadValue("images, is_fake, judged의 길이가 서로 다르거나 0입니다. 그림 한 장에 하나씩 넣어 주세요.")
        cards = [self._card(*row) for row in zip(images, is_fake, answers)]
        with self._lock, self.hold_sync():
            self.cards, self.answers, self.hands, self.opened, self.live = cards, {}, {}, False, False

    def push(self, image, is_fake, judged, step):
        """`Quiz()`로 연 판에 그림 한 장(1×H×W)을 넣습니다. 셀이 도는 동안에도 바로 보입니다.

        배치 정규화가 있는 D는 그림 한 장을 평가 모드(`D.eval()`)로 보고, 다시 `D.train()`으로 돌아가야 합니다.
        `step`이 앞의 것보다 작으면 새로 시작한 학습으로 보고 판을 비웁니다.
        """
        if not self.live:
            raise BadValue("push는 Quiz()로 연 빈 판에서만 부를 수 있습니다. quiz = Quiz()로 새 판을 열어 주세요.")
        if judged is None or not isinstance(step, Integral) or step < 0:
            raise BadValue(f"judged는 참이나 거짓, step은 0 이상의 정수여야 합니다. 받은 값: {judged!r}, {step!r}")
        card = self._card(image, is_fake, judged, int(step))
        with self._lock:
            old = self.cards if self.cards and self.cards[-1]["step"] <= step else []
            self.cards = [*({**card, "image": ""} for card in old[: 1 - WAIT]), *old[1 - WAIT :], card]

    def reveal(self):
        """답과 점수를 공개합니다."""
        self.opened = True

    @property
    def votes(self):
        """그림마다 ‘가짜’라고 답한 비율(0–1). 답하지 않았으면 None입니다."""
        by_hand = self.together and not self.live
        found = [(self.hands if by_hand else self.answers).get(str(card["id"])) for card in self.cards]
        return [min(1, n / self.people) if by_hand and n is not None else n for n in found]

    @property
    def tally(self):
        """답한 그림의 수 `asked`, 그 가운데 우리와 D가 맞힌 수 `ours`와 `D`. 학급은 맞힌 사람의 비율을 더합니다.

        학습하는 셀에서 던진 표는 그 셀이 끝나야 파이썬에 닿을 수 있습니다. 다음 셀에서 읽습니다.
        """
        asked = [(card, vote) for card, vote in zip(self.cards, self.votes) if vote is not None]
        ours = sum(vote if card["fake"] else 1 - vote for card, vote in asked)
        knows = all(card["judged"] is not None for card in self.cards)
        D = sum(card["judged"] == card["fake"] for card, _ in asked) if knows else None
        return dict(ours=ours, D=D, asked=len(asked))

    def still_png(self):
        """커널 없이 읽는 사람이 보는 그림. 답은 보이지 않습니다."""
        shown = [card for card in self.cards if card["image"]]
        rows = -(-len(shown) // 8) or 1
        figure, buffer = Figure(figsize=(8, 1.25 * rows), layout="constrained"), io.BytesIO()
        for i, card in enumerate(shown, start=1):
            picture = Image.open(io.BytesIO(base64.b64decode(card["image"].partition(",")[2])))
            ax = figure.add_subplot(rows, 8, i)
            ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
            ax.set_title(f"{i}", fontsize=9, pad=2)
            ax.set_axis_off()
        if not shown:
            font = FontProperties(fname=FOLDER / "fonts/NotoSansCJKkr-Regular.otf", size=12)
            text = "진짜? 가짜?\n학습 셀을 실행하면 진짜 그림과 학습 중인 생성자의 그림이 섞여 한 장씩 나타납니다."
            figure.text(0.5, 0.5, text, ha="center", va="center", linespacing=1.8, fontproperties=font)
        FigureCanvasAgg(figure).print_png(buffer)
        return buffer.getvalue()

    def set_state(self, sync_data):
        """브라우저의 표는 다른 스레드로 올 수 있으므로, 그림을 넣는 일과 겹치지 않게 합니다."""
        with self._lock:
            super().set_state(sync_data)

    def _card(self, image, is_fake, judged, step=None):
        shape = tuple(getattr(image, "shape", ()))
        if len(shape) != 3 or shape[0] != 1:
            raise BadValue(f"그림 한 장은 1×H×W 모양이어야 합니다. 받은 모양: {shape}")
        for name, answer in (("is_fake", is_fake), ("judged", False if judged is None else judged)):
            if getattr(answer, "shape", ()) or answer not in (0, 1):
                raise BadValue(f"{name}에는 그림마다 참이나 거짓을 하나 넣어 주세요. 받은 값: {answer!r}")
        data = base64.b64encode(plot.png_bytes(plot.tile(image[None], scale=3))).decode()
        self._count += 1
        card = dict(id=self._count, image=f"data:image/png;base64,{data}", fake=bool(is_fake))
        return card | dict(judged=judged if judged is None else bool(judged), step=step)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": "(진짜? 가짜?)", "image/png": self.still_png()}, metadata
