"""What a reader sees of a post, and which files of the library are in it."""

import re
from html.parser import HTMLParser

_FILE = re.compile(r'<!-- wp:(?:image|video|file) {"id":(\d+)} -->')


def files_in(content: str) -> list[int]:
    return [int(each) for each in _FILE.findall(content)]


def text_in(content: str) -> str:
    """Of its paragraphs."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return "\n\n".join(reader.paragraphs)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag == "p":
            self.paragraphs.append("")
            self._is_inside = True
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.paragraphs[-1] += data
