"""Text that no encoding or no database can represent is the caller's mistake, wherever it is."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from runner.documentation import merged
from shared.channels.adapters.simulator import simulated_fields
from tests.access.world import FIELDS, WORDS, world
from tests.accounts import PASSWORD, approved_user, root
from tests.api import Api
from tests.deployed_functions import functions

HOSTILE = ["\ud800", "\0"]


def _contract() -> dict[str, Any]:
    return merged(
        {
            function.name: import_module(function.module).app.openapi()
            for function in functions()
            if function.of_kind("HttpApi")
        }
    )


def _poisoned(value: Any) -> Iterator[Any]:
    """The value with hostile text in one of its strings or keys, each in its turn."""
    for text in HOSTILE:
        match value:
            case str():
                yield text
                yield value + text
            case dict():
                yield {**value, text: "x"}
            case list():
                yield [*value, text]
    match value:
        case dict():
            for key, part in value.items():
                yield from ({**value, key: poisoned} for poisoned in _poisoned(part))
        case list():
            for index, part in enumerate(value):
                yield from (
                    [*value[:index], poisoned, *value[index + 1 :]] for poisoned in _poisoned(part)
                )


def _bodies(contract: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Any]:
    """Examples of the body, completed with every property that has text in it."""
    if "requestBody" not in operation:
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    for choice in schema.get("anyOf", [schema]):
        if "$ref" in choice:
            model = contract["components"]["schemas"][choice["$ref"].rpartition("/")[2]]
            text = {name: _text_for(each) for name, each in model["properties"].items()}
            for example in model.get("examples", [{}]):
                yield {name: each for name, each in text.items() if each} | example


def _text_for(schema: Mapping[str, Any]) -> str | None:
    kinds = {each.get("type") for each in schema.get("anyOf", [schema])}
    given: str = schema.get("examples", ["text"])[0]
    return given if "string" in kinds else None


def _requests(
    contract: Mapping[str, Any], known: Mapping[str, str]
) -> Iterator[tuple[str, str, Any, dict[str, bytes]]]:
    for path, methods in contract["paths"].items():
        if path.endswith("/logout"):  # takes no text, and would end what all the others need
            continue
        place = path.removeprefix("/api/v1").format(**known)
        for method, operation in methods.items():
            for body in _bodies(contract, operation):
                real = body | {name: known[name] for name in body.keys() & known.keys()}
                if "credentials" in body:
                    real["credentials"] = simulated_fields(body["channel_id"])
                for poisoned in _poisoned(real):
                    yield method.upper(), place, poisoned, {}
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    for text in HOSTILE:
                        query = {parameter["name"]: text.encode(errors="surrogatepass")}
                        yield method.upper(), place, None, query


def test_no_text_makes_us_fail(api: Api, simulator: object) -> None:
    made = world(api)
    login = api.post("/auth/login", {"email": "root@example.com", "password": PASSWORD})
    chief = api.as_user(login.json["access_token"])
    names = {**made.standing, "organization_id": made.organization_id}
    names["user_id"] = made.stranger.user_id
    known = {name: str(each) for name, each in names.items()} | WORDS
    known |= {field: known[name] for field, name in FIELDS.items()}
    failures, sent = [], 0
    for method, path, body, query in _requests(_contract(), known):
        caller = chief if path.startswith("/system") else made.author.api
        answer = caller.request(method, path, json=body, query=query)
        sent += 1
        if answer.status >= 500:
            failures.append((answer.status, method, path, body, query))
    assert sent > 100
    assert not failures
    heard_to_the_end = [each.get("/auth/me").status for each in (chief, made.author.api)]
    assert heard_to_the_end == [200, 200]


def test_a_password_that_is_no_text_is_refused_whether_or_not_there_is_an_account(
    api: Api,
) -> None:
    chief = root(api)
    for email in (chief.email, "nobody@example.com"):
        answer = api.post("/auth/login", {"email": email, "password": f"{PASSWORD}\ud800"})
        assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


def test_what_is_wrong_can_be_said_even_of_half_a_character(api: Api, simulator: object) -> None:
    ada = approved_user(api, root(api))
    answer = ada.api.post(
        "/channels/connect", {"channel_id": "mastodon", "credentials": {"\ud800": "x"}}
    )
    assert answer.status == 400
    assert "credentials.\ud800" in {error["field"] for error in answer.json["errors"]}
