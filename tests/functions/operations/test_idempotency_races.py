"""The same key at the same moment, and a key whose holder takes too long."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from threading import Barrier

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.functions.operations.keyed import create, expire, kept, posts, replayed
from tests.simultaneously import simultaneously


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_while_the_first_is_at_work_the_second_is_told_to_wait(
    ada: Account, pool: ThreadPoolExecutor
) -> None:
    barrier = Barrier(2)

    def together() -> ApiAnswer:
        barrier.wait(30)
        return create(ada)

    with _nobody_can_write("posts"):
        both = [pool.submit(together) for _ in range(2)]
        done, working = wait(both, timeout=30, return_when=FIRST_COMPLETED)
        [refused] = [each.result() for each in done]
        other = create(ada, body={"description": "Good evening"})
    assert (refused.status, refused.codes) == (409, ["IDEMPOTENCY_IN_PROGRESS"])
    assert refused.headers["retry-after"] == "1"
    assert other.codes == ["IDEMPOTENCY_KEY_REUSED"]
    [created] = [each.result(30) for each in working]
    assert created.status == 201
    assert create(ada).content == created.content
    assert posts(ada) == 1


def test_of_many_at_once_one_creates(ada: Account) -> None:
    answers = simultaneously([lambda: create(ada)] * 6)
    created = [answer for answer in answers if answer.status == 201]
    assert {answer.codes[0] for answer in answers if answer.status != 201} <= {
        "IDEMPOTENCY_IN_PROGRESS"
    }
    assert len([answer for answer in created if not replayed(answer)]) == 1
    assert len({answer.content for answer in created}) == 1
    assert posts(ada) == 1


def test_an_expired_key_goes_to_one_of_many(ada: Account) -> None:
    create(ada)
    expire()
    answers = simultaneously([lambda: create(ada)] * 6)
    fresh = [answer for answer in answers if answer.status == 201 and not replayed(answer)]
    assert len(fresh) == 1
    assert posts(ada) == 2


def test_a_lapsed_claim_is_taken_over_and_its_holder_keeps_nothing(
    ada: Account, pool: ThreadPoolExecutor
) -> None:
    with _nobody_can_write("posts"):
        late = pool.submit(create, ada)
        _until(lambda: len(kept()) == 1)
        [claim] = kept()
        assert (claim.state, (claim.expires_at - claim.created_at).seconds) == ("in_progress", 60)
        expire()
        heir = pool.submit(create, ada)
        _until(lambda: [row.id for row in kept()] != [claim.id])
    assert (late.result(30).status, heir.result(30).status) == (201, 201)
    again = create(ada)
    assert replayed(again)
    assert again.content == heir.result().content
    assert again.content != late.result().content


def test_without_a_claim_nothing_is_created(ada: Account, pool: ThreadPoolExecutor) -> None:
    with _nobody_can_write("idempotent_answers"):
        claiming = pool.submit(create, ada)
        _until(lambda: _cut_off("INSERT INTO idempotent_answers"))
        assert claiming.result(30).codes == ["DATABASE_UNAVAILABLE"]
    assert posts(ada) == 0


def test_what_was_created_is_told_though_the_answer_cannot_be_kept(
    ada: Account, pool: ThreadPoolExecutor
) -> None:
    with ExitStack() as answers_locked:
        with _nobody_can_write("posts"):
            creating = pool.submit(create, ada)
            _until(lambda: len(kept()) == 1)
            answers_locked.enter_context(_nobody_can_write("idempotent_answers"))
        _until(lambda: _cut_off("UPDATE idempotent_answers"))
        assert creating.result(30).status == 201
    assert create(ada).codes == ["IDEMPOTENCY_IN_PROGRESS"]
    assert posts(ada) == 1


@contextmanager
def _nobody_can_write(table: str) -> Iterator[None]:
    """Whoever tries waits until the block ends."""
    with engine().begin() as database:
        database.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        yield


def _cut_off(statement: str) -> bool:
    """Cut the connection on which such a statement waits for a lock, if there is one."""
    with engine().connect() as database:
        cut = database.scalars(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND starts_with(query, :statement)"
            ),
            {"statement": statement},
        ).all()
    return any(cut)


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)
