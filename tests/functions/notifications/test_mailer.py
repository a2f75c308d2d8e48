"""The mailer: what is asked for arrives, and whatever cannot says why and holds nobody up."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.infrastructure.mail import MailDeferred, mail_settings
from shared.infrastructure.maildir import MaildirTransport
from shared.kernel.clock import utc_now
from shared.notifications.adapters.letterbox import post as post_letter
from shared.notifications.adapters.outgoing import TransportedMail
from shared.notifications.adapters.templates import FileTemplates
from shared.operations.adapters.arrivals import begin
from shared.operations.application.work_off import PATIENCE, work_off
from shared.operations.domain.outbox import ATTEMPTS, LEASE, Done, GiveUp, OutboxMessage, TryAgain
from tests.outbox import MAIL, Post, let_backoff_pass, letter, mailbox, rows, states


def recipients() -> list[str]:
    return sorted(str(mail["To"]) for mail in mailbox())


def test_a_letter_arrives_with_the_messages_id(post: Post) -> None:
    post.write_to("ada@example.com")
    assert post.run() == {"done": 1, "deferred": 0, "failed": 0, "put_back": 0}
    (mail,) = mailbox()
    (row,) = rows()
    assert mail["To"] == "ada@example.com"
    assert mail["From"] == "Luxaris <hello@luxaris.example>"
    assert mail["Subject"] == "Your account is open"
    assert mail["Message-ID"] == f"<{row.id}@luxaris.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (row.state, bytes(row.sealed_body), row.last_error) == ("done", b"", None)
    assert row.ended_at is not None


def test_a_message_that_comes_again_is_not_sent_again(post: Post) -> None:
    post.write_to("ada@example.com")
    post.relay()
    bodies = post.taken(MAIL)
    post.deliver(MAIL, bodies * 2)
    post.deliver(MAIL, bodies)
    assert recipients() == ["ada@example.com"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"template": "no_such_template"}, "there is no template no_such_template"),
        ({"template": "../en/welcome"}, "its template is none"),
        ({"template": "_common"}, "its template is none"),
        ({"template": None}, "its template is none"),
        ({"parameters": {}}, "'name' is undefined"),
        ({"parameters": None}, "it has no parameters"),
        ({"parameters": {"name": ["Ada"]}}, "its name is neither text nor a number"),
        ({"locale": "../../etc"}, "its locale is none"),
        ({"to": "nobody"}, "its to is none"),
        ({"to": "ada@example.com\r\nBcc: all@example.com"}, "its to is none"),
        ({"to": "ada@example.com, eve@example.com"}, "its to is none"),
        ({"to": "ada@a..example"}, "no such address"),
        ({"template": "password_reset", "parameters": {"name": "Ada", "minutes": 3}}, "'link'"),
        (
            {"template": "verify_email", "parameters": {"name": "A", "link": "javascript:x()"}},
            "its link leads nowhere",
        ),
    ],
)
def test_what_can_never_be_a_mail_fails_for_good_and_the_others_leave(
    post: Post, changes: dict[str, Any], reason: str
) -> None:
    post.ask(MAIL, letter("first@example.com"), letter(**changes), letter("last@example.com"))
    assert post.run() == {"done": 2, "deferred": 0, "failed": 1, "put_back": 0}
    assert recipients() == ["first@example.com", "last@example.com"]
    assert states() == ["done", "failed", "done"]
    assert reason in rows()[1].last_error


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not json", "malformed"),
        (b"[1]", "malformed"),
        (b'{"version": 1}', "malformed"),
        (b'{"version": 1, "ids": [7]}', "malformed"),
        (b'{"version": 1, "ids": ["nobody"]}', "malformed"),
        (b'{"version": 1, "ids": "abc"}', "malformed"),
        (b'{"version": 99, "ids": []}', "unknown version"),
        (b" " * 70_000, "oversized"),
        (b"[" * 60_000, "malformed"),
    ],
)
def test_what_nobody_can_read_is_put_aside_with_the_reason(
    post: Post, body: bytes, reason: str
) -> None:
    post.write_to("ada@example.com")
    post.relay()
    assert post.deliver(MAIL, [body, *post.taken(MAIL)])["done"] == 1
    (dead,) = post.taken(f"{MAIL}.dead")
    assert json.loads(dead)["reason"] == reason


def test_ids_that_nobody_knows_or_of_another_queue_are_nothing(post: Post) -> None:
    post.ask("operations.signups", {"user_id": str(uuid4())})
    foreign = str(rows()[0].id)
    body = json.dumps({"version": 1, "ids": [str(uuid4()), foreign]}).encode()
    assert sum(post.deliver(MAIL, [body]).values()) == 0
    assert states() == ["waiting"]


def test_a_body_sealed_for_another_row_waits_for_whoever_mends_it(post: Post) -> None:
    post.write_to("ada@example.com", "ben@example.com")
    with engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE outbox_messages SET sealed_body ="
                " (SELECT sealed_body FROM outbox_messages ORDER BY created_at LIMIT 1)"
            )
        )
    assert post.run()["done"] == 1
    _, other = rows()
    assert (other.state, other.taken_until) == ("waiting", None)
    assert "key" in other.last_error


class Down:
    """A transport that takes no mail now."""

    def send(self, message: object) -> None:
        raise MailDeferred("SMTP 451: come back later")

    def close(self) -> None: ...


def test_what_does_not_leave_now_is_tried_later_and_in_the_end_given_up(post: Post) -> None:
    post.write_to("ada@example.com")
    post.relay()
    (row,) = rows()

    def send(message: OutboxMessage) -> Done | GiveUp | TryAgain:
        down = TransportedMail(Down(), mail_settings().from_address)
        return post_letter(FileTemplates(), down, message)

    assert work_off(begin, utc_now, send, queue=MAIL, message_ids=[row.id]).deferred == 1
    (row,) = rows()
    assert (row.state, row.attempts, row.taken_until) == ("waiting", 1, None)
    assert row.last_error == "SMTP 451: come back later"
    with engine().begin() as connection:
        connection.execute(text("UPDATE outbox_messages SET attempts = :n"), {"n": ATTEMPTS})
    work_off(begin, utc_now, send, queue=MAIL, message_ids=[row.id])
    (row,) = rows()
    assert (row.state, row.last_error) == ("failed", "SMTP 451: come back later")
    assert row.ended_at is not None


def test_whatever_raises_is_tried_again_and_the_others_leave(post: Post) -> None:
    post.write_to("first@example.com", "second@example.com")
    post.relay()
    first, second = rows()

    def send(message: OutboxMessage) -> Done:
        if message.id == first.id:
            raise RuntimeError("a bug")
        return Done()

    ended = work_off(begin, utc_now, send, queue=MAIL, message_ids=[first.id, second.id])
    assert (ended.done, ended.deferred) == (1, 1)
    assert [row.last_error for row in rows()] == ["RuntimeError", None]


def test_what_there_was_no_time_for_is_due_at_once_and_counts_as_no_attempt(post: Post) -> None:
    post.write_to(*(f"person{number}@example.com" for number in range(3)))
    post.relay()
    now = utc_now() - PATIENCE
    moments = iter([now, now, now, now + PATIENCE, now + PATIENCE])
    ids = [row.id for row in rows()]
    ended = work_off(begin, lambda: next(moments), lambda _: Done(), queue=MAIL, message_ids=ids)
    assert (ended.done, ended.put_back) == (1, 2)
    assert [row.attempts for row in rows()] == [1, 0, 0]
    assert post.relay() == 2


def test_two_mailers_with_one_message_send_it_once(post: Post) -> None:
    post.write_to("ada@example.com")
    post.relay()
    (row,) = rows()
    with begin() as arrivals:
        assert len(arrivals.take(MAIL, [row.id], now=utc_now())) == 1
    assert sum(post.deliver(MAIL, post.taken(MAIL)).values()) == 0
    assert recipients() == []


def test_a_mailer_that_dies_before_it_records_sends_a_mail_that_can_be_recognised(
    post: Post,
) -> None:
    post.write_to("ada@example.com")
    post.relay()
    (row,) = rows()
    with begin() as arrivals:
        (taken,) = arrivals.take(MAIL, [row.id], now=utc_now())
    outgoing = TransportedMail(MaildirTransport(mail_settings().url), mail_settings().from_address)
    assert post_letter(FileTemplates(), outgoing, taken) == Done()

    assert post.relay() == 0
    let_backoff_pass()
    assert post.run()["done"] == 1
    assert [mail["Message-ID"] for mail in mailbox()] == [f"<{row.id}@luxaris.example>"] * 2


def test_a_lease_that_has_lapsed_is_anybodys(post: Post) -> None:
    post.write_to("ada@example.com")
    (row,) = rows()
    long_ago = utc_now() - LEASE - timedelta(seconds=1)
    with begin() as arrivals:
        arrivals.take(MAIL, [row.id], now=long_ago)
    assert post.run()["done"] == 1


def test_many_mails_leave_once_each(post: Post) -> None:
    addresses = sorted(f"person{number}@example.com" for number in range(200))
    post.write_to(*addresses)
    post.relay()
    bodies = post.taken(MAIL)
    for first in range(0, len(bodies), 5):
        post.deliver(MAIL, bodies[first : first + 5])
    assert recipients() == addresses
    assert set(states()) == {"done"}
