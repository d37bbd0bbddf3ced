"""살아 있는 무대를 진짜 브라우저에서: 멈추어야 할 때 까닭을 말하며 멈추는지, 손과 글쇠로 그려지는지 시험합니다."""

import contextlib
import json
import os

import pytest
from test_play_browser import PAGE, cell, contrast, in_both_themes, overflow, touch

from ganlib.play.stage import Stage
from tools.browser import RED, run_cell, run_notebook

pytestmark = pytest.mark.browser
CELLS = [
    "import torch\nfrom ganlib.play import stage as package\nfrom ganlib.play.stage import Stage",
    "stage = Stage(seed=0)\nstage",
    "print(stage.playing, stage.rounds, stage._frame['why'],\n"
    "      stage.target, stage.k, stage.ratio, stage.average, sep='|')",
    """def one_round(game):
    if stage.rounds > 40:
        game.no_such_thing
stage.one_round = one_round""",
    """def one_round(game):
    with torch.no_grad():
        game.G[0].weight.fill_(float("nan"))
stage.one_round = one_round""",
    "stage.one_round = package.one_round\nstage.restart()",
    "Stage.replay(Stage(seed=1).record(200, 4))",
]


def open_page(page, stage, width=760, **state):
    """`stage`의 상태로 커널 없는 쪽을 엽니다."""
    page.set_viewport_size({"width": width, "height": 900})
    values = {name: value for name, value in stage.get_state().items() if not name.startswith("_")} | state
    page.goto("about:blank")
    page.set_content(PAGE % (json.dumps(values), stage._esm.replace("export default", "const widget =")))
    page.wait_for_timeout(60)


def read(page, name):
    return page.evaluate(f"S[{name!r}]")


def say(page):
    page.wait_for_timeout(60)
    return page.locator(".say").inner_text().replace("\xa0", " ")


def draw(page, brush, *points):
    """붓의 칸에서 (가로, 세로)의 비율로 적은 점들을 이어 끕니다."""
    area = brush.bounding_box()
    spots = [(area["x"] + across * area["width"], area["y"] + (1 - up) * area["height"]) for across, up in points]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot)
    page.mouse.up()


def test_a_distribution_is_drawn_by_mouse_finger_and_keys(browser, page_errors):
    open_page(browser, Stage(seed=0))
    brush = browser.locator(".brush")
    assert not brush.is_visible()
    browser.get_by_text("직접 그리기").click()
    assert brush.is_visible() and read(browser, "target") == "normal"  # 그리기 전에는 앞의 데이터로 배웁니다.
    draw(browser, brush, (0.1125, 0.2), (0.4125, 0.8))  # 칸 4에서 칸 16까지
    target = read(browser, "target")
    assert len(target) == 40 and target[4:17] == sorted(target[4:17]) and max(target) == pytest.approx(0.8, abs=0.03)
    assert all(height > 0 for height in target[4:17]) and set(target[17:]) == {0}  # 빨리 끌어도 사이가 차 있습니다.
    before = browser.locator("svg").first.inner_html()
    browser.evaluate("model.set('target', S.target.map(h => Number(h)))")
    assert browser.locator("svg").first.inner_html() == before  # 파이썬이 되돌려 준 값에 그림이 튀지 않습니다.
    brush.focus()
    where = int(brush.get_attribute("aria-valuenow"))
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "PageUp", "ArrowUp"):
        browser.keyboard.press(key)
    assert read(browser, "target")[19] == pytest.approx(0.25) and where != 25
    assert brush.get_attribute("aria-valuenow") == "25" and "x = 3.9" in brush.get_attribute("aria-valuetext")
    area = brush.bounding_box()
    touch(browser, area["x"] + 0.9125 * area["width"], area["y"] + area["height"] - 5, -0.5 * area["height"])
    assert read(browser, "target")[36] == pytest.approx(0.5, abs=0.05)
    kept = read(browser, "target")
    browser.get_by_text("지우기").click()
    assert "빈 그림에서는" in say(browser) and read(browser, "target") == kept
    draw(browser, brush, (0.5, 0.0), (0.6, 0.0))
    assert "빈 그림에서는" in say(browser) and read(browser, "target") == kept
    draw(browser, brush, (0.5, 0.4), (0.55, 0.4))
    assert "빈 그림" not in say(browser) and sum(height > 0 for height in read(browser, "target")) in (2, 3)
    browser.get_by_text("두 동물").click()
    assert read(browser, "target") == "animals" and not brush.is_visible()
    browser.wait_for_timeout(60)
    assert "몸무게 (kg)" in browser.locator("svg").first.inner_html()
    assert page_errors == []


def test_every_picture_is_answered_and_buttons_ask(browser, page_errors):
    stage = Stage(seed=0)
    open_page(browser, stage)
    assert read(browser, "seen") == stage._drawn
    stage.step(40)
    browser.evaluate("frame => model.set('frame', frame)", stage._frame | {"playing": True})
    browser.wait_for_timeout(60)
    assert read(browser, "seen") == stage._drawn and "40라운드" in browser.locator(".play").inner_text()
    browser.get_by_text("멈추기").click()
    assert read(browser, "ask")[-1] == "pause"
    for label, name in (("한 라운드", "step"), ("처음부터", "restart")):
        browser.get_by_text(label).click()
        assert read(browser, "ask")[-1] == name
    browser.get_by_text("느리게").click()
    browser.get_by_role("group", name="학습률 비 D/G").get_by_text("0.2").click()
    browser.get_by_role("group", name="D의 스텝 k").get_by_text("5").click()
    browser.get_by_role("group", name="가중치 평균").get_by_text("켬").click()
    assert [read(browser, name) for name in ("slow", "ratio", "k", "average")] == [True, 0.2, 5, True]
    browser.get_by_text("커널이 대답하지 않습니다").wait_for(timeout=10_000)
    browser.evaluate("frame => model.set('frame', frame)", stage._frame | {"number": 99})
    assert "커널" not in say(browser) and page_errors == []


def test_a_recording_plays_without_python(browser, page_errors):
    stage = Stage(seed=1)
    open_page(browser, Stage.replay(stage.record(60, 2)))
    assert "녹화한 학습입니다: 데이터" in say(browser) and browser.get_by_text("한 라운드").count() == 0
    assert browser.get_by_text("직접 그리기").count() == 0
    browser.get_by_text("▶ 녹화 보기").click()
    browser.wait_for_function("S.at == 30", timeout=10_000)
    assert "60라운드" in browser.locator(".play").inner_text()
    browser.get_by_label("녹화의 순간").fill("10")
    browser.wait_for_timeout(60)
    assert read(browser, "at") == 10 and "20라운드" in browser.locator(".play").inner_text()
    browser.get_by_label("녹화의 순간").press("ArrowRight")
    assert read(browser, "at") == 11
    browser.get_by_text("▶ 녹화 보기").click()
    browser.wait_for_function("S.at > 13")
    browser.get_by_text("멈추기").click()
    at = read(browser, "at")
    browser.wait_for_timeout(300)
    assert read(browser, "at") == at and not read(browser, "ask") and page_errors == []


def states():
    """화면마다 한 상태씩."""
    stage = Stage(seed=0)
    yield "fresh", stage, {"frame": stage._frame}
    stage.step(400)
    yield "running", stage, {"frame": stage._frame | {"playing": True}, "slow": True}
    error = "one_round의 3번째 줄에서 오류가 나서 멈췄습니다. 고쳐서 다시 넣고 ▶를 눌러 주세요. NameError: " + "a" * 80
    yield "stopped", stage, {"frame": stage._frame | {"why": error}}
    drawn = Stage(seed=0, target=[0] * 10 + [1, 2, 4, 8, 4, 2, 1] + [0] * 13 + [6] * 5 + [0] * 5, average=True)
    drawn.step(400)
    yield "drawn", drawn, {"frame": drawn._frame}
    animals = Stage(seed=0, target="animals", ratio=0.2)
    animals.step(400)
    yield "animals", animals, {"frame": animals._frame}
    yield "replay", Stage.replay(Stage(seed=1).record(60, 2)), {"at": 20}


def fits(page, name, stage, state, folder):
    """폭 360–800, 밝고 어두운 화면에서 넘치지 않고 읽히는지 보고, 닫으면 아무것도 남지 않는지 봅니다."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 560, 800):
            open_page(page, stage, width=width, **state)
            assert overflow(page) <= 0, f"{name}: 폭 {width}에서 가로로 넘칩니다"
            outside = page.evaluate("""() => [...document.querySelectorAll(".play :is(button, p, small, text)")]
                .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)""")
            assert outside == []
            ink, paper = page.locator(".play").evaluate(
                "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
            )
            assert contrast(ink, paper) > 7
            if width != 560:
                page.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.evaluate("close()")
    assert page.evaluate("Object.values(heard).flat().length") == 0


@pytest.mark.parametrize("name, stage, state", list(states()), ids=[name for name, *_ in states()])
def test_every_screen_fits_360_to_800_pixels_in_light_and_dark(browser, page_errors, name, stage, state, tmp_path):
    fits(browser, name, stage, state, os.environ.get("SCREENSHOTS", tmp_path))
    assert page_errors == []


def report(page):
    """파이썬이 보는 무대: (움직이는지, 라운드, 까닭, 데이터, k, 학습률 비, 평균)."""
    run_cell(page, 2)
    playing, rounds, *rest = cell(page, 2).locator(".jp-OutputArea-output").inner_text().strip().split("|")
    return playing == "True", int(rounds), *rest


@pytest.fixture
def panel(lab, browser, page_errors):
    """JupyterLab에서 새로 연, 움직이고 있는 무대. 끝나면 커널이 살아 있고 붉은 글이 없어야 합니다."""
    browser.set_viewport_size({"width": 1280, "height": 1100})
    run_notebook(browser, lab, "cells.ipynb")
    cell(browser, 6).get_by_text("녹화한 학습입니다").wait_for(timeout=60_000)
    run_cell(browser, 1)
    found = cell(browser, 1).locator(".play")
    start(browser, found)
    yield found
    run_cell(browser, 0)
    assert page_errors == [] and browser.locator(RED).all_inner_texts() == []


def start(page, panel):
    panel.get_by_text("▶ 학습").click()
    panel.get_by_text("멈추기").wait_for()
    page.wait_for_timeout(1500)


def test_another_cell_pauses_it_and_its_own_cell_starts_anew(panel, browser):
    assert "배우고 있습니다" in panel.locator(".say").inner_text()
    playing, rounds, why, *_ = report(browser)
    assert not playing and rounds > 20 and "다른 셀" in why
    panel.get_by_text("다른 셀을 실행해서 멈췄습니다").wait_for()
    start(browser, panel)
    run_cell(browser, 1)  # 무대의 셀을 다시 실행합니다.
    panel.get_by_text("▶를 누르면 G와 D가").wait_for()
    assert cell(browser, 1).locator(".play").count() == 1
    assert report(browser)[:2] == (False, 0)


@pytest.mark.parametrize("index, words", [(3, "one_round의 3번째 줄에서 오류가 나서"), (4, "NaN을 내어 멈췄습니다")])
def test_a_bad_round_stops_it_and_a_good_one_goes_on(panel, browser, index, words):
    run_cell(browser, index)
    panel.get_by_text("▶ 학습").click()
    panel.get_by_text(words).wait_for()
    panel.get_by_text("▶ 학습").wait_for()
    playing, _, why, *_ = report(browser)
    assert not playing and words in why
    run_cell(browser, 5)
    panel.get_by_text("0라운드", exact=True).wait_for()
    start(browser, panel)
    assert report(browser)[1] > 20


def test_a_closed_panel_and_a_closed_tab_stop_it(panel, lab, browser):
    browser.evaluate("""async () => {
        jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
        await jupyterapp.commands.execute("notebook:clear-cell-output");
    }""")
    browser.wait_for_timeout(4500)
    playing, rounds, why, *_ = report(browser)
    assert not playing and "보는 화면이 없어서" in why
    run_cell(browser, 1)
    start(browser, panel)
    browser.goto("about:blank")
    browser.wait_for_timeout(4500)
    browser.goto(f"{lab}/lab/tree/cells.ipynb?reset")
    browser.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=60_000)
    browser.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    playing, rounds, why, *_ = report(browser)
    assert not playing and rounds > 20 and "보는 화면이 없어서" in why


def test_a_restarted_kernel_is_said(panel, browser):
    browser.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    panel.get_by_text("커널을 다시 시작했으면 이 셀을 다시 실행해 주세요").wait_for(timeout=20_000)
    run_cell(browser, 0)
    run_cell(browser, 1)
    start(browser, panel)
    assert report(browser)[1] > 20


def test_the_panels_settings_and_drawing_reach_python_while_it_runs(panel, browser, tmp_path):
    panel.get_by_text("직접 그리기").click()
    draw(browser, panel.locator(".brush"), (0.6, 0.3), (0.7, 0.9), (0.8, 0.3))
    panel.get_by_role("group", name="D의 스텝 k").get_by_text("2").click()
    panel.get_by_role("group", name="학습률 비 D/G").get_by_text("1", exact=True).click()
    panel.get_by_role("group", name="가중치 평균").get_by_text("켬").click()
    browser.wait_for_timeout(1500)
    assert "배우고 있습니다" in panel.locator(".say").inner_text()
    *_, target, k, ratio, average = report(browser)
    heights = json.loads(target)
    assert max(heights) == max(heights[24:32]) > 0.8 and sum(heights[:20]) == 0
    assert (k, ratio, average) == ("2", "1.0", "True")
    panel.get_by_text("느리게").click()
    before = report(browser)[1]
    start(browser, panel)
    browser.wait_for_timeout(1500)
    assert 2 <= report(browser)[1] - before <= 14  # 1초에 세 라운드쯤입니다.
    panel.get_by_text("한 라운드").click()
    browser.wait_for_timeout(500)
    in_both_themes(browser, panel, tmp_path)


def notebook_7(lab, browser, last):
    """Notebook 7에서 모두 실행하고 폭을 360으로 줄입니다. 셀 1의 무대와, 셀 `last`의 녹화를 봅니다."""
    with contextlib.closing(browser.context.browser.new_page()) as page:
        page.goto(f"{lab}/notebooks/cells.ipynb")
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        cell(page, last).get_by_text("녹화한 학습입니다").wait_for(timeout=60_000)
        page.set_viewport_size({"width": 360, "height": 800})
        panel = cell(page, 1).locator(".play")
        panel.get_by_text("▶ 학습").click()
        panel.get_by_text("배우고 있습니다").wait_for()
        panel.get_by_text("멈추기").click()
        panel.get_by_text("멈추었습니다").wait_for()
        for index in (1, last):
            wide, box = cell(page, index).locator(".play").evaluate("e => [e.scrollWidth, e.clientWidth]")
            assert wide <= box + 1
        assert page.locator(RED).all_inner_texts() == []


def test_notebook_7_at_360_pixels(lab, browser):
    notebook_7(lab, browser, last=6)
