"""Calls of S3 signed for somebody else, who sends nothing but the address (Signature Version 4).

Source: AWS, "Authenticating Requests: Using Query Parameters". By hand, for botocore's own takes
two hundred milliseconds to import, and whoever only hands out addresses needs nothing else of it.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Self
from urllib.parse import parse_qs, quote, urlsplit

_SERVICE = "s3"
_ALGORITHM = "AWS4-HMAC-SHA256"
_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(repr=False)

    @classmethod
    def found(cls) -> Self:
        """Those of the environment, where Lambda puts them; else wherever AWS's tools look."""
        key_id = os.environ.get("AWS_ACCESS_KEY_ID")
        secret = os.environ.get("AWS_SECRET_ACCESS_KEY")
        if key_id and secret:
            return cls(key_id=key_id, secret=secret, token=os.environ.get("AWS_SESSION_TOKEN"))
        from botocore.exceptions import NoCredentialsError
        from botocore.session import get_session

        elsewhere = get_session().get_credentials()
        if elsewhere is None:
            raise NoCredentialsError
        frozen = elsewhere.get_frozen_credentials()
        if frozen.access_key is None or frozen.secret_key is None:
            raise NoCredentialsError
        return cls(key_id=frozen.access_key, secret=frozen.secret_key, token=frozen.token)


@dataclass(frozen=True)
class Bucket:
    """``s3://name?region=…&endpoint=…``, and where it is reached."""

    url: str = field(repr=False)

    @cached_property
    def name(self) -> str:
        return urlsplit(self.url).netloc

    @cached_property
    def region(self) -> str:
        return self._option("region") or os.environ.get("AWS_REGION") or _DEFAULT_REGION

    @cached_property
    def endpoint(self) -> str | None:
        """Of a store that is not AWS's; it takes the bucket's name as part of the path."""
        return self._option("endpoint")

    def _option(self, name: str) -> str | None:
        return next(iter(parse_qs(urlsplit(self.url).query).get(name, [])), None)

    def address_of(self, key: str) -> str:
        path = quote(key, safe="/-_.~")
        if self.endpoint is None:
            return f"https://{self.name}.s3.{self.region}.amazonaws.com/{path}"
        return f"{self.endpoint.rstrip('/')}/{self.name}/{path}"


def signed(
    bucket: Bucket,
    credentials: Credentials,
    *,
    method: str,
    key: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    seconds: int,
    now: datetime,
) -> str:
    """The URL of a call that has to be made with these very headers; seven days at most."""
    url = bucket.address_of(key)
    parts = urlsplit(url)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{bucket.region}/{_SERVICE}/aws4_request"
    sent = {"host": parts.netloc, **{name.lower(): value for name, value in headers.items()}}
    names = ";".join(sorted(sent))
    asked = {
        **query,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.key_id}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": names,
    }
    if credentials.token:
        asked["X-Amz-Security-Token"] = credentials.token
    written = "&".join(
        f"{quote(name, safe='-_.~')}={quote(asked[name], safe='-_.~')}" for name in sorted(asked)
    )
    lines = "".join(f"{name}:{sent[name].strip()}\n" for name in sorted(sent))
    request = f"{method}\n{parts.path}\n{written}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = _key(credentials, bucket.region, stamp[:8])
    proof = hmac.new(signature, f"{_ALGORITHM}\n{stamp}\n{scope}\n{digest}".encode(), "sha256")
    return f"{url}?{written}&X-Amz-Signature={proof.hexdigest()}"


def _key(credentials: Credentials, region: str, day: str) -> bytes:
    key = f"AWS4{credentials.secret}".encode()
    for part in (day, region, _SERVICE, "aws4_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key
