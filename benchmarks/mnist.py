"""05차시의 조리법이 그린 숫자를 잽니다.

    python -m benchmarks.mnist --seed 0 --samples digits.npz

05차시의 셀을 그대로 실행해 학습한 뒤 10,000장을 그려 저장하고, 결과를 JSON 한 줄로 찍습니다.
"""

import argparse
import json

import numpy as np
import torch

from benchmarks.notebook import run
from ganlib import data, metrics, models

COUNT = 10_000


def draw_samples(generator, z_dim, seed):
    """`generator`로 `COUNT`장을 그려 uint8 배열(N×28×28)로 돌려줍니다."""
    z = torch.randn(COUNT, z_dim, generator=torch.Generator().manual_seed(seed))
    device = next(generator.parameters()).device
    images = metrics.in_batches(generator.eval(), z.to(device)).cpu()
    return ((images[:, 0] + 1) * 127.5).round().clamp(0, 255).numpy().astype(np.uint8)


def measure(samples):
    """uint8 그림(N×28×28)의 품질을 저장된 분류기로 재어 사전으로 돌려줍니다."""
    classifier = data.load_weights(models.DigitClassifier(), "digit_classifier")
    test_images, _ = data.load_mnist("test")
    images = torch.from_numpy(samples).float().unsqueeze(1) / 127.5 - 1
    probabilities = metrics.in_batches(classifier, images).softmax(dim=1)
    counts = probabilities.argmax(dim=1).bincount(minlength=10)
    real, fake = (metrics.in_batches(classifier.features, x) for x in (test_images, images))
    return {
        "fid": round(metrics.frechet_distance(fake, real), 2),
        "rarest_digit": int(counts.min()),
        "commonest_digit": int(counts.max()),
        "confident": round((probabilities.max(dim=1).values > 0.95).float().mean().item(), 3),
    }


def main():
    parser = argparse.ArgumentParser(description="05차시의 조리법을 재어 JSON 한 줄로 찍습니다.")
    parser.add_argument("--seed", type=int, default=0, help="난수의 씨앗")
    parser.add_argument("--samples", help="그림을 저장할 .npz 파일")
    options = parser.parse_args()

    namespace, seconds = run("05_mnist_conv_gan", SEED=options.seed)
    samples = draw_samples(namespace["G_avg"], namespace["Z_DIM"], seed=options.seed + 1)
    if options.samples:
        np.savez_compressed(options.samples, images=samples)
    result = {
        "seed": options.seed,
        "train_seconds": round(seconds, 1),
        "steps": len(namespace["history"]),
        **measure(samples),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
