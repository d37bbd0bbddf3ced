"""마크다운을 HTML로 바꿉니다. 식은 브라우저의 KaTeX가 그리도록 남겨 둡니다."""

import html
import re

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

FORMATTER = HtmlFormatter(nowrap=True)


def code(source, language="python"):
    """색을 입힌 코드 한 덩이."""
    if language in ("python", "py"):
        source = highlight(source, PythonLexer(), FORMATTER).rstrip("\n")
        # 이름과 부호는 색이 없으므로, 감싼 것을 벗기면 쪽이 100 KB쯤 가벼워집니다.
        source = re.sub(r'<span class="(?:n|p|o|w)">([^<]*)</span>', r"\1", source)
    else:
        source = html.escape(source.rstrip("\n"))
    return f'<pre class="code" tabindex="0"><code>{source}</code></pre>'


def math(text, options):
    """KaTeX가 찾아 그릴 자리. 스크립트가 없으면 식의 글이 그대로 보입니다."""
    # 긴 식은 옆으로 밀어 보므로, 글쇠로도 닿게 합니다.
    kind = 'display" tabindex="0' if options["display_mode"] else "inline"
    return f'<span class="math {kind}">{html.escape(text.strip())}</span>'


MARKDOWN = (
    MarkdownIt("commonmark", {"html": True, "highlight": lambda text, name, _: code(text, name)})
    .enable(["table", "strikethrough"])
    .use(dollarmath_plugin, allow_space=True, allow_digits=True, double_inline=True, renderer=math)
)


def fence(self, tokens, i, options, env):
    return code(tokens[i].content, tokens[i].info.strip() or "text")


MARKDOWN.add_render_rule("fence", fence)


def to_html(text):
    """셀 하나의 마크다운을 HTML로 바꿉니다. 다른 차시로 가는 링크는 쪽으로 이어지게 고칩니다."""
    made = MARKDOWN.render(text)
    made = re.sub(r'href="([\w./-]+)\.ipynb(#[^"]*)?"', lambda m: f'href="{m[1]}.html{m[2] or ""}"', made)
    made = made.replace("<table>", '<div class="wide" tabindex="0"><table>').replace("</table>", "</table></div>")
    return re.sub(r'<a href="(https?:[^"]*)"', r'<a href="\1" rel="noopener" class="away"', made)


def slug(title):
    """제목의 닻. JupyterLab과 같은 규칙입니다."""
    return re.sub(r"\s", "-", plain(title))


def plain(text):
    """찾기와 제목에 쓸 글: 꾸밈과 HTML과 코드 블록을 뺍니다."""
    text = re.sub(r"```.*?```", " ", text, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\$\$.*?\$\$|^\|[-|: ]+\|$", " ", text, flags=re.S | re.M)  # 식과 표의 줄
    text = re.sub(r"\$([^$]*)\$", lambda m: re.sub(r"\\(?!log|exp|min|max)[a-zA-Z]+|[_^{}\\]", "", m[1]), text)
    return re.sub(r"\s*\|\s*", " ", re.sub(r"[*`#$\\{}]+", "", text)).strip()
