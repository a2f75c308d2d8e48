"""A bucket of S3, or of whatever speaks its API."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import Any, BinaryIO

from shared.infrastructure.s3_addresses import Bucket, Credentials, signed
from shared.infrastructure.storage import (
    Address,
    ObjectChanged,
    ObjectMissing,
    StoredObject,
    StoredPart,
    saved_as,
    unavailable,
)
from shared.kernel.clock import utc_now

_TIMEOUT = 10.0
"""Seconds the store may take to take a connection, or to say the next thing."""
_HASTE = 1.0
"""The same for who only asks whether it is there."""
_PART = 16 * 1024 * 1024
_DELETED_AT_ONCE = 1000
_MISSING = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}
_CHANGED = {"412", "PreconditionFailed"}
_BEYOND = {"416", "InvalidRange"}


class BeyondTheEnd(Exception):
    """A range begins where there is nothing any more."""


class S3Storage:
    """`url` is ``s3://bucket``; see `StorageSettings`.

    The client is made when it is first needed: to hand out addresses takes none.
    """

    def __init__(self, url: str) -> None:
        self._bucket = Bucket(url)

    @cached_property
    def _client(self) -> Any:
        return self._client_that_waits(_TIMEOUT, attempts=3)

    @cached_property
    def _hasty_client(self) -> Any:
        return self._client_that_waits(_HASTE, attempts=1)

    def _client_that_waits(self, seconds: float, *, attempts: int) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            region_name=self._bucket.region,
            endpoint_url=self._bucket.endpoint,
            config=Config(
                connect_timeout=seconds,
                read_timeout=seconds,
                retries={"mode": "standard", "total_max_attempts": attempts},
                s3={"addressing_style": "path" if self._bucket.endpoint else "virtual"},
                # Not every store that speaks S3 knows the others.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def connect(self) -> None:
        try:
            with _translated():
                self._hasty_client.head_bucket(Bucket=self._bucket.name)
        except ObjectMissing as error:
            raise unavailable() from error

    def put(self, key: str, content: BinaryIO, *, mime_type: str) -> None:
        from boto3.s3.transfer import TransferConfig

        with _translated():
            self._client.upload_fileobj(
                content,
                self._bucket.name,
                key,
                ExtraArgs={"ContentType": mime_type},
                Config=TransferConfig(
                    multipart_threshold=_PART, multipart_chunksize=_PART, use_threads=False
                ),
            )

    def head(self, key: str) -> StoredObject | None:
        try:
            with _translated():
                found = self._client.head_object(Bucket=self._bucket.name, Key=key)
        except ObjectMissing:
            return None
        return StoredObject(
            key=key,
            size=found["ContentLength"],
            mime_type=found["ContentType"],
            etag=found["ETag"],
            modified_at=found["LastModified"],
        )

    def read(self, key: str, start: int, length: int) -> bytes:
        if not length:
            return b""
        told = f"bytes={start}-{start + length - 1}"
        try:
            with _translated():
                found = self._client.get_object(Bucket=self._bucket.name, Key=key, Range=told)
                with closing(found["Body"]) as body:
                    content: bytes = body.read()
                    return content
        except BeyondTheEnd:
            return b""

    def pieces(self, key: str, length: int) -> Iterator[bytes]:
        with _translated():
            found = self._client.get_object(Bucket=self._bucket.name, Key=key)
            with closing(found["Body"]) as body:
                yield from body.iter_chunks(length)

    def copy(self, source: str, target: str, *, mime_type: str, etag: str | None = None) -> None:
        if_match = {} if etag is None else {"CopySourceIfMatch": etag}
        with _translated():
            self._client.copy_object(
                Bucket=self._bucket.name,
                Key=target,
                CopySource={"Bucket": self._bucket.name, "Key": source},
                ContentType=mime_type,
                MetadataDirective="REPLACE",  # without it nothing may be copied onto itself
                **if_match,
            )

    def delete(self, keys: Iterable[str]) -> None:
        left = iter(keys)
        while some := list(islice(left, _DELETED_AT_ONCE)):
            with _translated():
                told = self._client.delete_objects(
                    Bucket=self._bucket.name,
                    Delete={"Objects": [{"Key": key} for key in some], "Quiet": True},
                )
            if told.get("Errors"):
                raise unavailable()

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        pages = self._client.get_paginator("list_objects_v2")
        with _translated():
            for page in pages.paginate(Bucket=self._bucket.name, Prefix=prefix):
                for found in page.get("Contents", []):
                    yield StoredObject(
                        key=found["Key"],
                        size=found["Size"],
                        mime_type="",
                        etag=found["ETag"],
                        modified_at=found["LastModified"],
                    )

    def put_address(
        self,
        key: str,
        *,
        mime_type: str,
        size: int,
        lifetime: timedelta,
        sha256: str | None = None,
    ) -> Address:
        headers = {"Content-Type": mime_type, "Content-Length": str(size)}
        if sha256 is not None:
            headers["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
        return self._address("PUT", key, lifetime, headers=headers)

    def get_address(self, key: str, *, lifetime: timedelta, name: str | None = None) -> Address:
        query = {} if name is None else {"response-content-disposition": saved_as(name)}
        return self._address("GET", key, lifetime, query=query)

    def begin_parts(self, key: str, *, mime_type: str) -> str:
        with _translated():
            begun = self._client.create_multipart_upload(
                Bucket=self._bucket.name, Key=key, ContentType=mime_type
            )
        upload: str = begun["UploadId"]
        return upload

    def part_address(
        self, key: str, upload: str, *, number: int, size: int, lifetime: timedelta
    ) -> Address:
        return self._address(
            "PUT",
            key,
            lifetime,
            query={"partNumber": str(number), "uploadId": upload},
            headers={"Content-Length": str(size)},
        )

    def stored_parts(self, key: str, upload: str) -> Sequence[StoredPart]:
        pages = self._client.get_paginator("list_parts")
        with _translated():
            told = [
                part
                for page in pages.paginate(Bucket=self._bucket.name, Key=key, UploadId=upload)
                for part in page.get("Parts", [])
            ]
        # SeaweedFS tells of a part that was sent again as often as it came: the latest counts.
        told.sort(key=itemgetter("LastModified"))
        latest = {part["PartNumber"]: part for part in told}
        return [
            StoredPart(number=number, size=part["Size"], etag=part["ETag"])
            for number, part in sorted(latest.items())
        ]

    def join_parts(self, key: str, upload: str, parts: Sequence[StoredPart]) -> None:
        with _translated():
            self._client.complete_multipart_upload(
                Bucket=self._bucket.name,
                Key=key,
                UploadId=upload,
                MultipartUpload={
                    "Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
                },
            )

    def abort_parts(self, key: str, upload: str) -> None:
        try:
            with _translated():
                self._client.abort_multipart_upload(
                    Bucket=self._bucket.name, Key=key, UploadId=upload
                )
        except ObjectMissing:
            pass

    def _address(
        self,
        method: str,
        key: str,
        lifetime: timedelta,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Address:
        now = utc_now()
        url = signed(
            self._bucket,
            Credentials.found(),
            method=method,
            key=key,
            query=query or {},
            headers=headers or {},
            seconds=int(lifetime.total_seconds()),
            now=now,
        )
        return Address(method=method, url=url, headers=headers or {}, expires_at=now + lifetime)


@contextmanager
def _translated() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _MISSING:
            raise ObjectMissing from error
        if code in _CHANGED:
            raise ObjectChanged from error
        if code in _BEYOND:
            raise BeyondTheEnd from error
        raise unavailable() from error
    except BotoCoreError as error:
        raise unavailable() from error
