r"""Text as LinkedIn measures it, and as its API takes it: the format `little`.

A character of `little` that means something there is written with a backslash before it; else the
text ends at the first of them, without a word. Hashtags stay as they are, and so do mentions that
name whom they mean: ``@[Somebody](urn:li:person:…)``.
"""

import regex

MAXIMUM = 3000
_RESERVED = r"\\|{}@\[\]()<>#*_~"
_MENTION = r"@\[[^\[\]()\\]+\]\(urn:li:(?:person|organization):[A-Za-z0-9_-]+\)"
_HASHTAG = r"(?<![^\s\p{Ps}\p{Pi}])#(?=[\p{N}]*\p{L})[\p{L}\p{M}\p{N}]+"
_TOKEN = regex.compile(rf"(?<kept>{_MENTION}|{_HASHTAG})|[{_RESERVED}]")


def text_length(text: str) -> int:
    """UTF-16 code units, as servers that are written in Java count: an emoji is two or more."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def little(text: str) -> str:
    """`text` so that LinkedIn shows it as it was written."""
    written: str = _TOKEN.sub(lambda match: match["kept"] or f"\\{match[0]}", text)
    return written
