"""13차시의 기록: 글자 읽는 신경망, 오래 학습한 생성자, 그리고 학습에 보여 주는 음절을 바꾼 결과.

`python -m tools.record NAME --seed S`가 부릅니다. 스텝 수를 정해 두므로 느린 컴퓨터에서도 같은 만큼 학습합니다.
걸리는 시간은 함수마다 적어 둡니다(CPU 코어 하나, 다른 일이 없을 때).
"""

import functools
import time

import numpy as np
import torch
import torch.nn.functional as F

from ganlib import data, hangul, models
from ganlib.train import averaged, d_loss, g_loss

Z_DIM, BATCH = 8, 64
STEPS, LONG_STEPS = 1000, 8_000
RATE_G, RATE_D = 4e-3, 1e-3  # 05차시의 학습률. 여기서는 줄이지 않습니다
SYLLABLES = torch.arange(hangul.COUNT)
WIDE = torch.tensor([8, 12, 13, 17, 18])  # 옆으로 누운 모음 ㅗ ㅛ ㅜ ㅠ ㅡ: 초성이 위에 옵니다
ABSENT, SIDE_ONLY = 15, torch.tensor([6, 12, 16])  # 초성 ㅋ은 아예 빼고, 초성 ㅁ ㅈ ㅌ은 누운 모음과 함께는 뺍니다


@functools.cache
def pictures():
    return hangul.draw_syllables()


@functools.cache
def reader():
    return data.load_weights(models.HangulReader(), "hangul_reader")


def hangul_reader(seed):
    """글자 읽는 신경망을 진짜 글꼴 그림만으로 학습합니다. 약 2분 30초."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    images, labels = pictures().flatten(0, 1), SYLLABLES.repeat(2)
    net = models.HangulReader()
    epochs, batch_size = 7, 128
    steps = len(images) // batch_size
    optimizer = torch.optim.Adam(net.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, epochs=epochs, steps_per_epoch=steps)
    for epoch in range(epochs):
        for batch in torch.randperm(len(images), generator=rng).split(batch_size)[:steps]:
            logits = net(hangul.wobble(data.scale(images[batch]), rng)).split((19, 21, 28), dim=1)
            loss = sum(map(F.cross_entropy, logits, hangul.decompose(labels[batch])))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"에폭 {epoch + 1}/{epochs}, 손실 {loss.item():.4f}", flush=True)
    return {"weights/hangul_reader.safetensors": data.pack_weights(net)}


def train(seen, seed, steps, decay=0.995, marks=()):
    """음절 `seen`(번호)만 보여 주며 학습합니다. `marks`의 스텝마다 (스텝, CPU초, 정확도 둘)을 잽니다."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    G, D = models.HangulGenerator(), models.HangulDiscriminator()
    G_avg = averaged(G, decay)
    opt_G = torch.optim.Adam(G.parameters(), lr=RATE_G, betas=(0.0, 0.99), fused=True)
    opt_D = torch.optim.Adam(D.parameters(), lr=RATE_D, betas=(0.0, 0.99), fused=True)
    curve, spent = [], 0.0

    def choose():
        return seen[torch.randint(len(seen), (BATCH,), generator=rng)], torch.randint(2, (BATCH,), generator=rng)

    def orders():
        return torch.randn(BATCH, Z_DIM, generator=rng), hangul.parts(*choose())

    def update(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    for step in range(steps):
        start = time.process_time()
        syllables, weight = choose()
        x, y = hangul.wobble(data.scale(pictures()[weight, syllables]), rng), hangul.parts(syllables, weight)
        z, wanted = orders()
        fake = G(z, wanted).detach()
        update(opt_D, d_loss(D(x, y), D(fake, wanted)))
        z, wanted = orders()
        update(opt_G, g_loss(D(G(z, wanted), wanted)))
        G_avg.update_parameters(G)
        spent += time.process_time() - start
        if step + 1 in marks:
            accuracy = [correct(G_avg.module, some).float().mean().item() for some in (hidden(), seen[:1117])]
            curve.append((step + 1, spent, *accuracy))
            print(f"{step + 1:,}스텝, {spent:.0f}초: 뺀 음절 {accuracy[0]:.3f}, 본 음절 {accuracy[1]:.3f}", flush=True)
    return G_avg.module, np.array(curve, dtype=np.float32)


@torch.no_grad()
def correct(G, syllables, seed=1):
    """음절마다 한 번씩 쓰게 해(굵기와 z는 무작위) 자모 셋이 모두 맞게 읽혔는지 돌려줍니다."""
    rng = torch.Generator().manual_seed(seed)
    z, weight = torch.randn(len(syllables), Z_DIM, generator=rng), torch.randint(2, (len(syllables),), generator=rng)
    return hangul.read(reader(), hangul.write(G, syllables, weight, z)) == syllables


def hidden():
    return SYLLABLES[hangul.held_out()]


def shuffled_seen(seed=0):
    """학습에 쓰는 음절을 섞어서 돌려줍니다."""
    seen = SYLLABLES[~hangul.held_out()]
    return seen[torch.randperm(len(seen), generator=torch.Generator().manual_seed(seed))]


def few(count):
    """학습에 쓰는 음절 `count`자. 모든 자모가 자리마다 한 번은 나오도록 고르고 나머지는 무작위로 채웁니다."""
    met, needed, rest = set(), [], []
    for syllable in shuffled_seen().tolist():
        jamo = set(enumerate(hangul.decompose(syllable)))
        (rest if jamo <= met else needed).append(syllable)
        met |= jamo
    return torch.tensor((needed + rest)[:count])


def pair_hold_out(seed=0):
    """초성과 중성의 짝 399가지 중 열에 하나(40가지)를 골라, 그 짝이 든 음절 1,120자를 뺍니다. bool, 11,172."""
    pairs = torch.randperm(19 * 21, generator=torch.Generator().manual_seed(seed))[:40]
    initial, vowel, _ = hangul.decompose(SYLLABLES)
    return torch.isin(initial * 21 + vowel, pairs)


def place_hold_out():
    """(아예 뺀 초성의 음절, 누운 모음과 함께는 뺀 음절). 둘 다 bool, 11,172."""
    initial, vowel, _ = hangul.decompose(SYLLABLES)
    return initial == ABSENT, torch.isin(initial, SIDE_ONLY) & torch.isin(vowel, WIDE)


def examples(G, syllables, count=64, seed=2):
    """음절 중 처음 `count`자(섞어서)를 보통체로 쓴 그림. (음절, 그림)을 돌려줍니다."""
    rng = torch.Generator().manual_seed(seed)
    chosen = syllables[torch.randperm(len(syllables), generator=rng)[:count]]
    z = torch.randn(len(chosen), Z_DIM, generator=rng)
    return chosen.numpy().astype(np.int16), data.to_pixels(hangul.write(G, chosen, 0.0, z))[:, 0].numpy()


STYLES = ("크기", "가로 위치", "세로 위치")


def measure_styles(images):
    """그림(N×1×32×32)마다 밝기로 잰 글씨의 크기(표준편차)와 무게중심. 단위는 픽셀, 모양 N×3."""
    ink = (images[:, 0].double() + 1) / 2
    total, place = ink.sum((1, 2)), torch.arange(hangul.SIZE).double()
    across, down = ink.sum(1), ink.sum(2)
    x, y = across @ place / total, down @ place / total
    size = ((across @ place**2 + down @ place**2) / total - x**2 - y**2).sqrt()
    return torch.stack([size, x, y], dim=1)


def style_directions(G, seed=3, count=400, repeats=6):
    """z의 어느 방향이 크기와 위치를 바꾸는지 최소제곱으로 구합니다.

    길이 1인 방향(3×8), 결정계수(3), 그 방향으로 1 움직일 때의 픽셀(3)을 돌려줍니다.
    """
    rng = torch.Generator().manual_seed(seed)
    syllables, z = shuffled_seen()[:count].repeat(repeats), torch.randn(repeats * count, Z_DIM, generator=rng)
    styles = measure_styles(hangul.write(G, syllables, 0.5, z))
    # 음절마다의 평균을 빼면 z가 준 몫만 남습니다
    z, styles = z.double().view(repeats, count, -1), styles.view(repeats, count, -1)
    z, styles = ((values - values.mean(0)).flatten(0, 1) for values in (z, styles))
    slopes = torch.linalg.lstsq(z, styles).solution
    explained = 1 - (styles - z @ slopes).square().sum(0) / styles.square().sum(0)
    size = slopes.norm(dim=0)
    return (slopes / size).T.float().numpy(), explained.numpy(), size.numpy()


def often():
    """학습에 쓰는 음절. 종성이 없는 음절(28자에 하나)은 아홉 번씩 넣어, 넷에 하나쯤 나오게 합니다."""
    seen = shuffled_seen()
    return torch.cat([seen, seen[seen % 28 == 0].repeat(8)])


def by_final(G):
    """정확도: (뺀 음절, 본 음절)마다 (종성 없음, 종성 있음). 모든 음절을 네 번씩 씁니다. 모양 2×2."""
    right = torch.stack([correct(G, SYLLABLES, seed=seed) for seed in range(10, 14)]).float().mean(dim=0)
    out, final = hangul.held_out(), SYLLABLES % 28 > 0
    return np.array([[right[(out == o) & (final == f)].mean() for f in (False, True)] for o in (True, False)])


def pack_long(G, evenly, curve, curve_evenly):
    """오래 학습한 두 생성자의 기록과, 수업에 쓰는 생성자의 스타일 방향을 묶습니다."""
    directions, explained, pixels = style_directions(G)
    return data.pack_arrays(
        curve=curve,
        curve_evenly=curve_evenly,
        by_final=by_final(G),
        by_final_evenly=by_final(evenly),
        styles=np.array(STYLES),
        directions=directions,
        explained=explained,
        pixels=pixels,
    )


def hangul_long(seed):
    """수업에 쓰는 생성자를 오래 학습합니다. 모든 음절을 고르게 보여 준 생성자도 학습해 견줍니다. 약 18분."""
    marks = range(1000, LONG_STEPS + 1, 1000)
    G, curve = train(often(), seed, LONG_STEPS, decay=0.999, marks=marks)
    evenly, curve_evenly = train(shuffled_seen(), seed, LONG_STEPS, decay=0.999, marks=marks)
    return {
        "weights/hangul_generator.safetensors": data.pack_weights(G),
        "recorded/hangul_long.npz": pack_long(G, evenly, curve, curve_evenly),
    }


FEW = (1117, 335, 112)  # 음절의 10%, 3%, 1%


def hangul_few(seed):
    """학습에 보여 주는 음절을 줄이거나 짝으로 뺀 결과와, 수업의 학습을 시드 셋으로 되풀이한 결과. 약 10분.

    `live`는 (시드, 시점, [스텝, CPU초, 뺀 음절, 본 음절])입니다. `few`는 (음절의 수, [뺀 음절, 본 음절]),
    `pairs`는 짝으로 뺀 음절과 본 음절, `places`는 아예 뺀 초성, 누운 모음과 함께는 뺀 초성, 본 음절의 정확도입니다.
    """
    arrays, marks = {"few_counts": np.array(FEW)}, range(100, STEPS + 1, 100)
    arrays["live"] = np.stack([train(shuffled_seen(), i, STEPS, marks=marks)[1] for i in range(seed, seed + 3)])

    def measure(G, *groups):
        return np.array([correct(G, group).float().mean().item() for group in groups], dtype=np.float32)

    arrays["few"] = np.zeros((len(FEW), 2), np.float32)
    for i, count in enumerate(FEW):
        G, _ = train(few(count), seed, STEPS)
        arrays["few"][i] = measure(G, hidden(), few(count))
        arrays[f"few_syllables_{count}"], arrays[f"few_images_{count}"] = examples(G, hidden())
        print(f"{count}자: {arrays['few'][i]}", flush=True)
    out = pair_hold_out()
    G, _ = train(SYLLABLES[~out], seed, STEPS)
    arrays["pairs"] = measure(G, SYLLABLES[out], SYLLABLES[~out])
    arrays["pair_syllables"], arrays["pair_images"] = examples(G, SYLLABLES[out])
    absent, above = place_hold_out()
    G, _ = train(SYLLABLES[~(absent | above)], seed, STEPS)
    arrays["places"] = measure(G, SYLLABLES[absent], SYLLABLES[above], SYLLABLES[~(absent | above)])
    for name, group in (("absent", absent), ("above", above)):
        arrays[f"{name}_syllables"], arrays[f"{name}_images"] = examples(G, SYLLABLES[group])
    print(f"짝: {arrays['pairs']}, 자리: {arrays['places']}", flush=True)
    return {"recorded/hangul.npz": data.pack_arrays(steps=STEPS, **arrays)}


RECORDS = {"hangul_reader": hangul_reader, "hangul": hangul_long, "hangul_few": hangul_few}
