"""놀잇감을 진짜 브라우저에서: 커널 없는 쪽에서 규칙과 생김새를, JupyterLab과 Notebook 7에서 손과 코드를 시험합니다."""

import contextlib
import json
import os

import numpy as np
import pytest

from ganlib.play.coin_game import CoinGame
from tools.browser import RED, run_cell, run_notebook

pytestmark = pytest.mark.browser

# 커널 대신 model을 흉내 내는 몇 줄. 상태는 S에 있습니다.
PAGE = """<!doctype html><html lang="ko"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><body style="margin:8px"><div id="panel"></div><script>
const S = %s, heard = {};
const model = {
  get: name => S[name],
  set(name, value) {
    const same = JSON.stringify(S[name]) === JSON.stringify(value);
    S[name] = value;
    if (!same) (heard["change:" + name] || []).forEach(f => f());
  },
  on: (name, f) => (heard[name] ??= []).push(f),
  off: (name, f) => { heard[name] = heard[name].filter(g => g !== f); },
  save_changes() {},
};
%s
const close = widget.render({ model, el: document.getElementById("panel") });
</script>"""


def open_page(page, game, width=760, **state):
    """`game`의 상태로 커널 없는 쪽을 엽니다."""
    page.set_viewport_size({"width": width, "height": 900})
    values = {name: value for name, value in game.get_state().items() if not name.startswith("_")} | state
    page.goto("about:blank")
    page.set_content(PAGE % (json.dumps(values), game._esm.replace("export default", "const widget =")))


def read(page, name):
    return page.evaluate(f"S[{name!r}]")


def say(page):
    page.wait_for_timeout(50)  # 다음 화면은 한 프레임 뒤에 그려집니다.
    return page.locator(".say").inner_text().replace("\xa0", " ")


def knob(page, name):
    return page.locator(f'[role=slider][aria-label*="{name}"]')


def drag(page, handle, dx, dy):
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()


def touch(page, x, y, dy):
    """손가락 하나로 짚어 위아래로 끕니다."""
    fingers = page.context.new_cdp_session(page)
    for kind, way in [("touchStart", 0), ("touchMove", dy / 2), ("touchMove", dy), ("touchEnd", None)]:
        points = [] if way is None else [{"x": x, "y": y + way}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_two_people_play_eight_rounds_behind_a_curtain(browser, errors):
    open_page(browser, CoinGame(p=0.7, seed=1))
    hidden = browser.locator("#panel").inner_text()
    for number in range(1, 9):
        assert "경찰 차례" in say(browser) and f"{number} / 8" in browser.locator(".play").inner_text()
        assert browser.locator(".coin").count() == 40 and knob(browser, "θ").count() == 0
        drag(browser, knob(browser, "앞면"), 0, -30)
        browser.locator(".main").click()
        row = read(browser, "rounds")[-1]
        real, fake = np.array(row["counts"]) / 20
        d, e = row["d_head"], row["d_tail"]
        on_real, on_fake = real * np.log(d) + (1 - real) * np.log(e), fake * np.log(1 - d) + (1 - fake) * np.log(1 - e)
        assert row["points"] == pytest.approx(on_real + on_fake + 2 * np.log(2)) and row["round"] == number
        if number == 8:
            break
        assert "판정했습니다" in say(browser)
        browser.locator(".main").click()
        assert say(browser) == "화면을 위조범에게 넘겨 주세요." and browser.locator("[role=slider], .coin").count() == 0
        browser.locator(".main").click()
        assert "위조범 차례" in say(browser)
        # 위조범은 두 답만 봅니다. 동전도 점수도 p도 없습니다.
        assert browser.locator(".coin").count() == 0 and "점" not in browser.locator(".play").inner_text()
        assert knob(browser, "D(앞면)").get_attribute("aria-disabled") == "true"
        before = read(browser, "theta")
        drag(browser, knob(browser, "θ"), 20, 0)
        assert read(browser, "theta") > before
        hidden += browser.locator("#panel").inner_text()
        browser.locator(".main").click()
        assert say(browser) == "화면을 경찰에게 넘겨 주세요."
        browser.locator(".main").click()
    assert "p = " not in hidden
    ending = say(browser)
    total = sum(row["points"] for row in read(browser, "rounds"))
    assert "p = 0.70" in ending and ("경찰이 이겼습니다" if total > 0 else "위조범이 이겼습니다") in ending
    thetas = [row["theta"] for row in read(browser, "rounds")]
    assert thetas[0] == 0.5 and sorted(set(thetas)) == thetas  # 라운드마다 그 라운드의 θ로 판정했습니다.
    seed = read(browser, "seed")
    browser.get_by_text("새 게임").click()  # p도 새로 뽑지만 우연히 같을 수 있으므로 시드를 봅니다.
    assert "경찰 차례" in say(browser) and read(browser, "rounds") == [] and read(browser, "seed") != seed
    assert errors == []


@pytest.mark.parametrize("police, forger", [("hand", "computer"), ("computer", "hand"), ("computer", "computer")])
def test_a_computer_takes_either_side(browser, errors, police, forger):
    open_page(browser, CoinGame(p=0.8, seed=1))
    for label, player in (("경찰", police), ("위조범", forger)):
        browser.get_by_role("group", name=label, exact=True).get_by_text(
            "컴퓨터" if player == "computer" else "사람"
        ).click()
    for _ in range(40):
        if "p = 0.80" in (now := say(browser)):
            break
        assert "넘겨" not in now
        browser.locator(".main").click()
    assert len(read(browser, "rounds")) == 8 and "p = 0.80" in say(browser)
    if police == "hand":
        assert "비겼습니다" in say(browser)  # 모르겠다고만 답했습니다.
    if forger == "computer" and police == "computer":
        assert read(browser, "theta") > 0.6
    if (police, forger) == ("computer", "hand"):
        assert all(row["d_head"] != 0.5 for row in read(browser, "rounds"))
    assert errors == []


def test_the_handles_answer_to_keys_and_fingers(browser, errors):
    open_page(browser, CoinGame(p=0.7))
    handle = knob(browser, "D(앞면)")
    assert handle.get_attribute("aria-valuenow") == "0.50" and handle.get_attribute("aria-orientation") == "vertical"
    handle.focus()
    for key, value in [
        ("ArrowUp", 0.51),
        ("ArrowRight", 0.52),
        ("ArrowDown", 0.51),
        ("PageUp", 0.61),
        ("End", 0.97),
        ("ArrowUp", 0.97),
        ("Home", 0.03),
    ]:
        browser.keyboard.press(key)
        assert read(browser, "d_head") == pytest.approx(value), key
    browser.wait_for_timeout(50)
    assert handle.get_attribute("aria-valuenow") == "0.03"
    box = knob(browser, "D(뒷면)").locator("xpath=..").bounding_box()
    touch(browser, box["x"] + box["width"] / 2, box["y"] + 0.5 * box["height"], -0.3 * box["height"])
    assert read(browser, "d_tail") == pytest.approx(0.8, abs=0.02)
    assert handle.locator("xpath=..").evaluate("node => getComputedStyle(node).touchAction") == "none"
    assert errors == []


def test_four_groups_bet_and_the_closest_with_fewest_tosses_wins(browser, errors):
    open_page(browser, CoinGame(mode="bet", p=0.62, seed=4))
    for group, (clicks, bet) in enumerate(
        [(["10번"], 0.66), (["1번"], 0.9), (["100번", "100번"], 0.62), (["1번", "1번"], 0.5)], 1
    ):
        assert f"{group}조 차례" in say(browser)
        for label in clicks:
            browser.get_by_role("button", name=label, exact=True).click()
        say(browser)  # 던진 결과가 다 그려진 다음에 손잡이를 잡습니다.
        handle = knob(browser, f"{group}조가 거는 p")
        handle.focus()
        for _ in range(round(abs(bet - 0.5) * 100)):
            browser.keyboard.press("ArrowRight")
        browser.locator(".main").click()
    assert "p = 0.62" in say(browser) and "1조가 이겼습니다" in say(browser)
    assert [(row["tosses"], row["bet"]) for row in read(browser, "bets")] == [
        (10, 0.66),
        (1, 0.9),
        (200, 0.62),
        (2, 0.5),
    ]
    assert 100 < read(browser, "bets")[2]["heads"] < 148
    browser.get_by_text("새 동전").click()
    assert "1조 차례" in say(browser) and read(browser, "bets") == []
    browser.get_by_role("group", name="조의 수").get_by_text("2").click()
    browser.locator(".main").click()
    browser.locator(".main").click()
    assert "p = " in say(browser) and errors == []


def test_the_ball_rolls_to_the_wall_or_to_p(browser, errors):
    open_page(browser, CoinGame(mode="duel", p=0.7, theta=0.3, police="frozen", d_head=0.7, d_tail=0.3))
    browser.get_by_text("10스텝").click()
    browser.wait_for_function("S.rounds.length == 10")
    assert (read(browser, "d_head"), read(browser, "d_tail")) == (0.7, 0.3) and read(browser, "theta") > 0.5
    assert "p = " not in browser.locator(".play").text_content()  # 멈춘 경찰 앞에서는 p도 곡선도 보이지 않습니다
    browser.get_by_text("▶ 끝까지").click()
    browser.wait_for_function("S.theta == 1")
    browser.get_by_role("group", name="경찰").get_by_text("최적").click()
    assert read(browser, "d_head") == pytest.approx(0.7 / 1.7)
    browser.wait_for_function("document.querySelector('.play').textContent.includes('p = 0.70')")
    browser.locator("input[type=range]").fill("0.3")
    browser.get_by_text("▶ 끝까지").click()
    browser.wait_for_function("Math.abs(S.theta - S.p) < 0.005")
    browser.get_by_role("group", name="경찰").get_by_text("손으로").click()
    browser.wait_for_timeout(100)
    drag(browser, knob(browser, "D(뒷면)"), 0, -40)
    drag(browser, knob(browser, "θ"), -60, 0)
    assert read(browser, "d_tail") > 0.6 and read(browser, "theta") < 0.6
    assert errors == []


def test_the_chase_is_the_one_that_python_computes(browser, errors):
    open_page(browser, CoinGame(mode="chase", steps=40))
    assert "균형까지의 거리" in say(browser) and "40스텝" in say(browser)
    browser.get_by_text("번갈아").click()
    drag(browser, browser.locator("[aria-label=출발점]"), 30, -30)
    browser.keyboard.press("ArrowUp")
    browser.locator("input[aria-label='스텝 수']").fill("120")
    state = {name: read(browser, name) for name in ("start", "steps", "alternate", "eta")}
    assert state["start"] != [1, 0] and state["steps"] == 120 and state["alternate"] is True
    distance = np.hypot(*CoinGame(mode="chase", **state).path()[-1])
    assert f"120스텝 뒤 {distance:.2f}" in say(browser)
    browser.get_by_text("처음으로").click()
    browser.get_by_text("▶ 추격").click()
    browser.wait_for_function("S.steps > 5")
    browser.get_by_text("멈추기").click()
    assert errors == []


def states():
    """화면마다 한 상태씩."""
    played = CoinGame(p=0.7, seed=2)
    for _ in range(8):
        played.toss()
        played.next_round()
    rounds = played.rounds
    for phase in ("police", "judged", "to_forger", "forger", "to_police", "end"):
        yield phase, CoinGame(p=0.7), dict(phase=phase, rounds=rounds[: 8 if phase == "end" else 5])
    yield "code", CoinGame(p=0.7), dict(phase="code", rounds=rounds * 12, seen=dict(real=71, fake=60, n=100))
    yield "bet", CoinGame(mode="bet"), dict(turn=dict(heads=40, tosses=70, bet=0.5, latest=[6, 10]))
    bets = [dict(group=i, heads=40, tosses=1000, bet=0.9) for i in range(1, 5)]
    yield "bet-end", CoinGame(mode="bet"), dict(phase="end", bets=bets)
    for police in ("hand", "best"):
        yield f"duel-{police}", CoinGame(mode="duel", theta=0.2, police=police), {}
    yield "chase", CoinGame(mode="chase", steps=120), {}


@pytest.mark.parametrize("name, game, state", list(states()), ids=[name for name, *_ in states()])
def test_every_screen_fits_360_to_800_pixels_in_light_and_dark(browser, errors, name, game, state, tmp_path):
    folder = os.environ.get("SCREENSHOTS", tmp_path)
    for scheme in ("light", "dark"):
        browser.emulate_media(color_scheme=scheme)
        for width in (360, 560, 800):
            open_page(browser, game, width=width, **state)
            browser.wait_for_timeout(60)
            assert overflow(browser) <= 0, f"{name}: 폭 {width}에서 가로로 넘칩니다"
            outside = browser.evaluate("""() => [...document.querySelectorAll(".play :is(button, p, td, .knob, small)")]
                .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)""")
            assert outside == []
            ink, paper = browser.locator(".play").evaluate(
                "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
            )
            assert contrast(ink, paper) > 7
            assert faint(browser) == []
            if width != 560:
                browser.wait_for_timeout(700)
                browser.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png", full_page=True)
    browser.emulate_media(color_scheme="light")
    browser.evaluate("close()")
    assert errors == [] and browser.evaluate("Object.values(heard).flat().length") == 0


def contrast(*colors):
    """WCAG의 명암비."""
    light = []
    for color in colors:
        rgb = np.array([float(part) for part in color[color.index("(") + 1 : -1].split(",")[:3]]) / 255
        light.append(np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])
    return (max(light) + 0.05) / (min(light) + 0.05)


def faint(page):
    """색을 칠한 단추와 손잡이와 동전 가운데 글자의 명암비가 4.5보다 낮은 것."""
    painted = page.evaluate("""() => [...document.querySelectorAll(".play :is(.main, .knob, .coin:not(.tail))")]
        .map(e => [e.textContent, getComputedStyle(e).color, getComputedStyle(e).backgroundColor])""")
    return [text for text, ink, paper in painted if contrast(ink, paper) < 4.5]


CELLS = [
    "import numpy as np\nfrom ganlib.play.coin_game import CoinGame",
    "game = CoinGame(p=0.7, seed=1)\ngame",
    "print(game.theta, game.d_head, len(game.rounds), game.phase)",
    """def play(game):
    for _ in range(120):
        real, fake = game.toss(100)
        game.d_head = real / (real + fake)
        game.d_tail = (1 - real) / (2 - real - fake)
        game.theta += 0.05 * (np.log(game.d_head) - np.log(game.d_tail))
        game.next_round()
game.new_game(p=0.8)
play(game)
game.reveal()""",
    "print(round(abs(game.theta - 0.8), 1), len(game.rounds), game.phase)",
    'CoinGame(mode="duel")',
    'CoinGame(mode="chase")',
    'CoinGame(mode="bet")',
]


def cell(page, index):
    return page.locator(".jp-Notebook .jp-CodeCell").nth(index)


def printed(page, index):
    run_cell(page, index)
    return cell(page, index).locator(".jp-OutputArea-output").inner_text().split()


def in_both_themes(page, panel, folder, name="lab"):
    """JupyterLab의 밝은 테마와 어두운 테마에서 글이 읽히는지 봅니다."""
    for theme in ("Light", "Dark"):
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}")
        page.wait_for_timeout(800)
        ink, paper = panel.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
        assert contrast(ink, paper) > 4.5
        panel.scroll_into_view_if_needed()
        page.screenshot(path=os.path.join(os.environ.get("SCREENSHOTS", folder), f"{name}-{theme}.png"))


def test_hand_and_code_play_on_the_same_panel_in_jupyterlab(lab, browser, errors, tmp_path):
    browser.set_viewport_size({"width": 1280, "height": 1000})
    run_notebook(browser, lab, "cells.ipynb")
    panel = cell(browser, 1).locator(".play")
    panel.wait_for()
    run_cell(browser, 1)  # 모두 실행한 코드가 끝낸 판 대신 새 판을 엽니다.
    panel.get_by_text("이 답으로 판정하기").wait_for()
    assert cell(browser, 1).locator(".play").count() == 1

    handle = panel.locator('[aria-label*="D(앞면)"]')
    handle.scroll_into_view_if_needed()
    drag(browser, handle, 0, -38)
    browser.keyboard.press("ArrowUp")
    for _ in range(3):
        panel.locator(".main").click()
        browser.wait_for_timeout(100)
    drag(browser, panel.locator('[aria-label*="θ"]'), 60, 0)
    browser.wait_for_timeout(300)
    theta, d_head, rounds, phase = printed(browser, 2)
    assert 0.5 < float(theta) < 0.9 and float(d_head) == pytest.approx(0.71, abs=0.03)
    assert (rounds, phase) == ("1", "forger")

    # 다음 셀의 코드가 같은 판을 움직입니다. 셀이 도는 동안에도 움직여야 합니다.
    browser.evaluate("""() => {
        window.seen = new Set();
        window.looking = setInterval(() => {
            const knob = document.querySelectorAll(".jp-CodeCell")[1].querySelector('[aria-label*="θ"]');
            if (knob) window.seen.add(knob.getAttribute("aria-valuenow"));
        }, 20);
    }""")
    run_cell(browser, 3)
    panel.get_by_text("확률은 p").wait_for()
    panel.get_by_text("120라운드").wait_for()
    assert browser.evaluate("clearInterval(looking), seen.size") > 8
    away, rounds, phase = printed(browser, 4)
    assert float(away) <= 0.1 and (rounds, phase) == ("120", "end")
    run_cell(browser, 3)
    assert printed(browser, 4)[1:] == ["120", "end"]
    panel.get_by_text("새 게임").click()
    browser.wait_for_timeout(300)
    assert printed(browser, 2)[2:] == ["0", "police"]
    for index in (5, 6, 7):
        cell(browser, index).locator(".play").wait_for()
    panel.locator("[role=slider]").first.focus()
    browser.keyboard.press("d")
    browser.keyboard.press("d")  # 단축키 dd가 셀을 지우지 않습니다.
    assert browser.locator(".jp-Notebook .jp-CodeCell").count() == len(CELLS)
    in_both_themes(browser, panel, tmp_path)
    assert browser.locator(RED).all_inner_texts() == []
    assert errors == []


def test_every_mode_opens_in_notebook_7(lab, browser):
    with contextlib.closing(browser.context.browser.new_page()) as page:
        page.goto(f"{lab}/notebooks/cells.ipynb")
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        for index in (1, 5, 6, 7):
            cell(page, index).locator(".play .say").wait_for()
        cell(page, 1).get_by_text("새 게임").click()
        cell(page, 1).locator('[aria-label*="D(앞면)"]').focus()
        page.keyboard.press("PageUp")
        page.wait_for_timeout(300)
        cell(page, 2).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        cell(page, 2).get_by_text("0.5 0.6 0 police").wait_for()
        assert page.locator(RED).all_inner_texts() == []
