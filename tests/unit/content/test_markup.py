"""Markup: text is kept to the letter, harmless tags stay, and nothing harmful comes through."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.content.adapters.markup import clean_html, plain_text, strip_tags

PLAIN = [
    "",
    "5 < 6 & 7",
    "a < b and c > d",
    "I <3 you </3",
    "x<5 && y>3",
    "<- -> <> << >>",
    "AT&T &amp; &lt;b&gt; &#60; &nbsp; &bogus;",
    " spaces \n and\r\nlines\t ",
    "quotes \" and ' stay",
    "\u202eright to left\u202c \U0001f469\u200d\U0001f467 e\u0301 \xa0 \ufeff",
    "trailing <",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_kept_to_the_letter(text: str) -> None:
    assert clean_html(text) == text
    assert strip_tags(text) == text


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_beside_tags_is_kept_to_the_letter(text: str) -> None:
    unified = text.replace("\r\n", "\n")
    assert clean_html(f"<b>{text}</b> {text} <i>x</i>") == f"<b>{unified}</b> {unified} <i>x</i>"
    assert strip_tags(f"<b>{text}</b> {text} <i>x</i>") == f"{unified} {unified} x"


@pytest.mark.parametrize(
    ("text", "cleaned", "stripped"),
    [
        ("<p>a</p><strong>b</strong>", "<p>a</p><strong>b</strong>", "ab"),
        ("<p onclick=x()>a</p>", "<p>a</p>", "a"),
        ("<script>x()</script>a<style>b</style>", "a", "a"),
        ("a<img src=x onerror=x()>b", "ab", "ab"),
        ("<iframe src=//evil></iframe>a", "a", "a"),
        ("a <!-- <b>secret</b> --> b", "a  b", "a  b"),
        ("a <b", "a &lt;b", "a < b"),
        ("<img src=x onerror=x() //", "&lt;img src=x onerror=x() //", "< img src=x onerror=x() //"),
        ("<<b>img src=x>", "<<b>img src=x></b>", "< img src=x>"),
        ("<<script></script>img src=x>", "&lt;img src=x>", "< img src=x>"),
        ("&lt;img src=x&gt; <b>a</b>", "&lt;img src=x&gt; <b>a</b>", "&lt;img src=x&gt; a"),
        ("<TABLE><TR><TD>a", "<table><tbody><tr><td>a</td></tr></tbody></table>", "a"),
    ],
)
def test_only_what_is_harmless_stays(text: str, cleaned: str, stripped: str) -> None:
    assert clean_html(text) == cleaned
    assert strip_tags(text) == stripped


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("https://example.org/?a=1&amp;b=2", True),
        ("https://example.org/?a=1&b=2", True),
        ("mailto:ada@example.org", True),
        ("/relative", True),
        ("javascript:x()", False),
        ("JaVaScRiPt:x()", False),
        ("java&#115;cript:x()", False),
        ("java&Tab;script:x()", False),
        ("&#1;javascript:x()", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
    ],
)
def test_links_lead_to_harmless_places(target: str, kept: bool) -> None:  # noqa: FBT001
    unified = re.sub("&(?!amp;)", "&amp;", target)
    address = f' href="{unified}"' if kept else ""
    assert clean_html(f'<a href="{target}">x</a>') == f'<a{address} rel="noopener noreferrer">x</a>'


class _Reader(HTMLParser):
    """Collects what a reader of HTML would see as markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", []))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", []))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", []))


def _markup(text: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.found


FRAGMENTS = """
< > & &lt; &gt; &amp; &#60; &lt &nbsp; " ' = / ! ? -- --> <!-- <![CDATA[ ]]> a b script img <b> </b>
<b <a <p> </p> <script> </script> <style> </style> <img <svg> <math> <mi> <mtext> <textarea>
</textarea> <title> </title> <table> <td> <select> <template> <noscript> <xmp> <plaintext> href=
src= onerror= javascript:x() https://x
"""
SOUP = st.lists(st.sampled_from([*FRAGMENTS.split(), " ", "\n"]) | st.text(max_size=3)).map("".join)


@given(SOUP)
@example("</<")
@example("</<noscript><b>")
@example("<textarea><x &lt;img src=x onerror=x()&gt;></textarea>")
@example('<svg></p><style><a title="</style><img src=x onerror=x()>">')
def test_no_soup_becomes_harmful(text: str) -> None:
    for tag, attributes in _markup(clean_html(text)):
        # To a browser "</3" begins a comment, which shows nothing and does nothing.
        assert tag in {"a", "b", "p", "table", "tbody", "td", "tr", "!--"}
        assert all(tag == "a" for _ in attributes)
        for name, value in attributes:
            assert name in {"href", "title", "target", "rel"}
            if name == "href":
                assert urlsplit(value or "").scheme in {"", "https"}
    assert {tag for tag, _ in _markup(strip_tags(text))} <= {"!--"}


@given(SOUP)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean_html(text)
    assert clean_html(once) == once
    bare = strip_tags(text)
    assert strip_tags(bare) == bare


BEGINS_MARKUP = re.compile("<(/?[A-Za-z]|[!?])")


@given(st.text() | SOUP)
def test_what_begins_no_markup_is_kept_to_the_letter(text: str) -> None:
    text = BEGINS_MARKUP.sub(r"< \1", text)
    assert clean_html(text) == text
    assert strip_tags(text) == text


@pytest.mark.timeout(20)  # quadratic, it takes minutes
@pytest.mark.parametrize(
    "piece", ["<a", '<a "', "<!--", "<", "&", "<b>", '<a "<a>', "&lt;", "<p>&<"]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    for each in (text, f"{text}>", f">{text}"):
        assert clean_html(clean_html(each)) == clean_html(each)
        assert strip_tags(strip_tags(each)) == strip_tags(each)


@pytest.mark.parametrize(
    ("description", "seen"),
    [
        ("Plain\n\n\n\ntext \n", "Plain\n\n\n\ntext \n"),
        ("5 < 6 & 7 > 3 <3", "5 < 6 & 7 > 3 <3"),
        ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines"),
        ("<h1>Menu</h1>\n<ul>\n<li>Tea</li>\n<li>Cake</li>\n</ul>", "Menu\n\nTea\nCake"),
        ('See <a href="https://x.example/?a=1&b=2" title="a > b">here</a>', "See here"),
        ("a &lt;b and AT&amp;T", "a <b and AT&T"),
        ("x?a=1&copy=2", "x?a=1&copy=2"),
        ("<p></p>", ""),
    ],
)
def test_a_reader_sees_lines_and_no_markup(description: str, seen: str) -> None:
    assert plain_text(description) == seen
