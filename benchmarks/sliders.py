"""슬라이더를 누른 순간부터 새 그림이 보일 때까지 걸리는 시간을 잽니다.

    python -m benchmarks.sliders

JupyterLab을 띄우고 머리 없는 Chromium으로, 탐색기와 흔히 쓰는 `interact` + `plt.subplots(4, 4)` 셀을 같은 커널에서
번갈아 잽니다. 시간은 keydown부터, 그 때문에 숫자(digits)와 마지막 글이나 그림(all)이 바뀔 때까지입니다(단위: ms).
"""

import argparse
import json
import statistics
import tempfile

from tools.browser import RED, browser_page, jupyterlab, run_notebook, write_json

SETUP = """
import matplotlib.pyplot as plt
import torch
from ipywidgets import interact
from ganlib import data, models, plot
from ganlib.play.explorer import LatentExplorer

plot.setup()
images, _ = data.load_mnist("train")
G = data.load_weights(models.ConvGenerator(), "conv_generator")
D = data.load_weights(models.ConvDiscriminator(), "conv_discriminator")
classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
z = torch.randn(16, G.z_dim, generator=torch.Generator().manual_seed(0))

def thicker(z):
    return -z / z.norm(dim=1, keepdim=True)

def ink(x):
    return x.mean(dim=(1, 2, 3))

def slant(x):
    weight = (x[:, 0] + 1) / (x[:, 0] + 1).sum(dim=(1, 2), keepdim=True)
    side = torch.arange(28.0)
    across = side - (weight.sum(dim=1) * side).sum(dim=1, keepdim=True)
    down = side - (weight.sum(dim=2) * side).sum(dim=1, keepdim=True)
    return -torch.einsum("nyx,ny,nx->n", weight, down, across) / (weight.sum(dim=2) * down.square()).sum(dim=1)

named = {"기울임": (torch.eye(G.z_dim)[0], slant), "굵기": (thicker, ink)}
"""
EXPLORER = "LatentExplorer(G, named, classifier, D, images)"
PLAIN = """
def show(shift):
    moved = z.clone()
    moved[:, 0] += shift
    with torch.no_grad():
        x = G(moved)
    fig, axes = plt.subplots(4, 4)
    for ax, image in zip(axes.flat, x):
        ax.imshow(image[0], cmap="gray")
        ax.set_axis_off()
    plt.show()

interact(show, shift=(-4.0, 4.0, 0.2))
"""
WATCH = """() => {
    window.loads = [];
    document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
    document.addEventListener("load", event => {
        if (event.target.tagName === "IMG") window.loads.push(performance.now());
    }, true);
    const told = new MutationObserver(() => window.loads.push(performance.now()));
    for (const text of document.querySelectorAll(".jp-CodeCell .widget-html-content"))
        told.observe(text, { childList: true, characterData: true, subtree: true });
}"""
# playwright의 press는 화면이 다 그려지기를 기다리므로, 쉬지 않고 누르는 것은 브라우저 안에서 흉내 냅니다.
RUSH = """async (handle, count) => {
    for (let i = 0; i < count; i++) {
        const key = Math.floor(i / 15) % 2 ? "ArrowLeft" : "ArrowRight";
        handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
        await new Promise(done => setTimeout(done, 10));
    }
}"""
# 주소가 아니라 내용을 견줍니다. 같은 그림도 다시 보내면 주소가 달라집니다.
CONTENT = """async images => Promise.all(images.map(async image => {
    const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
    return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))).join(" ");
}))"""


def notebook():
    cells = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source.strip()}
        for source in (SETUP, EXPLORER, PLAIN)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}


def wait_for_pictures(page, quiet=250):
    """새 그림이 하나라도 온 다음, `quiet`ms 동안 더 오지 않을 때까지 기다립니다."""
    page.wait_for_function("window.loads.length > 0", polling=20, timeout=30_000)
    page.wait_for_function(f"performance.now() - window.loads.at(-1) > {quiet}", polling=50, timeout=60_000)


def press(page, key):
    """키를 한 번 누르고 (첫 그림까지, 마지막 그림까지)의 ms를 돌려줍니다."""
    page.evaluate("window.loads = []")
    page.keyboard.press(key)
    wait_for_pictures(page)
    return page.evaluate("[window.loads[0] - window.pressed, window.loads.at(-1) - window.pressed]")


def measure(page, cell):
    """셀의 첫 슬라이더를 열 칸 갔다가 되돌아오며 잰 시간 스무 개."""
    cell.scroll_into_view_if_needed()
    cell.locator(".noUi-handle").first.focus()
    return [press(page, key) for key in ["ArrowRight"] * 10 + ["ArrowLeft"] * 10]


def burst(page, cell, count=200):
    """쉬지 않고 `count`번 누른 뒤 그림이 멎기까지의 ms와, 멎은 그림이 그 값의 그림인지를 돌려줍니다."""
    page.evaluate("window.loads = []")
    cell.locator(".noUi-handle").first.evaluate(RUSH, count)
    wait_for_pictures(page, quiet=1000)
    lag, shown = page.evaluate("[window.loads.at(-1) - window.pressed, window.loads.length]")
    ended = cell.locator("img").evaluate_all(CONTENT)
    # 한 칸 갔다가 돌아온, 서두르지 않고 그린 그림과 견줍니다.
    press(page, "ArrowLeft")
    press(page, "ArrowRight")
    return {
        "burst_lag": round(lag),
        "burst_pictures": shown,
        "burst_right": ended == cell.locator("img").evaluate_all(CONTENT),
    }


def summary(times):
    """median과 p95를 ms로."""
    return {"median": round(statistics.median(times), 1), "p95": round(statistics.quantiles(times, n=20)[-1], 1)}


def main():
    parser = argparse.ArgumentParser(description="슬라이더의 반응 시간을 재어 표와 JSON 한 줄로 찍습니다.")
    parser.add_argument("--rounds", type=int, default=2, help="두 셀을 번갈아 잴 횟수. 한 번에 키를 20번씩 누릅니다")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, browser_page() as page:
        write_json(f"{folder}/sliders.ipynb", notebook())
        with jupyterlab(folder) as address:
            errors = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            run_notebook(page, address, "sliders.ipynb")
            page.evaluate(WATCH)
            explorer, plain = (page.locator(".jp-Notebook .jp-CodeCell").nth(i) for i in (1, 2))
            times, slow = [], []
            for cell in (explorer, plain):
                measure(page, cell)  # 몸풀기
            for _ in range(rounds):
                times += measure(page, explorer)
                slow += measure(page, plain)
            rushed = burst(page, explorer)
            errors += page.locator(RED).all_inner_texts()
    first, last = (summary(column) for column in zip(*times))
    usual = summary([t for _, t in slow])
    print("| | 중앙값(ms) | 95번째 백분위(ms) |\n|---|---|---|")
    for name, row in (
        ("탐색기: 숫자", first),
        ("탐색기: 모든 그림과 글", last),
        ("interact + plt.subplots(4, 4)", usual),
    ):
        print(f"| {name} | {row['median']} | {row['p95']} |")
    result = {"digits": first, "all": last, "plain": usual, "times_faster": round(usual["median"] / last["median"], 1)}
    print(json.dumps(result | rushed | {"errors": errors}, ensure_ascii=False))


if __name__ == "__main__":
    main()
