"""노트북을 다루는 도구를 작은 노트북으로 시험합니다."""

import json

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ganlib.exercise import Key
from tools import lesson


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """작은 차시 `toy`를 씁니다."""

    def write(*cells):
        every = [new_code_cell(source, metadata={"tags": tags}) for tags, source in cells]
        nbformat.write(new_notebook(cells=every), tmp_path / "toy.ipynb")

    monkeypatch.setattr(lesson, "NOTEBOOKS", tmp_path)
    return write


CELLS = (
    (["seed"], "SEED = 0  # 시드"),
    ([], "total = SEED + 1\nif total:\n    assert total == 1, (\n        '두 줄')"),
    (["result"], "RESULT = dict(total=total, x=[[1, 2], [3, 4]], few=[1.5, total])"),
)


def test_run_returns_every_entry_of_the_result(toy):
    toy(*CELLS)
    result = lesson.run("toy")
    assert result["total"].shape == () and result["total"] == 1
    assert result["x"].tolist() == [[1, 2], [3, 4]]
    assert lesson.summary(result) == {"total": 1, "few": [1.5, 1.0]}


def test_run_changes_the_seed_and_keeps_or_drops_the_asserts(toy):
    toy(*CELLS)
    with pytest.raises(CellExecutionError, match="두 줄"):
        lesson.run("toy", SEED=5)
    assert lesson.run("toy", asserts=False, SEED=5)["total"] == 6


def test_the_command_saves_and_prints_one_line(toy, tmp_path, capsys):
    toy(*CELLS)
    lesson.main(["run", "toy", "--seed", "0", "--save", str(tmp_path / "r.npz")])
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"total": 1, "few": [1.5, 1.0]}
    with np.load(tmp_path / "r.npz") as saved:
        assert saved["total"].shape == () and saved["x"].shape == (2, 2)


@pytest.mark.parametrize("cells", [[([], "x = 1")], [([], "SEED = 0"), ([], "SEED = 1")], [([], "SEED = 0\nSEED = 1")]])
def test_a_constant_that_is_not_set_once_is_refused(toy, cells):
    toy(*cells)
    with pytest.raises(ValueError, match="SEED.*꼭 하나"):
        lesson.patch(lesson.read("toy"), SEED=1)


def test_patching_leaves_the_notebook_alone(toy):
    toy(*CELLS)
    notebook = lesson.read("toy")
    changed = lesson.patch(notebook, SEED=7)
    assert changed.cells[0].source == "SEED = 7" and notebook.cells[0].source == "SEED = 0  # 시드"


def test_store_keeps_what_a_clean_kernel_prints_and_drops_widgets(toy):
    toy((["setup"], "import ipywidgets"), (["widget"], "ipywidgets.IntSlider()"), ([], "print(2)"))
    lesson.store("toy")
    stored = lesson.read("toy").cells
    assert [cell.execution_count for cell in stored] == [1, 2, 3]
    assert set(stored[1].outputs[0].data) == {"text/plain"} and stored[2].outputs[0].text == "2\n"


def test_store_folds_by_tags_and_headings(toy, tmp_path):
    cells = [
        new_code_cell("# 확인", metadata={"tags": ["check"]}),
        new_code_cell("# 그림", metadata={"tags": ["figure", "open"]}),
        new_code_cell("print(1)", metadata={"tags": ["reveal"]}),
        new_markdown_cell("## 심화 A. 더 깊이"),
        new_markdown_cell("## 연습문제"),
    ]
    lesson.fold(notebook := new_notebook(cells=cells))
    check, figure, reveal, deeper, exercises = (cell.metadata for cell in notebook.cells)
    assert check["jupyter"] == {"source_hidden": True} and "jupyter" not in figure
    assert reveal["jupyter"] == {"outputs_hidden": True}
    assert deeper["jp-MarkdownHeadingCollapsed"] and "jp-MarkdownHeadingCollapsed" not in exercises


def test_run_fills_the_blanks_with_the_keys(toy, monkeypatch):
    def double(x):
        return 2 * x

    monkeypatch.setattr(lesson, "find_key", {"99.double": Key(double, [])}.__getitem__)
    blank = "def double(x):\n    ...\n\n\nprint('채운 뒤')  # fill(\"99.double\", double)"
    toy(([], "SEED = 0"), (["blank"], blank), (["result"], "RESULT = dict(four=double(2), none=0)"))
    assert lesson.run("toy")["four"] == 4


def test_store_leaves_the_file_alone_when_a_cell_fails(toy, tmp_path):
    toy(([], "print(1)"), ([], "1 / 0"))
    before = (tmp_path / "toy.ipynb").read_bytes()
    with pytest.raises(CellExecutionError):
        lesson.store("toy")
    assert (tmp_path / "toy.ipynb").read_bytes() == before
