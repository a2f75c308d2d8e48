"""The credentials of connections, sealed for their row: JSON inside AES-256-GCM."""

import json
from collections.abc import Mapping
from uuid import UUID

from shared.channels.domain.connection import Sealed
from shared.infrastructure.encryption import encryption


def seal(connection_id: UUID, credentials: Mapping[str, str]) -> Sealed:
    plain = json.dumps(dict(credentials)).encode()
    key_id, text = encryption().encrypt(plain, row_id=connection_id)
    return Sealed(key_id=key_id, text=text)


def unseal(connection_id: UUID, sealed: Sealed) -> dict[str, str]:
    """Open what `seal` closed.

    Raises:
        Undecipherable: it is another connection's, or its key is gone.
    """
    plain = encryption().decrypt(sealed.text, key_id=sealed.key_id, row_id=connection_id)
    credentials: dict[str, str] = json.loads(plain)
    return credentials
