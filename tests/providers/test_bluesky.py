"""What is Bluesky's alone."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Publication,
    Receipt,
    Refused,
    ReplyTo,
    Unanswered,
)
from shared.channels.domain.bluesky.atproto import tid
from shared.channels.domain.provider import Answer
from tests.providers.account import Connected, called, connect, connected, publication
from tests.simulator.client import Simulator


@pytest.fixture
def bluesky(simulator: Simulator) -> Connected:
    return connected("bluesky", simulator)


def test_links_mentions_and_tags_are_marked(bluesky: Connected) -> None:
    handle = bluesky.fields["handle"]
    text = f"Größe: @{handle} (siehe example.com/a_(b)) #Köln, https://example.com/?q=ü."
    bluesky.publish(publication(text))

    marks = [
        (text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), feature)
        for facet in record_of(bluesky)["facets"]
        for feature in facet["features"]
    ]
    kind = "app.bsky.richtext.facet#"
    assert marks == [
        (f"@{handle}", {"$type": f"{kind}mention", "did": bluesky.credentials["did"]}),
        ("example.com/a_(b)", {"$type": f"{kind}link", "uri": "https://example.com/a_(b)"}),
        ("#Köln", {"$type": f"{kind}tag", "tag": "Köln"}),
        ("https://example.com/?q=ü", {"$type": f"{kind}link", "uri": "https://example.com/?q=ü"}),
    ]


def test_a_mention_of_nobody_stays_plain_text(bluesky: Connected) -> None:
    bluesky.publish(publication("Hello @nobody.bsky.test"))
    assert "facets" not in record_of(bluesky)


@pytest.mark.parametrize(
    "settings",
    [{"languages": ["de"] * 4}, {"languages": ["?"]}, {"labels": [""]}, {"labels": ["x" * 129]}],
    ids=repr,
)
def test_settings_the_lexicon_does_not_have_are_refused(
    bluesky: Connected, settings: dict[str, Any]
) -> None:
    error = bluesky.refusal(replace(publication(), settings=settings))
    assert (type(error), error.error_class) == (Refused, ErrorClass.CONTENT)
    assert bluesky.receipts() == []


def test_few_graphemes_of_many_bytes_are_too_long(bluesky: Connected) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    fits, too_long = family * (3000 // 25), family * (3000 // 25 + 1)
    assert bluesky.provider.count(fits) == 120
    bluesky.publish(publication(fits))
    assert bluesky.provider.count(too_long) > bluesky.provider.max_length
    error = bluesky.refusal(publication(too_long))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.CONTENT


def test_the_record_key_comes_from_our_key(bluesky: Connected) -> None:
    wanted = publication()
    receipt = bluesky.publish(wanted)
    assert receipt.external_id.endswith(f"/{tid(wanted.key)}")
    assert [arrived["rkey"] for arrived in bluesky.receipts()] == [tid(wanted.key)]


def test_the_record_says_when_it_was_first_tried(bluesky: Connected) -> None:
    wanted = publication()
    bluesky.fail("status_before_accepting", status=502)
    bluesky.refusal(wanted)
    bluesky.publish(wanted)
    said = datetime.fromisoformat(record_of(bluesky)["createdAt"])
    assert abs(said - wanted.first_tried_at) < timedelta(milliseconds=1)


def test_an_account_is_known_by_its_did_whatever_its_handle_is_now(bluesky: Connected) -> None:
    before = {**bluesky.credentials, "handle": "before.bsky.test"}
    account = connect("bluesky", before)
    assert account.external_id == bluesky.credentials["did"]
    assert account.credentials["handle"] == bluesky.credentials["handle"]


def test_an_answer_lost_before_the_record_was_sent_publishes_nothing(bluesky: Connected) -> None:
    wanted = publication(f"Hello @{bluesky.fields['handle']}")
    with pytest.raises(Refused):
        called(lambda http: bluesky.publishing(Losing(http, "resolveHandle"), wanted))
    assert bluesky.receipts() == []


def test_a_reply_names_the_root_and_its_parent_by_what_they_say(bluesky: Connected) -> None:
    root = bluesky.publish(publication("First"))
    second = bluesky.publish(reply(root, root))
    bluesky.publish(reply(root, second))
    references = [
        {"uri": found["uri"], "cid": found["cid"]}
        for found in (found_record(bluesky, 0), found_record(bluesky, 1))
    ]
    assert found_record(bluesky, 2)["value"]["reply"] == {
        "root": references[0],
        "parent": references[1],
    }
    assert references[0] != references[1]


def test_an_answer_lost_while_the_parent_is_read_publishes_nothing(bluesky: Connected) -> None:
    root = bluesky.publish(publication("First"))
    with pytest.raises(Refused) as caught:
        called(lambda http: bluesky.publishing(Losing(http, "getRecord"), reply(root, root)))
    assert caught.value.error_class is ErrorClass.NETWORK
    assert len(bluesky.receipts()) == 1


def reply(root: Receipt, parent: Receipt) -> Publication:
    reply_to = ReplyTo(root_id=root.external_id, parent_id=parent.external_id)
    return replace(publication("And then"), reply_to=reply_to)


class Losing:
    """A client that loses the answers of one procedure."""

    def __init__(self, http: Http, procedure: str) -> None:
        self._http = http
        self._procedure = procedure

    async def request(self, method: str, url: str, **arguments: Any) -> Answer:
        answer = await self._http.request(method, url, **arguments)
        if url.endswith(self._procedure):
            raise Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "lost")
        return answer


def record_of(account: Connected) -> dict[str, Any]:
    (_,) = account.receipts()
    record: dict[str, Any] = found_record(account, 0)["value"]
    return record


def found_record(account: Connected, place: int) -> dict[str, Any]:
    """What the network tells of the record of one of the receipts."""
    query = urlencode(
        {
            "repo": account.credentials["did"],
            "collection": "app.bsky.feed.post",
            "rkey": account.receipts()[place]["rkey"],
        }
    )
    address = f"{account.credentials['service']}/xrpc/com.atproto.repo.getRecord?{query}"
    with urlopen(address, timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
