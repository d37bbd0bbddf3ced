"""모든 노트북이 지키는 약속. notebooks/에 새 노트북을 넣으면 저절로 검사합니다."""

import ast
import builtins
import importlib
import inspect
import json
import linecache
import re
import statistics
from pathlib import Path

import pytest

import ganlib
from ganlib.exercise import check, find_key
from tools import lesson, meter
from tools.lesson import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
TAGS = set("setup seed play widget blank train figure reveal check exercise ganlib result".split())
TAGS |= {"open", "folded", "nbval-ignore-output"}
HEADINGS = ["이번 차시의 질문", "준비물과 시간", "교사용 진행표", "정리", "연습문제", "더 읽을거리", "다음 차시"]
# 쓰지 않는 말: 이 분야의 말로 바꾸어 적습니다.
BANNED = "|".join(
    [
        r"(?<!난수 )생성기", r"(?<!하이퍼)파라미터", "발전기", "제너레이터", "감별자", "판별기", "구분자", "노이즈",
        "그래디언트", "레이턴트", "최적화기", "씨앗", "조리법", "꾸러미", "(?<![가-힣])받침", "정답률",
        "(?<![가-힣])냇(?![가-힣]{2})",
        "(?<!쳇)바퀴", "민 거리", "녹색", "원문 고쳐 읽기", "가장 좋은 판별자", "흐름 맞추기",
    ]
)  # fmt: skip

notebooks = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path, kind=None, tag=None):
    """`(번호, 셀)`의 목록. 종류와 태그로 거를 수 있습니다."""
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        (i, cell)
        for i, cell in enumerate(every)
        if (kind is None or cell["cell_type"] == kind) and (tag is None or tag in cell["metadata"].get("tags", []))
    ]


def source(cell):
    return "".join(cell["source"])


def prose(path):
    return "\n".join(source(cell) for _, cell in cells(path, "markdown"))


def test_there_are_notebooks():
    assert PATHS


def test_names_are_numbered_without_repeats():
    numbers = [path.stem[:2] for path in PATHS]
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem) for path in PATHS)
    assert len(set(numbers)) == len(numbers)


@notebooks
def test_parts_stand_in_order(path):
    _, first = cells(path)[0]
    assert re.match(rf"# {path.stem[:2]}차시\. .+\n\n.+", source(first))
    headings = re.findall(r"^## (.+)$", prose(path), flags=re.M)
    kinds = [h if h in HEADINGS else re.match(r"시작\.|심화 [A-Z]\.|\d+\.", h)[0] for h in headings]
    numbered = [f"{i + 1}." for i in range(sum(kind[0].isdigit() for kind in kinds))]
    deeper = [f"심화 {chr(65 + i)}." for i in range(sum(kind.startswith("심화") for kind in kinds))]
    assert kinds == [*HEADINGS[:3], "시작.", *numbered, *HEADINGS[3:5], *deeper, *HEADINGS[5:]]
    [start] = [i for i, cell in cells(path) if source(cell).startswith("## 시작.")]
    assert any("play" in cell["metadata"].get("tags", []) for i, cell in cells(path) if start < i < 10)


@notebooks
def test_there_are_three_questions(path):
    questions = prose(path).split("## 이번 차시의 질문")[1].split("## ")[0]
    assert len(re.findall(r"^\d\. .+(?:니까|까요)\?$", questions, flags=re.M)) == 3


@notebooks
def test_tags_are_known_and_set_up_comes_first(path):
    code = cells(path, "code")
    tags = [set(cell["metadata"].get("tags", [])) for _, cell in code]
    assert set().union(*tags) <= TAGS
    assert "setup" in tags[0] and "seed" in tags[1]
    assert sum("setup" in t for t in tags) == sum("seed" in t for t in tags) == 1
    for t in tags:
        if "train" in t:
            assert "nbval-ignore-output" in t


@notebooks
def test_set_up_only_imports_and_sets_up(path):
    [(_, cell)] = cells(path, tag="setup")
    *imports, last = ast.parse(source(cell)).body
    assert all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in imports)
    assert ast.unparse(last) == "plot.setup()"


@notebooks
def test_playthings_and_sliders_are_short_and_carry_a_picture_or_a_text(path):
    for i, cell in cells(path):
        tags = set(cell["metadata"].get("tags", []))
        if tags & {"play", "widget"}:
            assert len(source(cell).splitlines()) <= 10, f"셀 {i}"
            [output] = cell["outputs"]
            text = "".join(output["data"]["text/plain"])
            assert "object at" not in text and "VBox" not in text, f"셀 {i}: {text}"
            assert "image/png" in output["data"] or text.startswith("예상해 보기."), f"셀 {i}"
            assert "application/vnd.jupyter.widget-view+json" not in output["data"], f"셀 {i}"


@notebooks
def test_cells_are_folded_as_their_tags_say(path):
    notebook = lesson.read(path.stem)
    stored = json.dumps(notebook, sort_keys=True)
    lesson.fold(notebook)
    assert json.dumps(notebook, sort_keys=True) == stored, "tools.lesson store로 다시 저장합니다"
    for i, cell in enumerate(notebook.cells):
        if cell.metadata.get("jp-MarkdownHeadingCollapsed"):
            assert "\n" not in cell.source, f"셀 {i}: 접힌 제목과 한 셀에 있는 글은 접히지 않습니다"
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert re.match("# (준비|시드|확인|그림|결과|[①-⑳])|def ", cell.source), (
                f"셀 {i}: 첫 줄이 무엇인지 말하지 않습니다"
            )


@notebooks
def test_the_folded_run_sheet_hides_no_code(path):
    """접힌 제목 아래의 셀은 하나씩 실행하는 학생이 지나칩니다."""
    section = ""
    for i, cell in cells(path):
        if heading := re.match(r"## (.+)", source(cell)):
            section = heading[1]
        assert cell["cell_type"] == "markdown" or section != "교사용 진행표", f"셀 {i}"


@notebooks
def test_every_section_starts_its_own_cell(path):
    for i, cell in cells(path, "markdown"):
        assert not re.search(r"\n## ", source(cell)), f"셀 {i}"


@pytest.mark.parametrize("name", [path.stem for path in PATHS])
def test_a_period_holds_what_a_period_can_hold(name):
    periods = meter.measure(name)
    for number, period in enumerate(periods, 1):
        assert not meter.over(period), f"{name} {number}교시: {period}"
        assert period.minutes, f"{name} {number}교시에 진행표가 없습니다"


@notebooks
def test_every_figure_is_shown_and_followed_by_how_to_read_it(path):
    every = dict(cells(path))
    for i, cell in cells(path, tag="figure"):
        assert source(cell).rstrip().endswith("plt.show()"), f"셀 {i}"
        assert any("image/png" in output.get("data", {}) for output in cell["outputs"]), f"셀 {i}"
        assert every[i + 1]["cell_type"] == "markdown", f"셀 {i} 뒤에 읽는 법이 없습니다"


@notebooks
def test_every_check_asserts_and_ends_with_a_sentence(path):
    for i, cell in cells(path, tag="check"):
        assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source(cell)))), f"셀 {i}"
        text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
        *before, last = text.splitlines()
        assert last.startswith("✓") and (not before or "reveal" in cell["metadata"]["tags"]), f"셀 {i}: {text}"


@notebooks
def test_the_last_code_cell_is_the_result(path):
    _, last = cells(path, "code")[-1]
    assert last["metadata"]["tags"] == ["result"] and len(cells(path, tag="result")) == 1
    [assign] = ast.parse(source(last)).body
    assert ast.unparse(assign.targets[0]) == "RESULT" and ast.unparse(assign.value.func) == "dict"
    assert len(assign.value.keywords) >= 2


@notebooks
def test_cells_are_short(path):
    lengths = []
    for i, cell in cells(path, "code"):
        lines = [line for line in source(cell).splitlines() if line.strip()]
        lengths.append(len(lines))
        if not {"train", "ganlib", "exercise"} & set(cell["metadata"].get("tags", [])):
            assert len(lines) <= 30, f"셀 {i}은(는) {len(lines)}줄입니다"
    assert statistics.median(lengths) <= 8


@notebooks
def test_stored_outputs_are_clean(path):
    content = path.read_text(encoding="utf-8")
    assert "widgets" not in json.loads(content)["metadata"]
    for i, cell in cells(path, "code"):
        assert cell["execution_count"] is not None, f"셀 {i}을(를) 실행하지 않았습니다"
        assert "execution" not in cell["metadata"], f"셀 {i}에 실행 시각이 있습니다"
        for output in cell["outputs"]:
            assert output["output_type"] != "error" and output.get("name") != "stderr", f"셀 {i}"
            data = {k: v for k, v in output.get("data", {}).items() if k != "image/png"}
            text = json.dumps([data, output.get("text", "")], ensure_ascii=False)
            assert not re.search(r"(/[a-z]+){2,}/|[A-Z]:\\\\|0x[0-9a-f]{6}|<Figure size|Glyph", text), f"셀 {i}: {text}"


@notebooks
def test_cells_were_run_once_from_a_clean_kernel(path):
    counts = [cell["execution_count"] for _, cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@notebooks
def test_vocabulary(path):
    for i, cell in cells(path):
        assert not (found := re.search(BANNED, source(cell))), f"셀 {i}: {found[0]}"


@notebooks
def test_code_keeps_the_conventions(path):
    for i, cell in cells(path, "code"):
        tree = ast.parse(source(cell))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            keywords = {keyword.arg for keyword in call.keywords}
            assert not keywords & {"lw", "ls"}, f"셀 {i}: {name}"
        # 색은 plot.py의 것만 씁니다.
        assert not re.search(r"#[0-9A-Fa-f]{6}\b", source(cell)), f"셀 {i}"


@notebooks
def test_bold_words_close(path):
    # 마크다운은 **용어(term)**은처럼 괄호로 끝나고 바로 글자가 오는 굵은 글씨를 닫지 못합니다.
    assert not re.findall(r"\*\*[^*\n]+[)’”.]\*\*[가-힣]", prose(path))


@notebooks
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)#]+)\)", prose(path)):
        assert link.startswith("https://") or (path.parent / link).is_file(), link


@notebooks
def test_shown_functions_equal_the_package(path):
    shown = [node for _, cell in cells(path, tag="ganlib") for node in ast.parse(source(cell)).body]
    package = {}
    for module in Path(ganlib.__file__).parent.glob("*.py"):
        body = ast.parse(module.read_text(encoding="utf-8")).body
        package |= {node.name: node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in shown:
        assert bare(node) == bare(package[node.name]), node.name


def bare(tree):
    """설명문(docstring)을 뺀 구문 트리의 글."""
    tree = ast.parse(ast.unparse(tree))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def questions(tag):
    """빈칸이나 연습문제마다 `(차시, 셀의 번호, 문제의 이름, 셀, 다음 셀)`."""
    for path in PATHS:
        every = dict(cells(path))
        for i, cell in cells(path, tag=tag):
            [name] = re.findall(r"""(?:fill|check)\("([^"]+)",""", source(cell))
            yield pytest.param(path, name, source(cell), source(every[i + 1]), id=name)


@notebooks
def test_there_are_at_least_three_exercises_and_every_key_is_used(path):
    assert len(cells(path, tag="exercise")) >= 3
    used = [name for tag in ("exercise", "blank") for p, name, *_ in (q.values for q in questions(tag)) if p == path]
    keys = importlib.import_module(f"ganlib.keys.lesson_{path.stem[:2]}").KEYS
    assert sorted(used) == sorted(keys)


@pytest.mark.parametrize("path, name, stub, answer", [*questions("exercise"), *questions("blank")])
def test_a_stub_is_empty_short_and_its_folded_solution_is_the_key(path, name, stub, answer, capsys):
    key = find_key(name)
    assert len([line for line in stub.splitlines() if line.strip()]) <= 12
    assert "<details>" in answer
    [solution] = re.findall(r"```python\n(.+?)```", answer, flags=re.S)
    shown = {node.name: node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)}
    assert bare(shown[key.solution.__name__]) == bare(ast.parse(inspect.getsource(key.solution)).body[0])
    check(name, defined(stub, key.solution.__name__))
    assert capsys.readouterr().out.startswith("아직 비어 있습니다")
    check(name, key.solution)
    assert capsys.readouterr().out.startswith("✓ 맞았습니다")


def defined(text, name):
    """셀에 적힌 함수 하나를, 소스를 들여다볼 수 있게 정의합니다."""
    [node] = [node for node in ast.parse(text).body if getattr(node, "name", None) == name]
    lines = [line + "\n" for line in text.split("\n")[node.lineno - 1 : node.end_lineno]]
    file = f"<{name}>"
    linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    namespace = {}
    exec(compile("".join(lines), file, "exec"), namespace)
    return namespace[name]


@pytest.mark.parametrize("path, name, stub, answer", [*questions("exercise"), *questions("blank")])
def test_no_hint_fits_the_solution(path, name, stub, answer, capsys):
    key = find_key(name)
    for number, (mistake, hint) in enumerate(key.hints):
        check(name, mistake)
        assert f"도움말: {hint}" in capsys.readouterr().out, f"{number}번 오답이 제 도움말을 받지 못합니다"


@pytest.mark.lesson
@pytest.mark.parametrize("name", [path.stem for path in PATHS])
def test_a_lesson_runs_with_every_blank_filled(name):
    assert len(lesson.run(name)) >= 2


@pytest.mark.parametrize("path, name, stub, answer", [*questions("exercise"), *questions("blank")])
def test_a_right_answer_finds_its_names_in_the_notebook(path, name, stub, answer):
    """풀이가 쓰는 이름은 그 셀까지 노트북에 있어야, 맞게 쓴 학습자가 NameError를 만나지 않습니다."""
    known = set(dir(builtins))
    for _, cell in cells(path, "code"):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                known |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                known.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                known.add(node.id)
        if source(cell) == stub:
            break
    solution = find_key(name).solution
    own = {*solution.__code__.co_varnames, *solution.__code__.co_cellvars, solution.__name__}
    names = [node for node in ast.walk(ast.parse(inspect.getsource(solution))) if isinstance(node, ast.Name)]
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    assert {node.id for node in names} - own - known == set()
