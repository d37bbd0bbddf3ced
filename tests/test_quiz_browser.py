"""“진짜? 가짜?”를 진짜 브라우저에서: 커널 없는 쪽에서 세기와 생김새를, JupyterLab에서 도는 셀 옆의 표를 시험합니다."""

import os

import pytest
import torch
from test_play_browser import contrast, faint, open_page, overflow, read

from ganlib.play.quiz import Quiz
from tools.browser import RED, run_cell, run_notebook

pytestmark = pytest.mark.browser
FAKE = [True, False, True, False]
JUDGED = [True, True, True, False]
IMAGES = torch.rand(24, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(60)  # 다음 화면은 한 프레임 뒤에 그려집니다.


def text(page):
    return page.locator(".play").inner_text().replace("\xa0", " ")


def scores(page):
    return page.locator(".scores").inner_text().split("\n")


def same_tally(page, quiz):
    """브라우저의 표를 파이썬에 옮겨, 같은 점수가 나오는지 봅니다."""
    for name in ("answers", "hands", "people", "together", "cards"):
        setattr(quiz, name, read(page, name))
    return quiz.tally


def test_cards_are_answered_and_opened(browser, errors):
    quiz = Quiz(IMAGES[:4], FAKE, JUDGED)
    open_page(browser, quiz)
    for name in ("1 ?", "1 가짜", "1 진짜", "1 ?", "2 ?"):
        press(browser, name)
    assert browser.get_by_role("button", name="1 가짜").count() == 1 and "4장 가운데 2장에" in text(browser)
    browser.get_by_role("button", name="2 가짜").focus()
    browser.keyboard.press("Enter")
    browser.wait_for_timeout(60)
    browser.keyboard.press("Space")  # 한 번 더 돌아 ?가 됩니다.
    browser.wait_for_timeout(60)
    press(browser, "2 ?")
    press(browser, "공개")
    # 첫째는 맞고 둘째는 틀렸습니다. 판별자와는 답한 두 그림에서만 겨룹니다.
    assert scores(browser) == ["우리가 맞힌 비율", "50%", "판별자 D가 맞힌 비율", "50%", "동전을 던져 답하면", "50%"]
    labels = browser.locator(".cards button").all_inner_texts()
    assert [label.strip() for label in labels] == ["1 가짜 ○", "2 진짜 ×", "3 가짜", "4 진짜"]
    assert browser.locator(".cards button:disabled").count() == 4
    borders = browser.locator(".cards img").evaluate_all("es => es.map(e => getComputedStyle(e).borderColor)")
    assert borders == ["rgb(213, 94, 0)", "rgb(0, 114, 178)"] * 2
    assert same_tally(browser, quiz) == dict(ours=1, D=1, asked=2) and errors == []


def test_without_answers_only_the_judge_is_scored(browser, errors):
    open_page(browser, Quiz(IMAGES[:4], FAKE, JUDGED))
    press(browser, "공개")
    assert "아직 답하지 않았습니다." in text(browser)
    assert scores(browser)[:2] == ["판별자 D가 맞힌 비율", "75%"]
    open_page(browser, Quiz(IMAGES[:4], FAKE), opened=True)
    assert "판별자" not in text(browser) and errors == []


def test_a_class_raises_hands(browser, errors):
    quiz = Quiz(IMAGES[:4], FAKE, JUDGED)
    open_page(browser, quiz)
    press(browser, "3 ?")
    press(browser, "학급")
    browser.get_by_label("인원").fill("20")
    for i, hands in enumerate(["15", " 5 ", "많이", ""], start=1):
        browser.get_by_label(f"{i}번 그림").fill(hands.strip())
    browser.wait_for_timeout(60)
    assert "4장 가운데 2장에" in text(browser)
    press(browser, "학급")
    assert browser.get_by_role("button", name="3 가짜").count() == 1  # 혼자 답한 것도 남아 있습니다.
    press(browser, "학급")
    assert browser.get_by_label("1번 그림").input_value() == "15"
    press(browser, "공개")
    assert scores(browser)[:4] == ["우리가 맞힌 비율", "75%", "판별자 D가 맞힌 비율", "50%"]
    assert same_tally(browser, quiz) == dict(ours=1.5, D=1, asked=2) and errors == []


def push(page, quiz, *row):
    """커널이 그림을 넣은 것처럼 합니다."""
    quiz.push(*row)
    page.evaluate("cards => model.set('cards', cards)", quiz.cards)
    page.wait_for_timeout(60)


def test_pictures_are_asked_one_by_one(browser, errors):
    quiz = Quiz()
    open_page(browser, quiz)
    assert "학습 셀을 실행하면" in text(browser)
    browser.get_by_role("button", name="진짜", exact=True).click(force=True)  # 그림이 없으면 아무 일도 없습니다.
    browser.keyboard.press("2")
    assert read(browser, "answers") == {}
    for step, (fake, judged) in enumerate(zip(FAKE, JUDGED)):
        push(browser, quiz, IMAGES[step], fake, judged, 1000 * step)
    assert "스텝 0 · 3장이 기다립니다" in text(browser)
    shown = browser.locator(".big img").get_attribute("src")
    assert shown == quiz.cards[0]["image"]
    press(browser, "가짜")
    assert "우리 1/1 · D 1/1" in text(browser) and "가짜였습니다. 우리 ○ · D ○ (스텝 0)" in text(browser)
    assert browser.locator(".last img").get_attribute("src") == shown
    browser.keyboard.press("ArrowRight")  # 단추를 누른 뒤에는 글쇠로도 답합니다.
    browser.wait_for_timeout(60)
    assert "우리 1/2 · D 1/2" in text(browser) and "진짜였습니다. 우리 × · D ×" in text(browser)
    browser.locator(".big img").click()  # 그림을 눌러도 글쇠가 이 판으로 옵니다.
    for key in ("1", "ArrowLeft"):
        browser.keyboard.press(key)
        browser.wait_for_timeout(60)
    assert "우리 2/4 · D 3/4" in text(browser) and "다음 그림을 기다립니다." in text(browser)
    assert same_tally(browser, quiz) == dict(ours=2, D=3, asked=4)

    for step in range(4, 24):  # 기다리는 그림이 많아도 보고 있는 그림은 바뀌지 않습니다.
        push(browser, quiz, IMAGES[step], True, False, 1000 * step)
        assert "스텝 4,000" in text(browser)
    assert "12장이 기다립니다" in text(browser)
    press(browser, "가짜")
    assert "스텝 12,000 · 11장이 기다립니다" in text(browser) and "(스텝 4,000)" in text(browser)
    assert browser.locator(".last img").get_attribute("src").startswith("data:image/png")
    assert "우리 3/5 · D 3/5" in text(browser)
    push(browser, quiz, IMAGES[0], True, True, 0)  # 셀을 다시 실행하면 새로 셉니다.
    assert "스텝 0 · 0장이 기다립니다" in text(browser) and "우리와 D의 점수" in text(browser)
    press(browser, "가짜")
    assert "우리 1/1 · D 1/1" in text(browser) and errors == []


def test_a_class_raises_hands_for_one_picture(browser, errors):
    quiz = Quiz()
    open_page(browser, quiz)
    press(browser, "학급")
    press(browser, "이대로 답하기")
    for step in range(3):
        push(browser, quiz, IMAGES[step], step == 0, True, step)
    browser.get_by_label("인원").fill("20")
    press(browser, "이대로 답하기")
    hands = browser.get_by_label("‘가짜’에 손을 든 사람")
    assert read(browser, "answers") == {} and hands.evaluate("e => e === document.activeElement")
    browser.keyboard.type("12")  # 1과 2를 적어도 답이 되지 않습니다.
    press(browser, "+")
    press(browser, "+")
    press(browser, "−")
    assert hands.input_value() == "13"
    press(browser, "이대로 답하기")
    assert hands.input_value() == "" and "우리 0.7/1 · D 1/1" in text(browser)
    hands.fill("20")
    hands.press("Enter")
    browser.wait_for_timeout(60)
    assert "우리 0.7/2 · D 1/2" in text(browser) and "진짜였습니다. 우리 × · D ×" in text(browser)
    assert same_tally(browser, quiz) == dict(ours=0.65, D=1, asked=2) and errors == []


def states():
    """화면마다 한 상태씩."""
    sheet, live = Quiz(IMAGES, [i % 2 for i in range(24)], [1] * 24), Quiz()
    for step in range(24):
        live.push(IMAGES[step], step % 2, step % 3 == 0, 50 * step)
    some = {str(i): i % 3 / 2 for i in range(1, 15)}
    yield "sheet", sheet, dict(answers={"1": 1, "2": 0})
    yield "sheet-class", sheet, dict(together=True, hands={"1": 12})
    yield "sheet-opened", sheet, dict(opened=True, answers=some)
    yield "live-empty", Quiz(), {}
    yield "live-during", live, dict(answers=some)
    yield "live-class", live, dict(answers=some, together=True)
    yield "live-after", live, dict(answers=some | {str(i): 1 for i in range(15, 25)})


@pytest.mark.parametrize("name, quiz, state", list(states()), ids=[name for name, *_ in states()])
def test_every_screen_fits_360_to_800_pixels_in_light_and_dark(browser, errors, name, quiz, state, tmp_path):
    folder = os.environ.get("SCREENSHOTS", tmp_path)
    for scheme in ("light", "dark"):
        browser.emulate_media(color_scheme=scheme)
        for width in (360, 560, 800):
            open_page(browser, quiz, width=width, **state)
            browser.wait_for_timeout(60)
            assert overflow(browser) <= 0, f"{name}: 폭 {width}에서 가로로 넘칩니다"
            outside = browser.evaluate("""() => [...document.querySelectorAll(".play :is(button, input, img, small)")]
                .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)""")
            assert outside == []
            ink, paper = browser.locator(".play").evaluate(
                "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
            )
            assert contrast(ink, paper) > 7
            assert faint(browser) == []
            browser.screenshot(path=f"{folder}/quiz-{name}-{scheme}-{width}.png", full_page=True)
    browser.emulate_media(color_scheme="light")
    browser.evaluate("close()")
    assert errors == [] and browser.evaluate("Object.values(heard).flat().length") == 0


CELLS = [
    "import time\nimport torch\nfrom ganlib.play.quiz import Quiz",
    "sheet = Quiz(torch.zeros(4, 1, 28, 28), [1, 0, 1, 0], [1, 1, 0, 0])\nsheet",
    "print(sheet.votes, sheet.opened)",
    "quiz = Quiz()\nquiz",
    """for step in range(12):
    quiz.push(torch.full((1, 28, 28), step / 12), step % 2, True, step)
    time.sleep(1)  # 학습하는 셀처럼 커널을 붙들고 있습니다.
print("끝")""",
    "print(quiz.tally)",
]


def test_votes_are_counted_beside_a_blocking_cell_in_jupyterlab(lab, browser, errors):
    def cell(index):
        return browser.locator(".jp-Notebook .jp-CodeCell").nth(index)

    def printed(index):
        run_cell(browser, index)
        return cell(index).locator(".jp-OutputArea-output").inner_text().strip()

    browser.set_viewport_size({"width": 1280, "height": 1000})
    run_notebook(browser, lab, "cells.ipynb")
    sheet, live = cell(1).locator(".play"), cell(3).locator(".play")
    sheet.get_by_role("button", name="1 ?").click()
    sheet.get_by_role("button", name="2 ?").press("Enter")
    sheet.get_by_role("button", name="2 가짜").press("Enter")
    sheet.get_by_role("button", name="2 진짜").wait_for()
    sheet.get_by_role("button", name="공개").click()
    sheet.get_by_text("우리가 맞힌 비율").wait_for()
    browser.wait_for_timeout(300)
    assert printed(2) == "[1, 0, None, None] True"

    run_cell(browser, 3)  # 모두 실행하며 찬 판 대신 빈 판을 엽니다.
    live.get_by_text("학습 셀을 실행하면").wait_for()
    browser.evaluate("""() => {
        const notebook = jupyterapp.shell.currentWidget.content;
        notebook.activeCellIndex = 4;
        window.done = false;
        jupyterapp.commands.execute("notebook:run-cell").then(() => { window.done = true; });
    }""")
    for number in range(6):  # 넣은 그림은 셀이 도는 동안 나타나고, 표도 그동안 셉니다.
        live.get_by_text(f"스텝\xa0{number} ·").wait_for(timeout=5000)
        if number % 2:
            browser.keyboard.press("2")
        else:
            live.get_by_role("button", name="가짜", exact=True).click()
        live.get_by_text(f"/{number + 1} · D {(number + 1) // 2}/{number + 1}").wait_for(timeout=1000)
    assert browser.evaluate("window.done") is False
    browser.wait_for_function("window.done", timeout=30_000)
    browser.keyboard.press("d")
    browser.keyboard.press("d")  # 판 안에서는 단축키 dd가 셀을 지우지 않습니다.
    run_cell(browser, 5)
    cell(5).get_by_text("{'ours': 3, 'D': 3, 'asked': 6}").wait_for()  # 바쁜 컴퓨터에서는 새 출력이 늦게 그려집니다.
    live.get_by_text("5장이 기다립니다").wait_for()  # 셀이 끝난 뒤에도 이어서 답합니다.
    browser.keyboard.press("Tab")
    live.get_by_role("button", name="진짜", exact=True).click()
    live.get_by_text("우리 4/7 · D 3/7").wait_for()
    browser.wait_for_timeout(300)
    assert printed(5) == "{'ours': 4, 'D': 3, 'asked': 7}"
    assert browser.locator(".jp-Notebook .jp-CodeCell").count() == len(CELLS)
    assert browser.locator(RED).all_inner_texts() == [] and errors == []
