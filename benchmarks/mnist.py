"""05차시의 학습 설정이 그린 숫자를 잽니다.

    python -m benchmarks.mnist --seed 0 --samples digits.npz    05차시의 셀을 그대로 실행합니다.
    python -m benchmarks.mnist --peers                          공개된 학습 설정 넷과 60초씩 견줍니다(약 18분).
    python -m benchmarks.mnist --curve curve.png                15초에서 240초까지 시간을 바꾸어 봅니다(약 13분).

05차시의 셀을 그대로 실행해 학습한 뒤 10,000장을 그리고, 저장된 분류기로 잰 결과를 JSON 한 줄로 찍습니다.
견줄 때는 표도 찍습니다.
"""

import argparse
import functools
import json
import os
import statistics

import matplotlib.pyplot as plt
import numpy as np
import torch

from benchmarks import report
from benchmarks.peers import CONV_PEERS
from ganlib import data, metrics, models, plot
from ganlib.sampling import in_batches, paint
from tools import lesson

COUNT = 10_000
SEEDS = (0, 1, 2)
PEER_SECONDS = 60
# 긴 학습은 시드 하나로 재어 전체를 15분 안에 마칩니다.
CURVE = {15: SEEDS, 30: SEEDS, 60: SEEDS, 120: SEEDS[:1], 240: SEEDS[:1]}
COLUMNS = (
    ("프레셰 거리 ↓", "fid", 1, min),
    ("가장 드문 숫자(장) ↑", "rarest_digit", 0, max),
    ("가장 흔한 숫자(장) ↓", "commonest_digit", 0, min),
    ("확신하는 그림의 비율 ↑", "confident", 3, max),
    ("스텝", "steps", 0, None),
)


@functools.cache
def judge():
    """분류기와, 시험용 그림에서 뽑은 특징."""
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    test_images, _ = data.load_mnist("test")
    return classifier, in_batches(classifier.features, test_images)


def measure(samples):
    """uint8 그림(N×28×28)의 품질을 저장된 분류기로 재어 사전으로 돌려줍니다.

    프레셰 거리는 시험용 그림 10,000장과 잽니다. 확신하는 그림은 분류기의 확률이 0.95를 넘는 것입니다.
    """
    classifier, real_features = judge()
    features = in_batches(classifier.features, torch.from_numpy(samples).unsqueeze(1))
    probabilities = in_batches(classifier.head, features).softmax(dim=1)
    counts = probabilities.argmax(dim=1).bincount(minlength=10)
    return {
        "fid": round(metrics.frechet_distance(features, real_features), 2),
        "rarest_digit": int(counts.min()),
        "commonest_digit": int(counts.max()),
        "confident": round((probabilities.max(dim=1).values > 0.95).float().mean().item(), 3),
    }


def measure_lesson(seed, **constants):
    """05차시를 실행해 잰 결과의 사전. 정해진 시간보다 짧게 학습하면 통과할 수 없는 확인은 뺍니다."""
    result = lesson.run("05_mnist_conv_gan", asserts=False, SEED=seed, STEPS=1, **constants)
    return {"seed": seed, "steps": int(result["steps"]), **measure(result["images"])}


def measure_peer(peer_class, seed):
    torch.manual_seed(seed)
    torch.set_num_threads(os.cpu_count())  # 상대의 큰 신경망에는 코어를 모두 줍니다.
    images = data.scale(data.load_mnist("train")[0])
    peer = peer_class()
    steps = peer.train(images, PEER_SECONDS)
    return {"seed": seed, "steps": steps, **measure(pixels(peer.paint(COUNT)))}


def pixels(images):
    """그림(N×1×28×28, 범위 [−1, 1])을 uint8 배열(N×28×28)로 바꿉니다."""
    return data.to_pixels(images)[:, 0].numpy()


def random_real():
    """학습용 그림에서 무작위로 고른 `COUNT`장."""
    images, _ = data.load_mnist("train")
    return images[torch.randperm(len(images), generator=torch.Generator().manual_seed(0))[:COUNT], 0].numpy()


def compare():
    """학습 설정 다섯을 시드마다 번갈아 같은 시간 동안 학습하고 견줍니다. 진짜 그림의 값도 함께 적습니다."""
    results = {"05차시": []} | {peer.name: [] for peer in CONV_PEERS}
    for seed in SEEDS:
        # 상대들은 CPU에서 돌므로 05차시도 CPU에서 돌립니다.
        results["05차시"].append(measure_lesson(seed, SECONDS=PEER_SECONDS, device="cpu"))
        for peer in CONV_PEERS:
            results[peer.name].append(measure_peer(peer, seed))
    # 지표의 양 끝: 학습용 진짜 그림과, 학습하기 전의 생성자.
    untrained = models.ConvGenerator().eval()
    references = {
        f"진짜 그림 {COUNT:,}장": [measure(random_real())],
        "학습하기 전의 생성자": [measure(pixels(paint(untrained, torch.randn(COUNT, untrained.z_dim))))],
    }
    tables = report.table(COLUMNS, results), report.table([(*column[:3], None) for column in COLUMNS[:-1]], references)
    report.print_report("\n\n".join(tables), seconds=PEER_SECONDS, references=references, results=results)


def draw_curve(path):
    """05차시의 학습 설정을 시간을 바꾸어 돌리고, 프레셰 거리의 그림과 표를 만듭니다."""
    results = {seconds: [measure_lesson(seed, SECONDS=seconds) for seed in seeds] for seconds, seeds in CURVE.items()}
    plot.setup()
    figure, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for seconds, trials in results.items():
        ax.plot([seconds] * len(trials), [trial["fid"] for trial in trials], "o", color=plot.FAKE, alpha=0.5)
    medians = [statistics.median(trial["fid"] for trial in trials) for trials in results.values()]
    ax.plot(list(results), medians, color=plot.FAKE, label="05차시의 학습 설정(점은 시드마다)")
    ax.axhline(measure(random_real())["fid"], color=plot.REAL, label="학습용 진짜 그림")
    ax.set(xlabel="학습한 시간(초)", ylabel="프레셰 거리", xscale="log", yscale="log")
    ax.set_xticks(list(results), [str(seconds) for seconds in results])
    ax.minorticks_off()
    ax.legend()
    figure.savefig(path, dpi=120)
    text = report.table(COLUMNS, {f"{seconds}초": trials for seconds, trials in results.items()})
    report.print_report(text, results=results)


def main():
    parser = argparse.ArgumentParser(description="05차시의 학습 설정을 잽니다.")
    parser.add_argument("--seed", type=int, default=0, help="난수의 시드")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--samples", help="그림을 저장할 .npz 파일")
    kind.add_argument("--peers", action="store_true", help="시드 0–2로 공개된 학습 설정들과 견줍니다")
    kind.add_argument("--curve", metavar="FILE.png", help="시간에 따른 품질을 그려 저장할 파일")
    options = parser.parse_args()
    if options.peers:
        return compare()
    if options.curve:
        return draw_curve(options.curve)
    result = lesson.run("05_mnist_conv_gan", SEED=options.seed)
    if options.samples:
        np.savez_compressed(options.samples, images=result["images"])
    print(json.dumps({"seed": options.seed, "steps": int(result["steps"]), **measure(result["images"])}))


if __name__ == "__main__":
    main()
