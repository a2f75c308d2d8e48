"""Passkeys belong to the domain and the origins that a deployment names."""

from datetime import UTC, datetime

import pytest

from shared.identity.adapters.links import FrontendSettings
from shared.identity.adapters.passkey_ceremonies import WebauthnCeremonies
from shared.identity.adapters.passkey_settings import PasskeysSettings
from shared.identity.application.passkeys.ports import InvalidCeremony
from shared.identity.domain.user import User, UserStatus
from shared.infrastructure.settings import InvalidSetting
from tests.authenticator import Authenticator, encoded

CHALLENGE = encoded(bytes(range(32)))
FRONT_END = FrontendSettings(url="https://Front.example:8443/app")
CEREMONIES = WebauthnCeremonies(
    PasskeysSettings.read(
        {
            "PASSKEYS_RP_ID": "luxaris.example",
            "PASSKEYS_RP_NAME": "Luxaris at work",
            "PASSKEYS_ORIGINS": "https://luxaris.example, https://app.luxaris.example",
        }
    ),
    FRONT_END,
)
ADA = User.register(
    email="ada@example.com",
    password_hash="hash",
    name="Ada",
    timezone="UTC",
    locale="en",
    is_root=False,
    status=UserStatus.ACTIVE,
    now=datetime(2030, 1, 1, tzinfo=UTC),
)


def _device(origin: str, rp_id: str = "luxaris.example") -> Authenticator:
    return Authenticator(origin=origin, rp_id=rp_id)


@pytest.mark.parametrize("origin", ["https://luxaris.example", "https://app.luxaris.example"])
def test_each_origin_may_ask(origin: str) -> None:
    device = _device(origin)
    options = CEREMONIES.creation_options(CHALLENGE, user=ADA, known=[])
    assert options["rp"] == {"id": "luxaris.example", "name": "Luxaris at work"}
    answered = device.make(options)
    assert CEREMONIES.challenge_of(answered) == CHALLENGE
    made = CEREMONIES.verify_creation(answered, challenge=CHALLENGE)
    assert made.credential_id == device.credential_id
    signed = device.sign(CEREMONIES.request_options(CHALLENGE))
    assert CEREMONIES.credential_of(signed) == (device.credential_id, ADA.id)
    proved = CEREMONIES.verify_assertion(signed, challenge=CHALLENGE, public_key=made.public_key)
    assert proved.sign_count == 1


@pytest.mark.parametrize(
    ("origin", "rp_id"),
    [
        ("http://luxaris.example", "luxaris.example"),
        ("https://luxaris.example:8443", "luxaris.example"),
        ("https://evil.luxaris.example", "luxaris.example"),
        ("https://luxaris.example.evil", "luxaris.example"),
        ("https://app.luxaris.example", "app.luxaris.example"),
        ("", "luxaris.example"),
    ],
)
def test_nobody_else_may(origin: str, rp_id: str) -> None:
    answered = _device(origin, rp_id).make(
        CEREMONIES.creation_options(CHALLENGE, user=ADA, known=[])
    )
    with pytest.raises(InvalidCeremony):
        CEREMONIES.verify_creation(answered, challenge=CHALLENGE)


def test_a_reason_is_short_however_long_what_was_sent() -> None:
    answered = _device("https://" + "x" * 5_000).make(
        CEREMONIES.creation_options(CHALLENGE, user=ADA, known=[])
    )
    with pytest.raises(InvalidCeremony) as refused:
        CEREMONIES.verify_creation(answered, challenge=CHALLENGE)
    assert len(str(refused.value)) <= 200


@pytest.mark.parametrize("origins", ["luxaris.example", "https://luxaris.example,", "*"])
def test_what_is_no_origin_is_refused(origins: str) -> None:
    with pytest.raises(InvalidSetting):
        PasskeysSettings.read({"PASSKEYS_ORIGINS": origins})


def test_what_is_not_named_is_the_front_ends() -> None:
    ceremonies = WebauthnCeremonies(PasskeysSettings.read({}), FRONT_END)
    options = ceremonies.creation_options(CHALLENGE, user=ADA, known=[])
    assert options["rp"] == {"id": "front.example", "name": "Luxaris"}
    assert ceremonies.request_options(CHALLENGE)["rpId"] == "front.example"
    made = _device("https://front.example:8443", "front.example").make(options)
    assert ceremonies.verify_creation(made, challenge=CHALLENGE).credential_id
    elsewhere = _device("https://front.example", "front.example").make(options)
    with pytest.raises(InvalidCeremony):
        ceremonies.verify_creation(elsewhere, challenge=CHALLENGE)


@pytest.mark.parametrize("url", ["front.example", "ftp://front.example", "https://", "/app"])
def test_a_front_end_is_somewhere(url: str) -> None:
    with pytest.raises(InvalidSetting, match="FRONTEND_URL"):
        FrontendSettings(url=url)
