"""연습문제를 채점하고, 본문의 빈칸을 채웁니다. 문제마다의 답과 도움말은 `ganlib.keys`에 있습니다."""

import ast
import contextlib
import copy
import importlib
import inspect
import io
import math
import random
import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch


@dataclass(frozen=True)
class Key:
    """문제 하나의 풀이와 채점 기준입니다.

    Args:
        solution: 풀이. 노트북에 접어 둔 풀이와 같은 코드입니다.
        cases: `(인자 튜플, 기댓값)`의 리스트. 기댓값이 `...`이면 풀이의 답이 기댓값입니다.
        hints: `(흔한 오답 함수, 도움말)`의 리스트.
        run: `run(함수, *인자)`로 함수를 불러 견줄 수 있는 답을 만듭니다. 없으면 `함수(*인자)`입니다.
    """

    solution: Any
    cases: Any
    hints: Any = ()
    run: Any = None

    def answer(self, function, arguments):
        """인자의 사본으로 함수의 답을 구합니다."""
        arguments = copy.deepcopy(arguments)
        return self.run(function, *arguments) if self.run else function(*arguments)


def check(name, function):
    """연습문제의 답을 채점하고 결과를 한국어로 알려 줍니다. 예외를 내지 않습니다.

    Args:
        name: 문제의 이름. 예: `"02.3"`은 02차시의 연습 3입니다.
        function: 학습자가 채운 함수.
    """
    _judge(find_key(name), function, "✓ 맞았습니다. {count}가지 경우를 모두 확인했습니다.")


def fill(name, function):
    """본문의 빈칸을 채운 함수를 시험해 보고, 맞으면 그것을, 아니면 미리 준비한 함수를 돌려줍니다.

    시험은 사본 위에서 하고 난수의 상태를 되돌려 놓으므로, 뒤의 결과는 달라지지 않습니다.

    Args:
        name: 빈칸의 이름. 예: `"02.d_step"`.
        function: 학습자가 채운 함수.

    Returns:
        학습자의 함수(맞았을 때) 또는 풀이.
    """
    key = find_key(name)
    if _judge(key, function, "✓ 맞았습니다. 이제부터 직접 쓴 함수({name})를 씁니다."):
        return function
    print(
        f"  지금은 준비된 함수({key.solution.__name__})로 이어 갑니다. 채우거나 고친 다음 이 셀을 다시 실행해 봅시다."
    )
    return key.solution


def find_key(name):
    """`"02.3"`처럼 적은 이름의 `Key`를 `ganlib.keys.lesson_02`에서 찾습니다. 없으면 ValueError를 냅니다."""
    lesson = str(name).split(".")[0]
    try:
        return importlib.import_module(f"ganlib.keys.lesson_{lesson}").KEYS[name]
    except (ImportError, KeyError):
        raise ValueError(f"{name!r}이라는 문제가 없습니다. 셀의 따옴표 안을 처음대로 되돌려 주세요.") from None


def _judge(key, function, praise):
    """함수를 채점하고 결과를 찍습니다. 모든 경우에 맞았는지 돌려줍니다."""
    if not callable(function):
        print("✗ 함수가 아닙니다. `def`로 시작하는 줄을 처음대로 되돌려 봅시다.")
        return False
    answers = []
    # 학습자가 남긴 print가 채점의 글과 섞이지 않게 합니다.
    with _same_dice(), contextlib.redirect_stdout(io.StringIO()):
        for arguments, _ in () if _is_empty(function) else key.cases:
            try:
                answers.append(key.answer(function, arguments))
            except Exception as error:
                answers, stopped = [], f"✗ {_call(function, arguments)}에서 멈췄습니다. {type(error).__name__}: {error}"
                break
        else:
            stopped = "아직 비어 있습니다. `...`를 채우고 다시 실행해 봅시다."
    if all(answer is None for answer in answers):
        print(stopped)
        return False
    with _same_dice():
        expected = [key.answer(key.solution, arguments) if e is ... else e for arguments, e in key.cases]
    wrong = [i for i, answer in enumerate(answers) if not _same(answer, expected[i])]
    if not wrong:
        print(praise.format(count=len(answers), name=function.__name__))
        return True
    i = wrong[0]
    print(f"✗ {_call(function, key.cases[i][0])}의 답은 {_text(expected[i])}인데 {_text(answers[i])}이(가) 나왔습니다.")
    for mistake, hint in key.hints:
        if _made(key, mistake, answers):
            print(f"  도움말: {hint}")
            break
    return False


def _is_empty(function):
    """아직 `...`가 남아 있는 함수인지 소스를 보고 판단합니다. 소스가 없으면 비어 있지 않다고 봅니다."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return False
    return any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(tree))


def _made(key, mistake, answers):
    """모든 경우에 오답 함수와 같은 답을 냈는지 봅니다. 오답 함수가 멈추면 다른 답으로 칩니다."""
    try:
        with _same_dice():
            return all(_same(answer, key.answer(mistake, case)) for answer, (case, _) in zip(answers, key.cases))
    except Exception:
        return False


@contextlib.contextmanager
def _same_dice():
    """안에서 무엇을 뽑든 파이썬, numpy, torch의 난수를 처음 상태로 되돌립니다."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])


def _same(answer, expected):
    answer, expected = _plain(answer), _plain(expected)
    if isinstance(expected, (list, tuple)):
        return isinstance(answer, (list, tuple)) and len(answer) == len(expected) and all(map(_same, answer, expected))
    if isinstance(expected, float) and isinstance(answer, (int, float)):
        return math.isclose(answer, expected, rel_tol=1e-4, abs_tol=1e-6)
    return answer == expected


def _plain(value):
    """텐서와 배열은 파이썬의 수와 리스트로 바꿉니다."""
    return value.tolist() if hasattr(value, "tolist") else value


def _text(value):
    value = _plain(value)
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _call(function, arguments):
    return f"{function.__name__}({', '.join(map(_text, arguments))})"
