"""`python -m tools.site OUT`"""

import argparse
from pathlib import Path

from tools.lesson import names
from tools.site.build import build

parser = argparse.ArgumentParser(description="노트북으로 읽는 쪽을 만듭니다.")
parser.add_argument("out", type=Path, metavar="OUT", help="쪽을 지을 폴더")
parser.add_argument("lessons", nargs="*", metavar="NAME", help="지을 차시의 이름들. 없으면 모두")
options = parser.parse_args()
if unknown := set(options.lessons) - set(names()):
    parser.error(f"그런 차시가 없습니다: {', '.join(sorted(unknown))}")
build(options.out.resolve(), options.lessons)
