"""What a provider says of a person, as far as it makes sense."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.adapters.oidc_claims import external_claims
from shared.identity.domain.external_identity import ExternalClaims
from shared.kernel.errors import PermissionDenied

PROVED = {"iss": "https://accounts.example.com", "sub": "1"}
STANDARD = ["email", "email_verified", "name", "picture", "zoneinfo", "locale"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=3,
)


def _claims(**told: Any) -> ExternalClaims:
    return external_claims({**PROVED, **told})


@given(st.dictionaries(st.sampled_from(STANDARD), JSON))
def test_whatever_is_said_is_understood_or_left_out(told: dict[str, Any]) -> None:
    claims = _claims(**told)
    assert claims.is_email_verified is (told.get("email_verified") in (True, "true"))
    if claims.name is not None:
        assert 1 <= len(claims.name) <= 255
        assert claims.name.isprintable()


@given(st.text())
def test_every_name_leads_to_one_that_can_be_shown(name: str) -> None:
    shown = _claims(name=name, email="ada@example.com", email_verified=True).display_name
    assert 1 <= len(shown) <= 255


@pytest.mark.parametrize(
    ("told", "email"),
    [
        ("ada@example.com", "ada@example.com"),
        (" Ada@Example.COM ", "ada@example.com"),
        ("ａｄａ＠example.com", "ada@example.com"),  # noqa: RUF001
        ("ada", None),
        ("ada@example.com, eve@example.com", None),
        ("ada@example.com\x00", None),
        ("", None),
        (["ada@example.com"], None),
    ],
)
def test_addresses(told: object, email: str | None) -> None:
    assert _claims(email=told).email == email


@pytest.mark.parametrize("verified", [False, None, 0, "false", "True", "yes", [True], {}])
def test_only_true_is_true(verified: object) -> None:
    claims = _claims(email="ada@example.com", email_verified=verified)
    with pytest.raises(PermissionDenied) as refused:
        _ = claims.verified_email
    assert refused.value.code == "EMAIL_NOT_VERIFIED"


@pytest.mark.parametrize("verified", [True, "true"])
def test_true_may_be_a_text(verified: object) -> None:
    claims = _claims(email="ada@example.com", email_verified=verified)
    assert claims.verified_email == "ada@example.com"


@pytest.mark.parametrize(
    ("name", "shown"), [("Ada", "Ada"), ("<b>Ada</b>", "Ada"), ("<b></b>", "ada"), (None, "ada")]
)
def test_names(name: str | None, shown: str) -> None:
    assert _claims(name=name, email="ada@example.com", email_verified=True).display_name == shown


@pytest.mark.parametrize(
    ("told", "kept"),
    [("de_AT", "de-AT"), ("en", "en"), ("x" * 40, None), ("de;drop", None), (7, None)],
)
def test_locales(told: object, kept: str | None) -> None:
    assert _claims(locale=told).locale == kept
