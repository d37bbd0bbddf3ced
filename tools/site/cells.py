"""셀 하나를 HTML로 바꿉니다: 접힌 코드, 예상, 감춘 결과, 빈칸과 연습, 움직이는 것."""

import ast
import html
import inspect
import re

from ganlib.exercise import find_key
from tools.lesson import tags
from tools.site import live
from tools.site.markdown import code
from tools.site.templates import fill

NOT_YET = "아직 예상을 고르지 않았습니다."
RUN_IT = (
    '<p class="run-it">✎ 채워서 실행하는 칸입니다. '
    '<a href="{notebook}" download>노트북</a>에서 실행하면 채점까지 됩니다.</p>'
)


def hides_output(cell):
    """예상하기 전에 보면 안 될 결과가 있는 셀인지 봅니다."""
    return cell.cell_type == "code" and cell.metadata.get("jupyter", {}).get("outputs_hidden") and bool(cell.outputs)


def folded_source(cell):
    """코드를 접어 둔 셀인지 봅니다. 쪽에서는 실행하지 않으므로, 놀잇감과 예상을 부르는 코드도 접습니다."""
    return cell.metadata.get("jupyter", {}).get("source_hidden") or bool(tags(cell) & {"play", "widget"})


def code_cell(i, cell, lesson, told):
    """코드 셀의 HTML.

    Args:
        i: 셀의 번호.
        cell: nbformat의 셀.
        lesson: `page.Lesson`. 움직이는 것의 자료와 그림을 남길 곳을 압니다.
        told: 감춘 결과와 함께 열릴 셀의 번호들.
    """
    if "result" in tags(cell):  # 벤치마크와 시험만 보는 셀
        return ""
    made = lesson.live.get(str(i), {})
    if "check" in tags(cell) and not hides_output(cell):
        # 확인의 제목과 결과는 위에서 물은 것의 답을 말할 수 있습니다.
        shown = code(cell.source) + "".join(output(each, cell, lesson) for each in cell.outputs)
        return f'<div class="cell" id="cell-{i}">{fold("확인: 위에서 말한 것을 계산해 봅니다", shown)}</div>'
    parts = [source(cell)]
    if hides_output(cell):
        shown = [output(each, cell, lesson) for each in cell.outputs]
        if i in lesson.told:  # 앞의 결과와 함께 열립니다.
            parts += [said(shown, cell)]
        else:
            parts = [reveal(parts, said(shown, cell), cell, told, lesson)]
    elif "predict(" in cell.source and (text := plain_text(cell)).startswith("예상해 보기"):
        parts.append(prediction(text, shown_name(cell)))
    elif made.get("kind"):
        parts.append(live.figure(made, still(cell, lesson), lesson))
    elif tags(cell) & {"blank", "exercise"}:
        parts.append(RUN_IT.format(notebook=lesson.notebook) + missing_solution(i, cell, lesson))
    elif not plain_text(cell).startswith("아직"):  # 노트북에서 답해야 나오는 결과는 놓지 않습니다.
        parts += [output(each, cell, lesson) for each in cell.outputs]
    if "replay" in made:
        parts.append(live.replay(made["replay"], i, lesson, "이 셀이 위의 판에서 한 일을 다시 봅니다."))
    return f'<div class="cell" id="cell-{i}">{"".join(parts)}</div>'


def source(cell):
    """코드. 접힌 것은 첫 줄의 주석을 제목으로 삼습니다."""
    if not folded_source(cell):
        return code(cell.source)
    first = cell.source.split("\n")[0]
    return fold(first.lstrip("# ").strip() if first.startswith("#") else "이 칸의 코드", code(cell.source))


def fold(title, inside):
    return f'<details class="fold code-fold"><summary>{html.escape(title)}</summary>{inside}</details>'


def plain_text(cell):
    return "".join(each.get("text", "") or each.get("data", {}).get("text/plain", "") for each in cell.outputs)


def shown_name(cell):
    """마지막 줄의 이름."""
    return cell.source.strip().split("\n")[-1].strip()


def prediction(text, name):
    """고르고 잠그는 예상."""
    question, *options = (line.strip().removeprefix("○").strip() for line in text.split("\n"))
    return fill("predict", name=name, question=question.removeprefix("예상해 보기.").strip(), options=options)


def guesses(cell):
    """셀이 `reveal`로 여는 예상의 이름들."""
    return re.findall(r"\breveal\(\s*(\w+)", cell.source)


def said(shown, cell):
    """결과의 HTML. 잠근 예상을 적을 자리를 남깁니다."""
    names = iter(guesses(cell))
    blank = '<span class="my-guess" data-of="{}">' + NOT_YET + "</span>"
    return re.sub(NOT_YET, lambda m: blank.format(next(names, "")), "".join(shown))


def reveal(parts, result, cell, told, lesson):
    """예상의 결과와, 그 결과를 설명하는 셀들. 눌러야 열립니다."""
    names = [name for k in told for name in guesses(lesson.cells[k])]
    answers = " ".join([*guesses(cell), *names])
    inside = [result, *(lesson.inside(k) for k in told)]
    if folded_source(cell):  # 접힌 코드의 제목이 답을 말할 수 있습니다.
        parts, inside = [], [*parts, *inside]
    opened = f'<details class="reveal" data-answers="{answers}"><summary>결과 보기</summary>{"".join(inside)}</details>'
    return "".join([*parts, opened])


def missing_solution(i, cell, lesson):
    """바로 뒤의 글에 풀이의 코드가 없으면 `ganlib.keys`의 풀이를 접어 붙입니다."""
    [name] = re.findall(r"""(?:fill|check)\("([^"]+)",""", cell.source)
    function = next(node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef))
    following = lesson.cells[i + 1].source if i + 1 < len(lesson.cells) else ""
    if f"def {function}(" in following:
        return ""
    solution = inspect.getsource(find_key(name).solution).strip()
    return f'<details class="fold"><summary>풀이 보기</summary>{code(solution)}</details>'


def output(each, cell, lesson):
    """결과 하나: 글이나 그림."""
    if each.output_type == "stream":
        return f'<pre class="out" tabindex="0">{html.escape(each.text.rstrip())}</pre>'
    data = each.get("data", {})
    if "image/png" in data:
        return lesson.picture(data["image/png"], caption(cell))
    if "text/html" in data:
        return f'<p class="out">{data["text/html"]}</p>'
    if text := data.get("text/plain", ""):
        return f'<pre class="out" tabindex="0">{html.escape(text)}</pre>'
    return ""


def still(cell, lesson):
    """움직이는 것 대신 놓인 멈춘 그림. 인쇄할 때와 스크립트가 없을 때 보입니다."""
    for each in cell.outputs:
        if png := each.get("data", {}).get("image/png"):
            return lesson.picture(png, "멈춘 그림")
    return ""


def caption(cell):
    """그림을 말로 옮긴 것. 그림 셀의 첫 줄이 무엇을 그렸는지 말합니다."""
    first = cell.source.split("\n")[0]
    return re.sub(r"^#\s*(그림|결과|확인)?:?\s*", "", first) if first.startswith("#") else "이 셀이 그린 그림"
