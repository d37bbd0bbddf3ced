"""04차시의 학습 설정이 만든 수를 잽니다.

    python -m benchmarks.gaussian --seed 0 --samples numbers.npz    04차시의 셀을 그대로 실행합니다.
    python -m benchmarks.gaussian --peers                           다른 학습 설정 둘과 3, 10, 30초씩 견줍니다(약 7분).

04차시의 셀을 그대로 실행해 학습한 뒤 20,000개를 뽑고, N(4, 1.25²)과의 거리를 JSON 한 줄로 찍습니다.
견줄 때는 표도 찍습니다.
"""

import argparse
import json

import numpy as np
import torch

from benchmarks import report
from benchmarks.peers import FourMoments, TextbookNumbers
from ganlib import metrics
from tools import lesson

COUNT = 20_000
MEAN, SD = 4.0, 1.25
SEEDS = (0, 1, 2)
PEER_SECONDS = (3, 10, 30)
LESSON = "04차시"


def measure(x):
    """샘플(모양 N)과 N(4, 1.25²) 사이의 거리를 사전으로 돌려줍니다."""
    return {
        "w1": round(metrics.wasserstein_to_normal(x, MEAN, SD), 4),
        "ks": round(metrics.ks_to_normal(x, MEAN, SD), 4),
        "mean": round(float(x.mean(dtype=np.float64)), 3),
        "sd": round(float(x.std(dtype=np.float64)), 3),
    }


def measure_lesson(seed, seconds):
    result = lesson.run("04_uniform_to_gaussian", asserts=False, SEED=seed, SECONDS=seconds, STEPS=1)
    return {"seed": seed, "steps": int(result["steps"]), **measure(result["x"])}


def measure_peer(kind, seed, seconds):
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    peer = kind(MEAN, SD)
    steps = peer.train(seconds)
    return {"seed": seed, "steps": steps, **measure(peer.sample(COUNT))}


def compare():
    """학습 설정 셋을 시드마다 번갈아 같은 시간 동안 학습하고 견줍니다."""
    results = {seconds: {LESSON: [], TextbookNumbers.name: [], FourMoments.name: []} for seconds in PEER_SECONDS}
    for seed in SEEDS:
        for seconds, rows in results.items():
            rows[LESSON].append(measure_lesson(seed, seconds))
            for kind in (TextbookNumbers, FourMoments):
                rows[kind.name].append(measure_peer(kind, seed, seconds))
    columns = [("W₁ ↓", "w1", 3, min), ("KS ↓", "ks", 3, min), ("평균", "mean", 2, None), ("표준편차", "sd", 2, None)]
    tables = [f"{seconds}초\n\n{report.table(columns, rows)}" for seconds, rows in results.items()]
    real = measure(np.random.default_rng(0).normal(MEAN, SD, COUNT))
    note = f"진짜 {COUNT:,}개는 W₁ {real['w1']:.3f}, KS {real['ks']:.3f}입니다."
    report.print_report("\n\n".join([*tables, note]), real=real, results=results)


def main():
    parser = argparse.ArgumentParser(description="04차시의 학습 설정을 잽니다.")
    parser.add_argument("--seed", type=int, default=0, help="난수의 시드")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--samples", help="샘플을 저장할 .npz 파일")
    kind.add_argument("--peers", action="store_true", help="시드 0–2로 다른 학습 설정들과 견줍니다")
    options = parser.parse_args()
    if options.peers:
        return compare()
    result = lesson.run("04_uniform_to_gaussian", SEED=options.seed)
    if options.samples:
        np.savez_compressed(options.samples, x=result["x"])
    print(json.dumps({"seed": options.seed, "steps": int(result["steps"]), **measure(result["x"])}))


if __name__ == "__main__":
    main()
