"""What is kept encrypted, sealed for its row: JSON inside AES-256-GCM."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.channels.domain.provider import Account
from shared.channels.domain.sealed import Sealed
from shared.infrastructure.encryption import encryption


def seal(row_id: UUID, credentials: Mapping[str, str]) -> Sealed:
    return _seal(row_id, dict(credentials))


def unseal(row_id: UUID, sealed: Sealed) -> dict[str, str]:
    """Open what `seal` closed.

    Raises:
        Undecipherable: it is another row's, or its key is gone.
    """
    credentials: dict[str, str] = _unseal(row_id, sealed)
    return credentials


def seal_accounts(row_id: UUID, accounts: Sequence[Account]) -> Sealed:
    return _seal(row_id, [_written(account) for account in accounts])


def unseal_accounts(row_id: UUID, sealed: Sealed) -> list[Account]:
    """Open what `seal_accounts` closed.

    Raises:
        Undecipherable: it is another row's, or its key is gone.
    """
    return [_read(written) for written in _unseal(row_id, sealed)]


def _written(account: Account) -> dict[str, Any]:
    expires_at = account.expires_at.isoformat() if account.expires_at else None
    plain = {
        "credentials": dict(account.credentials),
        "limits": dict(account.limits),
        "expires_at": expires_at,
    }
    return asdict(replace(account, credentials={}, limits={})) | plain


def _read(written: Mapping[str, Any]) -> Account:
    expires_at = written["expires_at"]
    return Account(
        **{**written, "expires_at": datetime.fromisoformat(expires_at) if expires_at else None}
    )


def _seal(row_id: UUID, content: Any) -> Sealed:
    key_id, text = encryption().encrypt(json.dumps(content).encode(), row_id=row_id)
    return Sealed(key_id=key_id, text=text)


def _unseal(row_id: UUID, sealed: Sealed) -> Any:
    return json.loads(encryption().decrypt(sealed.text, key_id=sealed.key_id, row_id=row_id))
