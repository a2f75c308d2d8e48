"""Where the files of an asset lie in the store.

What people upload comes in at `incoming/`, where the address they were given still writes for a
while. Once it is looked at it is copied to `uploads/`, which is what processing is called for:
what was checked is what is processed. What processing makes lies beside each other in `media/`.
"""

from uuid import UUID

INCOMING, ORIGINALS, MADE = "incoming/", "uploads/", "media/"


def incoming_key(organization_id: UUID, asset_id: UUID) -> str:
    return f"{INCOMING}{organization_id}/{asset_id}"


def original_key(organization_id: UUID, asset_id: UUID) -> str:
    """The storing of it is what calls the processing."""
    return f"{ORIGINALS}{organization_id}/{asset_id}"


def made_prefix(organization_id: UUID, asset_id: UUID) -> str:
    """Of all that processing makes of an asset."""
    return f"{MADE}{organization_id}/{asset_id}/"


def made_key(organization_id: UUID, asset_id: UUID, name: str) -> str:
    """`name` is unique within the asset: `clean.jpg`, `320.webp`, `<profile>.mp4`."""
    return f"{made_prefix(organization_id, asset_id)}{name}"


def asset_of(key: str) -> UUID | None:
    """Whose file it is; nobody's, where we have not named it."""
    area, *rest = key.split("/")
    deep = {INCOMING[:-1]: 2, ORIGINALS[:-1]: 2, MADE[:-1]: 3}
    if len(rest) != deep.get(area):
        return None
    try:
        return UUID(rest[1])
    except ValueError:
        return None


def belongs(key: str, status: str, storage_key: str) -> bool:
    """Whether a file is still wanted of an asset of that status whose file lies there."""
    if key == storage_key:
        return status != "refused"
    match key.partition("/")[0] + "/":
        case area if area == INCOMING:
            return status in {"uploading", "processing"}
        case area if area == ORIGINALS:
            return status in {"processing", "failed"}
        case _:
            return status != "refused"
