"""What is told of a draft before anything is sent."""

from datetime import UTC, datetime

import pytest

from shared.content.domain.fitness import Draft
from shared.content.domain.thread import FollowUp
from shared.content.domain.verdict import Verdict, Warned, judge
from tests.unit.content.kiosk import Account, Kiosk

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def verdict(draft: Draft, account: Account | None = None) -> Verdict:
    return judge(draft, Kiosk(), account, at=NOW)


def test_what_can_be_sent_is_shown_part_by_part() -> None:
    thread = [FollowUp(content="two", delay_seconds=60)]
    found = verdict(Draft(content="one", thread=thread, settings={"motto": "m"}))
    assert found.valid
    assert (found.character_count, found.limit, found.account_limit) == (4, 5, None)
    assert [(each.field, each.character_count, each.fits) for each in found.parts] == [
        ("content", 4, True),
        ("thread.0.content", 4, True),
    ]
    assert [each.body for each in found.preview] == [
        {"text": "one", "at": NOW, "motto": "m"},
        {"text": "two", "at": NOW, "motto": "m"},
    ]


def test_what_is_too_long_is_shown_all_the_same() -> None:
    found = verdict(Draft(content="longer"))
    assert not found.valid
    assert not found.parts[0].fits
    assert len(found.preview) == 1


@pytest.mark.parametrize("draft", [Draft(content=" "), Draft(content="a", settings={"colour": 1})])
def test_what_makes_no_request_has_no_preview(draft: Draft) -> None:
    assert verdict(draft).preview == []


def test_an_accounts_limit_is_told_beside_the_one_that_holds() -> None:
    found = verdict(Draft(content="short"), Account(max_length=4))
    assert (found.limit, found.account_limit, found.valid) == (4, 4, False)
    found = verdict(Draft(content="short"), Account(max_length=50))
    assert (found.limit, found.account_limit, found.valid) == (5, 50, True)


@pytest.mark.parametrize(
    ("content", "is_doubtful"),
    [
        ("a\tb\n", False),
        ("a\r\nb", False),
        ("שלום", False),
        ("\u202eabc", False),
        ("a\x07b", True),
        ("a\x7fb", True),
        ("a\x85b", True),
    ],
)
def test_control_characters_are_pointed_out(content: str, *, is_doubtful: bool) -> None:
    found = verdict(Draft(content=content))
    assert found.valid
    assert [each.code for each in found.warnings] == ["CONTROL_CHARACTERS"] * is_doubtful


def test_warnings_do_not_make_it_invalid() -> None:
    known = Warned(code="DUPLICATE_CONTENT", description="Again")
    found = judge(Draft(content="a"), Kiosk(), warnings=[known], at=NOW)
    assert found.valid
    assert found.warnings == [known]
