"""The imitations are strict: what the networks refuse, they refuse."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.simulator.client import Simulator

TID = "3n2qp7mbzc4re"
INSTANT = "2026-01-01T00:00:00.000Z"


def test_mastodon_takes_forms_and_counts_its_rate_down(simulator: Simulator) -> None:
    fields = simulator.account("mastodon")
    left = []
    for text in ("first", "second"):
        status, _, headers = call(
            f"{fields['instance']}/api/v1/statuses",
            urlencode({"status": text}).encode(),
            {
                "Authorization": f"Bearer {fields['access_token']}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        assert status == 200
        left.append(int(headers["x-ratelimit-remaining"]))
    assert left == [299, 298]
    assert [arrived["text"] for arrived in simulator.receipts("mastodon")] == ["first", "second"]


def test_mastodon_refuses_strangers_and_empty_statuses(simulator: Simulator) -> None:
    fields = simulator.account("mastodon")
    address = f"{fields['instance']}/api/v1/statuses"
    stranger = {"Authorization": "Bearer not-issued-here"}
    assert call(address, {"status": "hello"}, stranger)[0] == 401
    own = {"Authorization": f"Bearer {fields['access_token']}"}
    assert call(address, {"status": " \n "}, own)[0] == 422
    assert simulator.receipts() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rkey": "not-a-tid"},
        {"rkey": "z222222222222"},
        {"collection": "app.bsky.feed.like"},
        {"repo": "did:plc:somebodyelse"},
        {"record": {"$type": "app.bsky.feed.post", "text": "no instant"}},
        {"record": {"$type": "app.bsky.feed.post", "createdAt": INSTANT}},
    ],
)
def test_bluesky_refuses_malformed_writes(simulator: Simulator, wrong: dict[str, Any]) -> None:
    status, answer = create(simulator, {}, wrong)
    assert status in {400, 401}
    assert answer["error"] in {"InvalidRequest", "AuthenticationRequired"}
    assert simulator.receipts() == []


@pytest.mark.parametrize(
    ("start", "end", "feature"),
    [
        (0, 99, {"$type": "app.bsky.richtext.facet#tag", "tag": "x"}),
        (4, 4, {"$type": "app.bsky.richtext.facet#tag", "tag": "x"}),
        (0, 1, {"$type": "app.bsky.richtext.facet#tag", "tag": "x"}),
        (0, 2, {"$type": "app.bsky.richtext.facet#tag", "tag": "x" * 65}),
        (0, 2, {"$type": "app.bsky.richtext.facet#link", "uri": "https://"}),
        (0, 2, {"$type": "app.bsky.richtext.facet#mention", "did": "somebody.bsky.test"}),
        (0, 2, {"$type": "app.bsky.richtext.facet#bold"}),
    ],
)
def test_bluesky_refuses_facets_that_mean_nothing(
    simulator: Simulator, start: int, end: int, feature: dict[str, str]
) -> None:
    facet = {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}
    status, answer = create(simulator, {"facets": [facet]}, {})
    assert (status, answer["error"]) == (400, "InvalidRequest")


CID = "bafyreigq4zsipbk5w3uqkbmh2w2633c5tcpc7ydffpgm4lrqkcbxn5zzta"
REFERENCE = {"uri": f"at://did:plc:somebody/app.bsky.feed.post/{TID}", "cid": CID}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        {},
        {"parent": REFERENCE},
        {"root": REFERENCE, "parent": {"uri": REFERENCE["uri"]}},
        {"root": REFERENCE, "parent": {**REFERENCE, "cid": "not-a-cid"}},
        {"root": {**REFERENCE, "uri": "https://bsky.app"}, "parent": REFERENCE},
    ],
)
def test_bluesky_refuses_replies_that_name_nothing(simulator: Simulator, reply: Any) -> None:
    status, answer = create(simulator, {"reply": reply}, {})
    assert (status, answer["error"]) == (400, "InvalidRequest")


def test_bluesky_does_not_look_whether_a_parent_is_there(simulator: Simulator) -> None:
    assert create(simulator, {"reply": {"root": REFERENCE, "parent": REFERENCE}}, {})[0] == 200
    assert [arrived["parent"] for arrived in simulator.receipts()] == [REFERENCE["uri"]]


def test_mastodon_looks_for_a_parent_before_anything_else(simulator: Simulator) -> None:
    fields = simulator.account("mastodon")
    own = {"Authorization": f"Bearer {fields['access_token']}"}
    address = f"{fields['instance']}/api/v1/statuses"
    for text in ("hello", ""):
        wish = {"status": text, "in_reply_to_id": "1"}
        assert call(address, wish, own)[:2] == (404, {"error": "Record not found"})
    assert simulator.receipts() == []


def test_bluesky_takes_a_good_write_and_never_the_same_twice(simulator: Simulator) -> None:
    assert create(simulator, {}, {})[0] == 200
    fields = simulator.account("bluesky")
    first = create(simulator, {}, {}, fields)
    assert first[0] == 200
    assert create(simulator, {}, {}, fields) == (
        500,
        {"error": "InternalServerError", "message": "Internal Server Error"},
    )
    assert [arrived["repeats"] for arrived in simulator.receipts("bluesky")] == [0, 1]


def test_an_unknown_fault_is_refused(simulator: Simulator) -> None:
    with pytest.raises(HTTPError):
        simulator.fail("mastodon", "surprise")


def test_a_fault_waits_for_the_text_it_is_meant_for(simulator: Simulator) -> None:
    fields = simulator.account("mastodon")
    own = {"Authorization": f"Bearer {fields['access_token']}"}
    simulator.fail("mastodon", "refuse", text_contains="bad")
    address = f"{fields['instance']}/api/v1/statuses"
    assert [call(address, {"status": text}, own)[0] for text in ("good", "bad", "bad again")] == [
        200,
        422,
        200,
    ]


def create(
    simulator: Simulator,
    record: dict[str, Any],
    wish: dict[str, Any],
    fields: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Write a post that is right but for what is given."""
    fields = fields or simulator.account("bluesky")
    signing_in = {"identifier": fields["handle"], "password": fields["app_password"]}
    xrpc = f"{fields['service']}/xrpc/com.atproto"
    _, session, _ = call(f"{xrpc}.server.createSession", signing_in, {})
    post = {"$type": "app.bsky.feed.post", "text": "é for", "createdAt": INSTANT, **record}
    whole = {"repo": session["did"], "collection": post["$type"], "rkey": TID, "record": post}
    authorization = {"Authorization": f"Bearer {session['accessJwt']}"}
    status, answer, _ = call(f"{xrpc}.repo.createRecord", {**whole, **wish}, authorization)
    return status, answer


def call(
    address: str, body: bytes | dict[str, Any] | None, headers: Mapping[str, str]
) -> tuple[int, Any, dict[str, str]]:
    """A POST, or without a body a GET."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    request = Request(address, content, {"Content-Type": "application/json", **headers})
    try:
        with urlopen(request, timeout=5) as answer:
            found = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, json.load(answer), found
    except HTTPError as error:
        with error:
            return error.code, json.load(error), {}
