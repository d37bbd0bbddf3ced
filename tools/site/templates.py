"""templates 폴더의 HTML 조각을 채웁니다."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

HERE = Path(__file__).parent
ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def fill(name, /, **values):
    """`templates/name.html`을 채웁니다. 글은 HTML로 안전하게 옮기고, 이미 HTML인 것만 `|safe`로 둡니다."""
    return ENVIRONMENT.get_template(f"{name}.html").render(values)
