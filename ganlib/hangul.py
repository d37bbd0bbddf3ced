"""한글 음절 11,172자: 자모로 나누기, 글꼴로 그리기, 흔들기, 조건으로 적기, 생성자로 쓰기.

음절은 유니코드에서 0xAC00(가)을 뺀 번호 0–11171로 적습니다.
자모의 번호는 초성 0–18, 중성 0–20, 종성 0–27(0은 없음)입니다.
"""

import io
import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFont

from ganlib.data import read_verified
from ganlib.sampling import in_batches

FIRST, COUNT, SIZE = 0xAC00, 11172, 32
PLACES = ("초성", "중성", "종성")
JAMO = (
    "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ",
    "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ",
    "-ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ",
)
WEIGHTS = ("Regular", "Bold")


def decompose(syllable):
    """음절의 번호를 (초성, 중성, 종성)의 번호로 나눕니다. 정수에도, 정수 배열과 텐서에도 씁니다."""
    return syllable // (21 * 28), syllable // 28 % 21, syllable % 28


def compose(initial, vowel, final):
    """(초성, 중성, 종성)의 번호를 음절의 번호로 모읍니다. `decompose`의 역입니다."""
    return (initial * 21 + vowel) * 28 + final


def held_out(seed=0):
    """학습에서 뺄 음절을 고릅니다. 길이 11,172의 bool 텐서이며, 열에 하나(1,117자)가 True입니다."""
    hidden = torch.zeros(COUNT, dtype=torch.bool)
    hidden[torch.randperm(COUNT, generator=torch.Generator().manual_seed(seed))[: COUNT // 10]] = True
    return hidden


def draw_syllables(size=28):
    """모든 음절을 두 글꼴로 그립니다. uint8, 모양 2×11172×1×32×32(보통체, 굵은체), 검은 바탕에 흰 글씨입니다."""
    pictures = np.zeros((len(WEIGHTS), COUNT, 1, SIZE, SIZE), np.uint8)
    for weight, name in enumerate(WEIGHTS):
        font = ImageFont.truetype(io.BytesIO(read_verified(f"fonts/NotoSansCJKkr-{name}.otf")), size)
        for syllable in range(COUNT):
            picture = Image.new("L", (SIZE, SIZE))
            ImageDraw.Draw(picture).text((SIZE // 2, SIZE // 2), chr(FIRST + syllable), 255, font, anchor="mm")
            pictures[weight, syllable, 0] = picture
    return torch.from_numpy(pictures)


def wobble(x, rng):
    """그림마다 조금 돌리고(±5°), 키우거나 줄이고(±10%), 옮깁니다(±1픽셀). x: 모양 N×1×32×32, 범위 [−1, 1]."""
    angle, size, right, down = (2 * torch.rand(4, len(x), generator=rng) - 1) * torch.tensor(
        [[math.radians(5)], [0.1], [2 / SIZE], [2 / SIZE]]
    )
    cos, sin = angle.cos() / (1 + size), angle.sin() / (1 + size)
    moves = torch.stack([cos, -sin, right, sin, cos, down], dim=1).view(-1, 2, 3)
    grid = F.affine_grid(moves, x.shape, align_corners=False)
    return F.grid_sample(x + 1, grid, align_corners=False) - 1  # 바깥은 0, 곧 검정이 됩니다


def parts(syllables, weight):
    """음절(정수 텐서, N)과 굵기(0 보통체–1 굵은체, 수 하나나 N개)를 조건으로 적습니다.

    모양 N×69: 초성 19, 중성 21, 종성 28의 원-핫과 굵기. 음절이 없거나 0–11171을 벗어나면 ValueError를 냅니다.
    """
    if syllables.ndim != 1 or len(syllables) == 0 or syllables.is_floating_point():
        raise ValueError(f"음절은 번호가 하나 이상 든 정수 텐서여야 합니다(받은 모양: {tuple(syllables.shape)}).")
    if syllables.min() < 0 or syllables.max() >= COUNT:
        raise ValueError(f"음절의 번호는 0–{COUNT - 1}이어야 합니다. 글자라면 `ord(글자) - hangul.FIRST`를 써 주세요.")
    one_hots = [F.one_hot(part, count) for part, count in zip(decompose(syllables), (19, 21, 28), strict=True)]
    weight = torch.as_tensor(weight, dtype=torch.float32).expand(len(syllables))
    return torch.cat([*one_hots, weight[:, None]], dim=1)


def write(G, syllables, weight, z):
    """생성자로 음절을 씁니다. z는 모양 N×8. 그림을 모양 N×1×32×32, 범위 (−1, 1)로 돌려줍니다."""
    return in_batches(lambda v: G(v[:, : z.shape[1]], v[:, z.shape[1] :]), torch.cat([z, parts(syllables, weight)], 1))


def read(reader, pictures):
    """문자 인식기가 읽은 음절의 번호(N)를 돌려줍니다. 그림은 uint8이거나 범위 [−1, 1]입니다."""
    logits = in_batches(reader, pictures)
    return compose(*(part.argmax(dim=1) for part in logits.split((19, 21, 28), dim=1)))
