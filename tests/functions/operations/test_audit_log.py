"""The audit log: written with the change, never changed, and chained so that it shows."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from functions.operations.audit_sealer import handler as seal
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId
from shared.operations.adapters.audit_chain import begin
from shared.operations.application.seal_audit import seal_audit
from shared.operations.domain.audit_chain import Head, Unsealed, chained
from tests.accounts import Account
from tests.records import change, rows_of
from tests.simultaneously import simultaneously


def wrote(account: Account, *titles: str) -> list[str]:
    return [
        account.api.post("/posts", {"title": title, "description": "Tea"}).json["data"]["id"]
        for title in titles
    ]


def sealed() -> int:
    answered: dict[str, int] = seal({}, None)
    return answered["sealed"]


def proof(account: Account, **asked: Any) -> Any:
    answer = account.api.get("/audit/verify", **asked)
    assert answer.status == 200, answer.content
    return answer.json


def entries_of(account: Account) -> list[UUID]:
    found = rows_of("audit_logs", "organization_id = :id", id=account.organization_id)
    return [row.id for row in found]


def test_who_did_what_from_where_is_written_with_the_change(ada: Account) -> None:
    answer = ada.api.request(
        "POST",
        "/posts",
        json={"title": "Tea", "description": "Green"},
        headers={"x-request-id": "asked-by-ada", "user-agent": "Browser 1.0"},
        source_ip="203.0.113.9",
    )
    post_id = UUID(answer.json["data"]["id"])
    (entry,) = rows_of("audit_logs", "resource_id = :id", id=post_id)
    assert (entry.action, entry.resource_type) == ("POST_CREATED", "post")
    assert (entry.actor_id, entry.organization_id) == (ada.user_id, ada.organization_id)
    assert (entry.address, entry.user_agent) == ("203.0.113.9", "Browser 1.0")
    assert entry.request_id == "asked-by-ada"
    (event,) = rows_of("business_events", "subject_id = :id", id=post_id)
    assert (event.id, event.request_id, event.post_id) == (entry.id, "asked-by-ada", post_id)


def test_an_entry_holds_no_names_and_its_event_does(ada: Account) -> None:
    made = ada.api.post(
        "/templates", {"name": "Ada Lovelace's", "template_body": "Tea for {{name}}"}
    )
    assert made.status == 201, made.content
    (entry,) = rows_of("audit_logs", "action = 'TEMPLATE_CREATED'")
    (event,) = rows_of("business_events", "id = :id", id=entry.id)
    assert event.details == {"name": "Ada Lovelace's"}
    assert entry.details == {}


def test_what_is_refused_is_no_deed(ada: Account) -> None:
    before = entries_of(ada)
    assert ada.api.post("/posts", {"title": "Tea"}).status == 400
    assert ada.api.delete(f"/posts/{uuid4()}").status == 404
    assert entries_of(ada) == before


@pytest.mark.parametrize("table", ["audit_logs", "audit_chain"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET organization_id = organization_id", "DELETE FROM {}", "TRUNCATE {}"],
)
def test_nothing_of_it_can_be_changed(ada: Account, table: str, statement: str) -> None:
    wrote(ada, "Tea")
    assert sealed()
    asked = statement.format(table)
    if asked == "TRUNCATE audit_logs":
        asked += " CASCADE"
    with pytest.raises(DBAPIError, match="is only added to"), engine().begin() as database:
        database.execute(text(asked))


def test_each_organization_has_a_chain_of_its_own(ada: Account, ben: Account) -> None:
    wrote(ada, "Tea", "Coffee")
    wrote(ben, "Water")
    assert proof(ada)["unsealed"] == len(entries_of(ada)) > 0
    assert sealed() >= 3
    assert sealed() == 0
    for account in (ada, ben):
        proved = proof(account)
        number = len(entries_of(account))
        assert proved["is_intact"]
        assert (proved["entries"], proved["sealed"], proved["unsealed"]) == (number, number, 0)
        assert proved["head"]["position"] == number
    wrote(ada, "Milk")
    sealed()
    assert proof(ada)["is_intact"]


@pytest.fixture
def chain(ada: Account) -> Account:
    wrote(ada, "Tea", "Coffee", "Water")
    sealed()
    assert proof(ada)["is_intact"]
    return ada


@pytest.mark.parametrize(
    "meddling",
    [
        "UPDATE audit_logs SET actor_id = NULL WHERE id = :id",
        "UPDATE audit_logs SET details = jsonb_build_object('a', 1) WHERE id = :id",
        "UPDATE audit_logs SET occurred_at = occurred_at - interval '1 microsecond' WHERE id = :id",
        "UPDATE audit_logs SET request_id = 'another' WHERE id = :id",
        "UPDATE audit_logs SET action = 'POST_READ' WHERE id = :id",
        "UPDATE audit_chain SET hash = sha256('x') WHERE entry_id = :id",
    ],
)
def test_what_was_changed_shows(chain: Account, meddling: str) -> None:
    victim = entries_of(chain)[-2]
    change(meddling, id=victim)
    proved = proof(chain)
    assert not proved["is_intact"]
    assert str(victim) in [each["entry_id"] for each in proved["broken"]]
    assert {each["reason"] for each in proved["broken"]} == {"ENTRY_CHANGED"}


def test_what_was_taken_away_shows(chain: Account) -> None:
    victim = entries_of(chain)[-2]
    change("DELETE FROM audit_logs WHERE id = :id", id=victim)
    (broken,) = proof(chain)["broken"]
    assert (broken["entry_id"], broken["reason"]) == (str(victim), "ENTRY_MISSING")
    change("DELETE FROM audit_chain WHERE entry_id = :id", id=victim)
    assert "LINK_MISSING" in [each["reason"] for each in proof(chain)["broken"]]


def test_what_was_slipped_in_shows(chain: Account) -> None:
    slipped = uuid4()
    change(
        "INSERT INTO audit_logs SELECT :id, organization_id, actor_id, action, resource_type,"
        " resource_id, address, user_agent, details, occurred_at, recorded_at, request_id"
        " FROM audit_logs LIMIT 1",
        id=slipped,
    )
    change(
        "UPDATE audit_logs SET organization_id = :of WHERE id = :id",
        id=slipped,
        of=chain.organization_id,
    )
    (broken,) = proof(chain)["broken"]
    assert broken == {"position": None, "entry_id": str(slipped), "reason": "ENTRY_UNCHAINED"}


def test_a_noted_head_shows_whether_the_end_was_cut_off(chain: Account) -> None:
    head = proof(chain)["head"]
    assert proof(chain, **head)["is_known"]
    last = entries_of(chain)[-1]
    change("DELETE FROM audit_chain WHERE entry_id = :id", id=last)
    change("DELETE FROM audit_logs WHERE id = :id", id=last)
    assert proof(chain)["is_intact"], "nothing in the chain itself can tell"
    proved = proof(chain, **head)
    assert (proved["is_known"], proved["is_intact"]) == (False, False)


def test_half_a_head_is_none(ada: Account) -> None:
    assert ada.api.get("/audit/verify", position=1).status == 400
    assert ada.api.get("/audit/verify", hash="0" * 64).status == 400
    assert ada.api.get("/audit/verify", hash="x").status == 400


def test_sealers_at_once_chain_each_entry_once(ada: Account) -> None:
    wrote(ada, *(f"Post {number}" for number in range(10)))
    waiting = len(rows_of("audit_logs"))
    counted = simultaneously([lambda: seal_audit(begin, utc_now)] * 3)
    assert sum(counted) == waiting
    assert proof(ada)["is_intact"]


def test_an_entry_that_commits_late_is_chained_later(ada: Account) -> None:
    """Its id is older than those that are chained by then."""
    with engine().connect() as database:
        began = database.begin()
        database.execute(
            text(
                "INSERT INTO audit_logs (id, organization_id, action, resource_type, resource_id,"
                " details, occurred_at, recorded_at) VALUES (:id, :of, 'POST_READ', 'post', :id,"
                " '{}', now(), now())"
            ),
            {"id": UUID(int=1), "of": ada.organization_id},
        )
        wrote(ada, "Tea")
        sealed()
        began.commit()
    assert proof(ada)["unsealed"] == 1
    assert sealed() == 1
    assert proof(ada)["is_intact"]


def test_a_link_follows_from_what_it_says_and_the_one_before() -> None:
    ours = OrganizationId(uuid4())

    def last(*digests: bytes) -> Head:
        entries = [
            Unsealed(entry_id=uuid4(), organization_id=ours, digest=each) for each in digests
        ]
        link = chained(entries, {})[-1]
        return Head(position=link.position, hash=link.hash)

    assert last(b"a", b"b") == last(b"a", b"b")
    assert last(b"a", b"b") != last(b"b", b"a")
    assert last(b"a", b"b").position == 2
    entry = Unsealed(entry_id=uuid4(), organization_id=ours, digest=b"b")
    (link,) = chained([entry], {ours: last(b"a")})
    assert Head(position=link.position, hash=link.hash) == last(b"a", b"b")


def test_another_organizations_chain_is_proved_to_root_only(
    chain: Account, ben: Account, chief: Account
) -> None:
    answer = ben.api.get("/audit/verify", organization_id=chain.organization_id)
    assert (answer.status, answer.codes) == (403, ["ORGANIZATION_ACCESS_DENIED"])
    assert proof(chief, organization_id=chain.organization_id)["sealed"] == len(entries_of(chain))
