"""놀잇감의 속성. 받아들일 수 없는 값은 한국어 문장으로 거절하고, 속성은 앞의 값 그대로 둡니다."""

import traitlets


class BadValue(ValueError, traitlets.TraitError):
    """받아들일 수 없는 값."""


class Number(traitlets.TraitType):
    """`low` 이상 `high` 이하의 수. `slack`까지 벗어난 값은 끝값으로 끌어들이고, 더 벗어난 값은 거절합니다."""

    def __init__(self, default, low, high, slack=0.0, kind=float):
        super().__init__(default)
        self.low, self.high, self.slack, self.kind = low, high, slack + 1e-9, kind
        self.tag(sync=True)

    def validate(self, obj, value):
        try:
            number = None if isinstance(value, (str, bytes)) else float(value)
        except (TypeError, ValueError):
            number = None
        if number is not None and self.low - self.slack <= number <= self.high + self.slack:
            return self.kind(min(max(number, self.low), self.high))
        hint = "" if number == number else "0으로 나누지 않았는지 살펴봐 주세요. "
        raise BadValue(
            f"{self.name}에는 {self.low}에서 {self.high}까지의 수를 넣어 주세요. 받은 값: {value!r}. {hint}"
            f"{self.name}의 값은 그대로 두었습니다."
        )


class Choice(traitlets.TraitType):
    """`words`에 있는 낱말 가운데 하나. `words`는 낱말들이거나, 놀잇감을 받아 낱말들을 돌려주는 함수입니다."""

    def __init__(self, default, words):
        super().__init__(default)
        self.words = words if callable(words) else lambda obj: words
        self.tag(sync=True)

    def validate(self, obj, value):
        words = self.words(obj)
        if isinstance(value, str) and value in words:
            return value
        raise BadValue(f"{self.name}에는 {', '.join(words)} 가운데 하나를 넣어 주세요. 받은 값: {value!r}.")


def offered(choices):
    """화면에서 고를 것들을 `{이름: [글, [값, …]]}`로 다듬습니다. 값은 수나 낱말입니다."""
    try:
        tidy = {name: [str(label), list(values)] for name, (label, values) in dict(choices or {}).items()}
    except (TypeError, ValueError):
        tidy = {"": ["", []]}
    if all(values and all(type(value) in (int, float, str) for value in values) for _, values in tidy.values()):
        return tidy
    raise BadValue(
        f'choices에는 {{"beta1": ("β₁", [0.9, 0.5])}}처럼 글과 값들을 넣어 주세요. 받은 값: {choices!r:.60}.'
    )
