"""One spelling for each address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.domain.email import local_part, normalise_email


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Ada@Example.COM ", "ada@example.com"),
        ("ＡＤＡ＠example.com", "ada@example.com"),  # noqa: RUF001 full-width letters
        ("\N{KELVIN SIGN}im@example.com", "kim@example.com"),
        (
            "jose\N{COMBINING ACUTE ACCENT}@example.com",
            "jos\N{LATIN SMALL LETTER E WITH ACUTE}@example.com",
        ),
        ("STRASSE@example.com", "strasse@example.com"),
    ],
)
def test_spellings_of_one_address_are_equal(text: str, normal: str) -> None:
    assert normalise_email(text) == normal


def test_different_letters_stay_different() -> None:
    assert normalise_email("straße@example.com") != normalise_email("strasse@example.com")


@given(st.text())
def test_normal_form_is_final(text: str) -> None:
    assert normalise_email(normalise_email(text)) == normalise_email(text)


def test_local_part_ends_at_the_last_at_sign() -> None:
    assert local_part('"a@b"@example.com') == '"a@b"'
