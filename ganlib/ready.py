"""수업을 시작할 준비가 되었는지 한 번에 살펴봅니다."""

from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from ganlib.data import checksums, read_verified


def check_ready():
    """패키지의 버전과 자료 파일을 살펴보고 한 줄로 알려 줍니다. 모자란 것이 있어도 멈추지 않습니다."""
    problems = [*_old_packages(), *_damaged_files()]
    if not problems:
        print("✓ 준비가 되었습니다. 이제부터는 네트워크가 없어도 됩니다.")
        return
    print("! 수업은 할 수 있지만, 막히는 곳이 있으면 아래를 먼저 살펴봅시다.")
    for problem in problems:
        print(f"  - {problem}")


def _old_packages():
    for need in map(Requirement, requires("ganlib") or ()):
        try:
            found = version(need.name)
        except PackageNotFoundError:
            yield f"{need.name}이(가) 없습니다. `pip install {need.name}`으로 설치합니다."
            continue
        if not need.specifier.contains(found, prereleases=True):
            yield f"{need.name} {found}: 이 수업은 {need.specifier}에서 시험했습니다. `pip install -U {need.name}`"


def _damaged_files():
    try:
        for name in checksums():
            read_verified(name)
    except (OSError, ValueError) as error:
        yield str(error)
