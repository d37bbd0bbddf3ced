import json

import pytest

from benchmarks import notebook


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """학습 셀이 있는 작은 노트북."""

    def write(*cells):
        every = [
            {"cell_type": "code", "metadata": {"tags": tags}, "source": [source], "outputs": [], "execution_count": 1}
            for tags, source in cells
        ]
        (tmp_path / "toy.ipynb").write_text(json.dumps({"cells": every}))

    monkeypatch.setattr(notebook, "NOTEBOOKS", tmp_path)
    return write


def test_run_executes_the_cells_through_the_first_train_cell(toy):
    toy(
        (["setup"], "total = 1"),
        (["seed"], "SEED = 0\nN = 2"),
        (["figure"], "1 / 0"),
        (["check"], "1 / 0"),
        (["train"], "total += SEED * N"),
        ([], "total = None"),
    )
    assert notebook.run("toy")[0]["total"] == 1
    namespace, seconds = notebook.run("toy", SEED=5)
    assert namespace["total"] == 11 and 0 < seconds < 1


@pytest.mark.parametrize(
    "cells, message",
    [
        ([(["seed"], "SEED = 0")], "train 셀이 없습니다"),
        ([([], "x = 1"), (["train"], "pass")], "SEED.*정하는 줄이 없습니다"),
        ([([], "SEED = 0"), ([], "SEED = 1"), (["train"], "pass")], "두 번"),
    ],
)
def test_run_refuses_a_constant_that_is_not_set_once(toy, cells, message):
    toy(*cells)
    with pytest.raises(ValueError, match=message):
        notebook.run("toy", SEED=1)
