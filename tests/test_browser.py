"""진짜 JupyterLab에서 모든 노트북의 슬라이더를 키보드와 마우스로 움직여 봅니다."""

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from tools import lesson
from tools.browser import RED, browser_page, jupyterlab, run_cell, run_notebook

pytest.importorskip("playwright", reason="playwright가 없어 슬라이더를 브라우저에서 시험하지 못합니다.")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium이 없어 브라우저에서 시험하지 못합니다."),
]


def slides(cell):
    """슬라이더가 있는 셀인지."""
    return "widget" in lesson.tags(cell) or "LatentExplorer(" in cell.source


NAMES = [name for name in lesson.names() if any(map(slides, lesson.read(name).cells))]


def shortened(name):
    """마지막 슬라이더까지의 코드 셀만 남기고, 학습을 2초로 줄이고, 그러면 통과할 수 없는 assert는 뺍니다."""
    notebook = lesson.read(name)
    last = max(i for i, cell in enumerate(notebook.cells) if slides(cell))
    notebook.cells = [
        cell
        for cell in notebook.cells[: last + 1]
        if cell.cell_type == "code" and not lesson.tags(cell) & {"exercise", "result"}
    ]
    short = {"SECONDS": 2, "FEW_SECONDS": 2, "STEPS": 1, "FEW_STEPS": 1}
    text = "\n".join(cell.source for cell in notebook.cells)
    constants = {constant: value for constant, value in short.items() if re.search(rf"^{constant} =", text, flags=re.M)}
    return lesson.patch(notebook, asserts=False, **constants)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    for name in NAMES:
        nbformat.write(shortened(name), folder / f"{name}.ipynb")
    with jupyterlab(folder) as address:
        yield address, folder


@pytest.fixture
def page():
    with browser_page() as page:
        yield page


def settled(page, cell, quiet=0.4):
    """그림이 더 바뀌지 않을 때까지 기다려, 지금 보이는 그림들의 주소를 돌려줍니다."""
    sources = None
    while (now := cell.locator("img").evaluate_all("images => images.map(image => image.src)")) != sources:
        sources = now
        page.wait_for_timeout(quiet * 1000)
    return sources


def changed(page, cell, before):
    """그림이 바뀌었는지, 10초까지 기다려 봅니다."""
    for _ in range(100):
        if cell.locator("img").evaluate_all("images => images.map(image => image.src)") != before:
            return True
        page.wait_for_timeout(100)
    return False


def press(page, handle):
    at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    handle.focus()
    page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")


def drag(page, handle):
    handle.scroll_into_view_if_needed()
    knob = handle.bounding_box()
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]").bounding_box()
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    right = x < track["x"] + track["width"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * (0.8 if right else 0.2), y, steps=5)
    page.mouse.up()


@pytest.mark.parametrize("name", NAMES)
def test_every_slider_moves_its_picture_in_jupyterlab(lab, page, name, tmp_path):
    address, folder = lab
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    run_notebook(page, address, f"{name}.ipynb")
    assert page.locator(RED).all_inner_texts() == []

    cells = nbformat.read(folder / f"{name}.ipynb", as_version=4).cells
    for index in [i for i, cell in enumerate(cells) if slides(cell)]:
        cell = page.locator(".jp-Notebook .jp-CodeCell").nth(index)
        cell.locator(".noUi-handle").first.wait_for()
        for number, handle in enumerate(cell.locator(".noUi-handle").all()):
            for move in (press, drag):
                before = settled(page, cell)
                move(page, handle)
                assert changed(page, cell, before), f"셀 {index}, 슬라이더 {number}: {move.__name__}"
        run_cell(page, index)
        before = settled(page, cell)
        press(page, cell.locator(".noUi-handle").first)
        assert changed(page, cell, before), f"셀 {index}을(를) 다시 실행한 뒤"
        if cell.get_by_text("잠재 공간 탐색기").count():
            take_pictures(page, cell, Path(os.environ.get("SCREENSHOTS", tmp_path)), f"{name}-{index}")
    assert page.locator(RED).all_inner_texts() == []
    assert errors == []


def take_pictures(page, cell, folder, name):
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page, cell)
        cell.locator(".jp-OutputArea-output").first.scroll_into_view_if_needed()
        page.screenshot(path=folder / f"{name}-{width}.png")
        outputs = cell.locator(".jp-OutputArea-output").first
        assert outputs.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"폭 {width}에서 가로로 넘칩니다"
