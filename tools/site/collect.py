"""차시의 셀을 새 프로세스에서 실행해, 움직이는 것마다 쪽이 쓸 자료를 모아 파일로 남깁니다.

    python -m tools.site.collect 03_minimax FOLDER

FOLDER에 live.json(셀의 번호마다의 자료)과, 쪽이 필요할 때 불러오는 .js 파일들을 남깁니다.
"""

import ast
import contextlib
import io
import json
import os
import sys
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
import matplotlib

matplotlib.use("Agg")

import torch
from matplotlib import pyplot as plt

import ganlib.clock
import ganlib.sliders
from ganlib.play.detach_lab import ROUNDS, SWITCHES, DetachLab, draw_lab
from ganlib.play.explorer import LatentExplorer
from ganlib.play.tape import Taped
from ganlib.play.writer import HangulWriter
from tools.lesson import NOTEBOOKS, fill_in, read
from tools.site import frames, playthings
from tools.site.files import write
from tools.site.needed import is_live, needed_cells
from tools.site.svg import own_names


class Curve:
    """`sliders(…)`가 받은 것. 위젯을 만드는 대신 무엇을 그릴지만 적어 둡니다."""

    def __init__(self, draw, size=(8, 3.2), *, show=(), columns=3, **names):
        self.draw, self.size = draw, size
        self.controls = [frames.control(name, *numbers) for name, numbers in names.items()]


def countdown(seconds, picture=None, every=2.0, at_least=1, at_most=None):
    """적어도 마칠 스텝만 돕니다. 시간을 재지 않으므로 어느 컴퓨터에서나 같은 장면이 나옵니다."""
    apart = max(1, round(at_least * every / seconds))  # 화면을 고치던 간격을 스텝으로 옮긴 것
    for step in range(at_least):
        if picture and step % apart == 0:
            picture()
        yield step / at_least


def prepare():
    """셀을 실행하기 전에, 슬라이더와 시간을 재는 반복을 바꾸어 둡니다."""
    os.chdir(NOTEBOOKS)
    torch.set_num_threads(1)
    ganlib.sliders.sliders, ganlib.clock.countdown = Curve, countdown


def collect(name, folder):
    """차시 하나를 실행해 자료를 모읍니다."""
    prepare()
    folder.mkdir(parents=True, exist_ok=True)
    notebook, namespace = fill_in(read(name)), {"__name__": "__main__"}
    live, watch = {}, playthings.Watch()
    for i in needed_cells(notebook):
        cell = notebook.cells[i]
        value = run(cell.source, namespace, f"{name}의 {i}번째 셀")
        for player, change in watch.changes():
            live.setdefault(str(i), {})["replay"] = {"player": player, **change}
        if not is_live(cell) or value is None:
            continue
        key = f"{name[:2]}-{i}"
        if isinstance(value, (Curve, DetachLab)):
            live[str(i)] = figure(value, key, cell.metadata.get("site", {}), folder)
        elif isinstance(value, LatentExplorer):
            live[str(i)] = playthings.explorer(value, key, folder)
        elif isinstance(value, HangulWriter):
            live[str(i)] = playthings.writer(value, key, folder)
        elif not hasattr(value, "_esm"):
            live[str(i)] = {"kind": "still"}
        else:
            live[str(i)] = playthings.play(value, key, folder, cell.metadata.get("site", {}).get("takes"))
            if not isinstance(value, Taped):
                watch.add(key, value)
    (folder / "live.json").write_text(json.dumps(live, ensure_ascii=False), encoding="utf-8")


def run(source, namespace, where):
    """셀을 실행하고, 마지막 줄이 식이면 그 값을 돌려줍니다. 찍는 글은 버립니다."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # 함수의 소스를 읽는 빈칸 채점이 풀이를 빈칸으로 보지 않도록, 셀마다 다른 이름으로 실행합니다.
        exec(compile(tree, where, "exec"), namespace)
        value = eval(compile(ast.Expression(last.value), where, "eval"), namespace) if last else None
    plt.close("all")
    return value


def figure(value, key, chosen, folder):
    """슬라이더 그림의 장면들을 그려 .js로 남기고, 쪽에 처음 보일 것을 돌려줍니다."""
    if isinstance(value, DetachLab):
        switches = [frames.Control(k, label, [False, True], 1, 2, switch=True) for k, label in SWITCHES.items()]
        controls = [frames.Control("rounds", "라운드", list(ROUNDS), 0, len(ROUNDS)), *switches]
        value = Curve(draw_lab, (8, 2.5))
        value.controls = controls
    taken = frames.record(value.draw, value.size, value.controls, chosen.get("positions", {}))
    write(folder / f"{key}.js", "frames", key, taken | {"parts": own_names(taken["parts"], key)})
    start = {each.name: each.positions[each.start] for each in value.controls}
    first = own_names(frames.svg(value.draw, value.size, start), key)
    return {
        "kind": "frames",
        "key": key,
        "controls": [vars(each) for each in value.controls],
        "first": "\n".join(first),
    }


if __name__ == "__main__":
    collect(sys.argv[1], Path(sys.argv[2]).resolve())
