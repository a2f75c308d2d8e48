"""Say that a file is going to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import broken, demand_none
from shared.media.application.ports import Address, Begin, Files
from shared.media.application.room import demand_room
from shared.media.domain.asset import Asset
from shared.media.domain.claims import (
    clean_name,
    clean_tags,
    demand_alt_text,
    demand_digest,
    format_claimed,
    wrong_with_claims,
)
from shared.media.domain.limits import Limits
from shared.media.domain.parts import PART, comes_in_parts, part_sizes

ADDRESSES_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class PartToCome:
    """`address` is where it may go; a part that has come has none."""

    number: int
    size: int
    is_there: bool
    address: Address | None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """`address` is where the file may go as a whole, `parts` are where it comes in parts."""

    asset: Asset
    address: Address | None
    parts: Sequence[PartToCome]


def announce_upload(
    begin: Begin,
    files: Files,
    clock: Clock,
    *,
    actor: Actor,
    name: str,
    size: int,
    mime_type: str,
    sha256: str | None,
    alt_text: str,
    tags: Sequence[str],
    limits: Limits,
) -> Upload:
    """Keep a place for a file, and say where its bytes may go.

    Raises:
        RuleViolations: what is claimed of it cannot be, or is nothing we take.
        Conflict: `MEDIA_QUOTA_EXCEEDED`.
    """
    demand_none(
        [
            *broken(lambda: clean_name(name), "name"),
            *wrong_with_claims(name=name, size=size, mime_type=mime_type, limits=limits),
            *(broken(lambda: demand_digest(sha256), "sha256") if sha256 is not None else []),
            *broken(lambda: demand_alt_text(alt_text), "alt_text"),
            *broken(lambda: clean_tags(tags), "tags"),
        ]
    )
    asset = Asset.announce(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        name=clean_name(name),
        alt_text=alt_text,
        tags=clean_tags(tags),
        mime_type=format_claimed(mime_type).value,
        size=size,
        sha256=sha256,
        now=clock(),
    )
    if comes_in_parts(size):
        asset.multipart_id, asset.part_size = files.begin_parts(asset), PART
    try:
        with begin() as work:
            demand_room(work, asset, size, limits=limits)
            work.assets.add(asset)
    except BaseException:
        if asset.multipart_id is not None:
            files.remove_incoming(asset)
        raise
    return described(files, asset, first=1, most=ADDRESSES_AT_ONCE)


def described(files: Files, asset: Asset, *, first: int, most: int) -> Upload:
    """The upload as it is now; of its parts so many from that number on."""
    if asset.part_size is None or asset.size is None:
        return Upload(asset=asset, address=files.put_address(asset), parts=[])
    there = {part.number: part.size for part in files.parts(asset)}
    sizes = list(enumerate(part_sizes(asset.size, asset.part_size), 1))
    return Upload(
        asset=asset,
        address=None,
        parts=[
            PartToCome(
                number=number,
                size=size,
                is_there=there.get(number) == size,
                address=(
                    None if there.get(number) == size else files.part_address(asset, number, size)
                ),
            )
            for number, size in sizes[first - 1 : first - 1 + most]
        ],
    )
