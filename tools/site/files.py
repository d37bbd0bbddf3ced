"""쪽이 <script>로 부르는 자료 파일. file://에서는 fetch를 쓸 수 없기 때문입니다."""

import base64
import gzip
import json


def write(path, shelf, key, content):
    """site.js가 `gan.SHELF[KEY]`에 풀어 놓을 .js를 남깁니다. 장면의 글은 눌러 담으면 서너 배 작아집니다."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    path.write_text(f"gan.put({json.dumps(shelf)},{json.dumps(key)},{json.dumps(packed)});\n", encoding="utf-8")


def read(path):
    """`write`가 남긴 것."""
    packed = path.read_text(encoding="utf-8").split('"')[-2]
    return json.loads(gzip.decompress(base64.b64decode(packed)))
