"""The ceremonies of passkeys with the library `webauthn`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shared.identity.adapters.links import FrontendSettings
from shared.identity.adapters.passkey_settings import PasskeysSettings
from shared.identity.application.passkeys.challenges import LASTS
from shared.identity.application.passkeys.ports import (
    Answered,
    Assertion,
    InvalidCeremony,
    NewCredential,
)
from shared.identity.domain.passkey import Passkey
from shared.identity.domain.user import User

_ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""Those WebAuthn Level 3 recommends, section 5.4; between them every device has one."""
_TIMEOUT = int(LASTS.total_seconds() * 1000)
_LONGEST_ID = 1023  # bytes; WebAuthn Level 3, section 7.1, step 25
_LONGEST_REASON = 200


class WebauthnCeremonies:
    def __init__(self, settings: PasskeysSettings, front_end: FrontendSettings) -> None:
        self._rp_id = settings.rp_id or front_end.host
        self._rp_name = settings.rp_name
        self._origins = settings.named or [front_end.origin]

    def creation_options(
        self, challenge: str, *, user: User, known: Sequence[Passkey]
    ) -> dict[str, Any]:
        return options_to_json_dict(
            generate_registration_options(
                rp_id=self._rp_id,
                rp_name=self._rp_name,
                user_id=user.id.bytes,
                user_name=user.email,
                user_display_name=user.name,
                challenge=base64url_to_bytes(challenge),
                timeout=_TIMEOUT,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=[
                    PublicKeyCredentialDescriptor(
                        id=passkey.credential_id,
                        transports=[AuthenticatorTransport(each) for each in passkey.transports],
                    )
                    for passkey in known
                ],
                supported_pub_key_algs=_ALGORITHMS,
            )
        )

    def request_options(self, challenge: str) -> dict[str, Any]:
        return options_to_json_dict(
            generate_authentication_options(
                rp_id=self._rp_id,
                challenge=base64url_to_bytes(challenge),
                timeout=_TIMEOUT,
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def challenge_of(self, answered: Answered) -> str:
        with _whatever_is_wrong():
            said = base64url_to_bytes(answered["response"]["clientDataJSON"])
            client_data = parse_client_data_json(said)
            if client_data.cross_origin:
                raise InvalidCeremony("asked for in a frame of another site")
            return bytes_to_base64url(client_data.challenge)

    def credential_of(self, answered: Answered) -> tuple[bytes, UUID]:
        with _whatever_is_wrong():
            credential = parse_authentication_credential_json(dict(answered))
            handle = credential.response.user_handle
            if handle is None:
                raise InvalidCeremony("the device does not say whose passkey it is")
            return credential.raw_id, UUID(bytes=handle)

    def verify_creation(self, answered: Answered, *, challenge: str) -> NewCredential:
        """A key that could not verify anything is refused now, not at the first sign-in."""
        with _whatever_is_wrong():
            credential = parse_registration_credential_json(dict(answered))
            made = verify_registration_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
            decoded_public_key_to_cryptography(
                decode_credential_public_key(made.credential_public_key)
            )
            if made.credential_id != credential.raw_id or len(made.credential_id) > _LONGEST_ID:
                raise InvalidCeremony("the credential's id is not the one that was signed")
            return NewCredential(
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                transports=sorted({each.value for each in credential.response.transports or ()}),
            )

    def verify_assertion(
        self, answered: Answered, *, challenge: str, public_key: bytes
    ) -> Assertion:
        """The library is told no sign count: that rule is `Passkey.accept`."""
        with _whatever_is_wrong():
            proved = verify_authentication_response(
                credential=dict(answered),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
            return Assertion(credential_id=proved.credential_id, sign_count=proved.new_sign_count)


@contextmanager
def _whatever_is_wrong() -> Iterator[None]:
    """The library raises whatever its parsers stumble upon, and only computes: all of it is one."""
    try:
        yield
    except InvalidCeremony:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise InvalidCeremony(reason[:_LONGEST_REASON]) from error


@cache
def ceremonies() -> WebauthnCeremonies:
    return WebauthnCeremonies(PasskeysSettings.read(), FrontendSettings.read())
