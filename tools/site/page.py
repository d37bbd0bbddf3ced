"""노트북 하나를 쪽 하나로 짓습니다. 결과는 노트북에 저장된 것이고, 접힌 곳은 모두 <details>입니다."""

import base64
import hashlib
import html
import io
import json
import re
import shutil
import struct
from pathlib import Path

from PIL import Image

import ganlib.play
from tools.lesson import NOTEBOOKS, read
from tools.site.cells import code_cell
from tools.site.files import write
from tools.site.markdown import plain, slug, to_html

PLAY = Path(ganlib.play.__file__).parent
CACHE = NOTEBOOKS.parent / "build" / "site"  # 다시 지을 때 쓸 것
FOLDED = re.compile(r"## (심화|교사용 진행표)")


class Lesson:
    """차시 하나: 셀, 움직이는 것의 자료, 쪽이 쓸 파일을 놓을 곳.

    Args:
        name: 차시의 이름.
        out: 쪽을 지을 폴더. 움직이는 것의 자료는 이미 `out/live/name`에 있습니다.
    """

    def __init__(self, name, out):
        self.name, self.out = name, out
        self.cells = read(name).cells
        self.live = json.loads((out / "live" / name / "live.json").read_text(encoding="utf-8"))
        self.notebook = f"notebooks/{name}.ipynb"
        heading, _, promise = self.cells[0].source.partition("\n")
        self.title, self.promise = heading.removeprefix("# ").strip(), promise.strip()

    def picture(self, png, alt):
        """저장된 PNG를 절반 크기의 WebP(무손실) 파일로 놓고 <img>를 돌려줍니다."""
        data = base64.b64decode(png)
        kept = CACHE / "images" / f"{hashlib.sha256(data).hexdigest()[:12]}.webp"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            Image.open(io.BytesIO(data)).save(kept, lossless=True, method=2)
        (self.out / "images").mkdir(exist_ok=True)
        shutil.copy(kept, self.out / "images")
        width, height = struct.unpack(">II", data[16:24])
        size, alt = f'width="{width}" height="{height}"', html.escape(alt)
        return f'<img class="picture" loading="lazy" src="images/{kept.name}" {size} alt="{alt}">'

    def address(self, key):
        """움직이는 것의 자료 파일."""
        return f"live/{self.name}/{key}.js"

    def script(self, text):
        """놀잇감의 .js를 보통의 스크립트로 바꾸어 놓고 주소를 돌려줍니다."""
        files = [path for path in PLAY.glob("*.js") if path.name != "shared.js"]
        [name] = [path.stem for path in files if text.endswith(path.read_text(encoding="utf-8"))]
        body = re.sub(r"^export default ", "return ", text, flags=re.M)
        path = self.out / "play" / f"{name}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'gan.play["play/{name}.js"]=(()=>{{\n{body}\n}})();\n', encoding="utf-8")
        return f"play/{name}.js"

    def write_live(self, key, shelf, content):
        write(self.out / "live" / self.name / f"{key}.js", shelf, key, content)

    def sections(self):
        """제목마다의 (층, 제목, 닻, 셀의 번호들). 첫 제목 앞의 것은 없습니다."""
        found = []
        for i, cell in enumerate(self.cells):
            title = cell.source.split("\n")[0] if cell.cell_type == "markdown" else ""
            if mark := re.match(r"(#{1,3}) (.+)", title):
                found.append((len(mark[1]), plain(mark[2]), slug(mark[2]), []))
            found[-1][3].append(i)
        return found

    def body(self):
        """본문의 HTML. 심화와 교사용 진행표는 접습니다."""
        parts, folded = [], False
        for level, title, anchor, indices in self.sections():
            fold = bool(FOLDED.match(self.cells[indices[0]].source))
            if level <= 2 and folded:
                parts.append("</div></details></section>")
                folded = False
            if fold:
                summary = f'<summary><h2 id="{anchor}">{html.escape(title)}</h2></summary>'
                parts.append(f'<section class="folded"><details class="fold section-fold">{summary}<div>')
                folded = True
            for i in indices:
                parts.append(self.cell(i, anchor, hide_title=fold and i == indices[0]))
        return "\n".join([*parts, *["</div></details></section>"] * folded])

    def cell(self, i, anchor, hide_title):
        cell = self.cells[i]
        if cell.cell_type == "code":
            return code_cell(i, cell, self)
        text = cell.source.partition("\n")[2] if hide_title else cell.source
        made = to_html(text)
        made = re.sub(r'src="(?!https?:|data:)([^"]+)"', lambda m: f'src="{self.own_file(m[1])}"', made)
        return re.sub(r"<(h[1-3])>", lambda m: f'<{m[1]} id="{anchor}">', made, count=1)

    def own_file(self, address):
        """노트북 옆에 놓인 그림을 쪽의 images로 옮깁니다."""
        source = NOTEBOOKS / address
        (self.out / "images").mkdir(exist_ok=True)
        (self.out / "images" / source.name).write_bytes(source.read_bytes())
        return f"images/{source.name}"

    def search_rows(self):
        """찾기에 쓸 (제목, 닻, 글)의 목록."""
        texts = {i: cell.source for i, cell in enumerate(self.cells) if cell.cell_type == "markdown"}
        prose = {i: plain(re.sub(r"^#+ .*", "", text)) for i, text in texts.items()}
        rows = self.sections()
        return [[title, anchor, " ".join(prose.get(i, "") for i in indices)] for _, title, anchor, indices in rows]
