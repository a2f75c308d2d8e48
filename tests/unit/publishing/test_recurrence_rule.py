from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.publishing.domain.recurrence_rule import Frequency, RecurrenceRule, parse_rule
from tests.unit.publishing.rules import rules

INVALID, TOO_FREQUENT = "RECURRENCE_RULE_INVALID", "RECURRENCE_TOO_FREQUENT"
ALL_MINUTES = ",".join(map(str, range(60)))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FREQ=DAILY", RecurrenceRule(frequency=Frequency.DAILY)),
        (" rrule:freq=daily;interval=2 ", RecurrenceRule(frequency=Frequency.DAILY, interval=2)),
        (
            "FREQ=MONTHLY;BYDAY=-1FR,+2MO,TU;COUNT=12;WKST=SU",
            RecurrenceRule(
                frequency=Frequency.MONTHLY,
                count=12,
                week_start=6,
                weekdays=((-1, 4), (0, 1), (2, 0)),
            ),
        ),
        (
            "FREQ=DAILY;BYHOUR=9,9,17;BYMINUTE=0,30;UNTIL=20271231",
            RecurrenceRule(
                frequency=Frequency.DAILY,
                until=datetime.fromisoformat("2027-12-31T23:59:59"),
                numbers={"BYHOUR": (9, 17), "BYMINUTE": (0, 30)},
            ),
        ),
        (
            "FREQ=DAILY;UNTIL=20271231T090000Z",
            RecurrenceRule(frequency=Frequency.DAILY, until=datetime(2027, 12, 31, 9, tzinfo=UTC)),
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=-1;BYMONTHDAY=-31",
            RecurrenceRule(
                frequency=Frequency.YEARLY, numbers={"BYYEARDAY": (-1,), "BYMONTHDAY": (-31,)}
            ),
        ),
    ],
)
def test_what_is_understood(text: str, rule: RecurrenceRule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", INVALID),
        ("DAILY", INVALID),
        ("FREQ=", INVALID),
        ("FREQ=FORTNIGHTLY", INVALID),
        ("INTERVAL=2", INVALID),
        ("FREQ=DAILY;", INVALID),
        ("FREQ=DAILY;FREQ=DAILY", INVALID),
        ("FREQ=DAILY;DTSTART=20270101T090000", INVALID),
        ("DTSTART:20270101T090000\nRRULE:FREQ=DAILY", INVALID),
        ("FREQ=DAILY\nEXDATE:20270101", INVALID),
        ("FREQ=DAILY;BYEASTER=0", INVALID),
        ("FREQ=DAILY;X-MOON=FULL", INVALID),
        ("FREQ=DAILY;INTERVAL=0", INVALID),
        ("FREQ=DAILY;INTERVAL=-1", INVALID),
        ("FREQ=DAILY;INTERVAL=+1", INVALID),
        ("FREQ=DAILY;INTERVAL=1.5", INVALID),
        ("FREQ=DAILY;INTERVAL=10001", INVALID),
        (f"FREQ=DAILY;INTERVAL={'9' * 400}", INVALID),
        ("FREQ=DAILY;INTERVAL=٣", INVALID),
        ("FREQ=DAILY;COUNT=0", INVALID),
        ("FREQ=DAILY;COUNT=3;UNTIL=20271231", INVALID),
        ("FREQ=DAILY;UNTIL=2027-12-31", INVALID),
        ("FREQ=DAILY;UNTIL=20271331", INVALID),
        ("FREQ=DAILY;UNTIL=00000101", INVALID),
        ("FREQ=DAILY;UNTIL=20271231T250000Z", INVALID),
        ("FREQ=DAILY;UNTIL=20271231T235960Z", INVALID),
        ("FREQ=DAILY;UNTIL=20271231Z", INVALID),
        ("FREQ=DAILY;BYHOUR=24", INVALID),
        ("FREQ=DAILY;BYHOUR=-1", INVALID),
        ("FREQ=DAILY;BYSECOND=60", INVALID),
        ("FREQ=DAILY;BYHOUR=9,", INVALID),
        ("FREQ=MONTHLY;BYMONTHDAY=0", INVALID),
        ("FREQ=MONTHLY;BYMONTHDAY=32", INVALID),
        ("FREQ=WEEKLY;BYMONTHDAY=1", INVALID),
        ("FREQ=DAILY;BYYEARDAY=1", INVALID),
        ("FREQ=MONTHLY;BYWEEKNO=1", INVALID),
        ("FREQ=YEARLY;BYWEEKNO=54", INVALID),
        ("FREQ=WEEKLY;BYDAY=XX", INVALID),
        ("FREQ=WEEKLY;BYDAY=1MO", INVALID),
        ("FREQ=MONTHLY;BYDAY=0MO", INVALID),
        ("FREQ=MONTHLY;BYDAY=6MO", INVALID),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=20MO", INVALID),
        ("FREQ=YEARLY;BYDAY=54MO", INVALID),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", INVALID),
        ("FREQ=DAILY;WKST=1", INVALID),
        ("FREQ=MONTHLY;BYSETPOS=1", INVALID),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", INVALID),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", INVALID),
        ("FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=1", INVALID),
        (f"FREQ=DAILY;BYMINUTE={','.join(['0'] * 5000)}", INVALID),
        (f"FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={ALL_MINUTES}", TOO_FREQUENT),
        ("FREQ=SECONDLY", TOO_FREQUENT),
        ("FREQ=SECONDLY;INTERVAL=59;BYHOUR=9", TOO_FREQUENT),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        parse_rule(text)
    assert (caught.value.code, caught.value.field) == (code, "rule")
    assert caught.value.description


_FRAGMENTS = st.sampled_from(
    [
        "FREQ=",
        "DAILY",
        "YEARLY",
        ";",
        "=",
        ",",
        "BYDAY=",
        "-1MO",
        "UNTIL=",
        "20271231",
        "T0900",
        "Z",
    ]
)


@given(st.text() | st.lists(_FRAGMENTS | st.text(max_size=3)).map("".join) | rules())
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        read: RecurrenceRule | str = parse_rule(text)
    except RuleViolation as refused:
        read = refused.code
    assert isinstance(read, RecurrenceRule) or read in {INVALID, TOO_FREQUENT}
