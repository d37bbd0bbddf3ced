"""“진짜? 가짜?”: 그림마다 답하고, 판별자와 점수를 겨룹니다."""

import io

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ganlib import plot
from ganlib.still import Still

ANSWERS = {None: "?", 0: "진짜", 1: "가짜"}


def score(is_fake, votes):
    """맞힌 비율입니다. 답한 그림이 없으면 None입니다.

    Args:
        is_fake: 그림마다 가짜이면 참.
        votes: 그림마다 ‘가짜’라고 답한 비율(0–1). 답하지 않았으면 None이고, 그 그림은 세지 않습니다.
    """
    right = [vote if fake else 1 - vote for fake, vote in zip(is_fake, votes, strict=True) if vote is not None]
    return sum(right) / len(right) if right else None


class Quiz(Still, ipywidgets.VBox):
    """그림마다 진짜인지 가짜인지 답하고 한꺼번에 공개하는 판입니다.

    `images`는 N×1×H×W(uint8 또는 [−1, 1]), `is_fake`는 가짜이면 참, `judged`는 판별자가 가짜라고 답했으면 참입니다.
    """

    still_text = "(진짜? 가짜?)"

    def __init__(self, images, is_fake, judged=None):
        grid = {"display": "grid", "grid_template_columns": "repeat(auto-fill, 88px)", "grid_gap": "6px"}
        self._cards = ipywidgets.Box(layout=grid | {"max_width": "752px"})  # 넓어도 한 줄에 여덟 장입니다.
        self._said = ipywidgets.HTML()
        self._class = ipywidgets.ToggleButton(
            description="학급", icon="users", tooltip="‘가짜’에 손을 든 사람을 셉니다"
        )
        self._people = ipywidgets.BoundedIntText(value=30, min=1, max=999, description="인원", disabled=True)
        self._open = ipywidgets.Button(description="공개", icon="eye")
        self._class.observe(self._on_class, names="value")
        self._open.on_click(lambda _: self.reveal())
        row = ipywidgets.HBox([self._class, self._people, self._open], layout={"flex_flow": "row wrap"})
        super().__init__([self._cards, row, self._said])
        self.show(images, is_fake, judged)

    def show(self, images, is_fake, judged=None):
        """새 그림들로 판을 다시 엽니다."""
        if not len(images) == len(is_fake) == len(is_fake if judged is None else judged):
            raise ValueError("images, is_fake, judged의 길이가 서로 다릅니다. 그림 한 장에 하나씩 넣어 주세요.")
        self.is_fake = [bool(fake) for fake in is_fake]
        self.judged = judged if judged is None else [bool(answer) for answer in judged]
        self._pictures = [plot.tile(image[None], scale=3) for image in images]
        self._answers, self._said.value, self._open.disabled = [None] * len(images), "", False
        size = {"width": "88px"}
        self._buttons = [ipywidgets.Button(tooltip=f"{i + 1}번 그림", layout=size) for i in range(len(images))]
        self._hands = [ipywidgets.Text(placeholder=f"{i + 1}번 몇 명?", layout=size) for i in range(len(images))]
        for i, button in enumerate(self._buttons):
            button.on_click(lambda _, i=i: self.answer(i, {None: 1, 1: 0, 0: None}[self._answers[i]]))
            self.answer(i, None)
        look = {"width": "84px", "border": "2px solid transparent"}
        frames = [ipywidgets.Image(value=plot.png_bytes(picture), layout=look) for picture in self._pictures]
        self._cards.children = [ipywidgets.VBox(card) for card in zip(frames, self._buttons, self._hands)]
        self._on_class()

    def answer(self, i, fake):
        """그림 `i`(0부터)에 답합니다. 가짜는 1, 진짜는 0, 모름은 None입니다."""
        self._answers[i] = fake
        self._buttons[i].description = f"{i + 1} {ANSWERS[fake]}"

    @property
    def votes(self):
        """그림마다 ‘가짜’라고 답한 비율. 학급에서는 손을 든 사람의 수를 인원으로 나눕니다(빈칸은 묻지 않은 그림)."""
        if not self._class.value:
            return list(self._answers)
        hands = [int(hand.value) if hand.value.strip().isdecimal() else None for hand in self._hands]
        return [None if count is None else min(1, count / self._people.value) for count in hands]

    def reveal(self):
        """답을 공개하고 점수를 적습니다."""
        votes, self._open.disabled = self.votes, True
        for i, (card, button, fake) in enumerate(zip(self._cards.children, self._buttons, self.is_fake)):
            card.children[0].layout.border = f"2px solid {plot.FAKE if fake else plot.REAL}"
            mark = "" if votes[i] is None else " ○" if (votes[i] > 0.5) == fake else " ×"
            button.description, button.disabled, button.layout.display = f"{i + 1} {ANSWERS[fake]}{mark}", True, ""
        ours = score(self.is_fake, votes)
        lines = ["아직 답하지 않았습니다." if ours is None else f"우리가 맞힌 비율: <b>{ours:.0%}</b>"]
        if self.judged is not None:
            # 우리가 답한 그림에서만 겨룹니다.
            asked = [None if ours is not None and vote is None else answer for vote, answer in zip(votes, self.judged)]
            lines.append(f"판별자 D가 맞힌 비율: <b>{score(self.is_fake, asked):.0%}</b>")
        self._said.value = " · ".join([*lines, "동전을 던져 답하면: 50%", "파란 테두리는 진짜, 주홍 테두리는 가짜"])

    def still_png(self):
        rows = -(-len(self._pictures) // 8)
        figure = Figure(figsize=(8, 1.25 * rows), layout="constrained")
        for i, picture in enumerate(self._pictures, start=1):
            ax = figure.add_subplot(rows, 8, i)
            ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
            ax.set_title(f"{i}", fontsize=9, pad=2)
            ax.set_axis_off()
        buffer = io.BytesIO()
        FigureCanvasAgg(figure).print_png(buffer)
        return buffer.getvalue()

    def _on_class(self, _=None):
        self._people.disabled = not self._class.value
        for button, hand in zip(self._buttons, self._hands):
            button.layout.display, hand.layout.display = ("none", "") if self._class.value else ("", "none")
