"""첫 쪽: 바로 할 수 있는 위조 게임과 차시의 목록."""

import re

from ganlib.play.coin_game import CoinGame
from tools.site import live
from tools.site.files import write
from tools.site.markdown import to_html
from tools.site.playthings import traits
from tools.site.templates import fill


def front(lessons, out):
    """첫 쪽의 본문. 게임은 사람이 경찰, 컴퓨터가 위조범입니다."""
    game = CoinGame(seed=3, forger="computer")
    write(out / "live" / "front.js", "states", "front", traits(game))
    rows = [(lesson, to_html(lesson.promise), time_of(lesson)) for lesson in lessons]
    writers = [(made, lesson) for lesson in lessons for made in lesson.live.values() if made.get("kind") == "writer"]
    writer = live.writer(writers[0][0], "", writers[0][1]) if writers else ""
    return fill("front", writer=writer, play=lessons[0].script(game._esm), rows=rows)


def time_of(lesson):
    """노트북에 적힌 걸리는 시간. 쪽에서는 실행하지 않으므로 실행하는 시간은 뺍니다."""
    found = [re.search(r"걸리는 시간: (.+)", cell.source) for cell in lesson.cells]
    return next((each[1].partition(", 실행")[0] for each in found if each), "")
