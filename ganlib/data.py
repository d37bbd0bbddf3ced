"""데이터와 가중치와 기록을 읽고 씁니다. 네트워크는 쓰지 않으며, 모든 파일은 저장소의 `data/`에 있습니다."""

import gzip
import hashlib
import io
import os
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

FOLDER = Path(__file__).resolve().parent.parent / "data"
MNIST_FILES = {"train": "train", "test": "t10k"}


def read_verified(name):
    """`data/` 안의 파일을 읽고, 내용(bytes)이 `data/SHA256SUMS`에 적힌 것과 같은지 확인합니다.

    `name`은 `data/`를 기준으로 한 경로입니다. 예: `"mnist/train-images-idx3-ubyte.gz"`.

    Raises:
        FileNotFoundError: 파일이나 목록이 없을 때.
        ValueError: 목록에 없는 이름이거나, 파일이 잘렸거나 바뀌었을 때.
    """
    path = FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(
            f"data/{name} 파일이 없습니다. 저장소를 다시 내려받거나 `git checkout -- data`로 되살려 주세요."
        )
    content = path.read_bytes()
    if sha256(content) != checksums().get(name):
        raise ValueError(
            f"data/{name} 파일이 원래와 다릅니다(잘렸거나 바뀌었습니다). "
            f"`git checkout -- data/{name}`으로 되살려 주세요."
        )
    return content


def sha256(content):
    """bytes의 SHA-256을 16진수 글자 64개로 돌려줍니다."""
    return hashlib.sha256(content).hexdigest()


def checksums():
    """`data/SHA256SUMS`를 읽어 `{경로: sha256}` 사전으로 돌려줍니다."""
    path = FOLDER / "SHA256SUMS"
    if not path.is_file():
        raise FileNotFoundError(
            f"자료 목록 {path.name}가 없습니다. ganlib은 저장소 안에서 `pip install -e .`로 설치해야 하며, "
            "파일이 지워졌다면 `git checkout -- data`로 되살려 주세요."
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def load_mnist(split="train"):
    """MNIST 손글씨 숫자를 파일에 적힌 그대로 읽습니다(LeCun, Cortes, Burges, 1998).

    신경망에는 `scale`로 바꾸어 넣습니다. 실수로 모두 바꾸어 두면 메모리를 네 배 쓰므로, 쓸 만큼만 바꿉니다.

    Args:
        split: `"train"`(60,000장) 또는 `"test"`(10,000장).

    Returns:
        `(images, labels)`. `images`는 uint8, 모양 N×1×28×28, 값 0(검정)–255(하양).
        `labels`는 int64, 모양 N, 값 0–9.

    Raises:
        ValueError: `split`이 잘못되었거나 파일이 손상되었을 때.
        FileNotFoundError: 파일이 없을 때.
    """
    if split not in MNIST_FILES:
        raise ValueError(f'split은 "train"이나 "test"여야 합니다. 받은 값: {split!r}')
    prefix = f"mnist/{MNIST_FILES[split]}"
    # IDX 형식의 머리말은 그림이 16바이트, 레이블이 8바이트입니다.
    pixels = np.frombuffer(gzip.decompress(read_verified(f"{prefix}-images-idx3-ubyte.gz")), np.uint8, offset=16)
    labels = np.frombuffer(gzip.decompress(read_verified(f"{prefix}-labels-idx1-ubyte.gz")), np.uint8, offset=8)
    images = torch.from_numpy(pixels.reshape(-1, 1, 28, 28).copy())
    return images, torch.from_numpy(labels.astype(np.int64))


def scale(images):
    """픽셀(uint8, 0–255)을 신경망이 받는 float32, 범위 [−1, 1]로 바꿉니다. 이미 실수이면 그대로 돌려줍니다."""
    return images.float() / 127.5 - 1 if images.dtype == torch.uint8 else images


def to_pixels(images):
    """신경망의 그림(범위 [−1, 1])을 픽셀(uint8, 0–255)로 바꿉니다. 벗어난 값은 자르고, NaN은 ValueError를 냅니다."""
    if images.dtype == torch.uint8:
        return images
    if not images.isfinite().all():
        raise ValueError("그림에 NaN이나 무한대가 있습니다. 모델이 발산했는지 살펴봐 주세요.")
    return ((images.detach().cpu().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def load_weights(model, name):
    """`data/weights/`에 들어 있는 가중치를 `model`에 넣고, 평가 모드로 바꾸어 돌려줍니다.

    Args:
        model: 가중치를 받을 `nn.Module`. 구조가 저장할 때와 같아야 합니다.
        name: 확장자를 뺀 파일 이름. 예: `"digit_classifier"`.

    Raises:
        FileNotFoundError: 그런 이름이 없을 때(있는 이름을 알려 줍니다).
        ValueError: 파일이 손상되었거나 `model`의 구조와 맞지 않을 때. `model`은 바뀌지 않습니다.
    """
    known = sorted(Path(file).stem for file in checksums() if file.startswith("weights/"))
    if name not in known:
        raise FileNotFoundError(f"가중치 {name!r}이(가) 없습니다. 쓸 수 있는 이름: {', '.join(known)}")
    try:
        weights = load(read_verified(f"weights/{name}.safetensors"))
    except SafetensorError as error:
        raise ValueError(f"data/weights/{name}.safetensors를 읽을 수 없습니다: {error}") from error
    # load_state_dict는 모양이 틀리면 일부만 복사하고 멈추므로, 먼저 전부 견주어 봅니다.
    shapes = {key: value.shape for key, value in weights.items()}
    if shapes != {key: value.shape for key, value in model.state_dict().items()}:
        raise ValueError(
            f"가중치 {name!r}은(는) 이 모델의 구조와 맞지 않습니다. "
            "저장할 때와 같은 인자로 모델을 만들었는지 확인해 주세요."
        )
    model.load_state_dict(weights, strict=True)
    return model.eval()


def load_recorded(name):
    """`data/recorded/`에 미리 돌려 기록해 둔 결과를 읽어 `{이름: numpy 배열}`로 돌려줍니다.

    `name`은 확장자를 뺀 파일 이름입니다. 없거나 손상된 파일이면 `read_verified`의 오류를 냅니다.
    """
    with np.load(io.BytesIO(read_verified(f"recorded/{name}.npz"))) as arrays:
        return dict(arrays)


def pack_arrays(**arrays):
    """배열들을 `load_recorded`가 읽는 npz 파일의 내용(bytes)으로 바꿉니다."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def pack_weights(model):
    """`model`의 가중치를 safetensors 파일의 내용(bytes)으로 바꿉니다."""
    return save({key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()})


def write_safely(path, content):
    """bytes를 파일에 씁니다. 다 쓴 뒤에 이름을 바꾸므로, 도중에 멈추어도 이미 있던 파일은 다치지 않습니다.

    폴더가 없거나 쓸 수 없으면 OSError를 냅니다.
    """
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        raise OSError(
            f"{path}에 저장할 수 없습니다({error.strerror}). 폴더가 있는지, 쓸 권한이 있는지 확인해 주세요."
        ) from error
