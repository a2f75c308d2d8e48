"""The imitations of X and LinkedIn are strict: what the networks refuse, they refuse."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.providers.account import connect
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator

POST = {
    "author": "urn:li:person:?",
    "commentary": "Hello",
    "visibility": "PUBLIC",
    "distribution": {
        "feedDistribution": "MAIN_FEED",
        "targetEntities": [],
        "thirdPartyDistributionChannels": [],
    },
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
}
VERSION = {"LinkedIn-Version": "202607", "X-Restli-Protocol-Version": "2.0.0"}


def bearer(fields: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {fields['access_token']}"}


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"text": " \n"}, 400),
        ({"text": 5}, 400),
        ({"text": "a", "status": "b"}, 400),
        ({"text": "a", "reply_settings": "everyone"}, 400),
        ({"text": "a", "reply": {}}, 400),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": "x"}}, 400),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": "1"}}, 403),
        ({"text": "a", "community_id": "x"}, 400),
        ({"text": "x" * 281}, 403),
    ],
)
def test_x_refuses_malformed_posts(simulator: Simulator, wish: dict[str, Any], status: int) -> None:
    fields = simulator.account("x")
    answer = call(f"{fields['server']}/2/tweets", wish, bearer(fields))
    assert answer[0] == status
    assert simulator.receipts() == []


def test_x_counts_its_rate_down(simulator: Simulator) -> None:
    fields = simulator.account("x")
    left = []
    for text in ("first", "second"):
        status, _, headers = call(f"{fields['server']}/2/tweets", {"text": text}, bearer(fields))
        assert status == 201
        left.append(int(headers["x-rate-limit-remaining"]))
    assert left == [99, 98]


def test_both_refuse_strangers(simulator: Simulator) -> None:
    stranger = {"Authorization": "Bearer not-issued-here"}
    x, linkedin = simulator.account("x"), simulator.account("linkedin")
    assert call(f"{x['server']}/2/tweets", {"text": "a"}, stranger)[0] == 401
    assert call(f"{linkedin['server']}/rest/posts", POST, {**stranger, **VERSION})[0] == 401


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"commentary": "(unescaped)"}, 422),
        ({"commentary": "x" * 3001}, 422),
        ({"visibility": "NOBODY"}, 422),
        ({"lifecycleState": "DRAFT"}, 422),
        ({"distribution": {}}, 422),
        ({"text": "a field of another API"}, 422),
        ({"author": "urn:li:organization:1"}, 403),
    ],
)
def test_linkedin_refuses_malformed_posts(
    simulator: Simulator, wrong: dict[str, Any], status: int
) -> None:
    fields = simulator.account("linkedin")
    headers = {**bearer(fields), **VERSION}
    own = {"author": connect("linkedin", fields).external_id}
    wish = {**POST, **own, **wrong}
    assert call(f"{fields['server']}/rest/posts", wish, headers)[0] == status
    assert simulator.receipts() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"LinkedIn-Version": "202401", "X-Restli-Protocol-Version": "2.0.0"}, 426),
        ({"LinkedIn-Version": "202607"}, 400),
    ],
)
def test_linkedin_demands_its_versions(
    simulator: Simulator, headers: dict[str, str], status: int
) -> None:
    fields = simulator.account("linkedin")
    answer = call(f"{fields['server']}/rest/posts", POST, {**bearer(fields), **headers})
    assert answer[0] == status


@pytest.mark.parametrize("grant", ["", "password", "client_credentials"])
def test_no_other_grant_gives_tokens(simulator: Simulator, grant: str) -> None:
    fields = simulator.account("linkedin")
    form = {
        "grant_type": grant,
        "client_id": fields["own_client_id"],
        "client_secret": fields["own_client_secret"],
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"{fields['server']}/oauth/v2/accessToken"
    status, answer, _ = call(address, urlencode(form).encode(), kind)
    assert (status, answer["error"]) == (400, "unsupported_grant_type")


def test_x_takes_no_application_in_the_form(simulator: Simulator) -> None:
    fields = simulator.account("x")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": fields["refresh_token"],
        "client_id": fields["own_client_id"],
        "client_secret": fields["own_client_secret"],
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, _ = call(f"{fields['server']}/2/oauth2/token", urlencode(form).encode(), kind)
    assert status == 401
