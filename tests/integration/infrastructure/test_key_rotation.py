"""What is sealed with an old key is sealed with the new one, and the old one can go."""

import base64
import os
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, select, text, update

from shared.channels.adapters.tables import channel_connections
from shared.infrastructure.database import engine, transaction
from shared.infrastructure.encryption import Encryption, Undecipherable, encryption
from shared.infrastructure.key_rotation import AT_A_TIME, rotate, sealed_columns
from tests.accounts import Account, root
from tests.api import Api
from tests.architecture.test_tables import TABLES
from tests.author import Author
from tests.functions.identity.second_factor import begin_totp
from tests.simulator.client import Simulator

OPEN = {
    ("audit_chain", "hash"): "of what is in the log, for everybody to compare",
    ("post_imports", "body"): "a table that somebody hands over",
    ("idempotent_answers", "body"): "an answer, which is never of a secret",
    ("passkeys", "credential_id"): "known to everybody who asks to sign in",
    ("passkeys", "public_key"): "public",
}
"""Bytes that are no secret."""

OLD, NEW = os.urandom(32), os.urandom(32)


def _known() -> bytes:
    return base64.b64decode(os.environ["ENCRYPTION_KEYS"].partition(":")[2])


@pytest.fixture
def chief(api: Api, simulator: Simulator) -> Account:
    chief = root(api)
    Author.of(chief).connect()
    begin_totp(chief)
    return chief


def _opened(keys: Encryption) -> dict[str, list[bytes]]:
    with engine().connect() as database:
        return {
            table.name: [
                keys.decrypt(sealed, key_id=key, row_id=row)
                for row, sealed, key in database.execute(
                    select(table.c.id, text_, key_id).where(key_id.is_not(None), text_ != b"")
                )
            ]
            for table, text_, key_id in sealed_columns()
        }


def test_every_sealed_column_is_known() -> None:
    known = {(table.name, text_.name) for table, text_, _ in sealed_columns()}
    binary = {
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary - known == set(OPEN), "name the id of its key in key_rotation, or why it is open"


def test_the_old_key_can_go(chief: Account) -> None:
    before = _opened(encryption())
    assert before["channel_connections"]
    assert before["totp_secrets"]
    both = Encryption({"new": NEW, "test": _known()})
    assert {each.table: each.lost for each in rotate(both)}.keys() == before.keys()
    assert _opened(Encryption({"new": NEW})) == before
    assert not [each for each in rotate(both) if each.sealed or each.lost]


def test_what_no_key_opens_is_left_and_told(chief: Account) -> None:
    before = _opened(encryption())
    told = {each.table: each for each in rotate(Encryption({"new": NEW, "old": OLD}))}
    assert told["channel_connections"].lost == 1
    assert told["channel_connections"].sealed == 0
    assert _opened(encryption()) == before


def test_more_rows_than_are_taken_at_a_time(chief: Account) -> None:
    copies = """
        INSERT INTO channel_connections
        SELECT (jsonb_populate_record(one, jsonb_build_object(
            'id', gen_random_uuid(), 'external_account_id', n::text))).*
        FROM channel_connections AS one, generate_series(1, :more) AS n
    """
    with engine().begin() as database:
        database.execute(text(copies), {"more": 2 * AT_A_TIME})
        ids = database.scalars(select(channel_connections.c.id)).all()
    both = Encryption({"new": NEW, "test": _known()})
    for row_id in ids:
        _seal(row_id)
    told = {each.table: each for each in rotate(both)}
    assert (told["channel_connections"].sealed, told["channel_connections"].lost) == (
        2 * AT_A_TIME + 1,
        0,
    )
    with pytest.raises(Undecipherable):
        _opened(encryption())


def _seal(row_id: UUID) -> None:
    key_id, sealed = encryption().encrypt(b"{}", row_id=row_id)
    values = {"credentials": sealed, "credentials_key_id": key_id}
    with transaction() as session:
        session.execute(
            update(channel_connections).where(channel_connections.c.id == row_id).values(values)
        )
