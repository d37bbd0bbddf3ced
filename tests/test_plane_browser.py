"""평면의 무대를 진짜 브라우저에서: 손가락과 글쇠로 그려지는지, 고른 설정이 파이썬에 닿는지, 폭과 색을 시험합니다."""

import itertools
import math
import os
from types import SimpleNamespace

import pytest
import torch
from test_plane import one_round, opened
from test_play_browser import cell, drag, in_both_themes
from test_stage_browser import fits, notebook_7, open_page, read, say

from ganlib.play.plane import PlaneStage
from tools.browser import RED, run_cell, run_notebook

pytestmark = pytest.mark.browser
CELLS = [
    """from types import SimpleNamespace
import torch
from torch import nn
from ganlib.play.plane import PlaneStage
from ganlib.train import d_step, g_step

def net(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))

def start(real, seed, beta1=0.9, pack=1):
    torch.manual_seed(seed)
    game = SimpleNamespace(G=net(8, 2), D=net(2 * pack, 1), real=real, pack=pack)
    game.noise = lambda count: torch.randn(count, 8)
    game.judge = lambda x: game.D(x.repeat(1, pack))
    game.opt_G, game.opt_D = (torch.optim.Adam(part.parameters(), 1e-3, (beta1, 0.99)) for part in (game.G, game.D))
    return game

def one_round(game):
    fakes = lambda z: game.G(z).view(-1, 2 * game.pack)
    d_step(fakes, game.D, game.opt_D, game.real(128).view(-1, 2 * game.pack), game.noise(128))
    g_step(fakes, game.D, game.opt_G, game.noise(128))

choices = {"beta1": ("β₁", [0.9, 0.0]), "pack": ("묶음 m", [1, 2])}""",
    "stage = PlaneStage(start, one_round, seed=0, choices=choices)\nstage",
    """print(stage.playing, stage.rounds, stage.settings["beta1"], stage.settings["pack"],
      len(stage.target), stage.game.pack, stage._frame["why"], sep="|")""",
    """def broken(game):
    if stage.rounds > 10:
        game.no_such_thing
    one_round(game)
stage.one_round = broken""",
    "stage.one_round = one_round",
    "PlaneStage.replay(PlaneStage(start, one_round, choices=choices, settings={'beta1': 0.0}).record(100, 5))",
]


def test_data_are_drawn_by_mouse_finger_and_keys(browser, page_errors):
    open_page(browser, opened())
    paper = browser.locator(".plane .board")
    assert not paper.is_visible()
    browser.get_by_text("직접 그리기").click()
    assert paper.is_visible() and read(browser, "target") == "ring"  # 그리기 전에는 앞의 데이터로 배웁니다.
    area = paper.bounding_box()
    drag(browser, paper, area["width"] / 3, 0)  # 가운데에서 오른쪽으로 2만큼
    line = read(browser, "target")
    assert line[0] == pytest.approx([0, 0], abs=0.03) and line[-1] == pytest.approx([2, 0], abs=0.1)
    assert max(math.dist(a, b) for a, b in itertools.pairwise(line)) < 0.17  # 빨리 끌어도 사이가 차 있습니다.
    browser.evaluate("model.set('target', S.target.map(p => [...p]))")
    browser.get_by_label("데이터를 그리는 평면").focus()
    for key in ("ArrowUp", "ArrowUp", " ", "ArrowUp", "ArrowUp", "ArrowLeft", " ", "ArrowLeft"):
        browser.keyboard.press(key)
    typed = read(browser, "target")[len(line) :]
    x, y = line[-1]
    assert typed[0] == pytest.approx([x, y + 0.2], abs=0.1) and typed[-1] == pytest.approx([x - 0.1, y + 0.4], abs=0.1)
    assert "들려 있습니다" in paper.get_attribute("aria-label")
    kept = read(browser, "target")
    browser.get_by_text("지우기").click()
    assert "빈 그림에서는" in say(browser) and read(browser, "target") == kept
    area, fingers = paper.bounding_box(), browser.context.new_cdp_session(browser)
    spot = {"x": area["x"] + area["width"] / 4, "y": area["y"] + area["height"] / 4}
    for kind, points in (("touchStart", [spot]), ("touchMove", [spot | {"y": spot["y"] + 40}]), ("touchEnd", [])):
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert "빈 그림" not in say(browser)
    touched = read(browser, "target")
    assert touched[0] == pytest.approx([-1.5, 1.5], abs=0.05) and 2 < len(touched) < len(kept)
    browser.get_by_text("지우기").click()
    for _ in range(12):
        drag(browser, paper, area["width"] / 2 - 2, area["height"] / 2 - 2)
    assert len(read(browser, "target")) == 400  # 파이썬이 받는 만큼만 담습니다.
    browser.get_by_text("여덟 봉우리").click()
    assert read(browser, "target") == "ring" and not paper.is_visible() and page_errors == []


def test_choices_go_to_python_and_the_picture_is_answered(browser, page_errors):
    stage = opened()
    open_page(browser, stage)
    assert read(browser, "seen") == stage._drawn
    stage.step(20)
    browser.evaluate("frame => model.set('frame', frame)", stage._frame)
    browser.wait_for_timeout(60)
    modes, valid, *_ = stage._frame["now"]
    assert read(browser, "seen") == stage._drawn and "20라운드" in browser.locator(".play").inner_text()
    label = browser.locator(".plane canvas").get_attribute("aria-label")
    assert f"덮은 모드 수 {modes} / 8" in label and f"유효한 비율 {100 * valid:.0f}%" in label
    browser.get_by_role("group", name="β₁").get_by_text("0", exact=True).click()
    browser.get_by_role("group", name="G의 손실").get_by_text("포화", exact=True).click()
    assert read(browser, "settings") == {"beta1": 0, "pack": 1, "loss": "포화"}
    assert "같은 시드에서 처음부터" in say(browser)
    browser.evaluate("frame => model.set('frame', frame)", stage._frame | {"number": 90, "why": "까닭입니다."})
    assert say(browser) == "까닭입니다."
    browser.evaluate("frame => model.set('frame', frame)", stage._frame | {"number": 91, "rounds": 500})
    assert "멈추었습니다" in say(browser)
    browser.evaluate("model.set('target', [[0, 0]])")  # 새 데이터의 그림은 조금 뒤에 옵니다.
    stage.target = [[0, 0]]
    browser.evaluate("frame => model.set('frame', frame)", stage._frame | {"number": 92})
    browser.evaluate("model.set('target', 'ring')")
    browser.wait_for_timeout(60)
    assert "유효한 비율만" in browser.locator(".side").inner_text() and page_errors == []


def test_the_map_is_greenest_where_d_says_real(browser, page_errors):
    """D가 오른쪽 위에서만 진짜라고 할 때, 그 자리만 초록입니다. 가짜 하나의 자리도 봅니다."""

    def start(real, seed, **settings):
        def judge(x):
            return 40 * (x.min(1, keepdim=True).values - 1)

        return SimpleNamespace(
            G=lambda z: z + torch.tensor([-2.0, -1.0]), D=judge, noise=lambda count: torch.zeros(count, 2)
        )

    open_page(browser, PlaneStage(start, one_round, target=[[-3, 3]]))

    def color(x, y):
        return browser.evaluate(
            """([x, y]) => {
                const sheet = document.querySelector(".plane canvas"), side = sheet.width - 36;
                const spot = [30 + side * (x / 3 + 1) / 2, 6 + side * (1 - y / 3) / 2];
                return [...sheet.getContext("2d").getImageData(...spot, 1, 1).data];
            }""",
            [x, y],
        )

    assert color(2, 2)[:3] == pytest.approx([0, 158, 115], abs=3) and color(2, 2)[3] > 120
    assert [color(x, y)[3] for x, y in ((2, -2), (-2, 2), (-1, -2), (0, 0))] == [0] * 4
    assert color(-2, -1)[:3] == pytest.approx([213, 94, 0], abs=3) and page_errors == []


def test_a_recording_plays_without_python(browser, page_errors):
    open_page(browser, PlaneStage.replay(opened(seed=1, settings={"pack": 2}).record(60, 2)))
    assert "시드 1, β₁ 0.9, 묶음 m 2, G의 손실 비포화" in say(browser) and browser.get_by_text("한 라운드").count() == 0
    browser.get_by_text("▶ 녹화 보기").click()
    browser.wait_for_function("S.at == 30", timeout=10_000)
    assert "60라운드" in browser.locator(".play").inner_text() and not read(browser, "ask") and page_errors == []


def states():
    """화면마다 한 상태씩."""
    stage = opened()
    yield "fresh", stage, {"frame": stage._frame}
    stage.step(400)
    yield "running", stage, {"frame": stage._frame | {"playing": True}, "slow": True}
    error = "one_round의 3번째 줄에서 오류가 나서 멈췄습니다. 고쳐서 다시 넣고 ▶를 눌러 주세요. NameError: " + "a" * 80
    yield "stopped", stage, {"frame": stage._frame | {"why": error}}
    drawn = opened(target=[[2 * math.sin(t / 20), math.sin(t / 10)] for t in range(126)], settings={"beta1": 0.0})
    drawn.step(400)
    yield "drawn", drawn, {"frame": drawn._frame}
    yield "replay", PlaneStage.replay(opened(seed=1).record(60, 2)), {"at": 20}


def test_every_screen_fits_360_to_800_pixels_in_light_and_dark(browser, page_errors, tmp_path):
    for name, stage, state in states():
        fits(browser, f"plane-{name}", stage, state, os.environ.get("SCREENSHOTS", tmp_path))
    assert page_errors == []


def report(page):
    """파이썬이 보는 무대: (움직이는지, 라운드, β₁, m, 데이터, 신경망의 m, 까닭)."""
    run_cell(page, 2)
    playing, rounds, *rest = cell(page, 2).locator(".jp-OutputArea-output").inner_text().strip().split("|")
    return playing == "True", int(rounds), *rest


def test_it_plays_in_jupyterlab_with_hand_and_code(lab, browser, page_errors, tmp_path):
    browser.set_viewport_size({"width": 1280, "height": 1100})
    run_notebook(browser, lab, "cells.ipynb")
    cell(browser, 5).get_by_text("녹화한 학습입니다").wait_for(timeout=60_000)
    run_cell(browser, 1)
    panel = cell(browser, 1).locator(".play")

    def play():
        panel.get_by_text("▶ 학습").click()
        panel.get_by_text("멈추기").wait_for()
        browser.wait_for_timeout(2000)

    play()
    assert "배우고 있습니다" in panel.locator(".say").inner_text()
    panel.get_by_role("group", name="묶음 m").get_by_text("2").click()
    panel.get_by_text("같은 시드에서 처음부터").wait_for()
    panel.get_by_text("직접 그리기").click()
    drag(browser, panel.locator(".board"), 80, 30)
    browser.wait_for_timeout(1500)
    playing, rounds, beta1, pack, points, nets, why = report(browser)
    assert not playing and rounds > 20 and (beta1, pack, nets) == ("0.9", "2", "2") and "다른 셀" in why
    assert 5 < int(points) < 60
    panel.get_by_text("여덟 봉우리").click()
    panel.get_by_role("group", name="β₁").get_by_text("0", exact=True).click()
    play()
    in_both_themes(browser, panel, tmp_path, name="plane-lab")
    run_cell(browser, 3)
    panel.get_by_text("▶ 학습").click()
    panel.get_by_text("broken의 3번째 줄에서 오류가 나서").wait_for()
    run_cell(browser, 1)
    panel.get_by_text("▶를 누르면 G와 D가").wait_for()
    assert report(browser)[:2] == (False, 0) and page_errors == []
    assert browser.locator(RED).all_inner_texts() == []


def test_notebook_7_at_360_pixels(lab, browser):
    notebook_7(lab, browser, last=5)
