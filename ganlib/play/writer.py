"""한글 쓰는 상자: 글을 입력하면 생성자의 글씨로 보여 주고, 본 적 없는 글자에 표시를 합니다."""

import html
import io
import re
import threading
import unicodedata

import ipywidgets
import torch
from PIL import Image, ImageDraw, ImageFont

from ganlib import data, hangul, plot
from ganlib.arrow_keys import with_arrow_keys
from ganlib.play.frozen import frozen
from ganlib.play.traits import BadValue
from ganlib.sliders import newest
from ganlib.still import Still

COLUMNS, ROWS = 10, 8  # 한 줄의 칸과 줄의 수. 모든 줄이 다섯 칸 안이면 글자를 두 배로 키웁니다.
TILE, FOOT = 96, 24  # 칸의 한 변과, 칸 아래 ★의 자리(픽셀)
NEW, KNOWN = "#CC79A7", "#7F7F7F"  # 본 적 없는 글자와 본 글자. 흰 바탕에서도 검은 바탕에서도 보이는 색입니다.


class HangulWriter(Still, ipywidgets.VBox):
    """글을 입력하면 생성자가 그 글을 씁니다. G가 학습할 때 본 적 없는 글자에는 ★를 붙입니다.

    모델은 지금의 가중치를 옮긴 복사본을 부르므로, 학습하는 도중에 써도 학습은 그대로입니다.

    Args:
        G: 생성자. `G(z, y)`가 z(N×K)와 조건 y(N×69, `hangul.parts`)를 N×1×32×32, 범위 [−1, 1]로 바꿉니다.
        seen: G가 학습할 때 본 음절이 True인, 길이 11,172의 bool 텐서. 예: `~hangul.held_out()`.
        text: 처음에 쓸 글. 나중에 `writer.text = "한글"`로 바꿀 수 있습니다.
    """

    still_text = "(한글 쓰는 상자)"

    def __init__(self, G, seen, text="동해물과 백두산이"):
        if not torch.is_tensor(seen) or seen.dtype != torch.bool or seen.shape != (hangul.COUNT,):
            raise ValueError("seen에는 길이 11,172의 bool 텐서를 넣어 주세요. 예: ~hangul.held_out()")
        self._new = {chr(hangul.FIRST + i) for i, known in enumerate(seen.tolist()) if not known}
        self._size = next((layer.in_features for layer in G.modules() if isinstance(layer, torch.nn.Linear)), 0) - 69
        if self._size < 1:
            raise ValueError("G에는 z와 조건(69개의 수)을 함께 받는 한글 생성자를 넣어 주세요.")
        self._G, self._generate = G, frozen(G, "생성자")
        self._rng = torch.Generator().manual_seed(0)  # 노트북의 난수를 쓰면 다음 셀의 결과가 달라집니다.
        self._ways, self._z = self._measure(), torch.randn(self._size, generator=self._rng)
        font = data.read_verified("fonts/NotoSansCJKkr-Bold.otf")
        self._star, self._cross = (ImageFont.truetype(io.BytesIO(font), size) for size in (FOOT, 2 * FOOT))
        self._redraw = newest(self._draw, threading.Lock())
        super().__init__(self._build())
        with_arrow_keys(self)
        self.text = text
        self._redraw()

    @property
    def text(self):
        """상자에 든 글."""
        return self._box.value

    @text.setter
    def text(self, text):
        if not isinstance(text, str):
            raise BadValue(f"text에는 글(str)을 넣어 주세요. 받은 값: {text!r:.60}. 쓴 글은 그대로 두었습니다.")
        self._box.value = text

    def _measure(self):
        """글씨의 크기와 가로 위치를 재어 z에 회귀하고, 두 수가 가장 빨리 커지는 방향(길이 1)을 찾습니다."""
        z = torch.randn(1000, self._size, generator=self._rng)
        syllables = torch.randint(hangul.COUNT, (1000,), generator=self._rng)
        ink = (self._generate(z, hangul.parts(syllables, 0)) + 1.001).sum(dim=(1, 2))
        ink, across = ink / ink.sum(dim=1, keepdim=True), torch.linspace(-1, 1, hangul.SIZE)
        center = (ink * across).sum(dim=1, keepdim=True)
        measured = torch.cat([(ink * (across - center) ** 2).sum(dim=1, keepdim=True).sqrt(), center], dim=1)
        slopes = torch.linalg.lstsq(z, measured - measured.mean(dim=0)).solution
        return torch.nn.functional.normalize(slopes.T)

    def _build(self):
        wide, short = {"width": "calc(100% - 4px)", "max_width": "640px"}, {"width": "19em", "max_width": "100%"}
        named = {"layout": short, "style": {"description_width": "4.5em"}}
        label = {"description": "글", "style": {"description_width": "2em"}}
        self._box = ipywidgets.Textarea(rows=2, placeholder="한글을 입력해 봅시다.", layout=wide, **label)
        self._weight = ipywidgets.FloatSlider(min=0, max=1, step=0.05, description="굵기", **named)
        self._styles = [ipywidgets.FloatSlider(min=-2, max=2, description=n, **named) for n in ("크기", "가로 위치")]
        for control in (self._box, self._weight, *self._styles):
            control.observe(self._redraw, names="value")
        fresh = ipywidgets.Button(description="새로 뽑기", icon="random", tooltip="z를 새로 뽑아 다른 글씨로 씁니다")
        fresh.on_click(self._on_fresh)
        self._image, self._told = ipywidgets.Image(format="png", layout=wide), ipywidgets.HTML()
        title = ipywidgets.HTML("<b>한글 쓰는 상자</b> · 글을 입력하면 G가 씁니다. ★는 G가 본 적 없는 글자입니다.")
        hands = ipywidgets.HBox([self._weight, *self._styles, fresh], layout={"flex_flow": "row wrap"})
        return [title, self._box, hands, self._image, self._told]

    def _draw(self):
        rows, left = lay_out(self.text)
        try:
            self._image.value = plot.png_bytes(self._sheet(rows))
            self._told.value = self._tell("".join(rows), left)
        except ValueError as error:  # 망가진 모델은 그림 대신 이유를 말합니다.
            self._image.value = plot.png_bytes(Image.new("RGBA", (COLUMNS * TILE, TILE)))
            self._told.value = f"<b>{error}</b>"

    def _write(self, letters):
        """음절마다 80×80의 그림."""
        if not letters:
            return []
        y = hangul.parts(torch.tensor([ord(letter) - hangul.FIRST for letter in letters]), self._weight.value)
        z = self._z + sum(slider.value * way for slider, way in zip(self._styles, self._ways))
        pixels = data.to_pixels(self._generate(z.expand(len(y), -1), y))[:, 0].numpy()
        return [Image.fromarray(picture).resize((80, 80), Image.Resampling.BICUBIC) for picture in pixels]

    def _sheet(self, rows):
        """줄마다 칸을 늘어놓은 그림. 바탕은 투명합니다."""
        pictures = iter(self._write([letter for letter in "".join(rows) if writable(letter)]))
        columns = COLUMNS if max(map(len, rows)) > COLUMNS // 2 else COLUMNS // 2
        sheet = Image.new("RGBA", (columns * TILE, len(rows) * (TILE + FOOT)))
        pen = ImageDraw.Draw(sheet)
        for i, row in enumerate(rows):
            for j, letter in enumerate(row):
                left, top, new = j * TILE, i * (TILE + FOOT), letter in self._new
                middle, box = left + TILE // 2 - 1, (left + 1, top + 1, left + TILE - 3, top + TILE - 3)
                if writable(letter):
                    pen.rectangle(box, "black", NEW if new else KNOWN, 6 if new else 2)
                    sheet.paste(next(pictures), (left + 7, top + 7))
                    pen.text((middle, top + TILE + FOOT // 2 - 2), "★" * new, NEW, self._star, anchor="mm")
                elif letter != " ":
                    pen.text((middle, top + TILE // 2), "×", KNOWN, self._cross, anchor="mm")
        return sheet

    def _tell(self, letters, left):
        """본 적 없는 글자와 쓰지 못한 글자를 말합니다."""
        letters = dict.fromkeys(letters.replace(" ", ""))
        new, odd = [x for x in letters if x in self._new], [html.escape(x) for x in letters if not writable(x)]
        told = "모두 G가 학습할 때 본 글자입니다. 다른 글자도 입력해 봅시다."
        if len(odd) == len(letters):
            told = "쓸 한글이 아직 없습니다. 위의 상자에 한글을 입력해 봅시다."
        elif new:
            told = f"<b>★ G가 학습할 때 본 적 없는 글자</b> {len(new)}자: {' '.join(new)}"
        told += f"<br>× 한글 음절(가–힣)이 아니어서 쓰지 못한 글자: {' '.join(odd)}" if odd else ""
        return told + (
            f"<br>한 줄에 {COLUMNS}칸, {ROWS}줄까지 씁니다. 뒤의 {left:,}자는 쓰지 않았습니다." if left else ""
        )

    def still_png(self):
        return self._image.value

    def _on_fresh(self, _):
        self._z = torch.randn(self._size, generator=self._rng)
        self._redraw()


def writable(letter):
    """한글 음절인지 봅니다."""
    return "가" <= letter <= "힣"


def lay_out(text):
    """글을 줄로 나누어 `ROWS`줄까지와, 쓰지 않은 글자의 수를 돌려줍니다. 긴 줄은 되도록 빈칸에서 나눕니다."""
    # 맥의 글은 자모로 풀려 있을 수 있습니다(NFD). 혼자서는 보이지 않는 글자는 뺍니다.
    letters = re.sub(r"[^\S\n]", " ", unicodedata.normalize("NFC", text))
    letters = [x for x in letters if x == "\n" or unicodedata.category(x) not in ("Mn", "Me", "Cf", "Cc")]
    rows = []
    for line in "".join(letters).split("\n"):
        while len(line := line.rstrip()) > COLUMNS:
            cut = max(line.rfind(" ", 0, COLUMNS + 1), 0) or COLUMNS
            rows.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
        rows.append(line)
    return rows[:ROWS], sum(not x.isspace() for row in rows[ROWS:] for x in row)
