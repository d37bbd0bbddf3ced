"""노트북의 셀을 그대로 실행합니다. 재는 것이 곧 수업에서 돌리는 것이 되도록, 조리법을 따로 베끼지 않습니다."""

import contextlib
import io
import json
import re
import time
from pathlib import Path

import matplotlib

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
    unused = dict(constants)
    for tags, source in read_cells(name):
        if tags & SKIPPED:
            continue
        for constant, value in constants.items():
            source, count = re.subn(rf"^{constant} = .*$", f"{constant} = {value!r}", source, flags=re.M)
            if count and unused.pop(constant, None) is None:
                raise ValueError(f"{name}에서 {constant}을(를) 두 번 정합니다.")
        if "train" in tags and unused:
            raise ValueError(f"{name}의 학습 셀까지 {', '.join(unused)}을(를) 정하는 줄이 없습니다.")
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, f"{name}.ipynb", "exec"), namespace)
        if "train" in tags:
            return namespace, time.perf_counter() - start
    raise ValueError(f"{name}에 train 셀이 없습니다.")
