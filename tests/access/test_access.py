"""What every route does to everybody, held against what its policy says."""

import os
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import text

from shared.identity.domain.permissions import OWN, OWNABLE, PLATFORM
from shared.infrastructure.database import engine
from tests.access.callers import KEYS, Caller, arrive, held_by
from tests.access.conftest import Access
from tests.access.house import AccessRoute
from tests.access.page import PATH, WRITE, page
from tests.access.walk import Met, codes, is_denied, is_missing, proves_somebody
from tests.access.world import PEOPLE, PERSONS

OK = 300

Judged = tuple[AccessRoute, Caller, Met]


def guarded(access: Access) -> Iterator[Judged]:
    for (route, caller), met in access.met.items():
        if not route.is_public:
            yield route, caller, met


def wrong(access: Access, rule: Callable[[AccessRoute, Caller, Met], bool | None]) -> list[str]:
    """Where the rule does not hold; None: it says nothing there."""
    return [
        f"{route.key} as {caller}: {met.answer.status} {codes(met.answer)}"
        for route, caller, met in guarded(access)
        if rule(route, caller, met) is False
    ]


def test_there_is_a_thing_for_every_id(access: Access) -> None:
    named = {name for route in access.routes for name in route.things}
    made = access.world.things.keys() | {"organization_id"}
    assert named <= made, f"tell tests/access/world.py how to make {named - made}"


def test_nobody_causes_an_error_of_ours(access: Access) -> None:
    assert not [
        f"{route.key} as {caller}: {met.answer.content!r}"
        for (route, caller), met in access.met.items()
        if met.answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
    ]


def test_nobody_is_told_to_wait(access: Access) -> None:
    """It would hide what else they would be told."""
    assert not [
        f"{route.key} as {caller}"
        for (route, caller), met in access.met.items()
        if met.answer.status == HTTPStatus.TOO_MANY_REQUESTS
    ]


def test_what_is_public_is_the_same_to_everybody(access: Access) -> None:
    """Whoever they are elsewhere: nobody is let in, or kept out, for a token that is not asked."""
    assert not [
        f"{route.key} as {caller}: {codes(met.answer)}"
        for (route, caller), met in access.met.items()
        if route.is_public and codes(met.answer) != codes(access.met[route, Caller.NOBODY].answer)
    ]


def test_whoever_is_not_proved_is_refused(access: Access) -> None:
    refused = {
        Caller.NOBODY: ["UNAUTHORIZED"],
        Caller.PENDING: ["ACCOUNT_PENDING_APPROVAL"],
        Caller.DISABLED: ["ACCOUNT_DISABLED"],
    }
    assert not wrong(
        access,
        lambda _, caller, met: codes(met.answer) == refused[caller] if caller in refused else None,
    )


def test_whoever_lacks_the_permission_is_refused_and_nobody_else(access: Access) -> None:
    def rule(route: AccessRoute, caller: Caller, met: Met) -> bool | None:
        if route.permission is None or not proves_somebody(caller):
            return None
        if "in session" in route.policies and caller in KEYS:
            return codes(met.answer) == ["SESSION_REQUIRED"]
        held = held_by(caller, route.permission)
        holds = bool({route.permission, route.permission + OWN} & held) or caller is Caller.ROOT
        return holds != (codes(met.answer) == ["FORBIDDEN"])

    assert not wrong(access, rule)


def test_what_is_for_people_refuses_keys(access: Access) -> None:
    assert not wrong(
        access,
        lambda route, caller, met: (
            codes(met.answer) == ["SESSION_REQUIRED"]
            if caller in KEYS and "in session" in route.policies
            else None
        ),
    )


def test_nobody_reaches_a_thing_of_another_organization(access: Access) -> None:
    """What belongs to persons is refused in whatever words, or as if it were not there."""

    def rule(route: AccessRoute, caller: Caller, met: Met) -> bool | None:
        is_platform = route.permission in PLATFORM
        if caller is not Caller.STRANGER or not route.things or is_platform:
            return None
        if set(route.things) & (PERSONS | PEOPLE):
            return bool(codes(met.answer)) or is_missing(route, met.answer)
        return is_denied(met.answer)

    assert not wrong(access, rule)


def test_whoever_reaches_only_their_own_is_denied_what_others_made(access: Access) -> None:
    def rule(route: AccessRoute, caller: Caller, met: Met) -> bool | None:
        permission = route.permission
        if permission not in OWNABLE or not route.things or not proves_somebody(caller):
            return None
        if caller in {Caller.STRANGER, Caller.ROOT} or _is_along_the_way(route):
            return None
        held = held_by(caller, permission)
        if permission in held:
            return not codes(met.answer)
        if permission + OWN in held:
            return is_denied(met.answer) and met.with_own is not None and not codes(met.with_own)
        return None

    assert not wrong(access, rule)


def _is_along_the_way(route: AccessRoute) -> bool:
    """The path names a thing of another kind than the permission is about, or one to look at."""
    is_looked_at = route.key == "POST /templates/{template_id}/duplicate"
    is_other = route.permission == "schedules:read" and route.things == ("post_id",)
    return is_looked_at or is_other


def test_an_owner_finds_what_their_organization_has(access: Access) -> None:
    """Or what is their own, where a thing is for its maker alone."""

    def rule(route: AccessRoute, caller: Caller, met: Met) -> bool | None:
        if caller is not Caller.OWNER or not route.things or route.permission in PLATFORM:
            return None
        if route.permission is None and met.with_own is not None:
            return not is_missing(route, met.with_own) and not codes(met.with_own)
        return not is_missing(route, met.answer) and not is_denied(met.answer)

    assert not wrong(access, rule)


def test_lists_show_strangers_nothing_of_ours(access: Access) -> None:
    everybodys = _ids("scope = 'platform'", "ui_presets")
    ours = set(_ids(f"organization_id = '{access.world.organization_id}'")) - set(everybodys)
    for route in access.routes:
        if route.method == "GET" and not route.things and not route.is_public:
            shown = access.met[route, Caller.STRANGER].answer.content.decode()
            assert not [each for each in ours if each in shown], route.key


KINDS = {
    "posts": ("posts", "post_variants", "post_imports"),
    "templates": ("templates",),
    "media": ("media_assets",),
    "schedules": ("schedules", "recurrences", "posting_slots"),
    "generation": ("generation_sessions", "generation_suggestions"),
}
"""The tables of what a permission on one's own things is about."""

WITHOUT_IDS = {
    "GET /media/usage",
    "GET /slots/next",
    "GET /slots/preview",
    "GET /posts/deleted",
    "GET /posts/stats",
    "GET /tags",
}
"""What tells of one's own things otherwise than by their ids, or has none of them in this world."""


def test_lists_show_whoever_reaches_only_their_own_nothing_else(access: Access) -> None:
    world = access.world
    reader = arrive(world, Caller.OWN, None)
    kinds = (
        "post_id",
        "variant_id",
        "import_id",
        "template_id",
        "media_id",
        "suggestion_id",
        "schedule_id",
        "recurrence_id",
        "slot_id",
    )
    for kind in kinds:
        world.new(kind, of=reader.user_id)
    lists = [
        route
        for route in access.routes
        if route.method == "GET" and not route.things and route.permission in OWNABLE
    ]
    assert lists
    for route in lists:
        assert route.permission is not None
        tables = KINDS[route.permission.partition(":")[0]]
        others = _ids(f"created_by <> '{reader.user_id}'", *tables)
        query: dict[str, Any] = dict(_query(route, access))
        answer = reader.api.request("GET", route.path, query=query, headers=reader.headers)
        assert answer.status < OK, (route.key, answer.content)
        shown = answer.content.decode()
        assert not [each for each in others if each in shown], route.key
        own = _ids(f"created_by = '{reader.user_id}'", *tables)
        if route.key not in WITHOUT_IDS:
            assert [each for each in own if each in shown], route.key


def _query(route: AccessRoute, access: Access) -> Iterator[tuple[str, str]]:
    from tests.access.walk import Walk

    yield from Walk(access.world).queried(route)


def _ids(where: str, *tables: str) -> list[str]:
    with engine().connect() as database:
        with_column = where.partition(" ")[0]
        known = database.scalars(
            text(
                "SELECT one.table_name FROM information_schema.columns one"
                " JOIN information_schema.columns id USING (table_schema, table_name)"
                " WHERE table_schema = 'public' AND one.column_name = :column"
                " AND id.column_name = 'id'"
            ),
            {"column": with_column},
        ).all()
        return [
            str(each)
            for table in tables or known
            for each in database.scalars(text(f"SELECT id FROM {table} WHERE {where}"))
        ]


def test_the_page_is_current(access: Access) -> None:
    written = page(access.met)
    if os.environ.get(WRITE):
        PATH.write_text(written)
    if not PATH.exists() or PATH.read_text() != written:
        pytest.fail("docs/access.md is out of date: python -m tests.access")
