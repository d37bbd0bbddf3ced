"""움직이는 것의 HTML: 슬라이더 그림, 놀잇감, 탐색기, 기록. 막대는 처음부터 글 속에 있습니다."""

import math

from tools.site.templates import fill


def figure(made, still, lesson):
    """셀 하나의 움직이는 것. `still`은 멈춘 그림의 HTML입니다."""
    if made["kind"] == "still":
        return (
            f'<figure class="live still">{still}<figcaption>이 놀잇감은 노트북에서만 움직입니다.</figcaption></figure>'
        )
    build = {"frames": curve, "play": plaything, "explorer": explorer, "writer": writer}[made["kind"]]
    return build(made, still, lesson)


def curve(made, still, lesson):
    """`sliders(…)`: 장면을 미리 그려 둔 그림. 자리가 노트북보다 적으면 그렇다고 말합니다."""
    controls = [each | {"positions": [written(value) for value in each["positions"]]} for each in made["controls"]]
    ours, total = (math.prod(counts) for counts in zip(*((len(c["positions"]), c["total"]) for c in controls)))
    values = dict(key=made["key"], controls=controls, first=made["first"], ours=ours, total=total)
    return fill("curve", script=lesson.address(made["key"]), **values)


def plaything(made, still, lesson):
    """놀잇감: 노트북과 같은 .js가 그립니다. 무대이면 녹화를 고르는 단추를 둡니다."""
    moves = [(i, each["replay"]) for i, each in lesson.live.items() if "replay" in each]
    mine = next(((i, each) for i, each in moves if each["player"] == made["key"]), None)
    moved = replay(mine[1], mine[0], lesson, "뒤의 셀이 이 판에서 한 일을 다시 봅니다.") if mine else ""
    states = {label: (key, lesson.address(key)) for label, key in made["states"].items()}
    values = dict(key=made["key"], states=states, still=still, replay=moved, waits=made["waits"])
    return fill("plaything", play=lesson.script(made["script"]), **values)


def explorer(made, still, lesson):
    """탐색기: 생성자만 브라우저에서 계산합니다."""
    reach, step = made["reach"], made["step"]
    amounts = [written(-reach + step * i) for i in range(round(2 * reach / step) + 1)]
    walk, pad = [f"{0.02 * i:.2f}" for i in range(51)], lesson.script(made["script"])
    script = f"{with_model(made, lesson)} {pad} {lesson.address(made['key'] + '-pad')}"
    values = dict(key=made["key"], script=script, pad=pad, groups=made["groups"], still=still)
    return fill("explorer", amounts=amounts, walk=walk, **values)


def writer(made, still, lesson):
    """한글 쓰기: 글자마다 생성자를 브라우저에서 계산합니다."""
    weights, styles = [f"{0.05 * i:.2f}" for i in range(21)], [written(round(0.1 * i - 2, 1)) for i in range(41)]
    values = dict(key=made["key"], text=made["text"], script=with_model(made, lesson))
    return fill("writer", weights=weights, styles=styles, **values)


def with_model(made, lesson):
    """생성자의 가중치와 자료 파일."""
    return f"{lesson.address('model-' + made['model'])} {lesson.address(made['key'])}"


def replay(made, i, lesson, said):
    """뒤의 셀이 위의 놀잇감을 움직인 기록."""
    key = f"{lesson.name[:2]}-{i}-replay"
    lesson.write_live(key, "replays", made["change"])
    return fill("replay", player=made["player"], key=key, script=lesson.address(key), said=said)


def written(value):
    return f"{value:g}".replace("-", "−") if isinstance(value, (int, float)) else str(value)
