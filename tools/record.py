"""`data/`의 파일을 확인하고, 가중치를 MNIST에서 다시 만듭니다. 저장소의 맨 위 폴더에서 실행합니다.

    python -m tools.record                      모든 파일을 SHA256SUMS와 견줍니다.
    python -m tools.record digit_classifier     분류기를 다시 학습합니다(CPU 코어 2개에서 약 2분).
    python -m tools.record conv_gan --seed 0    05차시를 15분 동안 실행해 생성자와 판별자를 다시 학습합니다.

다시 학습한 가중치는 컴퓨터에 따라 끝자리가 다르므로, 저장한 다음 SHA256SUMS의 해당 줄도 새로 씁니다.
"""

import argparse
import sys

import torch
import torch.nn.functional as F

from ganlib import data, models
from tools import lesson
from tools.records import lesson_04, lesson_05, lesson_07, lesson_08, lesson_09, lesson_10, lesson_11, lesson_13

CONV_GAN_SECONDS = 15 * 60


def verify():
    """모든 파일을 확인하고 한 줄씩 찍습니다. 틀린 파일이 있으면 False를 돌려줍니다."""
    good = True
    for name in data.checksums():
        try:
            data.read_verified(name)
            print(f"✓ {name}")
        except (OSError, ValueError) as error:
            print(f"✗ {error}")
            good = False
    return good


def digit_classifier(seed):
    torch.manual_seed(seed)
    images, labels = data.load_mnist("train")
    classifier = models.DigitClassifier()
    epochs, batch_size = 4, 128
    optimizer = torch.optim.Adam(classifier.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=3e-3, epochs=epochs, steps_per_epoch=len(images) // batch_size
    )
    for epoch in range(epochs):
        for batch in torch.randperm(len(images)).split(batch_size)[: len(images) // batch_size]:
            loss = F.cross_entropy(classifier(data.scale(images[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"에폭 {epoch + 1}/{epochs}, 손실 {loss.item():.4f}", flush=True)
    return {"weights/digit_classifier.safetensors": data.pack_weights(classifier)}


def conv_gan(seed):
    print(f"05차시를 {CONV_GAN_SECONDS // 60}분 동안 실행합니다.", flush=True)
    result = lesson.run("05_mnist_conv_gan", SEED=seed, SECONDS=CONV_GAN_SECONDS)
    names = {"conv_generator": "G", "conv_discriminator": "D"}
    return {f"weights/{file}.safetensors": result[name].tobytes() for file, name in names.items()}


def store(file, content):
    """`data/`의 파일 하나를 저장하고 SHA256SUMS의 줄을 새로 씁니다."""
    data.write_safely(data.FOLDER / file, content)
    sums = data.checksums() | {file: data.sha256(content)}
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    data.write_safely(data.FOLDER / "SHA256SUMS", "".join(lines).encode())
    print(f"저장했습니다: data/{file}")


# 차시마다의 기록은 tools/records/에 있습니다.
RECORDS = {
    "digit_classifier": digit_classifier,
    "conv_gan": conv_gan,
    **lesson_04.RECORDS,
    **lesson_05.RECORDS,
    **lesson_07.RECORDS,
    **lesson_08.RECORDS,
    **lesson_09.RECORDS,
    **lesson_10.RECORDS,
    **lesson_11.RECORDS,
    **lesson_13.RECORDS,
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description="data/의 파일을 확인하고 가중치를 다시 만듭니다.")
    parser.add_argument("name", nargs="?", choices=RECORDS, help="다시 만들 것. 없으면 확인만 합니다")
    parser.add_argument("--seed", type=int, default=0, help="난수의 시드")
    options = parser.parse_args(arguments)
    if options.name:
        for file, content in RECORDS[options.name](options.seed).items():
            store(file, content)
    if not verify():
        sys.exit("다른 파일이 있습니다. `git checkout -- data`로 되살려 주세요.")


if __name__ == "__main__":
    main()
