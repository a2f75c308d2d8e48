"""Letters as they come from the outbox: what of them is believed."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.notifications.domain.letter import LONGEST_VALUE, Unwritable, read_letter

GOOD = {"template": "welcome", "to": "ada@example.com", "locale": "de-AT", "parameters": {}}


def test_what_is_well_formed_is_taken_as_it_is() -> None:
    link = "https://app.example.com/auth/verify-email#token=a-b_c"
    parameters = {
        "name": "Ada <Lovelace> & Söhne",
        "link": link,
        "minutes": 30,
        "is_late": True,
        "other": None,
    }
    letter = read_letter({**GOOD, "parameters": parameters})
    assert letter.parameters == parameters
    assert (letter.template, letter.to, letter.locale) == ("welcome", "ada@example.com", "de-AT")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ada\r\nBcc: all@example.com", "Ada Bcc: all@example.com"),
        ("Ada\x00\u2028Ben", "Ada Ben"),
        ("\u202egnp.exe", "gnp.exe"),
        ("  Ada\t", "Ada"),
        ("x" * LONGEST_VALUE, "x" * LONGEST_VALUE),
        ("x" * 5000, "x" * (LONGEST_VALUE - 1) + "…"),
    ],
)
def test_a_value_is_one_short_line(text: str, plain: str) -> None:
    assert read_letter({**GOOD, "parameters": {"name": text}}).parameters["name"] == plain


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "https://",
        "//example.com",
        "https://example.com/\"onclick='x'",
        "https://example.com/a b",
        "https://example.com/\nX: y",
        "",
    ],
)
def test_a_link_leads_to_a_page(link: str) -> None:
    with pytest.raises(Unwritable, match="leads nowhere"):
        read_letter({**GOOD, "parameters": {"link": link}})


@pytest.mark.parametrize("value", [1.5, [], {}, b"x"])
def test_a_value_is_text_a_whole_number_or_yes_or_no(value: object) -> None:
    with pytest.raises(Unwritable):
        read_letter({**GOOD, "parameters": {"name": value}})


@pytest.mark.parametrize("missing", GOOD)
def test_nothing_may_be_missing(missing: str) -> None:
    body = {name: value for name, value in GOOD.items() if name != missing}
    with pytest.raises(Unwritable, match=missing):
        read_letter(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD]), JSON))
def test_whatever_comes_is_refused_or_harmless(body: dict[str, Any]) -> None:
    with suppress(Unwritable):
        letter = read_letter({**GOOD, **body})
        texts = [each for each in letter.parameters.values() if isinstance(each, str)]
        assert not any("\n" in each or len(each) > LONGEST_VALUE for each in texts)
