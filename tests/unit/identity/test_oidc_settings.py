"""Identity providers by settings alone."""

import pytest

from shared.identity.adapters.oidc_settings import OidcGoogleSettings, clients
from shared.infrastructure.public_api import PublicApiSettings
from shared.infrastructure.settings import InvalidSetting

GOOGLE = {"OIDC_GOOGLE_CLIENT_ID": "id", "OIDC_GOOGLE_CLIENT_SECRET": "s3cr3t"}
ACME = {
    "OIDC_ACME_CORP_ISSUER": "https://login.acme.example.com/tenant",
    "OIDC_ACME_CORP_CLIENT_ID": "luxaris",
    "OIDC_ACME_CORP_CLIENT_SECRET": "s3cr3t",
}


def test_without_settings_there_is_none() -> None:
    assert clients({}) == {}
    empty = dict.fromkeys([*GOOGLE, "OIDC_GOOGLE_ISSUER"], "")
    assert clients(empty) == {}


def test_google_is_known() -> None:
    assert clients(GOOGLE)["google"].issuer == "https://accounts.google.com"


def test_any_other_name_is_as_good() -> None:
    found = clients({**GOOGLE, **ACME, "OIDC_ISSUER": "x", "OIDC_ACME_CORP_COLOUR": "red"})
    assert list(found) == ["acme_corp", "google"]
    assert found["acme_corp"].issuer == ACME["OIDC_ACME_CORP_ISSUER"]


@pytest.mark.parametrize("missing", ACME)
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(InvalidSetting, match=missing):
        clients({**ACME, missing: ""})


def test_an_issuer_alone_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="OIDC_FOO_CLIENT_ID is not set"):
        clients({"OIDC_FOO_ISSUER": "https://login.example.com"})


def test_half_a_google_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="OIDC_GOOGLE_CLIENT_SECRET"):
        clients({"OIDC_GOOGLE_CLIENT_ID": "id"})


@pytest.mark.parametrize("issuer", ["http://login.example.com", "login.example.com", "https://"])
def test_production_wants_https(issuer: str) -> None:
    with pytest.raises(InvalidSetting, match="OIDC_ACME_CORP_ISSUER must be an https URL"):
        clients({**ACME, "OIDC_ACME_CORP_ISSUER": issuer})


def test_elsewhere_http_will_do() -> None:
    told = {**ACME, "OIDC_ACME_CORP_ISSUER": "http://127.0.0.1:9", "ENVIRONMENT": "test"}
    assert clients(told)["acme_corp"].https_only is False


def test_a_secret_is_not_shown() -> None:
    assert "s3cr3t" not in repr(clients({**GOOGLE, **ACME}))
    assert "s3cr3t" not in repr(OidcGoogleSettings.read(GOOGLE))


@pytest.mark.parametrize(
    ("variable", "is_ours"),
    [
        ("OIDC_GOOGLE_ISSUER", True),
        ("OIDC_ACME_CORP_CLIENT_SECRET", True),
        ("OIDC_CLIENT_ID", False),
        ("OIDC__ISSUER", False),
        ("OIDC_ACME_COLOUR", False),
        ("DATABASE_URL", False),
    ],
)
def test_which_variables_are_read(variable: str, is_ours: bool) -> None:  # noqa: FBT001
    assert OidcGoogleSettings.covers(variable) is is_ours


def test_an_ordinary_class_covers_its_fields() -> None:
    assert PublicApiSettings.covers("PUBLIC_API_URL")
    assert not PublicApiSettings.covers("OIDC_GOOGLE_ISSUER")


def test_a_slash_at_the_end_does_no_harm() -> None:
    assert PublicApiSettings(url="https://api.example.com/").callback("/x") == (
        "https://api.example.com/x"
    )
