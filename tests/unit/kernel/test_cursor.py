"""Cursors: what was written is read again, and nothing else is."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.cursor import Cursor
from shared.kernel.errors import RuleViolation

ORDER = "title asc"
KEYS = st.none() | st.text() | st.floats(allow_nan=False)


@given(key=KEYS, identity=st.uuids())
def test_what_was_written_is_read_again(key: str | float | None, identity: UUID) -> None:
    cursor = Cursor(order=ORDER, key=key, id=identity)
    written = cursor.written()
    assert Cursor.read(written, order=ORDER) == cursor
    assert written.isascii()
    assert not set(written) & set("=+/&? ")


@given(written=st.text(max_size=60))
def test_nothing_else_is(written: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        Cursor.read(written, order=ORDER)
    assert (refused.value.code, refused.value.field) == ("INVALID_CURSOR", "cursor")


@given(key=KEYS, identity=st.uuids())
def test_a_place_is_one_of_its_order(key: str | float | None, identity: UUID) -> None:
    written = Cursor(order=ORDER, key=key, id=identity).written()
    with pytest.raises(RuleViolation):
        Cursor.read(written, order="title desc")
