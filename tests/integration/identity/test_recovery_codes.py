"""Recovery codes as they are kept."""

from datetime import UTC, datetime

from shared.identity.adapters.recovery_codes import KeyedRecoveryCodes
from shared.infrastructure.tokens import Tokens, TokensSettings
from shared.kernel.ids import new_id

CODES = KeyedRecoveryCodes(Tokens(TokensSettings(secret="a secret that is used by tests only")))
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def test_what_is_shown_finds_what_is_kept() -> None:
    user_id = new_id()
    shown, kept = CODES.new(user_id, now=NOW)
    assert [CODES.hash(user_id, code) for code in shown] == [code.code_hash for code in kept]
    assert len({code.code_hash for code in kept}) == 10
    assert {(code.user_id, code.created_at, code.used_at) for code in kept} == {
        (user_id, NOW, None)
    }


def test_a_hash_moved_to_another_person_opens_nothing() -> None:
    assert CODES.hash(new_id(), "abcd-efgh-jkmn-pqrs") != CODES.hash(
        new_id(), "abcd-efgh-jkmn-pqrs"
    )
