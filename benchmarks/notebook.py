"""노트북의 셀을 그대로 실행합니다. 재는 것이 곧 수업에서 돌리는 것이 되도록, 조리법을 따로 베끼지 않습니다.

python -m benchmarks.notebook 05_mnist_conv_gan    깨끗한 커널에서 실행해 결과를 저장합니다.
"""

import contextlib
import io
import json
import re
import sys
import time
from pathlib import Path

import matplotlib
import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SKIPPED = {"figure", "widget", "check", "exercise"}


def read_cells(name):
    """`notebooks/name.ipynb`의 코드 셀을 `(태그 집합, 소스)`의 목록으로 돌려줍니다."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [(set(c["metadata"].get("tags", ())), "".join(c["source"])) for c in cells if c["cell_type"] == "code"]


def run(name, **constants):
    """처음부터 첫 `train` 셀까지 실행합니다. 그림, 검사, 연습문제 셀은 건너뜁니다.

    Args:
        name: 확장자를 뺀 노트북의 이름.
        **constants: 바꿀 상수. 예: `SEED=1`은 `SEED = 0`이라는 줄을 `SEED = 1`로 바꿉니다.

    Returns:
        `(이름 공간, train 셀에 걸린 초)`.

    Raises:
        ValueError: 그 상수를 정하는 줄이 꼭 하나가 아니거나, `train` 셀이 없을 때.
    """
    matplotlib.use("Agg")
    namespace = {"__name__": "__main__"}
    unused = set(constants)
    for tags, source in read_cells(name):
        if tags & SKIPPED:
            continue
        for constant, value in constants.items():
            source, count = re.subn(rf"^{constant} = .*$", f"{constant} = {value!r}", source, flags=re.M)
            if count > 1 or (count and constant not in unused):
                raise ValueError(f"{name}에서 {constant}을(를) 두 번 정합니다.")
            if count:
                unused.remove(constant)
        if "train" in tags and unused:
            raise ValueError(f"{name}의 학습 셀까지 {', '.join(sorted(unused))}을(를) 정하는 줄이 없습니다.")
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, f"{name}.ipynb", "exec"), namespace)
        if "train" in tags:
            return namespace, time.perf_counter() - start
    raise ValueError(f"{name}에 train 셀이 없습니다.")


def store(name):
    """노트북을 깨끗한 커널에서 처음부터 끝까지 실행해 결과를 저장합니다. 오류가 나면 파일은 그대로입니다.

    슬라이더의 출력은 커널마다 다른 이름뿐이므로 저장하지 않습니다.
    """
    path = NOTEBOOKS / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    options = {"timeout": 600, "store_widget_state": False, "record_timing": False}
    NotebookClient(notebook, resources={"metadata": {"path": NOTEBOOKS}}, **options).execute()
    for cell in notebook.cells:
        if "widget" in cell.metadata.get("tags", ()):
            cell.outputs = []
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        store(name)
