"""Whatever is sent to a function, right or wrong, it answers as its contract says.

No error of ours, no status nobody has told of, no body of another shape than was promised.
`make fuzz` sends many more cases than these.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text

from runner.gateway import Route
from runner.template import Function
from shared.infrastructure.cache import cache
from shared.infrastructure.database import engine
from tests.access.callers import Caller, Person, arrive
from tests.access.house import APART
from tests.access.world import FIELDS, WORDS, World, world
from tests.api import Api, keep_loop
from tests.architecture.tree import HTTP_FUNCTIONS
from tests.fuzz.conftest import COUNTED
from tests.fuzz.operation import carry, operations

CASES = int(os.environ.get("FUZZ_CASES", "6"))
"""For each operation, shared by its callers, by what is right and what is wrong."""
IS_LONG = CASES > 50
CALLERS = (
    [Caller.OWNER, Caller.NOBODY, Caller.ROOT, Caller.KEY]
    if IS_LONG
    else [
        Caller.OWNER,
        Caller.NOBODY,
    ]
)

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ANYWHERE = {400, 401, 403, 404, 405, 413, 415, 429}
"""What a request may be refused with whatever it is about; all else has to be told of by name."""
OTHERS_FAULTS = {"CHANNEL_UNAVAILABLE", "FETCH_FAILED", "SIMULATOR_UNAVAILABLE"}
"""Said where an address that was thought up cannot be reached; nor can a private one here."""


@pytest.fixture(scope="module")
def made(shared_database: None, simulator_url: str, all_routes: list[Route]) -> Iterator[World]:
    keep_loop()
    made = world(Api(all_routes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
        yield made


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_every_answer_is_as_the_contract_says(
    function: Function,
    made: World,
    all_routes: list[Route],
    record_property: Callable[[str, object], None],
) -> None:
    counts: Counter[str] = Counter()
    for operation in operations(function):
        _send(operation, made, all_routes, counts)
    for caller, count in counts.items():
        record_property(f"{COUNTED} as {caller}", count)


def _send(operation: Any, made: World, routes: list[Route], counts: Counter[str]) -> None:
    people = {caller: arrive(made, caller, None) for caller in CALLERS}
    real = {caller: _things(operation, made, person) for caller, person in people.items()}
    cases = st.one_of(
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        derandomize=not IS_LONG,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, caller=st.sampled_from(CALLERS), is_real=st.booleans())
    def send(case: Any, caller: Caller, *, is_real: bool) -> None:
        if is_real:
            case.path_parameters |= real[caller]
            case.body = _filled(case.body, made)
        response = carry(routes, case, people[caller].headers)
        counts[caller] += 1
        _restore(operation)
        _judge(operation, case, response)

    send()


def _judge(operation: Any, case: Any, response: Response) -> None:
    case.validate_response(response, checks=CHECKS)
    told = {int(each) for each in operation.definition.raw["responses"] if each.isdecimal()}
    status, said = response.status_code, response.content[:500].decode(errors="replace")
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR and not any(
        code in said for code in OTHERS_FAULTS
    )
    assert not is_ours, f"{operation.label}: {status} {said}\n{case.as_curl_command()}"
    assert status in told | ANYWHERE, (
        f"{operation.label} answered {status}, which nobody has told of: {said}\n"
        f"{case.as_curl_command()}"
    )


def _things(operation: Any, made: World, person: Person) -> Mapping[str, Any]:
    """For each name in the path something that is there."""
    found: dict[str, Any] = {}
    tag = operation.definition.raw["tags"][0]
    for parameter in operation.path_parameters:
        name = parameter.name
        kind = APART.get((tag, name), name)
        if name in WORDS:
            found[name] = WORDS[name]
        elif name == "organization_id":
            found[name] = str(person.organization_id)
        elif name == "connection_id" and operation.method.upper() == "POST":
            found[name] = str(made.standing[name])  # a copy's credentials cannot be opened
        elif kind in made.things:
            with suppress(AssertionError):  # what it would be a copy of is gone by now
                found[name] = str(made.new(kind, of=made.author.user_id))
    return found


def _filled(body: Any, made: World) -> Any:
    """With things that are there where it names some."""
    if isinstance(body, NotSet):
        return body
    if isinstance(body, list):
        return [_filled(each, made) for each in body]
    if isinstance(body, dict):
        return {
            name: str(made.standing[kind])
            if (kind := FIELDS.get(str(name), str(name))) in made.standing
            else _filled(value, made)
            for name, value in body.items()
        }
    return body


def _restore(operation: Any) -> None:
    """What holds for everybody: nothing else would be let in while it is switched off."""
    if operation.method.upper() == "PATCH" and "/feature-flags" in operation.path:
        with engine().begin() as database:
            database.execute(text("DELETE FROM feature_flags"))
        cache().delete_many(["operations:2:flags"])
