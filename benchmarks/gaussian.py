"""04차시의 조리법이 만든 수를 잽니다.

    python -m benchmarks.gaussian --seed 0 --samples numbers.npz

04차시의 셀을 그대로 실행해 학습한 뒤 20,000개를 뽑아 저장하고, N(4, 1.25²)과의 거리를 JSON 한 줄로 찍습니다.
"""

import argparse
import json

import numpy as np

from benchmarks.notebook import run
from ganlib import metrics

COUNT = 20_000
MEAN, SD = 4.0, 1.25


def draw_samples(namespace):
    """노트북의 이름 공간에 있는 평균한 생성자로 `COUNT`개를 뽑아 float32 배열로 돌려줍니다."""
    x = namespace["generate"](namespace["G_avg"], namespace["noise"](COUNT))
    return x.numpy().ravel().astype(np.float32)


def measure(x):
    """샘플(모양 N)과 N(4, 1.25²) 사이의 거리를 사전으로 돌려줍니다."""
    return {
        "w1": round(metrics.wasserstein_to_normal(x, MEAN, SD), 4),
        "ks": round(metrics.ks_to_normal(x, MEAN, SD), 4),
        "mean": round(float(x.mean(dtype=np.float64)), 3),
        "sd": round(float(x.std(dtype=np.float64)), 3),
    }


def main():
    parser = argparse.ArgumentParser(description="04차시의 조리법을 재어 JSON 한 줄로 찍습니다.")
    parser.add_argument("--seed", type=int, default=0, help="난수의 씨앗")
    parser.add_argument("--samples", help="샘플을 저장할 .npz 파일")
    options = parser.parse_args()

    namespace, seconds = run("04_uniform_to_gaussian", SEED=options.seed)
    x = draw_samples(namespace)
    if options.samples:
        np.savez_compressed(options.samples, x=x)
    result = {
        "seed": options.seed,
        "train_seconds": round(seconds, 1),
        "steps": len(namespace["history"]),
        **measure(x),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
