"""Sessions and their suggestions through the front door: listed, accepted, forgotten."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.functions.generation.test_generate import generated
from tests.simultaneously import simultaneously


def try_to_accept(author: Account, suggestion_id: str, **body: Any) -> ApiAnswer:
    return author.api.post(f"/generation/suggestions/{suggestion_id}/accept", body)


def accepted(author: Account, suggestion_id: str, **body: Any) -> Any:
    answer = try_to_accept(author, suggestion_id, **body)
    assert answer.status == 201, answer.content
    return answer.json["data"]


def _told(name: str) -> int:
    with engine().connect() as database:
        query = text("SELECT count(*) FROM business_events WHERE name = :name")
        return int(database.scalar(query, {"name": name}) or 0)


def _counted(table: str) -> int:
    with engine().connect() as database:
        return int(database.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_accepting_makes_a_post_and_a_variant_of_it(ada: Account) -> None:
    made = generated(ada, tone="cheerful")
    suggestion = made["suggestions"][0]
    done = accepted(ada, suggestion["id"], title="<b>Menu</b>", tags=["spring"], media={})
    post, variant = done["post"], done["variant"]
    assert (post["title"], post["tags"], post["status"]) == ("Menu", ["spring"], "draft")
    assert post["description"] == suggestion["content"]
    assert (variant["source"], variant["status"]) == ("generated", "draft")
    assert (variant["content"], variant["tone"]) == (suggestion["content"], "cheerful")
    assert done["suggestion"] == {
        **suggestion,
        "accepted": True,
        "post_variant_id": variant["id"],
    }
    assert variant["post_id"] == post["id"]
    assert ada.api.get(f"/variants/{variant['id']}").json["data"] == variant
    assert ada.api.get(f"/posts/{post['id']}").json["data"] == post
    session = ada.api.get(f"/generation/sessions/{made['session']['id']}").json["data"]
    assert session["session"]["post_id"] == post["id"]
    assert session["suggestions"][0] == done["suggestion"]
    names = ("GENERATION_STARTED", "GENERATION_COMPLETED", "SUGGESTION_ACCEPTED")
    assert [_told(name) for name in names] == [1, 1, 1]


def test_a_title_is_cleaned_as_a_post_s_is(ada: Account) -> None:
    title = " Tea\tat <i>four</i>\x07 "
    suggestion = generated(ada)["suggestions"][0]["id"]
    by_hand = ada.api.post("/posts", {"title": title, "description": "At four"})
    post = accepted(ada, suggestion, title=title)["post"]
    assert post["title"] == by_hand.json["data"]["title"] == "Tea at four"


def test_a_body_is_not_needed(ada: Account) -> None:
    suggestion = generated(ada)["suggestions"][0]["id"]
    answer = ada.api.post(f"/generation/suggestions/{suggestion}/accept")
    assert answer.status == 201, answer.content
    assert answer.json["data"]["post"]["title"] == "Generated Post"


def test_the_next_goes_into_the_same_post(ada: Account) -> None:
    first, second, _ = generated(ada)["suggestions"]
    post = accepted(ada, first["id"])["post"]["id"]
    done = accepted(ada, second["id"], tone="dry")
    assert done["post"] is None
    assert (done["variant"]["post_id"], done["variant"]["tone"]) == (post, "dry")


def test_it_goes_into_the_post_it_was_asked_for(ada: Account) -> None:
    post = ada.api.post("/posts", {"description": "At four"}).json["data"]["id"]
    suggestion = generated(ada, post_id=post)["suggestions"][0]["id"]
    done = accepted(ada, suggestion)
    assert (done["post"], done["variant"]["post_id"]) == (None, post)


def test_where_the_post_is_gone_there_is_a_new_one(ada: Account) -> None:
    post = ada.api.post("/posts", {"description": "At four"}).json["data"]["id"]
    suggestion = generated(ada, post_id=post)["suggestions"][0]["id"]
    assert ada.api.delete(f"/posts/{post}").status == 204
    assert accepted(ada, suggestion)["post"]["id"] != post


def test_nothing_is_accepted_into_an_archived_post(ada: Account) -> None:
    first, second, _ = generated(ada)["suggestions"]
    post = accepted(ada, first["id"])["post"]["id"]
    ada.api.post(f"/posts/{post}/archive")
    refused = try_to_accept(ada, second["id"])
    assert (refused.status, refused.codes) == (409, ["POST_ARCHIVED"])
    ada.api.post(f"/posts/{post}/unarchive")
    assert accepted(ada, second["id"])["suggestion"]["accepted"]


def test_nothing_is_accepted_twice(ada: Account) -> None:
    suggestion = generated(ada)["suggestions"][0]["id"]
    variant = accepted(ada, suggestion)["variant"]["id"]
    again = try_to_accept(ada, suggestion)
    assert (again.status, again.codes) == (409, ["SUGGESTION_ALREADY_ACCEPTED"])
    assert again.json["errors"][0]["meta"] == {"post_variant_id": variant}
    assert (_counted("posts"), _counted("post_variants")) == (1, 1)


def test_of_several_at_once_one_wins(ada: Account) -> None:
    suggestion = generated(ada)["suggestions"][0]["id"]
    answers = simultaneously([lambda: try_to_accept(ada, suggestion)] * 4)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert (_counted("posts"), _counted("post_variants")) == (1, 1)


def test_several_of_one_session_at_once_make_one_post(ada: Account) -> None:
    suggestions = [each["id"] for each in generated(ada)["suggestions"]]
    answers = simultaneously([lambda each=each: try_to_accept(ada, each) for each in suggestions])  # type: ignore[misc]
    assert [answer.status for answer in answers] == [201, 201, 201]
    assert (_counted("posts"), _counted("post_variants")) == (1, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x" * 201},
        {"title": "a\0"},
        {"title": "\ud800"},
        {"tags": ["x"] * 51},
        {"tags": [" "]},
        {"tone": "x" * 51},
        {"media": []},
        {"media": {"a": "x" * 16_384}},
    ],
    ids=lambda each: repr(each)[:40],
)
def test_what_is_wrong_is_refused_and_nothing_half_stored(
    ada: Account, change: dict[str, Any]
) -> None:
    suggestion = generated(ada)["suggestions"][0]["id"]
    answer = try_to_accept(ada, suggestion, **change)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert (_counted("posts"), _counted("post_variants")) == (0, 0)
    assert accepted(ada, suggestion)["suggestion"]["accepted"]


def test_a_variant_that_fails_leaves_no_post_and_the_suggestion_open(
    ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.content.api import writing
    from shared.kernel.errors import RuleViolation

    suggestion = generated(ada)["suggestions"][0]["id"]
    with monkeypatch.context() as patch:

        def fail(*_: object, **__: object) -> None:
            raise RuleViolation("CONTENT_TOO_LONG", "The network has changed its mind")

        patch.setattr(writing, "write_generated_variant", fail)
        assert try_to_accept(ada, suggestion).codes == ["CONTENT_TOO_LONG"]
    assert (_counted("posts"), _counted("post_variants")) == (0, 0)
    assert accepted(ada, suggestion)["suggestion"]["accepted"]


def test_lists_show_the_newest_first_and_what_is_asked_for(ada: Account, ben: Account) -> None:
    post = ada.api.post("/posts", {"description": "At four"}).json["data"]["id"]
    first, second = generated(ada)["session"], generated(ada, post_id=post)["session"]
    generated(ben)
    listed = ada.api.get("/generation/sessions").json
    assert listed == {"data": [second, first], "meta": {"limit": 50, "offset": 0, "total": 2}}
    assert ada.api.get("/generation/sessions", post_id=post).json["data"] == [second]
    assert ada.api.get("/generation/sessions", status="aborted").json["data"] == []
    assert ada.api.get("/generation/sessions", limit=1, offset=1).json["data"] == [first]
    for query in ({"status": "done"}, {"post_id": "x"}, {"limit": 0}, {"offset": -1}):
        answer = ada.api.get("/generation/sessions", **query)
        assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


def test_a_deleted_session_is_gone_with_its_suggestions_and_the_variant_stays(
    ada: Account,
) -> None:
    made = generated(ada)
    first, second, _ = made["suggestions"]
    variant = accepted(ada, first["id"])["variant"]["id"]
    path = f"/generation/sessions/{made['session']['id']}"
    assert ada.api.delete(path).status == 204
    for answer in (ada.api.get(path), ada.api.delete(path)):
        assert (answer.status, answer.codes) == (404, ["SESSION_NOT_FOUND"])
    gone = try_to_accept(ada, second["id"])
    assert (gone.status, gone.codes) == (404, ["SUGGESTION_NOT_FOUND"])
    assert ada.api.get(f"/variants/{variant}").status == 200
    assert ada.api.get("/generation/sessions").json["data"] == []


def test_another_organizations_things_are_refused(ada: Account, ben: Account) -> None:
    made = generated(ada)
    path = f"/generation/sessions/{made['session']['id']}"
    for answer in (ben.api.get(path), ben.api.delete(path)):
        assert (answer.status, answer.codes) == (403, ["SESSION_ACCESS_DENIED"])
    refused = try_to_accept(ben, made["suggestions"][0]["id"])
    assert (refused.status, refused.codes) == (403, ["SUGGESTION_ACCESS_DENIED"])
    assert ada.api.get(path).json["data"] == made


@pytest.mark.parametrize("unknown", [str(uuid4()), "abc"])
def test_an_unknown_id_is_not_found(ada: Account, unknown: str) -> None:
    path = f"/generation/sessions/{unknown}"
    for answer in (ada.api.get(path), ada.api.delete(path)):
        assert (answer.status, answer.codes) == (404, ["SESSION_NOT_FOUND"])
    answer = try_to_accept(ada, unknown)
    assert (answer.status, answer.codes) == (404, ["SUGGESTION_NOT_FOUND"])


def test_what_nobody_is_at_any_more_is_given_up(ada: Account) -> None:
    stuck = generated(ada)["session"]["id"]
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE generation_sessions SET status = 'in_progress',"
                " created_at = created_at - interval '16 minutes'"
            )
        )
    generated(ada)
    session = ada.api.get(f"/generation/sessions/{stuck}").json["data"]["session"]
    assert (session["status"], session["failure"]) == ("aborted", "TIMED_OUT")
