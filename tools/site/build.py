"""쪽을 짓는 차례: 움직이는 것을 모으고(바뀐 차시만), 쪽을 짓고, 찾기와 첫 쪽을 만듭니다."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pygments.formatters import HtmlFormatter

from tools.lesson import NOTEBOOKS, names, read
from tools.site.front import front
from tools.site.page import CACHE, Lesson
from tools.site.templates import fill

HERE, ROOT = Path(__file__).parent, NOTEBOOKS.parent
COLLECTING = ("collect", "frames", "svg", "needed", "playthings", "generator", "files")


def build(out, lessons=None):
    """`out`에 쪽을 모두 짓습니다. `lessons`는 지을 차시의 이름들이며, 없으면 모두입니다."""
    start, lessons = time.perf_counter(), lessons or names()
    out.mkdir(parents=True, exist_ok=True)
    for folder in ("images", "live", "play", "notebooks", "vendor"):
        shutil.rmtree(out / folder, ignore_errors=True)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        folders = [*pool.map(cached, lessons[::-1])][::-1]  # 뒤의 차시가 오래 걸리므로 먼저 합니다.
    print(f"움직이는 것을 모았습니다({time.perf_counter() - start:.0f}초)", flush=True)
    for name, folder in zip(lessons, folders):
        shutil.copytree(folder, out / "live" / name)
    place_files(out, lessons)
    made = [Lesson(name, out) for name in lessons]
    for i, lesson in enumerate(made):
        before, after = (made[k] if 0 <= k < len(made) else None for k in (i - 1, i + 1))
        text = fill(
            "page", lesson=lesson, body=lesson.body(), lessons=made, before=before, after=after, title=lesson.title,
            sections=[row for row in lesson.sections() if row[0] == 2], commands=commands(),
        )  # fmt: skip
        (out / f"{lesson.name}.html").write_text(text, encoding="utf-8")
    text = fill("page", lessons=made, body=front(made, out), title="한국어로 배우는 GAN", commands=commands())
    (out / "index.html").write_text(text, encoding="utf-8")
    rows = [[lesson.name, lesson.title, lesson.search_rows()] for lesson in made]
    taking = ["노트북에서 이어 하기", "take", "노트북을 받아 설치하고 실행하기. Python, JupyterLab"]
    teaching = ["교사에게", "teachers", "교사가 이 쪽으로 수업하기. 교사용 진행표, 학급의 투표, 인쇄"]
    rows.append(["index", "첫 쪽", [taking, teaching]])
    (out / "search-index.js").write_text(f"gan.index={json.dumps(rows, ensure_ascii=False)};\n", encoding="utf-8")
    for path in (out / "live").glob("*/live.json"):
        path.unlink()
    size = sum(path.stat().st_size for path in out.glob("**/*") if path.is_file())
    print(f"{len(made)}차시를 지었습니다: {out} ({size / 1e6:.1f} MB, {time.perf_counter() - start:.0f}초)")


def cached(name):
    """차시의 자료가 담긴 폴더. 차시의 코드와 그것을 만드는 코드가 그대로이면 앞의 것을 씁니다."""
    folder = CACHE / f"{name}-{fingerprint(name)}"
    if (folder / "live.json").exists():
        return folder
    for old in CACHE.glob(f"{name}-*"):
        shutil.rmtree(old, ignore_errors=True)
    start = time.perf_counter()
    command = [sys.executable, "-m", "tools.site.collect", name, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    if done.returncode:
        raise RuntimeError(f"{name}의 움직이는 것을 모으지 못했습니다.\n{done.stderr[-3000:]}")
    print(f"  {name}의 셀을 실행하고 장면을 그렸습니다({time.perf_counter() - start:.0f}초)", flush=True)
    return folder


def fingerprint(name):
    """자료를 정하는 것의 지문: 차시의 코드, ganlib, 자료를 모으는 파이썬, data의 확인합."""
    cells = [cell for cell in read(name).cells if cell.cell_type == "code"]
    parts = [cell.source + json.dumps(cell.metadata.get("site", {})) for cell in cells]
    files = [path for kind in ("py", "js") for path in sorted((ROOT / "ganlib").glob(f"**/*.{kind}"))]
    files += [HERE / f"{each}.py" for each in COLLECTING] + [ROOT / "data/SHA256SUMS"]
    parts += [path.read_text(encoding="utf-8") for path in files]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def place_files(out, lessons):
    """스크립트와 모양, KaTeX, 내려받을 노트북을 놓습니다."""
    shutil.copytree(HERE / "static", out, dirs_exist_ok=True)
    colors = [HtmlFormatter(style="xcode").get_style_defs("pre.code")]
    dark = HtmlFormatter(style="github-dark").get_style_defs("[data-theme=dark] pre.code")
    (out / "code.css").write_text("\n".join([*colors, dark]), encoding="utf-8")
    shutil.copytree(HERE / "vendor", out / "vendor")
    (out / "notebooks").mkdir()
    for name in lessons:
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", out / "notebooks" / f"{name}.ipynb")


def commands():
    """README의 설치 명령 두 줄: (Linux와 macOS, Windows)."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").split("\n")
    shells = ("python3 -m venv .venv", "py -3.13 -m venv .venv")
    return [next(line for line in lines if line.startswith(shell)) for shell in shells]
