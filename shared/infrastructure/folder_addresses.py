"""Addresses at which files of a folder may be put or had for a while, as presigned ones of S3."""

import base64
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlencode

from shared.infrastructure.storage import Address, saved_as


class NotGranted(Exception):
    """`code` is what S3 would say."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What an address lets its bearer do: have a file, put one, or put a part of one."""

    key: str
    size: int | None = None
    mime_type: str | None = None
    sha256: str | None = None
    upload: str | None = None
    part: int | None = None
    disposition: str | None = None


_CONDITIONS = {
    "size": "content-length",
    "type": "content-type",
    "sha256": "x-amz-checksum-sha256",
}
"""What a call must have said in its headers, if the address says it."""


class FolderAddresses:
    """`secret` is a file, made at first use; `served_at` is the URL below which keys are."""

    def __init__(self, secret: Path, served_at: str) -> None:
        self._path = secret
        self._served_at = served_at

    def of_put(
        self, key: str, *, mime_type: str, size: int, sha256: str | None, expires_at: datetime
    ) -> Address:
        said = {"size": str(size), "type": mime_type}
        headers = {"Content-Type": mime_type, "Content-Length": str(size)}
        if sha256 is not None:
            said["sha256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
            headers["x-amz-checksum-sha256"] = said["sha256"]
        return self._signed("PUT", key, said, headers, expires_at)

    def of_part(
        self, key: str, upload: str, *, number: int, size: int, expires_at: datetime
    ) -> Address:
        said = {"size": str(size), "upload": upload, "part": str(number)}
        return self._signed("PUT", key, said, {"Content-Length": str(size)}, expires_at)

    def of_get(self, key: str, *, name: str | None, expires_at: datetime) -> Address:
        said = {} if name is None else {"disposition": saved_as(name)}
        return self._signed("GET", key, said, {}, expires_at)

    def granted(
        self,
        method: str,
        key: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        *,
        now: datetime,
    ) -> Granted:
        """What a call may do; the names of its headers are lower case.

        Raises:
            NotGranted: `AccessDenied`, `SignatureDoesNotMatch`.
        """
        said = dict(query)
        signature = said.pop("signature", "")
        if not signature or not said.get("expires", "").isdecimal():
            raise NotGranted("AccessDenied")
        if not hmac.compare_digest(signature.encode(), self._proof(method, key, said).encode()):
            raise NotGranted("SignatureDoesNotMatch")
        if now.timestamp() >= int(said.pop("expires")):
            raise NotGranted("AccessDenied")
        if any(
            headers.get(header) != said[condition]
            for condition, header in _CONDITIONS.items()
            if condition in said
        ):
            raise NotGranted("SignatureDoesNotMatch")
        return Granted(
            key=key,
            size=int(said["size"]) if "size" in said else None,
            mime_type=said.get("type"),
            sha256=said.get("sha256"),
            upload=said.get("upload"),
            part=int(said["part"]) if "part" in said else None,
            disposition=said.get("disposition"),
        )

    def _signed(
        self,
        method: str,
        key: str,
        said: Mapping[str, str],
        headers: Mapping[str, str],
        expires_at: datetime,
    ) -> Address:
        query = {**said, "expires": str(int(expires_at.timestamp()))}
        query["signature"] = self._proof(method, key, query)
        return Address(
            method=method,
            url=f"{self._served_at}/{quote(key)}?{urlencode(query)}",
            headers=headers,
            expires_at=datetime.fromtimestamp(int(expires_at.timestamp()), UTC),
        )

    def _proof(self, method: str, key: str, said: Mapping[str, str]) -> str:
        text = f"{method}\n{key}\n{urlencode(sorted(said.items()))}"
        return hmac.new(self._secret, text.encode(), "sha256").hexdigest()

    @cached_property
    def _secret(self) -> bytes:
        """Made whole before it is there, whoever else makes one at the same time."""
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            own = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
            descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            try:
                os.link(own, self._path)
            except FileExistsError:
                pass
            finally:
                own.unlink()
        return self._path.read_bytes()
