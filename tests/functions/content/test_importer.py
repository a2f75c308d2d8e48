"""The importer: no post twice and none left out, whatever happens between two chunks."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.content.adapters import markup
from shared.content.adapters.import_messages import TRIES
from shared.content.application.imports.work_on_import import PATIENCE, Worked
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from tests.accounts import Account
from tests.author import Author
from tests.functions.content.importing import Importer, events, kept_bodies, table, work
from tests.library import Library
from tests.outbox import FITS, IMPORTS, let_backoff_pass


class Killed(BaseException):
    """As a signal: nobody catches it."""


class Markup:
    """`at` is the description at which something happens, and `happen` what."""

    def __init__(self, at: str, happen: Callable[[], None]) -> None:
        self._at = at
        self._happen = happen

    def strip_tags(self, text: str) -> str:
        return markup.strip_tags(text)

    def clean_html(self, text: str) -> str:
        if text == self._at:
            self._happen()
        return markup.clean_html(text)


def _raise(error: BaseException) -> Callable[[], None]:
    def happen() -> None:
        raise error

    return happen


def _all(count: int) -> list[str]:
    return [f"Post {number:05}" for number in range(count)]


def test_a_crash_costs_the_chunk_that_was_not_committed(importer: Importer) -> None:
    import_id = importer.start(table(7))
    with pytest.raises(Killed):
        work(import_id, markup=Markup("Post 00003", _raise(Killed())))
    assert importer.counts(import_id) == ("running", 2, 2, 0)
    assert importer.descriptions() == _all(2)
    assert work(import_id) is Worked.TO_THE_END
    assert importer.counts(import_id) == ("done", 7, 7, 0)
    assert importer.descriptions() == _all(7)


def test_a_crash_in_the_last_chunk_leaves_nothing_of_all_or_nothing(importer: Importer) -> None:
    import_id = importer.start(table(5), all_or_nothing=True)
    calls: list[int] = []

    def happen() -> None:  # judged once, and killed when it is written
        calls.append(1)
        if len(calls) == 2:
            raise Killed

    with pytest.raises(Killed):
        work(import_id, markup=Markup("Post 00004", happen))
    assert importer.counts(import_id) == ("running", 4, 0, 0)
    assert importer.posts() == []
    work(import_id)
    assert importer.descriptions() == _all(5)


def test_a_message_that_comes_again_writes_nothing_again(importer: Importer) -> None:
    import_id = importer.start(table(3))
    importer.post.relay()
    bodies = importer.post.taken(IMPORTS)
    assert importer.post.deliver(IMPORTS, bodies * 2)["done"] == 1
    assert importer.post.deliver(IMPORTS, bodies)["done"] == 0
    assert work(import_id) is Worked.TO_THE_END
    assert importer.descriptions() == _all(3)
    assert [name for name, _ in events()] == ["POSTS_IMPORT_STARTED", "POSTS_IMPORTED"]


def test_an_importer_that_dies_before_its_message_is_done_writes_nothing_again(
    importer: Importer,
) -> None:
    import_id = importer.start(table(3))
    importer.post.relay()
    work(import_id)
    let_backoff_pass()
    assert importer.post.run(IMPORTS)["done"] == 1
    assert importer.descriptions() == _all(3)


def test_two_at_once_write_each_post_once(importer: Importer) -> None:
    import_id = importer.start(table(40))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: work(import_id), range(4)))
    assert set(answers) == {Worked.TO_THE_END}
    assert importer.counts(import_id) == ("done", 40, 40, 0)
    assert importer.descriptions() == _all(40)


def test_progress_shows_while_it_runs(importer: Importer) -> None:
    import_id = importer.start(table(10))
    seen: list[Any] = []
    work(import_id, markup=Markup("Post 00005", lambda: seen.append(importer.look(import_id))))
    assert [(job["status"], job["processed"], job["percent"]) for job in seen] == [
        ("running", 4, 40)
    ]


def test_what_takes_too_long_goes_on_in_another_call(importer: Importer) -> None:
    import_id = importer.start(table(7))
    importer.post.relay()
    importer.post.taken(IMPORTS)
    now = utc_now() - PATIENCE
    moments = iter([now, now, now + PATIENCE])
    assert work(import_id, clock=lambda: next(moments)) is Worked.IN_PART
    assert importer.counts(import_id) == ("running", 4, 4, 0)
    assert importer.post.run(IMPORTS)["done"] == 1
    assert importer.counts(import_id) == ("done", 7, 7, 0)
    assert importer.descriptions() == _all(7)


def test_a_cancel_holds_from_the_next_chunk_on(importer: Importer, ada: Account) -> None:
    import_id = importer.start(table(7))
    with pytest.raises(Killed):
        work(import_id, markup=Markup("Post 00003", _raise(Killed())))
    answer = importer.api.post(f"/posts/imports/{import_id}/cancel")
    assert answer.json["data"]["status"] == "cancelled"
    assert answer.json["data"]["ended_at"] is not None
    assert work(import_id) is Worked.TO_THE_END
    assert importer.counts(import_id) == ("cancelled", 2, 2, 0)
    assert importer.descriptions() == _all(2)
    assert kept_bodies() == 0
    told = {"dry_run": False, "total": 7, "created": 2, "failed": 0}
    assert events()[-1] == ("POSTS_IMPORT_CANCELLED", told)
    again = importer.api.post(f"/posts/imports/{import_id}/cancel")
    assert (again.status, again.codes) == (409, ["IMPORT_ENDED"])


def test_what_is_cancelled_before_it_began_never_does(importer: Importer) -> None:
    import_id = importer.start(table(2))
    importer.api.post(f"/posts/imports/{import_id}/cancel")
    assert importer.post.run(IMPORTS)["done"] == 1
    assert importer.counts(import_id) == ("cancelled", 0, 0, 0)
    assert importer.posts() == []


def test_what_goes_wrong_unforeseen_ends_it_and_keeps_what_is_created(importer: Importer) -> None:
    import_id = importer.start(table(5))
    worked = work(import_id, markup=Markup("Post 00002", _raise(ValueError("a bug"))))
    assert worked is Worked.TO_THE_END
    assert importer.counts(import_id) == ("failed", 2, 2, 0)
    assert importer.look(import_id)["failure"] == "INTERNAL_ERROR"
    assert importer.descriptions() == _all(2)
    assert kept_bodies() == 0
    assert events()[-1][0] == "POSTS_IMPORT_FAILED"


def test_nothing_is_written_for_somebody_who_is_gone(
    importer: Importer, chief: Account, ada: Account
) -> None:
    import_id = importer.start(table(2))
    assert chief.api.post(f"/system/users/{ada.user_id}/disable").status == 200
    assert work(import_id) is Worked.TO_THE_END
    assert chief.api.post(f"/system/users/{ada.user_id}/enable").status == 200
    name, details = events()[-1]
    assert (name, details["failure"], details["created"]) == (
        "POSTS_IMPORT_FAILED",
        "AUTHOR_GONE",
        0,
    )


@pytest.mark.parametrize("change", ["SET role = 'viewer'", "SET organization_id = :other"])
def test_nor_for_somebody_who_may_not_write_there_any_more(
    importer: Importer, ben: Account, ada: Account, change: str
) -> None:
    """Whoever was turned out, or down, goes on being an active user."""
    import_id = importer.start(table(4))
    with pytest.raises(Killed):
        work(import_id, markup=Markup("Post 00003", _raise(Killed())))
    whose = {"user": ada.user_id, "other": ben.organization_id}
    with engine().begin() as database:
        database.execute(text(f"UPDATE memberships {change} WHERE user_id = :user"), whose)
    assert work(import_id) is Worked.TO_THE_END
    name, details = events()[-1]
    assert (name, details["failure"], details["created"]) == (
        "POSTS_IMPORT_FAILED",
        "AUTHOR_GONE",
        2,
    )


@pytest.mark.parametrize(("tries", "state"), [(TRIES - 1, "done"), (TRIES, "failed")])
def test_what_nobody_survives_is_given_up(importer: Importer, tries: int, state: str) -> None:
    """A call that ends before its first commit leaves nothing but its message's count."""
    import_id = importer.start(table(2))
    with engine().begin() as database:
        database.execute(
            text("UPDATE outbox_messages SET attempts = :tries WHERE queue = :queue"),
            {"tries": tries, "queue": IMPORTS},
        )
    importer.post.run(IMPORTS)
    job = importer.look(import_id)
    assert (job["status"], job["failure"]) == (
        state,
        "INTERNAL_ERROR" if state == "failed" else None,
    )
    assert kept_bodies() == 0


@pytest.mark.parametrize("body", [{}, {"import_id": 7}, {"import_id": "x"}])
def test_a_message_that_names_no_import_is_given_up(
    importer: Importer, body: dict[str, Any]
) -> None:
    importer.post.ask(IMPORTS, body, {"import_id": str(uuid4())})
    assert importer.post.run(IMPORTS)["failed"] == 2


def test_a_message_nobody_can_read_is_put_aside_and_the_others_are_done(
    importer: Importer,
) -> None:
    importer.start(table(1))
    importer.post.relay()
    ended = importer.post.deliver(IMPORTS, [b"not json", *importer.post.taken(IMPORTS)])
    assert ended["done"] == 1
    (dead,) = importer.post.taken(f"{IMPORTS}.dead")
    assert json.loads(dead)["reason"] == "malformed"


def test_what_imported_posts_show_is_made_ready_ahead(importer: Importer, ada: Account) -> None:
    """As though they were written by hand: whoever writes the same asks for nothing new."""
    library = Library(Author.of(ada))
    shown, in_reply = ({"items": [{"media_id": library.keep()}]} for _ in range(2))
    reply = {"content": "And cake", "delay_seconds": 60, "media": in_reply}
    variants: list[dict[str, Any]] = [
        {"channel": "mastodon", "content": "Tea", "media": shown, "thread": [reply]},
        {"channel": "bluesky", "content": "Tea", "media": shown},
    ]
    body = [{"description": "Tea", "variants": variants}] * 2
    importer.run(body, dry_run=True)
    assert _wanted() == 0
    importer.run(body)
    importer.post.relay()
    [asked] = importer.post.taken(FITS)
    assert len(json.loads(asked)["ids"]) == _wanted() == 3
    post_id = importer.posts()[0]["id"]
    for variant in variants:
        told = {"channel_id": variant["channel"], **variant}
        answer = ada.api.post(f"/posts/{post_id}/variants", told)
        assert answer.status in {201, 409}, answer.content
    assert _wanted() == 3


def _wanted() -> int:
    with engine().connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM media_renditions")) or 0
