"""진짜 JupyterLab에서 모든 노트북의 슬라이더를 키보드와 마우스로 움직여 봅니다."""

import contextlib
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import lesson
from tools.browser import RED, browser_page, jupyterlab, run_cell, run_notebook

playwright = pytest.importorskip("playwright.sync_api", reason="playwright가 없어 브라우저에서 시험하지 못합니다.")
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
    short = {"SECONDS": 2, "STEPS": 1}
    text = "\n".join(cell.source for cell in notebook.cells)
    constants = {constant: value for constant, value in short.items() if re.search(rf"^{constant} =", text, flags=re.M)}
    return lesson.patch(notebook, asserts=False, **constants)


SMALL = (
    """from ganlib.sliders import sliders
from ganlib.prediction import predict, reveal""",
    """def draw(figure, p):
    figure.subplots().plot([0, p])

sliders(draw, p=("확률", 0.0, 1.0, 0.1, 0.5), show=[dict(p=0.5)])""",
    """guess = predict("누가 이겼을까요?", ["경찰", "위조범"])
guess""",
    """reveal(guess, "위조범")""",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    for name in NAMES:
        nbformat.write(shortened(name), folder / f"{name}.ipynb")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    small = new_notebook(cells=[new_code_cell(source) for source in SMALL], metadata=kernel)
    nbformat.write(small, folder / "small.ipynb")
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
        for number, handle in enumerate(cell.locator(".noUi-handle:visible").all()):
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


def test_arrow_keys_move_a_slider_in_notebook_7(lab, page):
    page.goto(f"{lab[0]}/notebooks/small.ipynb")
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(1)
    handle = cell.locator(".noUi-handle").first
    for _ in range(3):  # 커널이 막 켜질 때에는 메뉴의 실행이 묻히기도 합니다.
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(playwright.TimeoutError):
            handle.wait_for(timeout=15_000)
            break
    for key, value in (("ArrowRight", "0.6"), ("ArrowUp", "0.7"), ("ArrowLeft", "0.6"), ("ArrowDown", "0.5")):
        before = settled(page, cell)
        handle.focus()
        page.keyboard.press(key)
        assert changed(page, cell, before), key
        assert handle.get_attribute("aria-valuenow") == value


def test_a_prediction_is_chosen_locked_and_revealed(lab, page):
    run_notebook(page, lab[0], "small.ipynb")
    asked, shown = (page.locator(".jp-Notebook .jp-CodeCell").nth(i) for i in (2, 3))
    assert asked.get_by_role("button", name="잠그기").is_disabled()
    asked.get_by_role("button", name="경찰").click()
    asked.get_by_role("button", name="학급").click()
    asked.locator("input[type=number]").first.fill("12")
    asked.get_by_role("button", name="잠그기").click()
    asked.get_by_text("잠갔습니다").wait_for()
    assert asked.get_by_role("button", name="위조범").is_disabled()
    run_cell(page, 3)
    shown.get_by_text("예상: 경찰").wait_for()
    text = shown.locator(".jp-OutputArea-output").inner_text()
    assert "결과: 위조범" in text and "경찰 12명, 위조범 0명" in text


def take_pictures(page, cell, folder, name):
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page, cell)
        cell.locator(".jp-OutputArea-output").first.scroll_into_view_if_needed()
        page.screenshot(path=folder / f"{name}-{width}.png")
        outputs = cell.locator(".jp-OutputArea-output").first
        assert outputs.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), f"폭 {width}에서 가로로 넘칩니다"
