"""노트북을 읽고, 고치고, 실행하고, 저장합니다. 노트북의 셀에 손을 대는 일은 모두 여기에서 합니다.

    python -m tools.lesson run 05_mnist_conv_gan --seed 1 --save FILE.npz    RESULT를 저장하고 JSON 한 줄로 찍습니다.
    python -m tools.lesson store 05_mnist_conv_gan                           깨끗한 커널에서 실행해 결과를 저장합니다.
    python -m tools.lesson meter                                             교시마다의 크기를 표로 찍습니다.

차시마다 마지막 코드 셀은 `RESULT = dict(...)`입니다. 벤치마크, 시험, 가중치를 만드는 도구는 이것만 보며,
노트북 속의 다른 이름에는 기대지 않습니다.
"""

import argparse
import ast
import contextlib
import inspect
import json
import os
import re
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient

from ganlib.exercise import find_key

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
FOLDED = {"setup", "seed", "check", "figure", "result", "folded"}
SAVE = """
import numpy
numpy.savez({path!r}, **{{name: numpy.asarray(value) for name, value in RESULT.items()}})
"""


def names():
    """차시의 이름(확장자를 뺀 파일 이름)을 차례대로 돌려줍니다."""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def read(name):
    """`notebooks/name.ipynb`를 nbformat의 노트북으로 읽습니다."""
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def tags(cell):
    """셀의 태그 집합."""
    return set(cell.metadata.get("tags", ()))


def folds_source(tags):
    """이 태그의 코드 셀은 소스를 접어 두는지. 접힌 셀은 첫 줄만 보입니다."""
    return bool(tags & FOLDED) and "open" not in tags


def fold(notebook):
    """태그와 제목에 따라 셀을 접습니다: 기계가 볼 코드, 아직 보면 안 될 결과, 심화와 교사용 진행표."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.metadata.pop("jp-MarkdownHeadingCollapsed", None)
            if re.match("## (심화|교사용 진행표)", cell.source):
                cell.metadata["jp-MarkdownHeadingCollapsed"] = True
            continue
        hidden = {"source_hidden": folds_source(tags(cell)), "outputs_hidden": "reveal" in tags(cell)}
        cell.metadata["jupyter"] = {key: True for key, value in hidden.items() if value}
        if not cell.metadata["jupyter"]:
            del cell.metadata["jupyter"]


def fill_in(notebook):
    """노트북의 사본에서 빈칸과 연습문제를 모두 `ganlib.keys`의 풀이로 채웁니다."""
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        if tags(cell) & {"blank", "exercise"}:
            [name] = re.findall(r"""(?:fill|check)\("([^"]+)",""", cell.source)
            solution = inspect.getsource(find_key(name).solution).strip()
            node = next(node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef))
            lines = cell.source.split("\n")
            lines[node.lineno - 1 : node.end_lineno] = solution.split("\n")
            cell.source = "\n".join(lines)
    return notebook


def patch(notebook, asserts=True, **constants):
    """노트북의 사본에서 상수를 바꿉니다. 예: `SEED=1`은 `SEED = 0`이라는 줄을 `SEED = 1`로 바꿉니다.

    Args:
        notebook: `read`로 읽은 노트북. 바뀌지 않습니다.
        asserts: False이면 assert를 모두 뺍니다. 확인이 기대하는 만큼 학습하지 않을 때 씁니다.
        **constants: 바꿀 이름과 값.

    Raises:
        ValueError: 그 이름을 정하는 줄이 꼭 하나가 아닐 때.
    """
    notebook = nbformat.from_dict(notebook)
    found = dict.fromkeys(constants, 0)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        edits = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert) and not asserts:
                edits.append((node, "pass"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in constants:
                name = ast.unparse(node.targets[0])
                found[name] += 1
                edits.append((node, f"{name} = {constants[name]!r}"))
        lines = cell.source.split("\n")
        for node, text in sorted(edits, key=lambda edit: -edit[0].lineno):
            lines[node.lineno - 1 : node.end_lineno] = [" " * node.col_offset + text]
        cell.source = "\n".join(lines)
    for name, count in found.items():
        if count != 1:
            raise ValueError(f"{name}을(를) 정하는 줄이 {count}개입니다. 꼭 하나여야 바꿀 수 있습니다.")
    return notebook


def execute(notebook, timeout=1800, environment=()):
    """노트북을 새 커널에서 처음부터 끝까지 실행하고, 결과가 담긴 같은 노트북을 돌려줍니다.

    Args:
        notebook: nbformat의 노트북.
        timeout: 셀 하나에 줄 시간(초).
        environment: 커널에 더할 환경 변수의 사전.

    Raises:
        nbclient.exceptions.CellExecutionError: 오류가 난 셀이 있을 때.
    """
    options = {"timeout": timeout, "store_widget_state": False, "record_timing": False, "coalesce_streams": True}
    client = NotebookClient(notebook, resources={"metadata": {"path": NOTEBOOKS}}, **options)
    return client.execute(env=os.environ | {"PYTHONPATH": str(NOTEBOOKS.parent)} | dict(environment))


def run(name, asserts=True, environment=(), **constants):
    """빈칸을 풀이로 채운 차시를 실행하고 `RESULT`를 돌려줍니다.

    Args:
        name: 차시의 이름.
        asserts, **constants: `patch`에 넘깁니다. 예: `SEED=1`.
        environment: 커널에 더할 환경 변수의 사전.

    Returns:
        `{이름: numpy 배열}`. 수 하나는 0차원 배열입니다.
    """
    notebook = patch(fill_in(read(name)), asserts, **constants)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "result.npz")
        notebook.cells.append(nbformat.v4.new_code_cell(SAVE.format(path=path)))
        execute(notebook, environment=environment)
        with np.load(path) as result:
            return dict(result)


def summary(result):
    """`RESULT`에서 수와, 20개까지의 수의 리스트만 골라 JSON으로 적을 수 있게 바꿉니다."""
    return {name: value.tolist() for name, value in result.items() if value.ndim < 2 and value.size <= 20}


def store(name):
    """차시를 깨끗한 커널에서 실행해 결과를 저장하고, 태그에 따라 접습니다. 오류가 나면 파일은 그대로입니다.

    위젯의 이름은 커널마다 다르므로 저장하지 않고, 멈춘 그림과 글만 남깁니다.
    """
    notebook = execute(read(name))
    for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    fold(notebook)
    nbformat.write(notebook, NOTEBOOKS / f"{name}.ipynb")


def main(arguments=None):
    parser = argparse.ArgumentParser(description="차시의 노트북을 다룹니다.")
    actions = parser.add_subparsers(dest="action", required=True)
    running = actions.add_parser("run", help="차시를 실행하고 RESULT를 저장합니다")
    running.add_argument("name", choices=names(), metavar="NAME", help="차시의 이름. 예: 05_mnist_conv_gan")
    running.add_argument("--seed", type=int, default=0, help="SEED의 값")
    running.add_argument("--save", metavar="FILE.npz", help="RESULT를 저장할 파일")
    storing = actions.add_parser("store", help="깨끗한 커널에서 실행해 결과를 노트북에 저장합니다")
    storing.add_argument("names", nargs="*", metavar="NAME", help="차시의 이름들. 없으면 모두")
    actions.add_parser("meter", help="교시마다의 글, 코드, 식, 분을 표로 찍습니다")
    options = parser.parse_args(arguments)
    if options.action == "meter":
        from tools import meter  # meter가 이 모듈을 쓰므로 여기에서 가져옵니다.

        print(meter.table(names()))
        return
    if options.action == "store":
        for name in options.names or names():
            start = time.perf_counter()
            store(name)
            print(f"저장했습니다: {name} ({time.perf_counter() - start:.0f}초)", flush=True)
        return
    result = run(options.name, SEED=options.seed)
    if options.save:
        np.savez_compressed(options.save, **result)
    print(json.dumps(summary(result), ensure_ascii=False))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
