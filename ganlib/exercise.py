"""연습문제를 채점하고 친절하게 답합니다."""

import copy
import math


def check(function, cases, hints=()):
    """학습자의 함수를 여러 입력으로 불러 보고 결과를 한국어 한 줄로 알려 줍니다. 예외를 내지 않습니다.

    Args:
        function: 학습자가 채운 함수. 비어 있으면(`...`만 있으면) `None`을 돌려주는 함수입니다.
        cases: `(인자 튜플, 기댓값)`의 목록. 수는 상대 오차 1e-4까지 같다고 봅니다.
        hints: `(흔한 오답 함수, 도움말)`의 목록. 모든 입력에서 오답 함수와 같은 답을 내면 그 도움말을 보여 줍니다.
    """
    answers = []
    for arguments, _ in cases:
        try:
            # 학습자의 함수가 인자를 고쳐도 채점은 원래의 인자로 합니다.
            answers.append(function(*copy.deepcopy(arguments)))
        except Exception as error:
            print(f"✗ {_call(function, arguments)}에서 멈췄습니다. {type(error).__name__}: {error}")
            return
    if all(answer is None for answer in answers):
        print("아직 비어 있습니다. `...` 자리를 채우고 다시 실행해 봅시다.")
        return
    wrong = [i for i, (_, expected) in enumerate(cases) if not _same(answers[i], expected)]
    if not wrong:
        print(f"✓ 맞았습니다. {len(cases)}가지 경우를 모두 확인했습니다.")
        return
    arguments, expected = cases[wrong[0]]
    print(f"✗ {_call(function, arguments)}의 답은 {_text(expected)}인데 {_text(answers[wrong[0]])}이(가) 나왔습니다.")
    for mistake, hint in hints:
        if _made(mistake, cases, answers):
            print(f"  도움말: {hint}")
            return


def _made(mistake, cases, answers):
    """모든 경우에 오답 함수와 같은 답을 냈는지 봅니다. 오답 함수가 멈추면 다른 답으로 칩니다."""
    try:
        return all(_same(answer, mistake(*copy.deepcopy(arguments))) for answer, (arguments, _) in zip(answers, cases))
    except Exception:
        return False


def _same(answer, expected):
    answer, expected = _plain(answer), _plain(expected)
    if isinstance(expected, (list, tuple)):
        return isinstance(answer, (list, tuple)) and len(answer) == len(expected) and all(map(_same, answer, expected))
    if isinstance(expected, float) and isinstance(answer, (int, float)):
        return math.isclose(answer, expected, rel_tol=1e-4, abs_tol=1e-6)
    return answer == expected


def _plain(value):
    """텐서와 배열은 파이썬의 수와 목록으로 바꿉니다."""
    return value.tolist() if hasattr(value, "tolist") else value


def _text(value):
    value = _plain(value)
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _call(function, arguments):
    return f"{function.__name__}({', '.join(map(_text, arguments))})"
