"""A device with passkeys, as software: what browser and authenticator do in WebAuthn Level 3."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

_PRESENT, _VERIFIED, _BACKUP_ELIGIBLE, _HAS_CREDENTIAL = 1, 4, 8, 64

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "===")


def es256() -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def eddsa() -> PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def rs256() -> PrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Authenticator:
    """Makes one passkey, then signs with it; its fields say in what it deviates from a good one.

    `step` is by how much the sign count grows with each signature; 0 for devices that do not count.
    """

    key: PrivateKey = field(default_factory=es256)
    origin: str = "http://localhost:3000"
    rp_id: str = "localhost"
    verifies: bool = True
    is_present: bool = True
    step: int = 1
    sign_count: int = 0
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    user_handle: bytes = b""
    client_data: dict[str, Any] = field(default_factory=dict)
    """What is said otherwise than it is, such as another `type`."""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """`navigator.credentials.create()`, then `toJSON()`."""
        self.user_handle = decoded(options["user"]["id"])
        identity = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        authenticator_data = self._authenticator_data(_HAS_CREDENTIAL) + identity + self._cose_key()
        attestation = {"fmt": "none", "attStmt": {}, "authData": authenticator_data}
        return self._credential(
            {
                "clientDataJSON": self._client_data("webauthn.create", options),
                "attestationObject": encoded(cbor2.dumps(attestation)),
                "transports": ["internal", "hybrid"],
            }
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """`navigator.credentials.get()`, then `toJSON()`."""
        self.sign_count += self.step
        authenticator_data = self._authenticator_data()
        client_data = self._client_data("webauthn.get", options)
        signed = authenticator_data + hashlib.sha256(decoded(client_data)).digest()
        return self._credential(
            {
                "clientDataJSON": client_data,
                "authenticatorData": encoded(authenticator_data),
                "signature": encoded(self._signature(signed)),
                "userHandle": encoded(self.user_handle),
            }
        )

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = encoded(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _client_data(self, kind: str, options: dict[str, Any]) -> str:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **self.client_data,
        }
        return encoded(json.dumps(said).encode())

    def _authenticator_data(self, more_flags: int = 0) -> bytes:
        """Section 6.1."""
        flags = more_flags | _BACKUP_ELIGIBLE
        flags |= _PRESENT if self.is_present else 0
        flags |= _VERIFIED if self.verifies else 0
        rp_id_hash = hashlib.sha256(self.rp_id.encode()).digest()
        return rp_id_hash + struct.pack(">BI", flags, self.sign_count)

    def _cose_key(self) -> bytes:
        """RFC 9053, sections 2 and 7; RFC 8230 for RSA."""
        public: Any = self.key.public_key()
        match self.key:
            case ec.EllipticCurvePrivateKey():
                point = public.public_numbers()
                x, y = (each.to_bytes(32, "big") for each in (point.x, point.y))
                cose: dict[int, Any] = {1: 2, 3: -7, -1: 1, -2: x, -3: y}
            case ed25519.Ed25519PrivateKey():
                cose = {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()}
            case _:
                numbers = public.public_numbers()
                modulus = numbers.n.to_bytes(256, "big")
                cose = {1: 3, 3: -257, -1: modulus, -2: numbers.e.to_bytes(3, "big")}
        return cbor2.dumps(cose)

    def _signature(self, signed: bytes) -> bytes:
        match self.key:
            case ec.EllipticCurvePrivateKey():
                return self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
            case ed25519.Ed25519PrivateKey():
                return self.key.sign(signed)
            case _:
                return self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
