"""Secrets at rest open for their own row, with their own key, unchanged; and for nothing else."""

import base64
import re

import pytest

from shared.infrastructure.encryption import (
    Encryption,
    EncryptionSettings,
    Undecipherable,
    parse_keys,
)
from shared.infrastructure.settings import InvalidSetting
from shared.kernel.ids import new_id

OLD, NEW = b"o" * 32, b"n" * 32
ROW = new_id()
PLAIN = b'{"access_token": "correct horse"}'


def test_what_was_sealed_opens() -> None:
    key_id, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    assert Encryption({"old": OLD}).decrypt(sealed, key_id=key_id, row_id=ROW) == PLAIN


def test_the_sealed_text_shows_nothing_of_the_plain_one() -> None:
    _, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    assert b"horse" not in sealed
    assert base64.b64encode(b"horse") not in sealed


def test_the_same_secret_never_looks_the_same() -> None:
    encryption = Encryption({"old": OLD})
    assert encryption.encrypt(PLAIN, row_id=ROW) != encryption.encrypt(PLAIN, row_id=ROW)


def test_another_rows_secret_does_not_open() -> None:
    key_id, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    with pytest.raises(Undecipherable):
        Encryption({"old": OLD}).decrypt(sealed, key_id=key_id, row_id=new_id())


def test_another_key_of_the_same_name_does_not_open() -> None:
    key_id, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    with pytest.raises(Undecipherable):
        Encryption({"old": NEW}).decrypt(sealed, key_id=key_id, row_id=ROW)


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_a_changed_byte_does_not_open(place: int) -> None:
    key_id, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    changed = bytearray(sealed)
    changed[place] ^= 1
    with pytest.raises(Undecipherable):
        Encryption({"old": OLD}).decrypt(bytes(changed), key_id=key_id, row_id=ROW)


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_truncated_secret_does_not_open(length: int) -> None:
    key_id, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    with pytest.raises(Undecipherable):
        Encryption({"old": OLD}).decrypt(sealed[:length], key_id=key_id, row_id=ROW)


def test_after_a_rotation_old_secrets_open_and_new_ones_use_the_new_key() -> None:
    old_id, old = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    rotated = Encryption({"new": NEW, "old": OLD})
    new_id_, new = rotated.encrypt(PLAIN, row_id=ROW)
    assert (old_id, new_id_) == ("old", "new")
    assert rotated.decrypt(old, key_id=old_id, row_id=ROW) == PLAIN
    assert Encryption({"new": NEW}).decrypt(new, key_id=new_id_, row_id=ROW) == PLAIN


def test_a_key_that_is_gone_opens_nothing() -> None:
    key_id, sealed = Encryption({"old": OLD}).encrypt(PLAIN, row_id=ROW)
    with pytest.raises(Undecipherable):
        Encryption({"new": NEW}).decrypt(sealed, key_id=key_id, row_id=ROW)


def test_keys_are_read_in_their_order() -> None:
    text = ",".join(
        f"{name}:{base64.b64encode(key).decode()}" for name, key in (("new", NEW), ("old", OLD))
    )
    assert list(parse_keys(text).items()) == [("new", NEW), ("old", OLD)]


@pytest.mark.parametrize(
    "text",
    [
        "no colon",
        "id:not base64!",
        f"id:{base64.b64encode(b'short').decode()}",
        f":{base64.b64encode(NEW).decode()}",
        f"id:{base64.b64encode(NEW).decode()},",
        f"{base64.b64encode(NEW).decode()}:id",
        "id:schlüssel",
    ],
)
def test_keys_that_are_none_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        parse_keys(text)
    said = str(refused.value).removeprefix("ENCRYPTION_KEYS")
    assert not [part for part in re.split("[:,]", text) if len(part) > 2 and part in said]


def test_the_key_that_is_none_is_named_by_its_position() -> None:
    encoded = base64.b64encode(NEW).decode()
    with pytest.raises(InvalidSetting, match="ENCRYPTION_KEYS: part 2 "):
        parse_keys(f"new:{encoded},{encoded}:old")


def test_settings_do_not_show_their_keys() -> None:
    encoded = base64.b64encode(NEW).decode()
    assert encoded not in repr(EncryptionSettings(keys=f"new:{encoded}"))
