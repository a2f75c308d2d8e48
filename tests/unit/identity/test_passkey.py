"""Sign counts of passkeys (WebAuthn Level 3, section 6.1.1)."""

from datetime import UTC, datetime

import pytest

from shared.identity.domain.passkey import Passkey
from shared.kernel.ids import new_id

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "said", "is_accepted"),
    [
        (0, 0, True),
        (0, 1, True),
        (5, 6, True),
        (5, 500, True),
        (5, 5, False),
        (5, 4, False),
        (5, 0, False),
    ],
)
def test_who_counts_counts_upwards(known: int, said: int, is_accepted: bool) -> None:  # noqa: FBT001
    passkey = Passkey(
        id=new_id(),
        user_id=new_id(),
        credential_id=b"name",
        public_key=b"key",
        sign_count=known,
        name="Phone",
        transports=[],
        created_at=NOW,
    )
    assert passkey.accept(said, NOW) is is_accepted
    assert passkey.sign_count == (said if is_accepted else known)
    assert passkey.last_used_at == (NOW if is_accepted else None)
