"""노트북마다 커널 하나가 쓰는 메모리와 시간을 잽니다. 교실의 컴퓨터나 JupyterHub의 크기를 정하는 데 씁니다.

    python -m benchmarks.classroom    모든 노트북을 처음부터 끝까지 한 번씩 실행합니다(약 5분).

메모리는 커널 프로세스가 물리 메모리에 올려 둔 크기(RSS, MiB)입니다. 준비 셀까지의 시간은 커널을 켜는 것부터 잽니다.
"""

import tempfile
import time

import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks import report
from benchmarks.notebook import NOTEBOOKS

MIB = 2**20


def measure(path):
    """노트북을 새 커널에서 끝까지 실행하고 시간(초)과 메모리(MiB)를 사전으로 돌려줍니다."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}})
        start = time.perf_counter()
        with client.setup_kernel():
            kernel = psutil.Process(client.km.provisioner.process.pid)
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
                if "setup" in cell.metadata.get("tags", ()):
                    ready, setup_memory = time.perf_counter() - start, kernel.memory_info().rss
            seconds, end_memory = time.perf_counter() - start, kernel.memory_info().rss
    return {
        "ready_seconds": round(ready, 1),
        "setup_mib": round(setup_memory / MIB),
        "end_mib": round(end_memory / MIB),
        "run_seconds": round(seconds, 1),
    }


def main():
    results = {path.stem: [measure(path)] for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    columns = (
        ("준비 셀까지(초)", "ready_seconds", 1, None),
        ("그때의 메모리(MiB)", "setup_mib", 0, None),
        ("끝까지 실행(초)", "run_seconds", 1, None),
        ("끝난 뒤의 메모리(MiB)", "end_mib", 0, None),
    )
    total = psutil.virtual_memory().total / MIB
    kernels = {
        when: int(total // max(trial[key] for [trial] in results.values()))
        for when, key in (("setup", "setup_mib"), ("end", "end_mib"))
    }
    note = (
        f"이 컴퓨터의 메모리 {total / 1024:.1f} GiB에는, 가장 큰 노트북을 기준으로 준비 셀까지 실행한 커널 "
        f"{kernels['setup']}개, 끝까지 실행한 커널 {kernels['end']}개가 들어갑니다. "
        "운영체제와 Jupyter 서버의 몫은 빼고 셈했습니다."
    )
    report.print_report(
        f"{report.table(columns, results)}\n\n{note}", total_mib=round(total), kernels=kernels, results=results
    )


if __name__ == "__main__":
    main()
