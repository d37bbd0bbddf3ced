"""진짜 브라우저를 여는 시험들과 살아 있는 무대의 시험들이 함께 쓰는 것."""

import importlib.util
import shutil
import threading

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools.browser import browser_page, jupyterlab


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser"):
        for name, found in (
            ("playwright", importlib.util.find_spec("playwright")),
            ("Chromium", shutil.which("chromium")),
        ):
            if not found:
                pytest.skip(f"{name}이(가) 없어 브라우저에서 시험하지 못합니다.")


@pytest.fixture(scope="module")
def browser():
    with browser_page() as page:
        yield page


@pytest.fixture
def page_errors(browser):
    """그 쪽의 스크립트가 낸 오류들."""
    found = []
    browser.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def errors(browser, page_errors):
    """스크립트의 오류와, 콘솔에 찍힌 오류들."""
    browser.on("console", lambda message: page_errors.append(message.text) if message.type == "error" else None)
    return page_errors


@pytest.fixture(scope="module")
def lab(request, tmp_path_factory):
    """시험 파일의 CELLS를 담은 cells.ipynb가 있는 JupyterLab의 주소."""
    folder = tmp_path_factory.mktemp("notebooks")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [new_code_cell(source) for source in request.module.CELLS]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "cells.ipynb")
    with jupyterlab(folder) as address:
        yield address


@pytest.fixture
def watched(monkeypatch):
    """그림을 보내면 바로 보았다고 대답하는 화면을 무대에 답니다. 끝나면 스레드가 남지 않아야 합니다."""
    stages = []

    def watch(stage):
        stages.append(stage)
        monkeypatch.setattr(stage, "send_state", lambda key=None: setattr(stage, "seen", stage._drawn), raising=False)
        return stage

    yield watch
    for stage in stages:
        stage.pause()
        assert not stage.playing
    assert not [thread for thread in threading.enumerate() if "_run" in thread.name]
