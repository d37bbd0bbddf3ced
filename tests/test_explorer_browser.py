"""06차시의 놀잇감을 진짜 브라우저에서: 그림판과 판은 커널 없는 쪽에서, 탐색기와 그림판은 JupyterLab에서 움직입니다."""

import json
import os

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes
from test_play_browser import cell, contrast, drag, open_page, overflow, printed, read, say, touch

from ganlib.play.canvas import DigitCanvas, Pad
from tools.browser import RED, jupyterlab, run_cell, run_notebook

pytestmark = pytest.mark.browser


def test_a_digit_is_drawn_by_mouse_finger_and_keys(browser, errors):
    open_page(browser, DigitCanvas(strokes=[]))
    assert "비어 있습니다" in say(browser)
    paper = browser.locator(".paper")
    drag(browser, paper, 0, 80)
    [stroke] = read(browser, "strokes")
    assert stroke[0] == pytest.approx([0.5, 0.5], abs=0.02)
    assert stroke[-1] == pytest.approx([0.5, 0.5 + 80 / 252], abs=0.02)
    assert "비어" not in say(browser) and paper.locator("polyline").count() == 1

    box = paper.bounding_box()
    touch(browser, box["x"] + 60, box["y"] + 60, 100)
    assert len(read(browser, "strokes")) == 2
    browser.mouse.click(box["x"] + 200, box["y"] + 200)  # 점 하나도 획입니다.
    assert read(browser, "strokes")[2] == [pytest.approx([200 / 252, 200 / 252], abs=0.01)]

    paper.focus()
    for key in ["ArrowLeft"] * 3 + [" "] + ["ArrowUp"] * 7 + ["ArrowRight"] * 2 + [" "] + ["ArrowDown"]:
        browser.keyboard.press(key)
    typed = read(browser, "strokes")[3]
    x, y = 200 / 252 - 3 / 28, 200 / 252
    assert typed[0] == pytest.approx([x, y], abs=0.01) and len(typed) == 10
    assert typed[-1] == pytest.approx([x + 2 / 28, y - 7 / 28], abs=0.01)
    browser.keyboard.press("Backspace")
    browser.get_by_text("되돌리기").click()
    assert len(read(browser, "strokes")) == 2
    browser.get_by_text("지우기").click()
    assert read(browser, "strokes") == [] and "비어 있습니다" in say(browser)
    assert errors == []


def test_strokes_drawn_off_the_edge_stay_on_the_paper(browser, errors):
    open_page(browser, DigitCanvas(strokes=[]))
    drag(browser, browser.locator(".paper"), -400, 0)
    assert DigitCanvas(strokes=read(browser, "strokes")).strokes[0][-1][0] == 0
    assert errors == []


def test_the_shipped_drawing_and_what_the_network_sees(browser, errors):
    canvas = DigitCanvas()
    open_page(browser, canvas)
    assert browser.locator("polyline").count() == len(canvas.strokes)
    pixels = browser.locator(".seen").evaluate("e => [...e.getContext('2d').getImageData(0, 0, 28, 28).data]")
    assert pixels[::4] == canvas.seen
    assert errors == []


def test_the_pad_is_moved_by_mouse_and_keys(browser, errors):
    open_page(browser, Pad(names=["굵기", "기울임"]))
    board = browser.locator(".cross")
    assert "굵기 →" in board.text_content() and "↑ 기울임" in board.text_content()
    drag(browser, board, 48, -24)  # 한 변이 192픽셀이고 끝이 2입니다.
    assert read(browser, "point") == pytest.approx([1, 0.5], abs=0.13)
    start = read(browser, "point")
    for key in ("ArrowRight", "ArrowUp", "ArrowUp", "ArrowDown"):
        browser.keyboard.press(key)
    assert read(browser, "point") == pytest.approx([start[0] + 0.125, start[1] + 0.125])
    drag(browser, board, 500, 500)
    assert read(browser, "point") == [2, -2]
    assert errors == []


@pytest.mark.parametrize("toy", [DigitCanvas(), DigitCanvas(strokes=[]), Pad(names=["굵기", "기울임"])])
def test_it_fits_360_to_800_pixels_in_light_and_dark(browser, errors, toy):
    for scheme in ("light", "dark"):
        browser.emulate_media(color_scheme=scheme)
        for width in (360, 800):
            open_page(browser, toy, width=width)
            browser.wait_for_timeout(60)
            assert overflow(browser) <= 0
            paper = browser.locator(".cross" if toy.kind == "pad" else ".play")
            ink, back = paper.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
            assert contrast(ink, back) > 7
    browser.emulate_media(color_scheme="light")
    browser.evaluate("close()")
    assert errors == [] and browser.evaluate("Object.values(heard).flat().length") == 0


CELLS = [
    """import torch
from ganlib import data, models, plot
from ganlib.play.canvas import DigitCanvas
from ganlib.play.explorer import LatentExplorer
plot.setup()
G = data.load_weights(models.ConvGenerator(), "conv_generator")
classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
D = data.load_weights(models.ConvDiscriminator(), "conv_discriminator")
ink, top = lambda x: x.mean((1, 2, 3)), lambda x: x[:, :, :14].mean((1, 2, 3))
named = {"굵기": (lambda z: -z / z.norm(dim=1, keepdim=True), ink), "머리": (torch.eye(16)[0], top)}
explorer = LatentExplorer(G, named, classifier, D, data.load_mnist("test")[0])""",
    "explorer",
    'print(*(s.value for s in explorer._sliders[:2]), f"{(explorer.z - explorer.start_z(3)).norm():.2f}")',
    "canvas = DigitCanvas()\ncanvas",
    "print(len(canvas.strokes), classifier(canvas.image.unsqueeze(0)).argmax().item())",
    "canvas.strokes = [[[0.5, 0.15], [0.5, 0.85]]]",
]


def test_explorer_and_canvas_in_jupyterlab(browser, errors, tmp_path):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS], metadata=kernel)
    (tmp_path / "play.ipynb").write_text(writes(notebook), encoding="utf-8")
    browser.set_viewport_size({"width": 1280, "height": 1000})
    with jupyterlab(tmp_path) as address:
        run_notebook(browser, address, "play.ipynb")
        explorer, canvas = cell(browser, 1), cell(browser, 3)
        board, paper = explorer.locator(".cross"), canvas.locator(".paper")
        board.wait_for()
        assert printed(browser, 2) == ["0.0", "0.0", "0.00"]
        told = explorer.locator(".widget-html-content", has_text="분류기가 읽은 숫자")
        assert "✓ 시작 숫자" in told.inner_text() and "진짜는 평균" in told.inner_text()

        board.scroll_into_view_if_needed()
        drag(browser, board, 48, -48)
        browser.keyboard.press("ArrowRight")
        dragged = pytest.approx((1.125, 1), abs=0.13)
        for _ in range(20):  # 바쁜 컴퓨터에서는 끈 자리가 늦게 닿습니다.
            browser.wait_for_timeout(500)
            thick, head, moved = map(float, printed(browser, 2))
            if (thick, head) == dragged:
                break
        assert (thick, head) == dragged and moved > 1
        shown = explorer.locator(".noUi-handle").nth(1).get_attribute("aria-valuenow")  # 소수 첫째 자리까지
        assert float(shown) == pytest.approx(thick, abs=0.06)

        explorer.get_by_role("button", name="처음으로").click()
        before = told.inner_text()
        explorer.locator("select").first.select_option("7")
        told.filter(has_text="7 (").wait_for()
        explorer.locator(".noUi-handle").first.focus()
        browser.keyboard.press("End")  # 걷기를 목표까지
        told.filter(has_text="✓ 목표 숫자").wait_for()
        assert told.inner_text() != before
        explorer.get_by_role("button", name="z의 좌표").click()
        explorer.get_by_text("z[5]").wait_for()
        assert "z[0] →" in board.text_content()

        assert printed(browser, 4) == ["1", "1"]  # 마지막 셀이 그린 획 하나
        run_cell(browser, 3)
        assert printed(browser, 4) == ["2", "5"]
        paper.scroll_into_view_if_needed()
        canvas.get_by_text("지우기").click()
        browser.wait_for_timeout(300)
        drag(browser, paper, 0, 90)
        browser.keyboard.press("d")
        browser.keyboard.press("d")  # 단축키 dd가 셀을 지우지 않습니다.
        browser.wait_for_timeout(300)
        assert printed(browser, 4) == ["1", "1"]
        assert canvas.locator("polyline").count() == 1 and browser.locator(".jp-Notebook .jp-CodeCell").count() == len(
            CELLS
        )
        for theme in ("Light", "Dark"):
            browser.evaluate(
                "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
            )
            browser.wait_for_timeout(800)
            ink, back = canvas.locator(".play").evaluate(
                "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
            )
            assert contrast(ink, back) > 4.5
            for index in (1, 3):
                for width in (1280, 800):
                    browser.set_viewport_size({"width": width, "height": 1000})
                    browser.wait_for_timeout(400)
                    output = cell(browser, index).locator(".jp-OutputArea-output").first
                    assert output.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
                    output.scroll_into_view_if_needed()
                    name = f"play-{index}-{theme}-{width}.png"
                    browser.screenshot(path=os.path.join(os.environ.get("SCREENSHOTS", tmp_path), name))
        assert browser.locator(RED).all_inner_texts() == []
    assert json.dumps(errors) == "[]"
