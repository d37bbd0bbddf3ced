"""한글 쓰는 상자를 진짜 JupyterLab에서: 입력기가 글자를 조합하는 동안에도 글이 깨지지 않고, 그림이 따라와야 합니다."""

import os

import pytest
from test_play_browser import cell, contrast, printed

from tools.browser import RED, run_notebook

pytestmark = pytest.mark.browser

CELLS = [
    """import torch
from ganlib import hangul, models, plot
from ganlib.play.writer import HangulWriter
plot.setup()
torch.manual_seed(0)
G = models.HangulGenerator()
with torch.no_grad():
    for layer in G.modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.ConvTranspose2d)):
            layer.weight.mul_(10)
writer = HangulWriter(G, ~hangul.held_out())""",
    "writer",
    "print(repr(writer.text))",
    'writer.text = "뷁 시"',
    "print(writer._weight.value)",
]
# 조합이 언제 시작하고 무엇으로 끝나는지 적어 둡니다.
WATCH = """box => {
    window.composed = [];
    box.addEventListener("compositionstart", () => composed.push("시작"));
    box.addEventListener("compositionend", event => composed.push(event.data));
}"""


@pytest.fixture
def writing(lab, browser, errors):
    """열린 노트북의 한글 쓰는 상자. 글은 비어 있습니다."""
    browser.set_viewport_size({"width": 1280, "height": 1000})
    run_notebook(browser, lab, "cells.ipynb")
    writer = cell(browser, 1)
    writer.get_by_text("본 적 없는 글자 2자: 뷁 시").wait_for()  # 마지막 앞 셀이 넣은 글
    box = writer.locator("textarea")
    assert box.input_value() == "뷁 시"
    box.evaluate(WATCH)
    box.click()
    browser.keyboard.press("Control+A")
    browser.keyboard.press("Backspace")
    writer.get_by_text("쓸 한글이 아직 없습니다").wait_for()
    yield writer
    assert browser.locator(RED).all_inner_texts() == [] and errors == []


@pytest.mark.parametrize("pause", [0, 300], ids=["쉬지 않고", "그림을 기다리며"])
def test_composing_is_never_broken_and_the_picture_follows(browser, writing, pause):
    box, image = writing.locator("textarea"), writing.locator("img")
    keys, written = browser.context.new_cdp_session(browser), ""
    for steps in ("ㅎ하한", "ㄱ그글", "ㅂ부붸뷀뷁"):
        for step in steps:
            before = image.get_attribute("src")
            keys.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
            browser.wait_for_timeout(pause)
            assert box.input_value() == written + step
            assert not pause or image.get_attribute("src") != before  # 조합하는 도중에도 그림이 따라옵니다.
        keys.send("Input.insertText", {"text": step})  # 음절을 확정합니다.
        written += step
        assert box.input_value() == written
    assert browser.evaluate("composed") == ["시작", "한", "시작", "글", "시작", "뷁"]
    writing.get_by_text("본 적 없는 글자 1자: 뷁").wait_for()
    assert printed(browser, 2) == ["'한글뷁'"]


def test_keys_lines_and_sliders(browser, writing):
    browser.keyboard.insert_text("가나")
    for key in ("Enter", "d", "d", "ArrowLeft", "ArrowUp", "Delete"):  # 셀을 지우거나 옮기지 않습니다.
        browser.keyboard.press(key)
    writing.get_by_text("쓰지 못한 글자: d").wait_for()
    assert printed(browser, 2) == ["'가\\ndd'"]
    assert browser.locator(".jp-Notebook .jp-CodeCell").count() == len(CELLS)
    image, handles = writing.locator("img"), writing.locator(".noUi-handle")
    assert handles.count() == 3
    for i in range(3):
        before = image.get_attribute("src")
        handles.nth(i).focus()
        browser.keyboard.press("ArrowRight")
        browser.wait_for_function("([e, old]) => e.src != old", arg=[image.element_handle(), before])
    assert printed(browser, 4) == ["0.05"]
    before = image.get_attribute("src")
    writing.get_by_role("button", name="새로 뽑기").click()
    browser.wait_for_function("([e, old]) => e.src != old", arg=[image.element_handle(), before])


def test_it_fits_and_can_be_read_in_light_and_dark(browser, writing, tmp_path):
    browser.keyboard.insert_text("동해물과 백두산이 마르고 닳도록 하느님이 보우하사 뷁 A3ㅋ")
    told = writing.get_by_text("쓰지 못한 글자: A 3 ㅋ")
    told.wait_for()
    for theme in ("Light", "Dark"):
        browser.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
        )
        browser.wait_for_timeout(800)
        ink = told.evaluate("e => getComputedStyle(e).color")
        paper = browser.locator(".jp-Notebook").evaluate("e => getComputedStyle(e).backgroundColor")
        assert contrast(ink, paper) > 4.5
        for width in (1280, 800, 360):
            browser.set_viewport_size({"width": width, "height": 1000})
            browser.evaluate("wide => wide || jupyterapp.shell.collapseLeft()", width > 800)
            browser.wait_for_timeout(400)
            output = writing.locator(".jp-OutputArea-output").first
            assert output.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
            right = output.bounding_box()["x"] + output.bounding_box()["width"]
            for inside in (writing.locator("textarea"), writing.locator("img")):
                assert inside.bounding_box()["x"] + inside.bounding_box()["width"] <= right
            output.scroll_into_view_if_needed()
            name = f"writer-{theme}-{width}.png"
            browser.screenshot(path=os.path.join(os.environ.get("SCREENSHOTS", tmp_path), name))
