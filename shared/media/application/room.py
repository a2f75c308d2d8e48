"""How much an organization may keep."""

from shared.kernel.errors import Conflict
from shared.media.application.ports import MediaUnitOfWork
from shared.media.domain.asset import Asset
from shared.media.domain.limits import Limits


def demand_room(work: MediaUnitOfWork, asset: Asset, size: int, *, limits: Limits) -> None:
    """Refuse a file for which the organization has no room; others wait until this one is in.

    Raises:
        Conflict: `MEDIA_QUOTA_EXCEEDED`.
    """
    quota = limits.organization_bytes
    if not quota:
        return
    work.assets.one_at_a_time(asset.organization_id)
    used = work.assets.bytes_kept(asset.organization_id, besides=asset.id)
    if used + size > quota:
        raise Conflict(
            "MEDIA_QUOTA_EXCEEDED",
            f"An organization may keep {quota} bytes: delete what is not needed",
            meta={"quota_bytes": quota, "used_bytes": used, "size": size},
        )
