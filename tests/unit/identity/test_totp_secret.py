"""No code of an authenticator app is good twice."""

from datetime import UTC, datetime

import pytest

from shared.identity.domain.totp_secret import TotpSecret
from shared.kernel.ids import new_id

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def _secret(last_step: int | None = None) -> TotpSecret:
    return TotpSecret(
        id=new_id(),
        user_id=new_id(),
        key_id="key",
        sealed_secret=b"sealed",
        created_at=NOW,
        last_step=last_step,
    )


@pytest.mark.parametrize(
    ("last_step", "step", "is_accepted"),
    [(None, 100, True), (99, 100, True), (100, 100, False), (101, 100, False), (0, 1, True)],
)
def test_steps_only_go_forwards(last_step: int | None, step: int, is_accepted: bool) -> None:  # noqa: FBT001
    secret = _secret(last_step)
    assert secret.accept(step) is is_accepted
    assert secret.last_step == (step if is_accepted else last_step)


def test_it_counts_from_its_confirmation_on() -> None:
    secret = _secret()
    assert not secret.is_confirmed
    secret.confirm(NOW)
    assert secret.is_confirmed
    assert secret.confirmed_at == NOW


def test_its_repr_shows_nothing_sealed() -> None:
    assert "sealed" not in repr(_secret())
