"""05차시의 조리법이 그린 숫자를 잽니다.

    python -m benchmarks.mnist --seed 0 --samples digits.npz    05차시의 셀을 그대로 실행합니다.
    python -m benchmarks.mnist --peers                          공개된 조리법 넷과 60초씩 견줍니다(약 18분).
    python -m benchmarks.mnist --curve curve.png                15초에서 240초까지 시간을 바꾸어 봅니다(약 13분).

05차시의 셀을 그대로 실행해 학습한 뒤 10,000장을 그리고, 저장된 분류기로 잰 결과를 JSON 한 줄로 찍습니다.
견줄 때는 표도 찍습니다.
"""

import argparse
import functools
import json
import statistics

import matplotlib.pyplot as plt
import numpy as np
import torch

from benchmarks import report
from benchmarks.notebook import run
from benchmarks.peers import CONV_PEERS
from ganlib import data, metrics, models, plot
from ganlib.train import check_batch

COUNT = 10_000
SEEDS = (0, 1, 2)
PEER_SECONDS = 60
# 긴 학습은 씨앗 하나로 재어 전체를 15분 안에 마칩니다.
CURVE = {15: SEEDS, 30: SEEDS, 60: SEEDS, 120: SEEDS[:1], 240: SEEDS[:1]}
COLUMNS = (
    ("프레셰 거리 ↓", "fid", 1, min),
    ("가장 드문 숫자(장) ↑", "rarest_digit", 0, max),
    ("가장 흔한 숫자(장) ↓", "commonest_digit", 0, min),
    ("확신하는 그림의 비율 ↑", "confident", 3, max),
    ("스텝", "steps", 0, None),
)


def to_pixels(images):
    """그림(N×1×28×28, 범위 [−1, 1])을 uint8 배열(N×28×28)로 바꿉니다. NaN이 있으면 ValueError를 냅니다."""
    check_batch(images, "images")
    return ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).numpy().astype(np.uint8)


@functools.cache
def judge():
    """분류기와, 시험용 그림에서 뽑은 특징."""
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    test_images, _ = data.load_mnist("test")
    return classifier, models.in_batches(classifier.features, test_images)


def measure(samples):
    """uint8 그림(N×28×28)의 품질을 저장된 분류기로 재어 사전으로 돌려줍니다.

    프레셰 거리는 시험용 그림 10,000장과 잽니다. 확신하는 그림은 분류기의 확률이 0.95를 넘는 것입니다.
    """
    classifier, real_features = judge()
    images = torch.from_numpy(samples).float().unsqueeze(1) / 127.5 - 1
    features = models.in_batches(classifier.features, images)
    probabilities = models.in_batches(classifier.head, features).softmax(dim=1)
    counts = probabilities.argmax(dim=1).bincount(minlength=10)
    return {
        "fid": round(metrics.frechet_distance(features, real_features), 2),
        "rarest_digit": int(counts.min()),
        "commonest_digit": int(counts.max()),
        "confident": round((probabilities.max(dim=1).values > 0.95).float().mean().item(), 3),
    }


def train_lesson(seed, **constants):
    """05차시의 셀을 실행하고 `(uint8 그림, 걸린 초와 스텝의 사전)`을 돌려줍니다."""
    namespace, seconds = run("05_mnist_conv_gan", SEED=seed, **constants)
    z = torch.randn(COUNT, namespace["Z_DIM"], generator=torch.Generator().manual_seed(seed + 1))
    images = models.paint(namespace["G_avg"], z)
    return to_pixels(images), {"seed": seed, "train_seconds": round(seconds, 1), "steps": len(namespace["history"])}


def measure_lesson(seed, **constants):
    samples, facts = train_lesson(seed, **constants)
    return facts | measure(samples)


def measure_peer(peer_class, seed):
    torch.manual_seed(seed)
    images, _ = data.load_mnist("train")
    peer = peer_class()
    steps = peer.train(images, PEER_SECONDS)
    return {"seed": seed, "train_seconds": PEER_SECONDS, "steps": steps, **measure(to_pixels(peer.paint(COUNT)))}


def compare():
    """조리법 다섯을 씨앗마다 번갈아 같은 시간 동안 학습하고 견줍니다. 진짜 그림의 값도 함께 적습니다."""
    images, _ = data.load_mnist("train")
    results = {"05차시": []} | {peer.name: [] for peer in CONV_PEERS}
    for seed in SEEDS:
        # 상대들은 CPU에서 돌므로 05차시도 CPU에서 돌립니다.
        results["05차시"].append(measure_lesson(seed, SECONDS=PEER_SECONDS, device="cpu"))
        for peer in CONV_PEERS:
            results[peer.name].append(measure_peer(peer, seed))
    # 지표의 양 끝: 학습용 진짜 그림과, 학습하기 전의 생성자.
    untrained = models.ConvGenerator().eval()
    references = {
        f"진짜 그림 {COUNT:,}장": [measure(to_pixels(images[:COUNT]))],
        "학습하기 전의 생성자": [measure(to_pixels(models.paint(untrained, torch.randn(COUNT, untrained.z_dim))))],
    }
    tables = report.table(COLUMNS, results), report.table([(*column[:3], None) for column in COLUMNS[:-1]], references)
    report.print_report("\n\n".join(tables), seconds=PEER_SECONDS, references=references, results=results)


def draw_curve(path):
    """05차시의 조리법을 시간을 바꾸어 돌리고, 프레셰 거리의 그림과 표를 만듭니다."""
    results = {seconds: [measure_lesson(seed, SECONDS=seconds) for seed in seeds] for seconds, seeds in CURVE.items()}
    plot.setup()
    figure, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for seconds, trials in results.items():
        ax.plot([seconds] * len(trials), [trial["fid"] for trial in trials], "o", color=plot.FAKE, alpha=0.5)
    medians = [statistics.median(trial["fid"] for trial in trials) for trials in results.values()]
    ax.plot(list(results), medians, color=plot.FAKE, label="05차시의 조리법(점은 씨앗마다)")
    ax.axhline(
        measure(to_pixels(data.load_mnist("train")[0][:COUNT]))["fid"], color=plot.REAL, label="학습용 진짜 그림"
    )
    ax.set(xlabel="학습한 시간(초)", ylabel="프레셰 거리", xscale="log", yscale="log")
    ax.set_xticks(list(results), [str(seconds) for seconds in results])
    ax.minorticks_off()
    ax.legend()
    figure.savefig(path, dpi=120)
    text = report.table(COLUMNS, {f"{seconds}초": trials for seconds, trials in results.items()})
    report.print_report(text, results=results)


def main():
    parser = argparse.ArgumentParser(description="05차시의 조리법을 잽니다.")
    parser.add_argument("--seed", type=int, default=0, help="난수의 씨앗")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--samples", help="그림을 저장할 .npz 파일")
    kind.add_argument("--peers", action="store_true", help="씨앗 0–2로 공개된 조리법들과 견줍니다")
    kind.add_argument("--curve", metavar="FILE.png", help="시간에 따른 품질을 그려 저장할 파일")
    options = parser.parse_args()
    if options.peers:
        return compare()
    if options.curve:
        return draw_curve(options.curve)
    samples, facts = train_lesson(options.seed)
    if options.samples:
        np.savez_compressed(options.samples, images=samples)
    print(json.dumps(facts | measure(samples)))


if __name__ == "__main__":
    main()
