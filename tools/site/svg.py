"""matplotlib이 적은 SVG를 줄입니다: 좌표는 0.1까지, 곧은 선 위의 점은 빼고, 요소마다 한 줄로."""

import base64
import hashlib
import io
import re

import numpy as np
from PIL import Image

NEAR = 0.06  # 이보다 곧은 곳의 점은 뺍니다(SVG의 단위, 1/72인치)
NUMBER = re.compile(r"(?<![\w#.])-?\d+\.\d+")


def tidy(text):
    """SVG 하나를 줄의 리스트로 바꿉니다."""
    text = text[text.index("<svg") :]
    # 그림 속의 <style>은 바뀔 때마다 브라우저가 쪽 전체를 다시 계산하게 합니다. 같은 규칙을 site.css에 둡니다.
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.S)
    text = re.sub(r"data:image/png;base64,([^\"]*)", lambda m: lighter(m[1]), text)
    text = re.sub(r"<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>", r'<svg viewBox="\1">', text, count=1)
    text = re.sub(r" d=\"([^\"]*)\"", lambda m: f' d="{squeeze(m[1])}"', text)
    text = re.sub(r"<[^>]*>", lambda m: shorten(m[0]), text)
    text = text.replace("xlink:href", "href").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    return [line.strip() for line in text.split("\n") if line.strip()]


def lighter(png):
    """그림의 자료(base64)를 셋에 하나 크기인 무손실 WebP로 바꿉니다."""
    Image.open(io.BytesIO(base64.b64decode(png))).save(webp := io.BytesIO(), "WEBP", lossless=True, method=2)
    return f"data:image/webp;base64,{base64.b64encode(webp.getvalue()).decode()}"


def shorten(tag):
    """요소 하나를 한 줄로 적고 수를 줄입니다. 그림의 자료(base64)는 건드리지 않습니다."""
    head, data, tail = tag.partition("data:")
    return NUMBER.sub(lambda m: brief(float(m[0])), " ".join(head.split())) + data + tail.replace("\n", "")


def brief(value):
    """0.1까지 적습니다. 1보다 작은 수(배율, 투명도)는 0.0001까지 적습니다."""
    text = f"{value:.1f}" if abs(value) >= 1 else f"{value:.4f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def squeeze(path):
    """경로의 빈칸과 필요 없는 점을 뺍니다."""
    words = path.split()
    if "L" in words and not {"C", "Q"} & set(words):
        path = "".join(thin_line(part) for part in re.split(r"(?=M)", path) if part.strip())
    else:
        path = NUMBER.sub(lambda m: brief(float(m[0])), path)
    return re.sub(r"\s*([MLCQZz])\s*", r"\1", " ".join(path.split()))


def thin_line(part):
    """꺾은선 하나에서 곧은 곳의 점을 뺍니다."""
    closed = part.rstrip()[-1] in "zZ"
    points = np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", part), float).reshape(-1, 2)
    text = "L".join(f"{brief(x)} {brief(y)}" for x, y in points[corners(points)])
    return f"M{text}{'z' if closed else ''}"


def corners(points):
    """꺾은선의 모양을 지키는 점들의 번호(Ramer, 1972; Douglas와 Peucker, 1973)."""
    kept, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        across = points[last] - points[first]
        away = points[first + 1 : last] - points[first]
        length = np.hypot(*across)
        if length < NEAR:
            gaps = np.hypot(away[:, 0], away[:, 1])
        else:
            gaps = np.abs(across[0] * away[:, 1] - across[1] * away[:, 0]) / length
        worst = int(gaps.argmax())
        if gaps[worst] > NEAR:
            middle = first + 1 + worst
            kept.add(middle)
            waiting += [(first, middle), (middle, last)]
    return sorted(kept)


def own_names(parts, key):
    """한 쪽에 여러 그림이 놓여도 섞이지 않게, SVG 속의 이름마다 그림의 이름을 붙입니다."""
    mark = "g" + hashlib.sha256(key.encode()).hexdigest()[:6]
    rules = ((r'\bid="', f'id="{mark}-'), (r'href="#', f'href="#{mark}-'), (r"url\(#", f"url(#{mark}-"))
    for pattern, replacement in rules:
        parts = [re.sub(pattern, replacement, part) for part in parts]
    return parts
