"""쪽이 <script>로 부르는 자료 파일. file://에서는 fetch를 쓸 수 없기 때문입니다."""

import json


def write(path, shelf, key, content):
    """`gan.SHELF["KEY"] = …`라고 적은 .js를 남깁니다."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"gan.{shelf}[{json.dumps(key)}]={text};\n", encoding="utf-8")
