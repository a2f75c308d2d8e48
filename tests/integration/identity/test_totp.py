"""Codes of authenticator apps against the values of RFC 6238, and their sealed secrets."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from shared.identity.adapters.totp import PyotpCodes, SecondFactorSettings
from shared.identity.domain.totp_secret import TotpSecret
from shared.infrastructure.encryption import Encryption, Undecipherable
from shared.kernel.ids import new_id

ENCRYPTION = Encryption({"key": bytes(32)})
CODES = PyotpCodes(SecondFactorSettings(issuer="Luxaris"), ENCRYPTION)
RFC_SECRET = b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # 12345678901234567890
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def _kept(secret: bytes) -> TotpSecret:
    row_id = new_id()
    key_id, sealed = ENCRYPTION.encrypt(secret, row_id=row_id)
    return TotpSecret(
        id=row_id, user_id=new_id(), key_id=key_id, sealed_secret=sealed, created_at=NOW
    )


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_values_of_the_rfc(seconds: int, code: str) -> None:
    """Appendix B, of which these are the last six digits."""
    now = datetime.fromtimestamp(seconds, UTC)
    assert CODES.matching_step(code, _kept(RFC_SECRET), now=now) == seconds // 30


@pytest.mark.parametrize(
    ("late", "is_good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_code_is_good_one_step_around_its_own(late: int, is_good: bool) -> None:  # noqa: FBT001
    seconds = 1234567890
    now = datetime.fromtimestamp(seconds + late, UTC)
    step = CODES.matching_step("005924", _kept(RFC_SECRET), now=now)
    assert step == (seconds // 30 if is_good else None)


@pytest.mark.parametrize("code", [" 287 082 ", "287082\n"])
def test_spaces_are_no_part_of_a_code(code: str) -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert CODES.matching_step(code, _kept(RFC_SECRET), now=now) == 1


@pytest.mark.parametrize(
    "code",
    ["", "28708", "2870820", "28708x", "+87082", "\uff12\uff18\uff17\uff10\uff18\uff12", "é" * 6],
)
def test_what_is_no_code_matches_nothing(code: str) -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert CODES.matching_step(code, _kept(RFC_SECRET), now=now) is None


def test_a_new_secret_is_sealed_for_its_row() -> None:
    kept, secret = CODES.new(new_id(), now=NOW)
    assert secret.encode() not in kept.sealed_secret
    assert ENCRYPTION.decrypt(kept.sealed_secret, key_id=kept.key_id, row_id=kept.id) == (
        secret.encode()
    )
    kept.id = new_id()
    with pytest.raises(Undecipherable):
        CODES.matching_step("123456", kept, now=NOW)


def test_the_uri_names_account_and_issuer() -> None:
    uri = urlsplit(CODES.uri(RFC_SECRET.decode(), account="ada+x@example.com"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Luxaris:ada+x@example.com"
    assert parse_qs(uri.query) == {"secret": [RFC_SECRET.decode()], "issuer": ["Luxaris"]}
