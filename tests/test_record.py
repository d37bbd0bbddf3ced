import shutil

import numpy as np
import pytest

from ganlib import data, models
from tools import record


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(data.FOLDER / "weights", tmp_path / "weights")
    lines = (data.FOLDER / "SHA256SUMS").read_text().splitlines(keepends=True)
    (tmp_path / "SHA256SUMS").write_text("".join(line for line in lines if "weights/" in line))
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    return tmp_path


def test_verify_passes_on_the_shipped_files_and_names_the_bad_one(folder, capsys):
    assert record.verify()
    (folder / "weights/digit_classifier.safetensors").write_bytes(b"")
    assert not record.verify()
    assert "✗ data/weights/digit_classifier.safetensors" in capsys.readouterr().out


def test_store_saves_the_weights_and_renews_the_list(folder):
    before = data.checksums()
    model = models.DigitClassifier()
    record.store("weights/digit_classifier.safetensors", data.pack_weights(model))
    after = data.checksums()
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == ["weights/digit_classifier.safetensors"]
    assert record.verify()


def test_what_is_recorded_is_read_back(folder):
    (folder / "recorded").mkdir()
    record.store("recorded/a.npz", data.pack_arrays(x=np.arange(6).reshape(2, 3)))
    assert data.load_recorded("a")["x"].tolist() == [[0, 1, 2], [3, 4, 5]]
    (folder / "recorded/a.npz").write_bytes(b"")
    with pytest.raises(ValueError, match="data/recorded/a.npz 파일이 원래와 다릅니다"):
        data.load_recorded("a")


def test_unknown_name_is_refused():
    with pytest.raises(SystemExit):
        record.main(["digits"])
