"""Where files can be had for a while, without credentials."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.infrastructure.storage import Address, storage
from shared.media.domain.asset import Asset, AssetStatus

SHOWN_FOR = timedelta(hours=1)

_THERE = frozenset({AssetStatus.PROCESSING, AssetStatus.READY, AssetStatus.FAILED})


def download(asset: Asset) -> Address | None:
    """Of the file itself, under its name, once it is in."""
    if asset.status not in _THERE:
        return None
    return storage().get_address(asset.storage_key, lifetime=SHOWN_FOR, name=asset.name)


def thumbnails(asset: Asset) -> list[Mapping[str, Any]]:
    """Measures and addresses, the narrowest first."""
    return [
        {**made, "url": storage().get_address(made["key"], lifetime=SHOWN_FOR).url}
        for made in sorted(asset.thumbnails, key=lambda made: int(made["width"]))
    ]
