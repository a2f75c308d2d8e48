"""What content does with templates for other contexts, on a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.content.api import templates
from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, PermissionDenied, RuleViolation
from shared.kernel.ids import OrganizationId, new_id
from tests.accounts import Account, root
from tests.api import Api

NOW = datetime(2127, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def ada(api: Api) -> Account:
    return root(api)


@pytest.fixture
def generating(ada: Account) -> Actor:
    """Somebody who exercises another permission, on their own things only."""
    return Actor(
        user_id=ada.user_id,
        organization_id=OrganizationId(ada.organization_id),
        permissions=frozenset({"templates:read", "generation:create:own"}),
        is_root=False,
        timezone="UTC",
        only_own=True,
    )


def _template(author: Account, *, is_public: bool = False) -> UUID:
    words = {"name": "Tea", "template_body": "{{what}} at {{when}}", "is_public": is_public}
    variables = [{"key": "when", "default": "four"}]
    answer = author.api.post("/templates", {**words, "variables": variables})
    return UUID(answer.json["data"]["id"])


def test_a_template_is_answered_and_filled_in(ada: Account, generating: Actor) -> None:
    template_id = _template(ada)
    with transaction() as session:
        view = templates.template(session, generating, template_id)
    assert (view.name, view.placeholders) == ("Tea", ("what", "when"))
    assert templates.rendered(view, {"what": "Cake"}) == "Cake at four"
    with pytest.raises(RuleViolation) as refused:
        templates.rendered(view, {})
    assert refused.value.code == "MISSING_PLACEHOLDER_VALUES"


def test_others_see_what_is_public_and_strangers_nothing(ada: Account, generating: Actor) -> None:
    template_id = _template(ada)
    colleague = replace(generating, user_id=new_id())
    stranger = replace(generating, organization_id=OrganizationId(new_id()))
    nobody = replace(generating, permissions=frozenset({"generation:create"}))
    with transaction() as session:
        for actor in (colleague, stranger, nobody):
            with pytest.raises(PermissionDenied):
                templates.template(session, actor, template_id)
        with pytest.raises(NotFound):
            templates.template(session, generating, new_id())
    ada.api.patch(f"/templates/{template_id}", {"is_public": True})
    with transaction() as session:
        assert templates.template(session, colleague, template_id).id == template_id
        with pytest.raises(PermissionDenied):
            templates.template(session, stranger, template_id)


def test_a_use_is_counted_and_the_last_is_the_latest(ada: Account) -> None:
    template_id = _template(ada)
    for at in (NOW, NOW - timedelta(days=1)):
        with transaction() as session:
            templates.mark_template_used(session, template_id, at)
    shown = ada.api.get(f"/templates/{template_id}").json["data"]
    assert (shown["usage_count"], shown["last_used_at"]) == (2, "2127-03-01T09:00:00Z")
    assert shown["updated_at"] == shown["created_at"]
