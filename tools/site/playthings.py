"""놀잇감의 상태를 쪽이 쓸 자료로 바꿉니다. 놀잇감의 화면은 노트북과 같은 .js가 그립니다."""

import itertools
import json

import torch

from ganlib.play.explorer import AXES, REACH, STEP
from ganlib.play.quiz import Quiz
from ganlib.play.tape import Taped
from ganlib.sampling import principal_directions
from tools.site.files import write
from tools.site.generator import layers_for_page

ROUNDS, EVERY = 1500, 15


def traits(value):
    """놀잇감의 속성 가운데 화면이 쓰는 것."""
    hidden = {"comm", "keys", "layout", "tabbable", "tooltip"}
    state = {name: part for name, part in value.get_state().items() if not name.startswith("_") and name not in hidden}
    return json.loads(json.dumps(state)) | {"views": 0}


def play(value, key, folder, chosen=None):
    """anywidget 하나의 처음 상태를, 무대라면 녹화들을 적습니다. 쪽은 고른 녹화만 부릅니다.

    Args:
        chosen: 무대를 녹화할 `[이름, 바꿀 속성]`의 목록. 셀의 메타데이터에 적습니다. 없으면 `choices`의 조합을 모두
            녹화합니다.
    """
    states = takes(value, chosen) if isinstance(value, Taped) else {"": traits(value)}
    names = {label: f"{key}-{i}" if label else key for i, label in enumerate(states)}
    for label, state in states.items():
        write(folder / f"{names[label]}.js", "states", names[label], state)
    waits = isinstance(value, Quiz) and value.live  # 기록을 재생해야 시작하는 판
    return {"kind": "play", "key": key, "script": value._esm, "states": names, "waits": waits}


def takes(stage, chosen):
    """무대를 설정마다 녹화한 `{이름: 상태}`. 화면은 녹화를 다시 보여 주는 무대로 그립니다."""
    choices = getattr(stage, "choices", {})
    rows = itertools.product(*([(name, value) for value in values] for name, (_, values) in choices.items()))
    named = [[", ".join(f"{choices[name][0]} {value}" for name, value in row), {"settings": dict(row)}] for row in rows]
    made, before = {}, {name: getattr(stage, name) for name in stage._settings}
    for label, changed in chosen or named:
        for name, value in (before | changed).items():
            setattr(stage, name, value)
        stage.restart()
        made[label] = traits(type(stage).replay(stage.record(ROUNDS, EVERY)))
    for name, value in before.items():
        setattr(stage, name, value)
    stage.restart()
    return made


def explorer(value, key, folder):
    """탐색기: 생성자의 가중치, 출발하는 z, 슬라이더마다의 방향."""
    model = layers_for_page(value._G, folder)
    every = principal_directions(value._G)
    groups = {
        "": {name: way_for_page(way, value._size) for name, (way, _) in value._named.items()},
        f"z의 좌표 {AXES}개로 옮기기": {f"z[{i}]": row for i, row in enumerate(torch.eye(value._size)[:AXES].tolist())},
        f"주요 방향 {AXES}개로 옮기기": {f"방향 {i + 1}": rounded(row) for i, row in enumerate(every[:AXES])},
    }
    ways = [way for group in groups.values() for way in group.values()]
    starts = [[rounded(z) for z in row] for row in value._starts]
    write(folder / f"{key}.js", "explorers", key, {"model": model, "ways": ways, "starts": starts, "reach": REACH})
    names = {group: list(each) for group, each in groups.items()}
    write(folder / f"{key}-pad.js", "states", f"{key}-pad", traits(value._pad))
    rest = {"groups": names, "reach": REACH, "step": STEP, "script": value._pad._esm}
    return {"kind": "explorer", "key": key, "model": model} | rest


def writer(value, key, folder):
    """한글 쓰는 상자: 생성자의 가중치, 본 적 없는 음절, 크기와 가로 위치를 옮기는 방향."""
    model, ways = layers_for_page(value._G, folder), [rounded(way) for way in value._ways]
    content = {"model": model, "ways": ways, "fresh": "".join(sorted(value._new))}
    write(folder / f"{key}.js", "writers", key, content)
    return {"kind": "writer", "key": key, "model": model, "text": value.text}


def rounded(z):
    return [round(x, 4) for x in z.tolist()]


def way_for_page(way, size):
    """방향은 벡터 그대로, 원점으로 가는 함수는 "origin"으로 적습니다. 쪽은 다른 함수를 모릅니다."""
    if not callable(way):
        return rounded(way)
    z = torch.randn(5, size, generator=torch.Generator().manual_seed(0))
    if not torch.allclose(way(z), -z / z.norm(dim=1, keepdim=True), atol=1e-5):
        raise ValueError("쪽의 탐색기는 벡터인 방향과 원점으로 가는 방향만 압니다.")
    return "origin"


class Watch:
    """화면에 보인 놀잇감을 뒤의 셀이 움직이면, 움직인 뒤의 상태를 적어 둡니다."""

    def __init__(self):
        self._seen = {}

    def add(self, key, value):
        """지켜볼 놀잇감. 같은 놀잇감을 다시 보이면 나중 것만 지켜봅니다."""
        self._seen = {k: row for k, row in self._seen.items() if row[0] is not value}
        self._seen[key] = [value, traits(value), asked_cards(value)]

    def changes(self):
        """(놀잇감, 바뀐 속성)의 리스트. 다음에는 지금부터 바뀐 것만 봅니다."""
        found = []
        for key, row in self._seen.items():
            value, before, cards = row
            now = traits(value)
            if cards:
                now["cards"] = list(cards)
            changed = {name: part for name, part in now.items() if part != before.get(name)}
            if changed:
                found.append((key, {"change": changed}))
                row[1] = now
        return found


def asked_cards(value):
    """`Quiz`는 오래된 그림을 지우므로, 들어온 그림을 모두 따로 모읍니다."""
    cards = []
    if isinstance(value, Quiz) and value.live:

        def keep(change):
            known = {card["id"] for card in cards}
            cards.extend(dict(card) for card in change["new"] if card["id"] not in known)

        value.observe(keep, names="cards")
    return cards
