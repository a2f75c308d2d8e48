"""What a key may do: what its scopes and its user's permissions both say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.domain.api_key import WRITTEN, effective
from shared.identity.domain.permissions import EVERY_WORD, OWN, is_held

WORDS = st.frozensets(st.sampled_from(sorted(EVERY_WORD)))


@pytest.mark.parametrize(
    ("scopes", "held", "may"),
    [
        ([], {"posts:read"}, set()),
        (["posts:read"], set(), set()),
        (["posts:read"], {"posts:read", "posts:write"}, {"posts:read"}),
        (["posts:write"], {"posts:write:own"}, {"posts:write:own"}),
        (["posts:write:own"], {"posts:write"}, {"posts:write:own"}),
        (["posts:write", "posts:write:own"], {"posts:write:own"}, {"posts:write:own"}),
        (["posts:write"], {"posts:write", "posts:write:own"}, {"posts:write"}),
    ],
)
def test_the_narrower_of_both_counts(scopes: list[str], held: set[str], may: set[str]) -> None:
    assert effective(scopes, held) == may


@given(scopes=WORDS, held=WORDS)
def test_a_key_never_reaches_further_than_either(
    scopes: frozenset[str], held: frozenset[str]
) -> None:
    for word in effective(scopes, held):
        assert is_held(word, scopes)
        assert is_held(word, held)


@given(scopes=WORDS, held=WORDS)
def test_nor_less_far_than_both(scopes: frozenset[str], held: frozenset[str]) -> None:
    may = effective(scopes, held)
    assert all(is_held(word, may) for word in EVERY_WORD if word in scopes and word in held)
    assert all(
        is_held(word + OWN, may)
        for word in scopes
        if word + OWN in EVERY_WORD and is_held(word + OWN, held)
    )


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("lux_abcd1234_" + "A" * 43, True),
        ("lux_abcd1234_" + "-_" * 21 + "x", True),
        ("lux_abcd1234_" + "A" * 42, False),
        ("lux_abcd1234_" + "A" * 44, False),
        ("lux_ABCD1234_" + "A" * 43, False),
        ("lux_abcd1234_" + "A" * 43 + "\n", False),
        ("", False),
    ],
)
def test_a_key_is_known_by_its_form(text: str, *, is_one: bool) -> None:
    assert bool(WRITTEN.fullmatch(text)) == is_one
