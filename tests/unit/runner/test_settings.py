"""Settings: unknown, mistyped, contradictory and invalid ones are refused by name."""

from collections.abc import Mapping

import pytest

from runner.folder import new_secrets
from runner.refused import Refused
from runner.settings import STAND_INS, defaults, environment_of, resolve
from runner.template import PATH, Function

FUNCTION = """
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: functions.{name}.handler
      Environment: {{Variables: {{{variables}}}}}
"""


def template(**functions: str) -> str:
    return "Globals: {Function: {Timeout: 29}}\nResources:\n" + "".join(
        FUNCTION.format(name=name, variables=variables) for name, variables in functions.items()
    )


def refusal(text: str, given: Mapping[str, str] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        environment_of(resolve(text, given or {}))
    return str(refused.value)


def product(**given: str) -> list[Function]:
    values = {**STAND_INS, **new_secrets(), **defaults(given), **given}
    return resolve(PATH.read_text(), values)


def test_product_needs_nothing_but_what_the_runner_decides() -> None:
    environment = environment_of(product())
    assert environment["ENVIRONMENT"] == "development"
    assert environment["HTTP_CLIENT_ALLOW_PRIVATE"] == "true"


def test_browsers_reach_the_api_where_it_is_served() -> None:
    assert defaults({}, port=8318)["PUBLIC_API_URL"] == "http://localhost:8318"


def test_half_an_identity_provider_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="OIDC_ACME_CLIENT_ID is not set"):
        product(OIDC_ACME_ISSUER="https://login.acme.example.com")


def test_production_reaches_no_private_address() -> None:
    environment = environment_of(product(ENVIRONMENT="production"))
    assert environment["HTTP_CLIENT_ALLOW_PRIVATE"] == "false"


@pytest.mark.parametrize("variable", ["FRONTEND_URL", "PUBLIC_API_URL", "MAIL_SENDER"])
def test_a_deployment_says_itself_where_it_is(variable: str) -> None:
    """A laptop's answer must not end in the mails of a production that forgot to."""
    decided = {**STAND_INS, **new_secrets(), **defaults({})}
    del decided[variable]
    with pytest.raises(Refused, match=variable):
        resolve(PATH.read_text(), decided)


def test_variable_that_no_class_has_is_refused_with_the_function() -> None:
    words = refusal(template(one="CACHE_URI: 'memory://'"))
    assert "one is given CACHE_URI" in words
    assert "did you mean CACHE_URL?" in words


def test_variable_that_is_not_like_any_other_gets_no_advice() -> None:
    assert refusal(template(one="ZZZ: x")) == "one is given ZZZ, but there is no such setting"


def test_any_identity_provider_is_known_by_its_three_variables() -> None:
    variables = "OIDC_GOOGLE2_ISSUER: 'https://login.example.com', OIDC_GOOGLE2_CLIENT_ID: x"
    given = {"OIDC_ACME_ISSUER": "https://login.example.com", "OIDC_GOOGLE_CORP_CLIENT_ID": "x"}
    assert resolve(template(one=variables), given)
    assert "there is no such setting" in refusal(template(one="OIDC_ACME_COLOUR: red"))


def test_half_a_google_is_refused_at_the_start() -> None:
    with pytest.raises(Refused, match="OIDC_GOOGLE_CLIENT_SECRET"):
        product(OIDC_GOOGLE_CLIENT_ID="luxaris")


def test_mistyped_variable_of_the_environment_is_refused() -> None:
    words = refusal(template(one=""), {"DATABSE_URL": "postgresql://secret"})
    assert words == "DATABSE_URL is set, but there is no such setting; did you mean DATABASE_URL?"


@pytest.mark.parametrize("variable", ["PUBLISHING_LEASE_SECOND", "CACHE_ULR", "TOKEN_SECRET"])
def test_likely_mistypings_are_refused(variable: str) -> None:
    values = {**STAND_INS, **new_secrets(), **defaults({}), variable: "5"}
    assert refusal(PATH.read_text(), values).startswith(
        f"{variable} is set, but there is no such setting; did you mean "
    )


def test_invalid_setting_that_the_template_leaves_out_is_refused() -> None:
    words = refusal(template(one=""), {"PUBLISHING_LEASE_SECONDS": "soon"})
    assert "PUBLISHING_LEASE_SECONDS" in words


def test_other_variables_of_the_environment_are_nobodys_business() -> None:
    assert resolve(template(one=""), {"HOME": "/", "LANG": "C", "PYTHONPATH": "x"})


def test_two_values_for_one_variable_are_refused_with_both_functions() -> None:
    text = template(one="HTTP_CLIENT_TIMEOUT: '1'", two="HTTP_CLIENT_TIMEOUT: '2'")
    assert "one and two want different values for HTTP_CLIENT_TIMEOUT" in refusal(text)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_CLIENT_TIMEOUT", "soon"),
        ("HTTP_CLIENT_ALLOW_PRIVATE", "perhaps"),
        ("TOKENS_SECRET", "short"),
        ("ENVIRONMENT", "moon"),
        ("ENCRYPTION_KEYS", "local:c2hvcnQ="),
        ("DATABASE_URL", "mysql://user:secret@host/name"),
        ("BROKER_URL", "http://user:secret@host"),
        ("CACHE_URL", "memcached://host:port"),
    ],
)
def test_invalid_value_is_refused_by_name_and_never_shown(variable: str, value: str) -> None:
    words = refusal(template(one=f"{variable}: '{value}'"))
    assert variable in words
    assert value not in words
