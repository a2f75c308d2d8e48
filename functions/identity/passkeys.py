"""Passkeys: make one, see and rename them, sign in with one and nothing else.

Bodies and options are those of WebAuthn Level 3 (section 5.1.8): a front end hands `options` to
`PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()`, and sends
what the credential's `toJSON()` gives.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from functions.browser_mode import own_site_if_asked
from functions.dependencies import personal, signing_in
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from functions.signing_in import Browser, FromDevice, OpenedOut, opened_out
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.own_credentials import own_passkeys
from shared.identity.adapters.passkey_ceremonies import ceremonies
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.application.passkeys.add_passkey import add_passkey
from shared.identity.application.passkeys.ask_for_login import ask_for_login
from shared.identity.application.passkeys.ask_for_passkey import ask_for_passkey
from shared.identity.application.passkeys.log_in_with_passkey import log_in_with_passkey
from shared.identity.application.passkeys.remove_passkey import remove_passkey
from shared.identity.application.passkeys.rename_passkey import rename_passkey
from shared.identity.domain.name import MAXIMUM_NAME
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/auth/passkeys", tags=["passkeys"], route_class=IdempotentRoute)

_Id = Annotated[str, Field(min_length=1, max_length=1364)]  # 1023 bytes in base64url
_ClientData = Annotated[str, Field(alias="clientDataJSON", min_length=1, max_length=8_192)]
_Name = Annotated[str, Field(max_length=4 * MAXIMUM_NAME, examples=["Ada's phone"])]


class AskForPasskey(BaseModel):
    """`password` may be left out within ten minutes of signing in."""

    password: SecretStr | None = Field(None, min_length=1, examples=["Correct-Horse-1"])


class _Credential(BaseModel):
    """Binary values are base64url; what else a browser adds is of no use here."""

    model_config = ConfigDict(extra="ignore")

    id: _Id
    raw_id: _Id = Field(alias="rawId")
    type: Literal["public-key"]


class AttestationResponse(BaseModel):
    client_data: _ClientData
    attestation_object: str = Field(alias="attestationObject", min_length=1, max_length=65_536)
    transports: list[str] = Field(default_factory=list, max_length=20)


class MadeCredential(_Credential):
    """What the device has made, `RegistrationResponseJSON`."""

    response: AttestationResponse


class AssertionResponse(BaseModel):
    client_data: _ClientData
    authenticator_data: str = Field(alias="authenticatorData", min_length=1, max_length=8_192)
    signature: str = Field(min_length=1, max_length=8_192)
    user_handle: str = Field(alias="userHandle", min_length=1, max_length=100)


class SignedCredential(_Credential):
    """What the device has signed, `AuthenticationResponseJSON`."""

    response: AssertionResponse


class AddPasskey(BaseModel):
    name: _Name = "Passkey"
    credential: MadeCredential


class RenamePasskey(BaseModel):
    name: _Name


class LogInWithPasskey(BaseModel):
    credential: SignedCredential
    browser: Browser = False


class OptionsOut(BaseModel):
    """`options` go to the browser as they are; an answer to them is good once, for five minutes."""

    options: dict[str, Any]


class PasskeyOut(BaseModel):
    """`transports` say how the device is reached: `internal`, `hybrid`, `usb`, `nfc`, `ble`."""

    id: UUID
    name: str
    transports: list[str]
    created_at: datetime
    last_used_at: datetime | None


@router.post(
    "/registration/options",
    responses=refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
def registration_options(
    actor: Annotated[SignedIn, personal], body: AskForPasskey | None = None
) -> OptionsOut:
    """Begin to add a passkey: what the caller's device is to make.

    A passkey opens the account by itself and outlives this session, so somebody who signed in more
    than ten minutes ago sends the password, too.
    """
    password = body.password if body else None
    options = ask_for_passkey(
        begin,
        passwords(),
        ceremonies(),
        ONE_TIME_SECRETS,
        attempt_limits(),
        utc_now,
        actor=actor,
        password=password.get_secret_value() if password else None,
    )
    return OptionsOut(options=options)


@router.post("/registration", status_code=201, responses=refuses(HTTPStatus.CONFLICT))
def register(body: AddPasskey, actor: Annotated[SignedIn, personal]) -> Data[PasskeyOut]:
    """Keep the passkey that the device has made; the session that asked for it is to send it."""
    passkey = add_passkey(
        begin,
        ceremonies(),
        ONE_TIME_SECRETS,
        utc_now,
        actor=actor,
        name=body.name,
        answered=body.credential.model_dump(by_alias=True),
    )
    return Data[PasskeyOut].of(passkey)


@router.get("")
def list_(actor: Annotated[SignedIn, personal]) -> Data[list[PasskeyOut]]:
    """The caller's passkeys, the oldest first."""
    return Data[list[PasskeyOut]].of(own_passkeys(actor.user_id))


@router.patch("/{passkey_id}")
def rename(
    passkey_id: UUID, body: RenamePasskey, actor: Annotated[SignedIn, personal]
) -> Data[PasskeyOut]:
    """Call a passkey by another name."""
    passkey = rename_passkey(begin, utc_now, actor=actor, passkey_id=passkey_id, name=body.name)
    return Data[PasskeyOut].of(passkey)


@router.delete("/{passkey_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def remove(passkey_id: UUID, actor: Annotated[SignedIn, personal]) -> None:
    """Forget a passkey; it opens nothing from now on."""
    remove_passkey(begin, utc_now, actor=actor, passkey_id=passkey_id)


@router.post("/login/options", dependencies=[signing_in])
def login_options() -> OptionsOut:
    """Begin to sign in with a passkey; nobody says who they are, the device knows."""
    options = ask_for_login(begin, ceremonies(), ONE_TIME_SECRETS, utc_now)
    return OptionsOut(options=options)


@router.post(
    "/login",
    dependencies=[signing_in, own_site_if_asked],
    responses=refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
def log_in(body: LogInWithPasskey, device: FromDevice, response: Response) -> OpenedOut:
    """Open a session with a passkey and nothing else; the device has verified who holds it."""
    opened = log_in_with_passkey(
        begin,
        ceremonies(),
        JwtSessionTokens(tokens()),
        ONE_TIME_SECRETS,
        utc_now,
        answered=body.credential.model_dump(by_alias=True),
        device=device,
        browser=body.browser,
    )
    return opened_out(opened, response)


app = create_app("Passkeys")
app.include_router(router)
handler = lambda_handler(app)
