"""잰 값을 표와 JSON으로 적습니다. 벤치마크가 함께 씁니다."""

import json
import os
import platform
import statistics
from datetime import date

import torch


def median_and_range(values, digits):
    """예: `"20.6 (13.8–21.0)"`. 값이 하나뿐이면 그 값만 적습니다."""
    text = f"{statistics.median(values):,.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def table(columns, rows):
    """마크다운 표를 만듭니다. 측정값마다 가장 좋은 중앙값을 굵게 적으므로, 진 것도 이긴 것도 그대로 보입니다.

    Args:
        columns: `(제목, 결과의 열쇠, 소수점 아래 자리, 좋은 쪽)`의 목록. 좋은 쪽은 `min`, `max` 또는 `None`입니다.
        rows: `{이름: [결과 사전, …]}`. 결과 사전은 시드마다 하나씩입니다.

    Returns:
        글(str).
    """
    lines = ["| | " + " | ".join(title for title, *_ in columns) + " |", "|---|" + "---|" * len(columns)]
    best = {}
    for _, key, digits, better in columns:
        medians = [round(statistics.median(result[key] for result in results), digits) for results in rows.values()]
        best[key] = better(medians) if better else None
    for name, results in rows.items():
        cells = []
        for _, key, digits, _ in columns:
            values = [result[key] for result in results]
            text = median_and_range(values, digits)
            cells.append(f"**{text}**" if round(statistics.median(values), digits) == best[key] else text)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def print_report(text, **results):
    """사람이 읽을 글과, 날짜와 컴퓨터를 덧붙인 JSON 한 줄을 찍습니다."""
    print(text)
    print(json.dumps({"date": date.today().isoformat(), "machine": machine(), **results}, ensure_ascii=False))


def machine():
    """잰 컴퓨터. 예: `"Linux x86_64, 코어 2개, Python 3.11.2, torch 2.13.0"`."""
    system = f"{platform.system()} {platform.machine()}, 코어 {os.cpu_count()}개"
    return f"{system}, Python {platform.python_version()}, torch {torch.__version__}"
