"""차시의 크기를 교시마다 셉니다. 한 교시 50분에 담을 수 있는 만큼인지 보는 데 씁니다."""

import re
from dataclasses import asdict, dataclass

from tools import lesson

END_OF_PERIOD = "여기까지 1교시입니다"
OUTSIDE_CORE = ("심화", "교사용 진행표", "연습문제", "더 읽을거리")


@dataclass
class Period:
    """한 교시의 크기. 핵심(core)은 심화, 교사용 진행표, 연습문제, 더 읽을거리를 뺀 나머지입니다."""

    syllables: int = 0  # 핵심의 글에 든 한글 음절
    code_lines: int = 0  # 핵심에서 펼쳐져 보이는 코드(빈 줄 제외)
    equations: int = 0  # 따로 보인 식. $$…$$ 안의 \\는 한 줄로 셉니다
    playthings: int = 0  # 놀잇감과 슬라이더
    blanks: int = 0
    exercises: int = 0
    minutes: int = 0  # 진행표의 합


LIMITS = {"syllables": 4000, "code_lines": 120, "equations": 10, "minutes": 45}


def measure(name):
    """차시의 교시마다 `Period`를 돌려줍니다."""
    notebook = lesson.read(name)
    periods, section, sheets = [Period()], "", []
    for cell in notebook.cells:
        if heading := re.match(r"## (.+)", cell.source):
            section = heading[1]
        now, core = periods[-1], not section.startswith(OUTSIDE_CORE)
        if cell.cell_type == "markdown":
            if section.startswith("교사용 진행표"):
                sheets += minutes(cell.source)
            elif core:
                text, now.equations = prose(cell.source), now.equations + equations(cell.source)
                now.syllables += len(re.findall("[가-힣]", text))
            if END_OF_PERIOD in cell.source:
                periods.append(Period())
            continue
        tags = lesson.tags(cell)
        now.exercises += "exercise" in tags
        if core:
            now.playthings += bool(tags & {"play", "widget"})
            now.blanks += "blank" in tags
            if not lesson.folds_source(tags) and "exercise" not in tags:
                now.code_lines += sum(1 for line in cell.source.splitlines() if line.strip())
    for period, total in zip(periods, sheets):
        period.minutes = total
    return periods


def prose(text):
    """마크다운에서 코드, 접어 둔 풀이, 식을 뺀 글."""
    return re.sub(r"```.*?```|<details>.*?</details>|\$\$.*?\$\$|\$[^$]*\$", " ", text, flags=re.S)


def equations(text):
    return sum(1 + block.strip().count(r"\\") for block in re.findall(r"\$\$(.*?)\$\$", text, flags=re.S))


def minutes(text):
    """진행표의 표마다, 첫 칸에 적은 분의 합."""
    tables = re.findall(r"(?:^\|.*\n?)+", text, flags=re.M)
    return [sum(map(int, re.findall(r"^\| *(\d+) *\|", table, flags=re.M))) for table in tables]


def over(period):
    """한도를 넘은 항목들."""
    return [key for key, limit in LIMITS.items() if getattr(period, key) > limit]


def table(names):
    """차시와 교시마다 한 줄인 마크다운 표. 한도를 넘은 수에는 !를 붙입니다."""
    keys = list(asdict(Period()))
    lines = ["| 차시 | 교시 | " + " | ".join(keys) + " |", "|---|---|" + "---|" * len(keys)]
    for name in names:
        for number, period in enumerate(measure(name), 1):
            marked = [f"{getattr(period, key):,}{'!' * (key in over(period))}" for key in keys]
            lines.append(f"| {name} | {number} | {' | '.join(marked)} |")
    return "\n".join(lines)
