"""Mastodon, and servers that speak its API.

Sources: docs.joinmastodon.org and the source of mastodon/mastodon (`PostStatusService`,
`StatusLengthValidator`, `Api::V1::StatusesController`, `RateLimiter`, `rack_attack.rb`).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.mastodon import media
from shared.channels.domain.mastodon.answers import error_of
from shared.channels.domain.mastodon.oauth import OAUTH, register
from shared.channels.domain.mastodon.status import (
    SETTINGS,
    parent_of,
    status_of,
    warning_length,
    warning_of,
)
from shared.channels.domain.mastodon.text import countable_length
from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import allowance_of, otherwise_malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import (
    Account,
    Allowance,
    ErrorClass,
    Field,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.reading import read
from shared.channels.domain.server_address import base_url

_STATUSES = "/api/v1/statuses"
_SLACK = timedelta(minutes=1)
_get = partial(
    read,
    server="instance",
    headers=bearing,
    error_of=error_of,
    unless="This server does not answer as Mastodon does.",
)
_PAGE = 20
_PAGES = 10


class Mastodon:
    """Publishes with an idempotency key.

    A server keeps the key for an hour after it accepted a status and answers a repeat with that
    status. Within the hour `publish` may be repeated; later the key is forgotten, and only `find`
    tells whether the status is there. Whoever looks first and then publishes is right both times.

    An account may make 300 statuses in three hours (`RateLimiter`, family `statuses`). The 300
    requests a token has in five minutes say nothing more of statuses; but reading counts there too,
    and the headers of an answer are those of whichever limit is nearest.
    """

    title = "Mastodon"
    max_length = 500
    counts = "characters; a link counts 23, a mention without its server"
    threads = True
    quotas = (Quota(limit=300, period=timedelta(hours=3)),)
    connect_fields = (
        Field(name="instance", label="Server, such as mastodon.social"),
        Field(name="access_token", label="Access token", secret=True),
    )
    tokens = ()
    scopes = OAUTH.scopes
    recovery: Recovery = "key"
    settings_schema = SETTINGS

    def count(self, text: str) -> int:
        return countable_length(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return media.RULES

    def server(self, typed: str) -> str:
        return base_url(typed)

    async def register(self, http: Http, server: str, redirect_uri: str) -> Application:
        return await register(http, server, redirect_uri)

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return OAUTH.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        given = await OAUTH.exchange(http, application, authorization, code)
        return [await self.connect(http, {"instance": given["server"], **given})]

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Of a token that somebody has made and typed nobody but they may say that it is over."""
        if "client_id" in credentials:
            at = {"server": credentials["instance"], **credentials}
            await OAUTH.revoke(http, at, ["access_token"])

    def count_settings(self, settings: Mapping[str, Any]) -> int:
        return warning_length(settings)

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        credentials = {
            "instance": base_url(fields["instance"]),
            "access_token": fields["access_token"].strip(),
        }
        account = await _get(http, credentials, "/api/v1/accounts/verify_credentials")
        instance = await _instance(http, credentials)
        with otherwise_malformed("This server does not answer as Mastodon does."):
            server = urlsplit(credentials["instance"]).netloc
            host = instance.get("domain") or server
            return Account(
                external_id=f"{account['id']}@{server}",  # each server counts from one
                username=f"@{account['username']}@{host}",
                display_name=account.get("display_name") or account["username"],
                url=account["url"],
                avatar_url=account.get("avatar"),
                credentials={**credentials, "account_id": str(account["id"])},
                limits=_limits(instance),
            )

    def preview(self, publication: Publication) -> Preview:
        ids = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        return Preview(method="POST", path=_STATUSES, body=status_of(publication, ids))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        ids = await media.attached(http, credentials, publication.attachments, publication.progress)
        if isinstance(ids, Pending):
            return ids
        answer = await http.request(
            "POST",
            f"{credentials['instance']}{_STATUSES}",
            headers={**bearing(credentials), "Idempotency-Key": publication.key},
            json=status_of(publication, ids),
        )
        allowance = allowance_of(answer)
        if answer.status != HTTPStatus.OK:
            error = error_of(answer)
            if publication.reply_to and answer.status == HTTPStatus.NOT_FOUND:
                error = Refused(ErrorClass.CONTENT, "PARENT_MISSING", error.words)
            error.allowance = allowance
            raise error
        with otherwise_malformed("Mastodon answered without the status it made."):
            return _receipt(answer.json(), allowance)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Look for a status of the same words, parent and media, made since the first attempt.

        The text itself, not its HTML, is compared: the server's rendering shortens links and
        mentions as it likes. A clock of the server may be a minute behind ours.
        """
        since = publication.first_tried_at - _SLACK
        parent_id = parent_of(publication)
        words = publication.text.strip(), warning_of(publication)
        shown = [one.alt_text.strip() for one in publication.attachments]
        async for status in _statuses_since(http, credentials, since):
            if str(status["id"]) in publication.taken or status["in_reply_to_id"] != parent_id:
                continue
            if [(one["description"] or "").strip() for one in status["media_attachments"]] != shown:
                continue
            source = await _get(http, credentials, f"{_STATUSES}/{status['id']}/source")
            if _words(source) == words:
                return _receipt(status)
        return None


async def _statuses_since(
    http: Http, credentials: Mapping[str, str], since: datetime
) -> AsyncIterator[dict[str, Any]]:
    """The account's own statuses, newest first.

    Raises:
        Unanswered: there are too many to look through.
    """
    path = f"/api/v1/accounts/{credentials['account_id']}/statuses"
    params = {"limit": str(_PAGE), "exclude_reblogs": "true"}
    for _ in range(_PAGES):
        page = await _get(http, credentials, path, params)
        with otherwise_malformed("Mastodon's list of statuses cannot be understood."):
            made = [(datetime.fromisoformat(each["created_at"]), each) for each in page]
            recent = [each for instant, each in made if _aware(instant) >= since]
        for status in recent:
            yield status
        if len(recent) < len(made) or not made:
            return
        params["max_id"] = str(made[-1][1]["id"])
    raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many statuses since then.")


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _words(source: Any) -> tuple[str, str]:
    """The text of a status and its content warning."""
    with otherwise_malformed("Mastodon's source of a status cannot be understood."):
        return str(source["text"]).strip(), str(source["spoiler_text"] or "").strip()


async def _instance(http: Http, credentials: Mapping[str, str]) -> dict[str, Any]:
    """What the server says of itself; version 1 is what servers before Mastodon 4 have."""
    for version in ("v2", "v1"):
        try:
            answer: dict[str, Any] = await _get(http, credentials, f"/api/{version}/instance")
        except Refused as error:
            if error.error_class is ErrorClass.RATE_LIMIT:
                raise
        else:
            return answer
    return {}


def _limits(instance: dict[str, Any]) -> dict[str, int]:
    configuration = instance.get("configuration") or {}
    statuses = configuration.get("statuses") or {}
    files = configuration.get("media_attachments") or {}
    told = {
        "max_length": statuses.get("max_characters"),
        "media_items": statuses.get("max_media_attachments"),
        "alt_text_length": files.get("description_limit"),
        "image_bytes": files.get("image_size_limit"),
        "video_bytes": files.get("video_size_limit"),
    }
    return {name: most for name, most in told.items() if isinstance(most, int) and most > 0}


def _receipt(status: Any, allowance: Allowance | None = None) -> Receipt:
    identifier, url = status["id"], status.get("url") or status["uri"]
    if not isinstance(identifier, str) or not isinstance(url, str):
        raise TypeError("a status has an id and an address")
    return Receipt(external_id=identifier, url=url, allowance=allowance)


provider = Mastodon()
