import gzip
import shutil

import numpy as np
import pytest
import torch

from ganlib import data, models


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """시험용 그림과 가중치만 담은 data 폴더의 사본. 마음껏 망가뜨려도 됩니다."""
    for name in data.checksums():
        if "t10k" in name or "weights" in name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(data.FOLDER / name, tmp_path / name)
    shutil.copy(data.FOLDER / "SHA256SUMS", tmp_path)
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize("split, count", [("train", 60_000), ("test", 10_000)])
def test_mnist_has_the_documented_form(split, count):
    images, labels = data.load_mnist(split)
    assert images.shape == (count, 1, 28, 28) and images.dtype == torch.uint8
    assert images.min() == 0 and images.max() == 255
    assert labels.shape == (count,) and labels.dtype == torch.int64
    assert labels.unique().tolist() == list(range(10))


def test_mnist_pixels_are_the_files_pixels():
    images, labels = data.load_mnist("test")
    raw = gzip.decompress((data.FOLDER / "mnist/t10k-images-idx3-ubyte.gz").read_bytes())
    pixels = np.frombuffer(raw[16:], np.uint8)
    assert np.array_equal(images.flatten().numpy(), pixels)
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_scaling_there_and_back_changes_nothing():
    pixels = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    images = data.scale(pixels)
    assert images.dtype == torch.float32 and images.min() == -1 and images.max() == 1
    assert data.scale(images) is images
    assert torch.equal(data.to_pixels(images), pixels) and data.to_pixels(images * 3).max() == 255
    with pytest.raises(ValueError, match="NaN"):
        data.to_pixels(images * float("nan"))


def test_unknown_split_is_refused():
    with pytest.raises(ValueError, match='"train"이나 "test"'):
        data.load_mnist("valid")


def test_missing_file_says_what_to_do(folder):
    with pytest.raises(FileNotFoundError, match="없습니다.*git checkout"):
        data.load_mnist("train")


@pytest.mark.parametrize("damage", [lambda b: b[:-100], lambda b: b[:500] + b"\0" + b[501:], lambda b: b""])
def test_damaged_file_is_refused_and_left_alone(folder, damage):
    path = folder / "mnist/t10k-images-idx3-ubyte.gz"
    path.write_bytes(damage(path.read_bytes()))
    damaged = path.read_bytes()
    with pytest.raises(ValueError, match="원래와 다릅니다.*git checkout"):
        data.load_mnist("test")
    assert path.read_bytes() == damaged


def test_missing_list_says_how_to_install(folder):
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(FileNotFoundError, match="pip install -e"):
        data.load_mnist("test")


def test_unknown_weights_are_refused_with_the_known_names():
    with pytest.raises(FileNotFoundError, match="digit_classifier"):
        data.load_weights(models.DigitClassifier(), "digits")


def test_weights_of_another_architecture_leave_the_model_alone():
    model = models.ConvGenerator(z_dim=3)
    before = model.state_dict()["layers.0.weight"].clone()
    with pytest.raises(ValueError, match="구조와 맞지 않습니다"):
        data.load_weights(model, "digit_classifier")
    assert torch.equal(model.state_dict()["layers.0.weight"], before)


def test_altered_weights_are_refused(folder):
    path = folder / "weights/digit_classifier.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="원래와 다릅니다"):
        data.load_weights(models.DigitClassifier(), "digit_classifier")


def test_weights_survive_a_round_trip(folder):
    torch.manual_seed(0)
    model = models.ConvDiscriminator()
    path = folder / "weights/copy.safetensors"
    data.write_safely(path, data.pack_weights(model))
    digest = data.sha256(path.read_bytes())
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write(f"{digest}  weights/copy.safetensors\n")
    other = data.load_weights(models.ConvDiscriminator(), "copy")
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), other.state_dict().values()))
    assert not other.training


def test_saving_where_writing_is_impossible_says_so(tmp_path):
    with pytest.raises(OSError, match="저장할 수 없습니다.*폴더"):
        data.write_safely(tmp_path / "없는 폴더" / "w.safetensors", b"new")


def test_failed_saving_keeps_the_old_file(tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"old")
    (tmp_path / "w.safetensors.partial").mkdir()
    with pytest.raises(OSError, match="저장할 수 없습니다"):
        data.write_safely(path, b"new")
    assert path.read_bytes() == b"old"
