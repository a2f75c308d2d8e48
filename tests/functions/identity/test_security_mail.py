"""Whoever changes how an account is signed in to, its owner hears of it."""

from pathlib import Path

import pytest

from shared.identity.application.second_factor.security_mail import SecurityChange
from tests.accounts import PASSWORD, Account, root
from tests.api import Api
from tests.architecture.tree import ROOT
from tests.functions.identity.passkeys import add_passkey
from tests.functions.identity.second_factor import challenge_of, enable_totp, show
from tests.letters import letters

pytestmark = pytest.mark.usefixtures("midway")

TEMPLATES = sorted(ROOT.glob("shared/notifications/adapters/templates/*/security_changed.toml"))


@pytest.fixture
def ada(api: Api) -> Account:
    return root(api)


def _changes(account: Account) -> list[str]:
    found = letters("security_changed", to=account.email)
    assert {letter["parameters"]["name"] for letter in found} <= {"Root"}
    return [letter["parameters"]["change"] for letter in found]


def test_every_change_is_written_of(api: Api, ada: Account) -> None:
    _, codes = enable_totp(ada)
    assert _changes(ada) == ["second_factor_enabled"]
    assert show(api, challenge_of(api, ada.email), recovery_code=codes[0]).status == 200
    _, passkey = add_passkey(ada)
    ada.api.patch(f"/auth/passkeys/{passkey['id']}", {"name": "Another"})
    ada.api.delete(f"/auth/passkeys/{passkey['id']}")
    ada.api.post("/auth/second-factor/totp/disable", {"password": PASSWORD})
    assert _changes(ada) == [
        "second_factor_enabled",
        "recovery_code_used",
        "passkey_added",
        "passkey_removed",
        "second_factor_disabled",
    ]


def test_no_mail_shows_a_code(api: Api, ada: Account) -> None:
    app, codes = enable_totp(ada)
    told = str(letters("security_changed"))
    assert ada.email in told
    assert not [secret for secret in (app.secret, *codes) if secret in told]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("change", SecurityChange)
def test_each_language_has_a_sentence_for_each_change(
    template: Path, change: SecurityChange
) -> None:
    assert f'"{change}"' in template.read_text()
