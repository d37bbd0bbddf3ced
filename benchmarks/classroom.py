"""교실처럼 돌려 봅니다: 노트북마다의 메모리와 시간, 그리고 한 컴퓨터에서 커널 여럿을 한꺼번에 돌릴 때.

    python -m benchmarks.classroom                   모든 노트북을 처음부터 끝까지 한 번씩 실행합니다(약 7분).
    python -m benchmarks.classroom --together 4      04와 05차시를 nbval로 엄격하게 네 벌씩 함께 실행합니다(약 15분).
    python -m benchmarks.classroom --together 4 --cores 1    코어 하나를 넷이 나누어 씁니다(Linux).

메모리는 커널이 혼자 쓰는 몫과 나누어 쓰는 몫을 고르게 셈한 크기(PSS, MiB)이며, Linux가 아니면 RSS입니다.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

import psutil
from nbclient import NotebookClient

from benchmarks import report
from tools import lesson

MIB = 2**20
TRAINED = ("04_uniform_to_gaussian", "05_mnist_conv_gan")


def memory(process):
    """프로세스의 메모리(MiB)."""
    info = process.memory_full_info()
    return getattr(info, "pss", info.rss) / MIB


def measure(name):
    """차시를 새 커널에서 끝까지 실행하고 시간(초)과 메모리(MiB)를 사전으로 돌려줍니다."""
    notebook = lesson.read(name)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": folder}})
        start = time.perf_counter()
        with client.setup_kernel():
            kernel = psutil.Process(client.km.provisioner.process.pid)
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
                if "setup" in lesson.tags(cell):
                    ready, setup_memory = time.perf_counter() - start, memory(kernel)
                elif "load_mnist" in cell.source:
                    loaded = memory(kernel)
            seconds, end_memory = time.perf_counter() - start, memory(kernel)
    return {
        "ready_seconds": round(ready, 1),
        "setup_mib": round(setup_memory),
        "loaded_mib": round(locals().get("loaded", setup_memory)),
        "end_mib": round(end_memory),
        "run_seconds": round(seconds, 1),
    }


def measure_each():
    results = {name: [measure(name)] for name in lesson.names()}
    columns = (
        ("준비 셀까지(초)", "ready_seconds", 1, None),
        ("그때의 메모리(MiB)", "setup_mib", 0, None),
        ("MNIST를 읽은 뒤(MiB)", "loaded_mib", 0, None),
        ("끝까지 실행(초)", "run_seconds", 1, None),
        ("끝난 뒤의 메모리(MiB)", "end_mib", 0, None),
    )
    total = psutil.virtual_memory().total / MIB
    kernels = int(total // max(trial["end_mib"] for [trial] in results.values()))
    note = (
        f"이 컴퓨터의 메모리 {total / 1024:.1f} GiB에는, 가장 큰 노트북을 끝까지 실행한 커널 {kernels}개가 들어갑니다. "
        "운영체제와 Jupyter 서버의 몫은 빼고 셈했습니다."
    )
    report.print_report(
        f"{report.table(columns, results)}\n\n{note}", total_mib=round(total), kernels=kernels, results=results
    )


def run_together(name, count, cores):
    """같은 노트북을 nbval로 `count`벌 한꺼번에 실행하고, 끝까지 통과한 수와 걸린 초를 돌려줍니다."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"notebooks/{name}.ipynb"]
    limit = (lambda: os.sched_setaffinity(0, range(cores))) if cores else None
    start = time.perf_counter()
    runs = []
    for _ in range(count):
        folder = lesson.NOTEBOOKS.parent
        runs.append(subprocess.Popen(command, cwd=folder, preexec_fn=limit, stdout=subprocess.PIPE, text=True))
        time.sleep(3)  # 동시에 켜지는 커널들은 같은 포트를 골라 죽을 수 있습니다.
    outputs = [run.communicate()[0] for run in runs]
    seconds = round(time.perf_counter() - start)
    green = sum(run.returncode == 0 for run in runs)
    for output, run in zip(outputs, runs):
        if run.returncode:
            print(output[-3000:])
    return {"green": green, "count": count, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description="교실처럼 돌려 봅니다.")
    parser.add_argument("--together", type=int, metavar="N", help="04와 05차시를 N벌씩 한꺼번에 실행합니다")
    parser.add_argument("--cores", type=int, help="나누어 쓸 코어의 수(Linux). 없으면 모두")
    options = parser.parse_args()
    if not options.together:
        return measure_each()
    results = {name: [run_together(name, options.together, options.cores)] for name in TRAINED}
    columns = (("통과", "green", 0, None), ("함께 돌린 수", "count", 0, None), ("걸린 시간(초)", "seconds", 0, None))
    report.print_report(report.table(columns, results), cores=options.cores, results=results)
    if any(trial["green"] < trial["count"] for [trial] in results.values()):
        sys.exit("통과하지 못한 노트북이 있습니다.")


if __name__ == "__main__":
    main()
