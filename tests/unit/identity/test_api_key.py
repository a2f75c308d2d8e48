"""What a key may do: what its scopes and its user's permissions both say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.domain.api_key import WRITTEN, ApiKey, NewKey, effective
from shared.identity.domain.permissions import EVERY_WORD, OWN, is_held
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId, new_id

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


NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def _expiring(wanted: str) -> ApiKey:
    return ApiKey.make(
        NewKey(text="lux_abcd1234_x", prefix="lux_abcd1234", hash="h"),
        organization_id=OrganizationId(new_id()),
        user_id=new_id(),
        name="Import",
        scopes=["posts:read"],
        channels=None,
        expires_at=datetime.fromisoformat(wanted),
        created_by=new_id(),
        now=NOW,
    )


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("2027-03-01T10:00:01+01:00", "2027-03-01T09:00:01+00:00"),
        ("2037-03-01T09:00:00Z", "2037-03-01T09:00:00+00:00"),
    ],
)
def test_a_key_expires_within_ten_years_in_utc(wanted: str, kept: str) -> None:
    expires_at = _expiring(wanted).expires_at
    assert expires_at is not None
    assert expires_at.isoformat() == kept


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("2027-03-01T09:00:00Z", "EXPIRY_IN_THE_PAST"),
        ("0001-01-01T00:00:00+14:00", "EXPIRY_IN_THE_PAST"),
        ("2037-03-02T09:00:01Z", "EXPIRY_TOO_FAR"),
        ("9999-12-31T23:59:59-12:00", "EXPIRY_TOO_FAR"),
    ],
)
def test_no_key_expires_before_or_long_after(wanted: str, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        _expiring(wanted)
    assert refused.value.code == code
