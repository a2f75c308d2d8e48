"""Have a file fetched from where it is on the Internet."""

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation, broken, demand_none
from shared.media.application.ports import BeginFetching
from shared.media.domain.asset import Asset
from shared.media.domain.claims import clean_name, clean_tags, demand_alt_text, named_as

URL_LENGTH = 2_000
UNKNOWN_TYPE = "application/octet-stream"


def ask_for_fetch(
    begin: BeginFetching,
    clock: Clock,
    *,
    actor: Actor,
    url: str,
    name: str | None,
    alt_text: str,
    tags: Sequence[str],
) -> Asset:
    """Keep a place for it; what is there is looked at once it is fetched, after the commit.

    Raises:
        RuleViolations: the address is none of the web, and so on.
    """
    demand_none(
        [
            *broken(lambda: demand_web_address(url), "url"),
            *(broken(lambda: clean_name(name), "name") if name is not None else []),
            *broken(lambda: demand_alt_text(alt_text), "alt_text"),
            *broken(lambda: clean_tags(tags), "tags"),
        ]
    )
    in_path = unquote(urlsplit(url).path, errors="replace").rpartition("/")[2]
    asset = Asset.announce(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        name=named_as([in_path] if name is None else [name]),
        alt_text=alt_text,
        tags=clean_tags(tags),
        mime_type=UNKNOWN_TYPE,
        size=None,
        sha256=None,
        source_url=url,
        now=clock(),
    )
    with begin() as work:
        work.assets.add(asset)
        work.fetches.add(asset, at=asset.created_at)
    return asset


def demand_web_address(url: str) -> None:
    """Refuse what is no address of the web, or has a password in it.

    Raises:
        RuleViolation: `MEDIA_URL_INVALID`.
    """
    try:
        parts = urlsplit(url)
        is_one = (
            len(url) <= URL_LENGTH
            and url.isprintable()
            and " " not in url
            and parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.username is None
            and parts.port != 0
        )
        url.encode()
    except ValueError:
        is_one = False
    if not is_one:
        raise RuleViolation(
            "MEDIA_URL_INVALID",
            f"An address begins with https:// and has at most {URL_LENGTH} characters",
        )
