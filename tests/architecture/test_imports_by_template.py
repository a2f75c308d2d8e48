"""Rule 5: a function imports only what the template gives it; cold start follows."""

import re
import sys
import tomllib

import pytest

from runner.template import Function, function_named
from tests.architecture.cold import facts, reachable
from tests.architecture.tree import FUNCTIONS, ROOT, distributions, graph, is_ours

HTTP = "an HttpApi trigger"
ANYONE = "nothing"
FILES_OPENED = {"MEDIA_PIXELS"}  # who looks into files that people have uploaded
PRICE = {
    "PIL": FILES_OPENED,
    "aiohttp": {"HTTP_CLIENT_TIMEOUT"},
    "alembic": {"DATABASE_URL"},
    "argon2": {"PASSWORDS_MEMORY_KIB"},
    "authlib": {"OIDC_GOOGLE_CLIENT_ID"},
    "av": FILES_OPENED,
    "blurhash_rs": FILES_OPENED,
    "boto3": {"MAIL_URL", "STORAGE_URL"},
    "countryinfo": {"APP_DATA_MAX_AGE"},
    "cryptography": {"ENCRYPTION_KEYS", "TOKENS_SECRET"},  # PyJWT imports it wherever it finds it
    "dateutil": {"PUBLISHING_HORIZON_DAYS"},  # who plans ahead
    "email_validator": {HTTP},
    "fastapi": {HTTP},
    "joserfc": {"OIDC_GOOGLE_CLIENT_ID"},
    "jinja2": {"MAIL_URL"},
    "jsonschema": {"DATABASE_URL"},  # who looks at variants, and only where one has settings
    "jwt": {"TOKENS_SECRET"},
    "limits": {"CACHE_URL"},
    "mangum": {HTTP},
    "nh3": {HTTP, "IMPORTS_CHUNK"},  # who cleans what people wrote
    "openai": {"GENERATION_API_KEY"},
    "opentelemetry": {"TRACING_ENDPOINT"},
    "pika": {"BROKER_URL"},
    "pillow_heif": FILES_OPENED,
    "psycopg": {"DATABASE_URL"},
    "pydantic": {HTTP},
    "pymemcache": {"CACHE_URL"},
    "pyotp": {"SECOND_FACTOR_ISSUER"},
    "pypdf": FILES_OPENED,
    "pythonjsonlogger": {"LOGGING_LEVEL"},
    "regex": {ANYONE},
    "requests": {"OIDC_GOOGLE_CLIENT_ID"},
    "sqlalchemy": {"DATABASE_URL"},
    "starlette": {HTTP},
    "tzdata": {ANYONE},
    "webauthn": {"PASSKEYS_RP_ID"},
}
"""A package and what a function must have, any one of these, to import it."""


KEPT_ELSEWHERE = {"shared.infrastructure.secret_references"}
"""Any setting may say so, and Lambda brings boto3; whoever keeps none there pays nothing."""


def _names(lock: str) -> set[str]:
    return {
        name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    }


INSTALLED_BY_SAM = _names((ROOT / "requirements.txt").read_text())


def _refused(function: Function, packages: set[str]) -> set[str]:
    granted = {*function.environment, ANYONE} | ({HTTP} if function.of_kind("HttpApi") else set())
    return {
        f"{package} (needs {' or '.join(sorted(PRICE[package]))})"
        for package in packages & PRICE.keys()
        if not PRICE[package] & granted
    }


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_function_imports_only_what_the_template_gives_it(function: Function) -> None:
    packages = {module.partition(".")[0] for module in facts(function)["loaded"]}
    refused = _refused(function, packages)
    assert not refused, f"{function.module} imports {sorted(refused)}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_nor_does_it_later_in_a_function_body(function: Function) -> None:
    modules = reachable(function.module)
    packages = {module.partition(".")[0] for module in modules}
    if modules & graph().find_modules_that_directly_import("boto3") == KEPT_ELSEWHERE:
        packages -= {"boto3", "botocore"}
    refused = _refused(function, packages)
    assert not refused, f"{function.module} may come to import {sorted(refused)}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_function_imports_only_what_is_deployed(function: Function) -> None:
    """Neither tools nor tests nor the runner, and migrations only whoever knows their owner; of
    packages only those in requirements.txt."""
    packages = {
        module.partition(".")[0]
        for module in [*facts(function)["loaded"], *reachable(function.module)]
    }
    ours = {package for package in packages if is_ours(package)}
    migrating = {"migrations"} if "DATABASE_OWNER_URL" in function.environment else set()
    assert ours <= {"functions", "shared"} | migrating
    strangers = {
        package
        for package in packages - ours
        if package in distributions() and not distributions()[package] & INSTALLED_BY_SAM
    }
    assert not strangers, f"{sorted(strangers)} will not be there: see requirements.txt"


def test_the_mailer_imports_a_transport_where_its_url_asks_for_it() -> None:
    """boto3 takes longer to import than all the rest of it."""
    mailer = function_named(FUNCTIONS, "NotificationsMailer")
    loaded = facts(mailer)["loaded"]
    assert "shared.infrastructure.mail" in loaded
    assert not {module.partition(".")[0] for module in loaded} & {"boto3", "botocore", "smtplib"}


@pytest.mark.parametrize("name", ["MediaUploads", "MediaLibrary", "OperationsHealth"])
def test_whoever_hands_out_addresses_or_is_alive_makes_no_client_of_the_store(name: str) -> None:
    loaded = facts(function_named(FUNCTIONS, name))["loaded"]
    assert "shared.infrastructure.storage" in loaded
    assert not {module.partition(".")[0] for module in loaded} & {"boto3", "botocore"}


def test_nobody_waits_for_the_judge_of_settings_before_there_are_any() -> None:
    waiting = [
        function.name
        for function in FUNCTIONS
        if "jsonschema" in {module.partition(".")[0] for module in facts(function)["loaded"]}
    ]
    assert not waiting


def test_every_dependency_has_its_price() -> None:
    """A new run-time dependency says here who may import it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in project["dependencies"]}
    priced = {name for package in PRICE for name in distributions().get(package, set())}
    assert wanted <= priced, f"add {sorted(wanted - priced)} to PRICE in this module"


def test_the_standard_library_has_no_price() -> None:
    assert not PRICE.keys() & sys.stdlib_module_names
