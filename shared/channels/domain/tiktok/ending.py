"""How publishing at TikTok ends (developers.tiktok.com: post status)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.channels.domain.provider import ErrorClass, Pending, Publication, Receipt, Refused
from shared.channels.domain.tiktok.answers import refusal_for
from shared.channels.domain.tiktok.calls import profile_of
from shared.channels.domain.tiktok.post import PUBLIC, film_of, is_direct

_WAITS = 10
"""How often the id of a public post is waited for, which TikTok tells once it has moderated it."""

_MODERATION = timedelta(seconds=30)


def awaiting_id(publication: Publication) -> Pending | None:
    """Of what is published, and public, but not moderated yet: its id comes with that."""
    waited = int(publication.progress.get("waited", "0"))
    if publication.settings.get("privacy_level", PUBLIC) != PUBLIC or waited >= _WAITS:
        return None
    return Pending(
        progress={**publication.progress, "waited": str(waited + 1)},
        check_after=_MODERATION,
        is_under_way=True,
    )


def without_id(credentials: Mapping[str, str], publication: Publication) -> Receipt:
    """Of what has no id that anybody is told, be it private or in an inbox."""
    return Receipt(external_id=publication.progress["publish_id"], url=profile_of(credentials))


def receipt_of(
    credentials: Mapping[str, str], publication: Publication, state: Mapping[str, Any]
) -> Receipt | None:
    if state["status"] == "SEND_TO_USER_INBOX" and not is_direct(publication):
        return without_id(credentials, publication)
    if state["status"] != "PUBLISH_COMPLETE" or not state.get("publicaly_available_post_id"):
        return None
    identifier = str(state["publicaly_available_post_id"][0])
    kind = "video" if film_of(publication) else "photo"
    return Receipt(external_id=identifier, url=f"{profile_of(credentials)}/{kind}/{identifier}")


def failure_of(state: Mapping[str, Any]) -> Refused:
    reason = str(state.get("fail_reason") or "TikTok failed to publish it.")
    return refusal_for(reason) or Refused(ErrorClass.UNKNOWN, "REFUSED", reason)
