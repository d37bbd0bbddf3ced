"""노트북 하나를 쪽 하나로 짓습니다. 결과는 노트북에 저장된 것이고, 접힌 곳은 모두 <details>입니다."""

import base64
import hashlib
import html
import io
import itertools
import json
import re
import shutil
import struct
from pathlib import Path

from PIL import Image

import ganlib.play
from tools.lesson import NOTEBOOKS, read
from tools.site.cells import code_cell, folded_source, hides_output
from tools.site.files import write
from tools.site.markdown import plain, slug, to_html
from tools.site.needed import is_live

PLAY = Path(ganlib.play.__file__).parent
CACHE = NOTEBOOKS.parent / "build" / "site"  # 다시 지을 때 쓸 것
FOLDED = re.compile(r"## (심화|교사용 진행표)")
FOR_TEACHERS = (
    '<p class="note">노트북으로 수업할 때의 진행표입니다. 이 쪽을 띄우고 수업한다면 첫 쪽의 '
    '<a href="index.html#teachers">교사에게</a>를 함께 봅니다.</p>'
)


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
        self.told, ends = set(), []  # 감춘 결과와 함께 열릴 셀과, 그 묶음의 마지막 셀
        for i in range(len(self.cells)):
            if i not in self.told and (rows := self.told_with(i)):
                self.told |= {*rows}
                ends.append(rows[-1])
        # 마지막 문단이 바로 뒤의 셀에서 할 일을 말하는 글. 그 문단은 결과를 열기 전에도 보여야 합니다.
        self.leads = {k for k in ends if [c.cell_type for c in self.cells[k : k + 2]] == ["markdown", "code"]}
        self.leads = {k for k in self.leads if re.search("봅시다|[까나]요\\?|✎", last_paragraph(self.cells[k].source))}

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
                parts.append(FOR_TEACHERS if title == "교사용 진행표" else "")
                folded = True
            for i in indices:
                if i not in self.told:
                    parts.append(self.cell(i, hide_title=fold and i == indices[0]))
                elif i in self.leads:
                    parts.append(self.html(last_paragraph(self.cells[i].source)) + self.note(i))
        return "\n".join([*parts, *["</div></details></section>"] * folded])

    def told_with(self, i):
        """감춘 결과 바로 뒤에서 답을 말하는 글과 그림과 확인의 번호들. 결과와 함께 열립니다.

        다른 셀도 메타데이터 `site.told`로 함께 열 수 있습니다.
        """

        def explains(k):
            cell = self.cells[k]
            if cell.metadata.get("site", {}).get("told"):
                return True
            if cell.cell_type == "code":
                return folded_source(cell) and not is_live(cell) and "predict(" not in cell.source
            return not cell.source.startswith(("#", "**여기까지"))

        if not hides_output(self.cells[i]):
            return []
        told = [*itertools.takewhile(explains, range(i + 1, len(self.cells)))]
        while told and self.cells[told[-1]].cell_type == "code" and not self.cells[told[-1]].outputs:
            told.pop()  # 다음에 할 일을 준비하는 코드
        return told

    def cell(self, i, hide_title=False):
        cell = self.cells[i]
        if cell.cell_type == "code":
            made = code_cell(i, cell, self, self.told_with(i))
        else:
            made = self.html(cell.source.partition("\n")[2] if hide_title else cell.source)
        return made + self.note(i)

    def inside(self, i):
        """결과와 함께 열릴 셀의 HTML."""
        if i in self.leads:
            return self.html(self.cells[i].source.rpartition("\n\n")[0])
        return self.cell(i)

    def note(self, i):
        """이 쪽에서는 다르게 할 일. 셀의 메타데이터에 적혀 있습니다."""
        note = self.cells[i].metadata.get("site", {}).get("note", "")
        return note and f'<p class="note">{html.escape(note)}</p>'

    def html(self, text):
        made = to_html(text)
        made = re.sub(r'src="(?!https?:|data:)([^"]+)"', lambda m: f'src="{self.own_file(m[1])}"', made)
        title = re.match(r"#{1,3} (.+)", text)
        return re.sub(r"<(h[1-3])>", lambda m: f'<{m[1]} id="{slug(title[1])}">', made, count=1) if title else made

    def own_file(self, address):
        """노트북 옆에 놓인 그림을 쪽의 images로 옮깁니다."""
        source = NOTEBOOKS / address
        (self.out / "images").mkdir(exist_ok=True)
        (self.out / "images" / source.name).write_bytes(source.read_bytes())
        return f"images/{source.name}"

    def search_rows(self):
        """찾기에 쓸 (제목, 닻, 글)의 목록. 교사용 진행표에는 답이 있으므로 뺍니다."""
        rows, skipped = [], False
        for level, title, anchor, indices in self.sections():
            skipped = title == "교사용 진행표" or (skipped and level > 2)
            texts = [self.cells[i].source for i in indices if self.cells[i].cell_type == "markdown"]
            if not skipped:
                rows.append([title, anchor, " ".join(plain(re.sub(r"^#+ .*", "", text)) for text in texts)])
        return rows


def last_paragraph(text):
    return text.rpartition("\n\n")[2]
