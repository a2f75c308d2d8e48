"""Change what is said of a file."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import broken, demand_none
from shared.kernel.versions import ANY, Expected
from shared.media.application.ports import Begin
from shared.media.domain.asset import Asset, AssetChanges
from shared.media.domain.claims import clean_name, clean_tags, demand_alt_text


def change_asset(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    asset_id: UUID,
    changes: AssetChanges,
    expected: Expected = ANY,
) -> Asset:
    """Change what is given.

    Raises:
        RuleViolations: all that is wrong with it.
        PreconditionFailed: it has changed since.
    """
    demand_none(
        [
            *(broken(lambda: clean_name(changes["name"]), "name") if "name" in changes else []),
            *broken(lambda: demand_alt_text(changes.get("alt_text", "")), "alt_text"),
            *broken(lambda: clean_tags(changes.get("tags", [])), "tags"),
        ]
    )
    clean = changes.copy()
    if "name" in changes:
        clean["name"] = clean_name(changes["name"])
    if "tags" in changes:
        clean["tags"] = clean_tags(changes["tags"])
    with begin() as work:
        asset = actor.own(work.assets.get_for_update(asset_id), "media")
        expected.demand(asset.version)
        asset.edit(clean, now=clock())
    return asset
