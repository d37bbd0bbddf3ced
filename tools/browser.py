"""진짜 JupyterLab을 띄우고 진짜 브라우저로 노트북을 엽니다. 시험과 벤치마크가 함께 씁니다."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tools.lesson import NOTEBOOKS

RED = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'


@contextlib.contextmanager
def jupyterlab(folder):
    """`folder`를 여는 JupyterLab을 이 컴퓨터의 빈 포트에 띄웁니다. 설정과 실행 기록은 임시 폴더에만 남습니다.

    Args:
        folder: 노트북이 있는 폴더.

    Yields:
        str: 주소. 예: `"http://127.0.0.1:40123"`.

    Raises:
        RuntimeError: 120초 안에 뜨지 않을 때(JupyterLab이 남긴 글을 함께 보여 줍니다).
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        folders = {name: f"{home}/{name}" for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")}
        settings, workspaces = f"{home}/settings", f"{home}/workspaces"
        # 소식 알림은 화면을 가리고, 화면 밖의 셀을 지우는 기능은 브라우저에서 셀을 찾지 못하게 합니다.
        write_json(
            f"{home}/CONFIG_DIR/labconfig/page_config.json",
            {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}},
        )
        write_json(f"{settings}/@jupyterlab/notebook-extension/tracker.jupyterlab-settings", {"windowingMode": "none"})
        environment = os.environ | {f"JUPYTER_{name}": path for name, path in folders.items()}
        environment |= {"JUPYTERLAB_SETTINGS_DIR": settings, "JUPYTERLAB_WORKSPACES_DIR": workspaces}
        environment |= {"IPYTHONDIR": f"{home}/ipython", "PYTHONPATH": str(NOTEBOOKS.parent)}
        log = Path(home, "log.txt")
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
                    "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
                    "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
                ],
                env=environment, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + 120
            while not answers(f"{address}/api"):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise RuntimeError(f"JupyterLab이 뜨지 않습니다:\n{log.read_text(encoding='utf-8')[-3000:]}")
                time.sleep(0.2)
            yield address
        finally:
            # 첫 신호에 커널까지 정리하고 끝납니다.
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


def write_json(path, content):
    """`content`를 JSON으로 저장합니다. 폴더가 없으면 만듭니다."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def answers(address):
    """그 주소의 서버가 대답하는지 봅니다."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def browser_page(**options):
    """머리 없는 Chromium의 빈 쪽(1280×900)을 엽니다. playwright와 Chromium이 있어야 합니다.

    Args:
        **options: playwright의 `new_page`에 넘깁니다. 예: `has_touch=True`.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser.new_page(viewport={"width": 1280, "height": 900}, **options)
        finally:
            browser.close()


def run_notebook(page, address, name):
    """노트북을 열어 모든 셀을 차례로 실행하고, 끝날 때까지 기다립니다. 오류가 난 셀에서 멈춥니다."""
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=60_000)
    page.evaluate("""async () => {
        await jupyterapp.shell.currentWidget.sessionContext.ready;
        await jupyterapp.commands.execute("notebook:run-all-cells");
    }""")


def run_cell(page, index):
    """열려 있는 노트북의 `index`번째 셀을 다시 실행하고, 끝날 때까지 기다립니다."""
    page.evaluate(
        """async index => {
            jupyterapp.shell.currentWidget.content.activeCellIndex = index;
            await jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )
