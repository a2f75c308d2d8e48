"""What only a bucket has: its answers, and addresses, held against the library's signature."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import botocore.credentials
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.stub import Stubber

from shared.infrastructure.s3 import S3Storage
from shared.infrastructure.s3_addresses import Bucket, Credentials, signed
from shared.infrastructure.storage import saved_as
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unavailable

MINUTE = timedelta(minutes=1)


def test_of_a_part_that_is_told_twice_the_latest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    store, now = S3Storage("s3://media"), utc_now()
    told = [
        {"PartNumber": number, "Size": size, "ETag": str(size), "LastModified": now - ago * MINUTE}
        for number, size, ago in ((2, 7, 0), (1, 5, 1), (1, 3, 2))
    ]
    with Stubber(store._client) as stubber:
        stubber.add_response("list_parts", {"Parts": told})
        parts = store.stored_parts("a", "an upload")
    assert [(part.number, part.size) for part in parts] == [(1, 5), (2, 7)]


def test_no_store_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    away = S3Storage("s3://media?endpoint=http%3A%2F%2F127.0.0.1%3A9")
    with pytest.raises(Unavailable):
        away.head("a")


@pytest.mark.parametrize("token", [None, "a/token+of=somebody"])
@pytest.mark.parametrize(
    ("method", "query", "headers"),
    [
        ("GET", {}, {}),
        ("GET", {"response-content-disposition": saved_as('ä "b".png')}, {}),
        ("PUT", {"partNumber": "3", "uploadId": "a~b/c+d"}, {"Content-Length": "5"}),
        ("PUT", {}, {"Content-Type": "image/png", "x-amz-checksum-sha256": "AA=="}),
    ],
)
@pytest.mark.parametrize(
    "url", ["s3://media?region=eu-central-1", "s3://media?endpoint=http%3A%2F%2Fhere%3A9000"]
)
def test_are_signed_as_botocore_signs(
    url: str,
    method: str,
    query: dict[str, str],
    headers: dict[str, str],
    token: str | None,
) -> None:
    bucket = Bucket(url)
    key = "incoming/ä b+c/~d"
    ours = signed(
        bucket,
        Credentials(key_id="AKID", secret="a secret", token=token),
        method=method,
        key=key,
        query=query,
        headers=headers,
        seconds=60,
        now=utc_now(),
    )
    auth = S3SigV4QueryAuth(
        botocore.credentials.Credentials("AKID", "a secret", token),
        "s3",
        bucket.region,
        expires=60,
    )
    request = AWSRequest(
        method=method, url=bucket.address_of(key), params=dict(query), headers=headers
    )
    auth.add_auth(request)
    theirs = request.prepare().url
    assert dict(parse_qsl(urlsplit(ours).query)) == dict(parse_qsl(urlsplit(theirs).query))
    assert urlsplit(ours)[:3] == urlsplit(theirs)[:3]


def test_an_address_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-ours")
    address = S3Storage("s3://media").get_address("a", lifetime=MINUTE)
    assert "a-secret-of-ours" not in address.url
    assert address.url not in repr(address)
