"""살아 있는 무대와 평면의 무대가 1초에 그림을 몇 장 그리고 라운드를 몇 번 도는지 잽니다.

    python -m benchmarks.stage

JupyterLab을 띄우고 머리 없는 Chromium으로 무대를 열어 ▶를 누릅니다. 그림은 브라우저가 새로 그린 것만 세고, 라운드는
화면에 적힌 `stage.rounds`로 셉니다. 마지막 줄은 JSON이며, 평면의 무대의 값은 `plane` 안에 있습니다.
"""

import argparse
import json
import tempfile

from tools.browser import RED, browser_page, jupyterlab, run_notebook, write_json

STAGE = "from ganlib.play.stage import Stage\n\nstage = Stage(seed=0)\nstage"
PLANE = """from types import SimpleNamespace
import torch
from torch import nn
from ganlib.play.plane import PlaneStage
from ganlib.train import d_step, g_step

def net(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, outputs))

def start(real, seed):
    torch.manual_seed(seed)
    game = SimpleNamespace(G=net(16, 2), D=net(2, 1), real=real, noise=lambda count: torch.randn(count, 16))
    game.opt_G, game.opt_D = (torch.optim.Adam(net.parameters(), 1e-3, (0.0, 0.99)) for net in (game.G, game.D))
    return game

def one_round(game):
    d_step(game.G, game.D, game.opt_D, game.real(128), game.noise(128))
    g_step(game.G, game.D, game.opt_G, game.noise(128))

stage = PlaneStage(start, one_round)
stage"""
# 그림은 새로 그릴 때마다 막대나 곡선의 svg가 새것이 됩니다. 화면을 새로 칠할 때마다 살펴봅니다.
WATCH = """() => {
    window.painted = 0;
    let last = null;
    const look = () => {
        const svg = document.querySelector(".play svg");
        if (svg !== last) window.painted++;
        last = svg;
        requestAnimationFrame(look);
    };
    look();
}"""
READ = """() => {
    const [, rounds] = document.querySelector(".play").innerText.match(/([\\d,]+)라운드/);
    return [performance.now() / 1000, window.painted, Number(rounds.replaceAll(",", ""))];
}"""


def measure(page, address, name, seconds):
    """노트북을 열어 ▶를 누르고, `seconds`초 동안의 빠르기를 잽니다."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    run_notebook(page, address, name)
    page.get_by_text("▶ 학습").click()
    page.get_by_text("배우고 있습니다").wait_for()
    page.evaluate(WATCH)
    page.wait_for_timeout(2000)  # 몸풀기
    began, painted, rounds = page.evaluate(READ)
    page.wait_for_timeout(1000 * seconds)
    ended, *last = page.evaluate(READ)
    page.get_by_text("멈추기").click()
    page.get_by_text("멈추었습니다").wait_for()
    took = ended - began
    return {
        "pictures_per_s": round((last[0] - painted) / took, 1),
        "rounds_per_s": round((last[1] - rounds) / took, 1),
        "seconds": round(took, 1),
        "errors": errors + page.locator(RED).all_inner_texts(),
    }


def main():
    parser = argparse.ArgumentParser(description="무대의 빠르기를 재어 JSON 한 줄로 찍습니다.")
    parser.add_argument("--seconds", type=int, default=10, help="무대마다 재는 시간(초)")
    seconds = parser.parse_args().seconds
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, source in (("stage", STAGE), ("plane", PLANE)):
            cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
            notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}
            write_json(f"{folder}/{name}.ipynb", notebook)
            with jupyterlab(folder) as address, browser_page() as page:
                found[name] = measure(page, address, f"{name}.ipynb", seconds)
    print(json.dumps(found["stage"] | {"plane": found["plane"]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
