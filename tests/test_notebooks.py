"""모든 노트북이 지키는 약속. notebooks/에 새 노트북을 넣으면 저절로 검사합니다."""

import ast
import contextlib
import io
import json
import re
import statistics
from pathlib import Path

import pytest

import ganlib
from tools.lesson import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
TAGS = {"setup", "seed", "ganlib", "train", "figure", "widget", "check", "exercise", "result", "nbval-ignore-output"}
HEADINGS = ["이번 차시의 질문", "준비물과 시간", "정리", "연습문제", "더 읽을거리", "다음 차시"]
BANNED = r"(?<!난수 )생성기|(?<!하이퍼)파라미터|발전기|제너레이터|감별자|판별기|구분자|노이즈|그래디언트|레이턴트|녹색"

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
    assert [h for h in headings if h in HEADINGS] == HEADINGS
    sections = [h for h in headings if h not in HEADINGS]
    assert [h.split(".")[0] for h in sections] == [str(i + 1) for i in range(len(sections))]
    assert headings[2:-4] == sections


@notebooks
def test_there_are_three_questions(path):
    questions = prose(path).split("## 이번 차시의 질문")[1].split("## ")[0]
    assert len(re.findall(r"^\d\. .+니까\?$", questions, flags=re.M)) == 3


@notebooks
def test_tags_are_known_and_set_up_comes_first(path):
    code = cells(path, "code")
    tags = [set(cell["metadata"].get("tags", [])) for _, cell in code]
    assert set().union(*tags) <= TAGS
    assert "setup" in tags[0] and "seed" in tags[1]
    assert sum("setup" in t for t in tags) == sum("seed" in t for t in tags) == 1
    for t in tags:
        if t & {"train", "widget"}:
            assert "nbval-ignore-output" in t


@notebooks
def test_set_up_only_imports_and_sets_up(path):
    [(_, cell)] = cells(path, tag="setup")
    *imports, last = ast.parse(source(cell)).body
    assert all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in imports)
    assert ast.unparse(last) == "plot.setup()"


@notebooks
def test_every_widget_is_followed_by_a_figure(path):
    every = dict(cells(path))
    for i, _ in cells(path, tag="widget"):
        assert "figure" in every[i + 1]["metadata"].get("tags", []), f"셀 {i}"


@notebooks
def test_every_figure_is_shown_and_followed_by_how_to_read_it(path):
    every = dict(cells(path))
    for i, cell in cells(path, tag="figure"):
        assert source(cell).rstrip().endswith("plt.show()"), f"셀 {i}"
        assert any("image/png" in output.get("data", {}) for output in cell["outputs"]), f"셀 {i}"
        assert every[i + 1]["cell_type"] == "markdown", f"셀 {i} 뒤에 읽는 법이 없습니다"


@notebooks
def test_every_check_asserts_and_prints_one_line(path):
    for i, cell in cells(path, tag="check"):
        assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source(cell)))), f"셀 {i}"
        text = "".join("".join(output.get("text", "")) for output in cell["outputs"])
        assert text.startswith("✓") and text.count("\n") == 1, f"셀 {i}: {text}"


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
        assert "(nat)" not in source(cell).replace("**냇**(nat)", ""), f"셀 {i}: 단위는 냇입니다"


@notebooks
def test_code_keeps_the_conventions(path):
    for i, cell in cells(path, "code"):
        tree = ast.parse(source(cell))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            keywords = {keyword.arg for keyword in call.keywords}
            assert not keywords & {"lw", "ls"}, f"셀 {i}: {name}"
            assert name != "check" or "cases" in keywords, f"셀 {i}: check에는 cases=를 적습니다"
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


def exercises():
    for path in PATHS:
        every = dict(cells(path))
        for i, cell in cells(path, tag="exercise"):
            yield pytest.param(path, source(cell), source(every[i + 1]), id=f"{path.stem}-{i}")


@notebooks
def test_there_are_at_least_three_exercises(path):
    assert len(cells(path, tag="exercise")) >= 3


@pytest.mark.parametrize("path, stub, answer", list(exercises()))
def test_exercise_stub_is_empty_and_its_solution_passes(path, stub, answer):
    assert "<details><summary>풀이 보기</summary>" in answer
    solution = re.search(r"```python\n(.+?)```", answer, flags=re.S)[1]
    [(_, setup)] = cells(path, tag="setup")
    assert run_exercise(source(setup), stub).startswith("아직 비어 있습니다")
    assert run_exercise(source(setup), put_in(stub, solution)).startswith("✓ 맞았습니다")


def put_in(stub, solution):
    """stub의 함수를 같은 이름의 풀이로 바꿉니다."""
    solved = {node.name: node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)}
    tree = ast.parse(stub)
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert names & solved.keys(), "풀이의 함수 이름이 문제와 다릅니다"
    tree.body = [solved.get(getattr(node, "name", None), node) for node in tree.body]
    return ast.unparse(tree)


def run_exercise(*sources):
    namespace, out = {}, io.StringIO()
    with contextlib.redirect_stdout(out):
        for text in sources:
            exec(text, namespace)
    return out.getvalue()
