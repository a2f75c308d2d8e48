"""Recovery codes as people write and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.domain.recovery_code import ALPHABET, LENGTH, read, written

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_no_two_signs_of_the_alphabet_look_alike() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set(ALPHABET) & set("01lo")


@given(CODES)
def test_what_is_written_is_read_again(code: str) -> None:
    assert read(written(code)) == code
    assert written(code).count("-") == 3


@pytest.mark.parametrize(
    "typed",
    [
        "abcd-efgh-jkmn-pqrs",
        "ABCD EFGH JKMN PQRS",
        "abcdefghjkmnpqrs",
        "\tabcd - efgh jkmn--pqrs\n",
    ],
)
def test_hyphens_spaces_and_case_make_no_difference(typed: str) -> None:
    assert read(typed) == "abcdefghjkmnpqrs"
