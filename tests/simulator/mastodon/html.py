"""A status as Mastodon's `TextFormatter` renders it: paragraphs, shortened links, mentions."""

import re
from html import escape

_ENTITY = re.compile(r"(https?://\S*\w)|(?<![\w@/])@(\w+)@([\w.-]*\w)")
_SHOWN = 30


def rendered(text: str) -> str:
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    return "".join(f"<p>{_lines(paragraph)}</p>" for paragraph in paragraphs)


def _lines(paragraph: str) -> str:
    html, position = "", 0
    for match in _ENTITY.finditer(paragraph):
        html += escape(paragraph[position : match.start()])
        html += _link(match[1]) if match[1] else _mention(match[2], match[3])
        position = match.end()
    return (html + escape(paragraph[position:])).replace("\n", "<br />")


def _link(url: str) -> str:
    scheme, _, rest = url.partition("://")
    shown, hidden = escape(rest[:_SHOWN]), escape(rest[_SHOWN:])
    return (
        f'<a href="{escape(url)}" rel="nofollow noopener"><span class="invisible">{scheme}://</span>'
        f'<span class="ellipsis">{shown}</span><span class="invisible">{hidden}</span></a>'
    )


def _mention(name: str, host: str) -> str:
    href = f"https://{host}/@{name}"
    link = f'<a href="{href}" class="u-url mention">@<span>{name}</span></a>'
    return f'<span class="h-card">{link}</span>'
