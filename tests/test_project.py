"""저장소의 문서와 파일이 서로 맞는지 봅니다."""

import ast
import gzip
import re
import sys
import tomllib
from hashlib import md5

import pytest

from ganlib import data
from ganlib.data import FOLDER

ROOT = FOLDER.parent
MODULES = sorted((ROOT / "ganlib").glob("*.py"))


def test_every_data_file_is_listed_and_described():
    files = {
        p.relative_to(FOLDER).as_posix()
        for p in FOLDER.glob("*/*")
        if p.suffix in (".gz", ".otf", ".safetensors", ".npz")
    }
    assert files == set(data.checksums())
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in data.checksums():
        assert f"`{name}`" in readme, name
        data.read_verified(name)


def test_mnist_is_the_original():
    # 압축을 푼 원본 파일의 널리 알려진 MD5입니다.
    originals = {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    }
    for name, digest in originals.items():
        assert md5(gzip.decompress(data.read_verified(f"mnist/{name}.gz"))).hexdigest() == digest


def test_requirements_are_exact_and_end_with_the_project():
    *pins, last = (ROOT / "requirements.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert last == "-e ."
    assert all(re.fullmatch(r"[a-z]+==[\d.]+", pin) for pin in pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {re.split(r"[<>=]", need)[0] for need in project["dependencies"]} <= {pin.split("==")[0] for pin in pins}


def test_every_imported_package_is_declared():
    files = (ROOT / "requirements.txt", ROOT / "tools/site/requirements.txt")
    pins = {line.split("==")[0] for path in files for line in path.read_text(encoding="utf-8").split("\n")}
    names = {
        "PIL": "pillow",
        "IPython": "ipython",
        "markdown_it": "markdown-it-py",
        "mdit_py_plugins": "mdit-py-plugins",
    }
    own = {"ganlib", "tools", "benchmarks"} | sys.stdlib_module_names | {p.stem for p in ROOT.glob("tests/*.py")}
    for path in (path for path in ROOT.glob("*/**/*.py") if not path.is_relative_to(ROOT / ".venv")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in getattr(node, "names", ())] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) else []
            for top in {module.split(".")[0] for module in modules} - own:
                assert names.get(top, top) in pins, f"{path.name}: {top}"


def test_readme_names_both_commands_for_both_shells():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for ending in ("jupyter lab notebooks", "python -m pytest"):
        assert len(re.findall(rf"^python3 -m venv .venv && .+{ending}$", readme, flags=re.M)) == 1
        assert len(re.findall(rf"^py -3\.13 -m venv .venv; .+{ending}$", readme, flags=re.M)) == 1


def test_readme_lists_every_lesson_as_the_notebooks_do():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[.+?\]\(notebooks/(.+?)\.ipynb\) \| .+? \| (\d \| \d+) \|$", readme, flags=re.M))
    stated = {}
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        [line] = re.findall(r"걸리는 시간: (.+?), 실행 (\d+)초", path.read_text(encoding="utf-8"))
        stated[path.stem] = f"{line[0].count('교시')} | {line[1]}"
    assert rows == stated


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_public_names_are_documented_in_korean(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and not n.name.startswith("_")]
    for node in [tree, *nodes]:
        assert re.search("[가-힣]", ast.get_docstring(node) or ""), getattr(node, "name", path.stem)


def test_the_package_stays_small():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert sum(lengths.values()) <= 1460 and max(lengths.values()) <= 205, lengths


def test_nothing_points_outside_the_clone():
    for pattern in ("README.md", "ganlib/*.py", "benchmarks/*.py", "tools/*.py", "data/*.md", "notebooks/*.ipynb"):
        for path in ROOT.glob(pattern):
            assert "../shared" not in path.read_text(encoding="utf-8"), path
