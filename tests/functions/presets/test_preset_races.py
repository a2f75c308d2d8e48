"""Several who make the same preset at once: one is made, and nobody causes an error of ours."""

from collections import Counter
from functools import partial

from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.simultaneously import simultaneously

BODY = {"name": "x", "settings": {}}
CALLERS = 4


def _kept() -> int:
    with engine().connect() as database:
        return database.scalar(text("SELECT count(*) FROM ui_presets")) or 0


def test_one_of_many_makes_ones_own(ada: Account) -> None:
    make = partial(ada.api.post, "/ui-presets/new", BODY)
    answers = simultaneously([make] * CALLERS)
    assert Counter(each.status for each in answers) == {201: 1, 409: CALLERS - 1}
    refused = [each.codes for each in answers if each.status != 201]
    assert refused == [["PRESET_EXISTS"]] * (CALLERS - 1)
    assert _kept() == 1


def test_many_may_put_a_shared_one(ada: Account) -> None:
    put = partial(ada.api.post, "/admin/ui-presets/organization", BODY)
    answers = simultaneously([put] * CALLERS)
    counted = Counter(each.status for each in answers)
    assert counted[201] == 1
    assert counted.keys() <= {200, 201, 409}
    assert _kept() == 1
