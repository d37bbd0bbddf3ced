"""예상을 먼저 고르고 잠근 다음, 결과와 나란히 놓아 봅니다."""

import ipywidgets

from ganlib.still import Still


class Prediction(Still, ipywidgets.VBox):
    """보기 가운데 하나를 골라 잠그는 상자입니다. `predict`로 만듭니다.

    `locked`는 잠근 보기의 글(잠그기 전에는 None), `votes`는 학급에서 보기마다 든 손의 수입니다.
    """

    def __init__(self, question, options):
        self.options, self.locked = list(options), None
        # 커널 없이 읽는 사람에게는 물음과 보기를 글로 보여 줍니다.
        self.still_text = "\n".join([f"예상해 보기. {question}", *(f"  ○ {option}" for option in self.options)])
        self._choice = ipywidgets.ToggleButtons(
            options=self.options, value=None, style={"button_width": "auto"}, layout={"margin": "4px 0"}
        )
        self._lock = ipywidgets.Button(description="잠그기", icon="lock", disabled=True)
        self._class = ipywidgets.ToggleButton(description="학급", icon="users", tooltip="보기마다 든 손을 셉니다")
        self._counters = [
            ipywidgets.BoundedIntText(min=0, max=999, description=f"{option}", layout={"width": "auto"},
                                      style={"description_width": "initial"})
            for option in self.options
        ]  # fmt: skip
        hands = ipywidgets.HBox(self._counters, layout={"display": "none", "flex_flow": "row wrap"})
        self._said = ipywidgets.HTML()
        self._choice.observe(self._on_choice, names="value")
        self._lock.on_click(self._on_lock)
        self._class.observe(
            lambda change: setattr(hands.layout, "display", "flex" if change["new"] else "none"), names="value"
        )
        row = ipywidgets.HBox([self._lock, self._class, self._said], layout={"align_items": "center"})
        title = ipywidgets.HTML(f"<b>예상해 보기.</b> {question}")
        super().__init__([title, self._choice, hands, row])

    @property
    def votes(self):
        return {option: counter.value for option, counter in zip(self.options, self._counters)}

    def _on_choice(self, change):
        self._lock.disabled = change["new"] is None

    def _on_lock(self, _):
        self.locked = self._choice.value
        self._choice.disabled = self._lock.disabled = True
        for counter in self._counters:
            counter.disabled = True
        self._said.value = f"잠갔습니다: <b>{self.locked}</b>"


def predict(question, options):
    """예상을 하나 골라 잠그게 합니다. 셀의 마지막 줄에 두며, 답은 나중에 `reveal`로 봅니다.

    Args:
        question: 물음.
        options: 보기의 리스트(2개 이상).

    Returns:
        `Prediction`.
    """
    if len(set(options)) != len(options) or len(options) < 2:
        raise ValueError(f"보기는 서로 다른 것이 둘 이상이어야 합니다. 받은 값: {options!r}")
    return Prediction(question, options)


def reveal(guess, answer):
    """잠근 예상을 결과와 나란히 적습니다. 학급에서 센 손이 있으면 함께 적습니다.

    Args:
        guess: `predict`가 돌려준 것.
        answer: 보기 가운데 하나. 셀이 계산한 값으로 고릅니다.
    """
    if answer not in guess.options:
        raise ValueError(f"결과 {answer!r}이(가) 보기에 없습니다: {', '.join(guess.options)}")
    # 접힌 출력은 첫 줄만 보이므로, 결과는 둘째 줄에 적습니다.
    print("아직 예상을 고르지 않았습니다." if guess.locked is None else f"예상: {guess.locked}")
    print(f"결과: {answer}")
    if total := sum(guess.votes.values()):
        print("학급: " + ", ".join(f"{option} {count}명" for option, count in guess.votes.items()))
        print(f"맞힌 사람 {guess.votes[answer]}/{total}명")
