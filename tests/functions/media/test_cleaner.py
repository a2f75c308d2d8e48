"""What nobody can want any more goes, in two steps; nothing else does, wherever a run ends."""

import io
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from runner.timers import tick_event
from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.storage import storage
from shared.kernel.clock import utc_now
from shared.media.adapters.belongings import PostgresBelongings
from shared.media.adapters.files import StoredArea, StoredFiles
from shared.media.application.clean_up import CleanedUp, clean_up
from tests.deployed_functions import function
from tests.functions.media.uploader import (
    PNG,
    Uploader,
    arrive,
    asset,
    grow_older,
    incoming,
    rows,
    settle,
    stored,
)
from tests.happened import told

DAY = timedelta(days=1)


def _later(how_long: timedelta) -> datetime:
    return utc_now() + how_long


def lies_since(key: str, how_long: timedelta, content: bytes = PNG) -> None:
    """A file that was stored so long ago."""
    store = storage()
    assert isinstance(store, FolderStorage)
    if store.head(key) is None:
        store.put(key, io.BytesIO(content), mime_type="image/png")
    then = (utc_now() - how_long).timestamp()
    os.utime(store.path_of(key), (then, then))


def run(*, later: timedelta = timedelta(0), time: bool = True) -> CleanedUp:
    """As the function does, at a later time."""
    return clean_up(
        PostgresBelongings(),
        StoredFiles(),
        StoredArea(),
        lambda: utc_now() + later,
        has_time=lambda: time,
    )


def test_the_timer_calls_it(uploader: Uploader) -> None:
    uploader.upload()
    told = function("MediaCleaner").load()(tick_event("MediaCleaner", utc_now()), None)
    assert set(told.values()) == {0}
    assert (rows(), stored()) == (1, ["uploads"])


class TestUploadsThatNobodyCompleted:
    @pytest.fixture
    def media_id(self, uploader: Uploader) -> str:
        media_id = uploader.begin()
        arrive(media_id, PNG)
        grow_older(media_id, DAY + timedelta(minutes=1))
        return media_id

    def test_are_marked_and_then_go(self, uploader: Uploader, media_id: str) -> None:
        assert run().condemned == 1
        assert (rows(), stored()) == (1, ["incoming"])
        assert uploader.complete(media_id).codes == ["MEDIA_UPLOAD_EXPIRED"]
        assert uploader.listed() == []
        assert run().assets == 0, "not in the same breath"
        assert run(later=timedelta(hours=2)).assets == 1
        assert (rows(), stored()) == (0, [])

    def test_while_they_may_still_be_completed_they_stay(self, uploader: Uploader) -> None:
        uploader.begin()
        assert run(later=timedelta(hours=23)).condemned == 0


class TestWhatWasDeleted:
    def test_goes_after_a_month(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        made = f"media/{asset(media_id).organization_id}/{media_id}/320.webp"
        lies_since(made, timedelta(0))
        uploader.api.delete(f"/media/{media_id}")
        assert run(later=29 * DAY).condemned == 0
        grow_older(media_id, 31 * DAY)
        assert run().condemned == 1
        assert uploader.api.post(f"/media/{media_id}/restore").codes == ["MEDIA_RESTORE_EXPIRED"]
        assert run(later=timedelta(hours=2)).assets == 1
        assert (rows(), stored()) == (0, [])

    def test_what_was_given_up_goes_with_the_next_run(self, uploader: Uploader) -> None:
        media_id = uploader.begin()
        arrive(media_id, PNG)
        uploader.api.delete(f"/media/uploads/{media_id}")
        arrive(media_id, PNG) if stored() else lies_since(incoming(media_id), timedelta(0))
        assert run(later=timedelta(hours=2)).assets == 1
        assert (rows(), stored()) == (0, [])


class TestFilesThatBelongToNobody:
    def test_are_seen_and_then_go(self, uploader: Uploader) -> None:
        lost = [
            f"incoming/{uuid4()}/{uuid4()}",
            f"uploads/{uuid4()}/{uuid4()}",
            f"media/{uuid4()}/{uuid4()}/320.webp",
            "uploads/nonsense",
        ]
        for key in lost:
            lies_since(key, 2 * DAY)
        assert run().orphans_found == 4
        assert run().orphans == 0, "not in the same breath"
        assert len(stored()) == 4
        assert run(later=timedelta(hours=2)).orphans == 4
        assert stored() == []
        assert run(later=timedelta(hours=4)).orphans_found == 0

    def test_young_ones_may_be_on_their_way_to_a_row(self) -> None:
        lies_since(f"uploads/{uuid4()}/{uuid4()}", timedelta(hours=23))
        assert run().orphans_found == 0

    @pytest.mark.parametrize(
        ("status", "area", "stays"),
        [
            ("uploading", "incoming", True),
            ("processing", "incoming", True),
            ("processing", "uploads", True),
            ("processing", "media", True),
            ("failed", "uploads", True),
            ("failed", "incoming", False),
            ("ready", "incoming", False),
            ("ready", "media", True),
            ("refused", "incoming", False),
            ("refused", "uploads", False),
            ("refused", "media", False),
        ],
    )
    def test_what_an_asset_needs_stays(
        self, uploader: Uploader, status: str, area: str, *, stays: bool
    ) -> None:
        media_id = uploader.begin() if status == "uploading" else uploader.upload()
        whose = f"{asset(media_id).organization_id}/{media_id}"
        made = "/320.webp" if area == "media" else ""
        error = "MEDIA_X" if status in {"refused", "failed"} else None
        clean = f"media/{whose}/clean.png"
        where = {"storage_key": clean} if status == "ready" else {}
        settle(media_id, status, error_code=error, updated_at=utc_now() + DAY, **where)
        store = storage()
        store.delete([each.key for each in store.listed("uploads/")])
        lies_since(f"{area}/{whose}{made}", 2 * DAY)
        run()
        run(later=timedelta(hours=2))
        assert stored() == ([area] if stays else [])

    def test_one_that_has_found_its_asset_meanwhile_stays(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        key = asset(media_id).storage_key
        lies_since(key, 2 * DAY)
        settle(media_id, "refused", error_code="MEDIA_X")
        assert run().orphans_found == 1
        settle(media_id, "processing", error_code=None, updated_at=utc_now() + DAY)
        run(later=timedelta(hours=2))
        settle(media_id, "refused", error_code="MEDIA_X")
        assert run(later=timedelta(hours=4)).orphans == 0, "it was found anew"


def test_processing_that_was_never_called_is_called_once_more(uploader: Uploader) -> None:
    media_id = uploader.upload()
    store = storage()
    assert isinstance(store, FolderStorage)
    for news in store.news():
        store.forget(news)
    assert run().touched == 0
    assert run(later=timedelta(hours=2)).touched == 1
    assert [news.key for news in store.news()] == [asset(media_id).storage_key]
    assert run(later=timedelta(hours=2)).touched == 0


def test_processing_of_what_has_vanished_has_failed(uploader: Uploader) -> None:
    media_id = uploader.upload()
    storage().delete([asset(media_id).storage_key])
    assert run(later=timedelta(hours=2)).touched == 0
    assert uploader.look(media_id)["error_code"] == "MEDIA_FILE_GONE"
    assert [str(each) for each in told("MEDIA_FAILED")] == [media_id]


def test_processing_that_calls_die_of_for_a_day_has_failed(uploader: Uploader) -> None:
    """It is called no more, but a person may have another try."""
    media_id = uploader.upload()
    assert run(later=timedelta(hours=23)).touched == 1
    assert run(later=timedelta(hours=25)).touched == 1
    assert run(later=timedelta(hours=27)).touched == 0
    assert uploader.look(media_id)["error_code"] == "MEDIA_PROCESSING_FAILED"
    assert [str(each) for each in told("MEDIA_FAILED")] == [media_id]
    assert uploader.api.post(f"/media/{media_id}/process").json["data"]["status"] == "processing"


def test_what_nobody_looked_after_for_a_day_is_called_before_it_has_failed(
    uploader: Uploader,
) -> None:
    media_id = uploader.upload()
    assert run(later=3 * DAY).touched == 1
    assert uploader.look(media_id)["status"] == "processing"
    assert not told("MEDIA_FAILED")
    assert run(later=3 * DAY + timedelta(hours=2)).touched == 0
    assert uploader.look(media_id)["error_code"] == "MEDIA_PROCESSING_FAILED"


def test_another_try_has_a_day_of_its_own(uploader: Uploader) -> None:
    media_id = uploader.upload()
    settle(media_id, "failed", error_code="MEDIA_PROCESSING_FAILED")
    grow_older(media_id, 9 * DAY)
    uploader.api.post(f"/media/{media_id}/process")
    assert run(later=timedelta(hours=2)).touched == 1
    assert run(later=timedelta(hours=23)).touched == 1
    assert run(later=timedelta(hours=25)).touched == 1
    assert run(later=timedelta(hours=27)).touched == 0
    assert [str(each) for each in told("MEDIA_FAILED")] == [media_id]


def test_a_run_without_time_ends_well(uploader: Uploader) -> None:
    lies_since(f"uploads/{uuid4()}/{uuid4()}", 2 * DAY)
    assert run(time=False).orphans_found == 0


STEP = timedelta(minutes=65)
"""From one run to the next; all of them are within a day, after which a sweep would put right what
the order of the steps has to."""


class Crash(BaseException):
    pass


class Mortal:
    """Whatever it stands for, until the call of that number: before it, or right after it."""

    def __init__(self, real: Any, calls: Iterator[int], dies_at: int, *, after: bool) -> None:
        self._real = real
        self._calls = calls
        self._dies_at = dies_at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return partial(self._call, getattr(self._real, name))

    def _call(self, method: Any, *arguments: Any, **named: Any) -> Any:
        is_last = next(self._calls) == self._dies_at
        if is_last and not self._after:
            raise Crash
        answer = method(*arguments, **named)
        if is_last:
            raise Crash
        return answer


@pytest.mark.parametrize("after", [False, True])
def test_a_run_may_end_between_any_two_steps(uploader: Uploader, *, after: bool) -> None:
    """However often one dies, and wherever, what is wanted stays and the rest goes in the end."""
    kept = uploader.upload(name="kept.png")
    lies_since(asset(kept).storage_key, 2 * DAY)
    whose = asset(kept).organization_id
    for number in range(1, 19):
        gone = uploader.begin()
        arrive(gone, PNG)
        grow_older(gone, 2 * DAY)
        lies_since(f"uploads/{whose}/{uuid4()}", 2 * DAY)
        calls = iter(range(1, 1_000))
        mortal = partial(Mortal, calls=calls, dies_at=number, after=after)
        try:
            clean_up(
                mortal(PostgresBelongings()),
                mortal(StoredFiles()),
                mortal(StoredArea()),
                partial(_later, number * STEP),
                has_time=lambda: True,
            )
        except Crash:
            pass
        else:
            break
        run(later=number * STEP)
    else:
        pytest.fail("there are fewer steps")
    assert number > 8
    for more in (1, 2, 3):
        run(later=(number + more) * STEP)
    assert uploader.listed() == ["kept.png"]
    assert storage().read(asset(kept).storage_key, 0, len(PNG)) == PNG
    assert stored() == ["uploads"]
    assert rows() == 1
