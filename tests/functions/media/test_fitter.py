"""Files are made as networks take them, once, whatever comes twice or dies in between."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from shared.channels.domain.media import ImageRules, MediaRules, Shape, VideoRules
from shared.infrastructure.database import engine, transaction
from shared.infrastructure.storage import storage
from shared.kernel.errors import Unavailable
from shared.media.adapters import disk_store
from shared.media.adapters.pictures import drawing as drawings
from shared.media.api.renditions import Failed, Making, Ready, Wanted, renditions
from shared.media.domain.signature import MediaFormat
from tests.films import film
from tests.functions.media.processing import content_of, made, process, want
from tests.functions.media.uploader import Uploader, asset, stored
from tests.outbox import FITS, Post, let_backoff_pass, states
from tests.pictures import animation, drawing, picture, read

SMALL = MediaRules(images=ImageRules(max_bytes=1_000_000, shape=Shape(max_width=100)))
FILMS = MediaRules(
    videos=VideoRules(
        max_bytes=1_000_000, max_duration=timedelta(seconds=9), shape=Shape(max_width=64)
    )
)


@pytest.fixture
def media_id(uploader: Uploader) -> str:
    content = picture(MediaFormat.HEIC, drawing(200, 100))
    media_id = uploader.upload(content, name="tea.heic", mime_type="image/heic")
    process()
    return media_id


def state(wanted: Wanted) -> Ready | Making | Failed:
    with transaction() as session:
        return renditions(session, [wanted])[wanted.key]


def test_a_picture_as_a_network_takes_it(media_id: str, post: Post) -> None:
    wanted = want(media_id, SMALL)
    assert state(wanted) == Making(is_asked_for=True, alt_text="")
    assert post.run(FITS)["done"] == 1
    ready = state(wanted)
    assert isinstance(ready, Ready)
    assert (ready.mime_type, ready.width, ready.height) == ("image/jpeg", 100, 50)
    assert ready.storage_key.endswith(f"/{wanted.profile}.jpg")
    content = content_of(ready.storage_key)
    assert len(content) == ready.size
    assert read(content).size == (100, 50)


def test_what_fits_is_the_file_itself(uploader: Uploader, post: Post) -> None:
    media_id = uploader.upload(picture(MediaFormat.PNG), name="a.png", mime_type="image/png")
    process()
    wanted = want(media_id, SMALL)
    post.run(FITS)
    ready = state(wanted)
    assert isinstance(ready, Ready)
    assert ready.storage_key == asset(media_id).storage_key


def test_films_and_animations(uploader: Uploader, post: Post, tmp_path: Path) -> None:
    content = film(tmp_path / "film.avi", codec="mpeg4", sound="mp3").read_bytes()
    shot = uploader.upload(content, name="film.avi", mime_type="video/x-msvideo")
    moving = uploader.upload(animation(), name="a.gif", mime_type="image/gif")
    process()
    every = [want(shot, FILMS), want(moving, FILMS), want(moving, SMALL)]
    post.relay()
    for message in post.taken(FITS):
        post.deliver(FITS, [message])
    found = [state(wanted) for wanted in every]
    assert [(each.mime_type, each.width) for each in found if isinstance(each, Ready)] == [
        ("video/mp4", 64),
        ("video/mp4", 48),
        ("image/jpeg", 48),
    ]


def test_what_cannot_be_made_to_fit_says_why(
    uploader: Uploader, post: Post, tmp_path: Path
) -> None:
    content = film(tmp_path / "film.mp4", seconds=2).read_bytes()
    media_id = uploader.upload(content, name="film.mp4", mime_type="video/mp4")
    process()
    short = MediaRules(videos=VideoRules(max_bytes=10**6, max_duration=timedelta(seconds=1)))
    wanted = want(media_id, short)
    assert post.run(FITS)["done"] == 1
    failed = state(wanted)
    assert isinstance(failed, Failed)
    assert failed.code == "MEDIA_TOO_LONG"
    assert "seconds" in failed.words


def test_what_is_wanted_twice_is_made_once(media_id: str, post: Post) -> None:
    want(media_id, SMALL)
    want(media_id, SMALL)
    assert post.run(FITS)["done"] == 1
    want(media_id, SMALL)
    assert post.relay() == 0
    assert len(made(media_id)) == 1


def test_what_is_wanted_before_the_file_is_ready_is_made_after(
    uploader: Uploader, post: Post
) -> None:
    content = picture(MediaFormat.HEIC)
    media_id = uploader.upload(content, name="tea.heic", mime_type="image/heic")
    wanted = want(media_id, SMALL)
    assert post.run(FITS)["done"] == 1
    assert isinstance(state(wanted), Making)
    process()
    assert post.run(FITS)["done"] == 1
    assert isinstance(state(wanted), Ready)


def test_it_is_one_makers_alone_and_anothers_when_that_one_has_died(
    media_id: str, post: Post
) -> None:
    wanted = want(media_id, SMALL)
    _take_for("1 minute")
    assert post.run(FITS)["deferred"] == 1
    assert isinstance(state(wanted), Making)
    _take_for("-1 second")
    let_backoff_pass()
    assert post.run(FITS)["done"] == 1
    assert isinstance(state(wanted), Ready)


def test_a_store_that_is_away_is_waited_for(
    media_id: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes next makes it, and does not wait for the one that has ended."""

    def away(*_: object, **__: object) -> None:
        raise Unavailable("STORAGE_UNAVAILABLE", "It is away")

    wanted = want(media_id, SMALL)
    with monkeypatch.context() as broken:
        broken.setattr(disk_store.DiskStore, "keep", away)
        assert post.run(FITS)["deferred"] == 1
    assert isinstance(state(wanted), Making)
    let_backoff_pass()
    assert post.run(FITS)["done"] == 1
    assert isinstance(state(wanted), Ready)


def test_who_ends_late_leaves_it_to_whoever_has_it_now(
    media_id: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time was over, and another makes it: a third would do the same work once more."""

    def away(*_: object, **__: object) -> None:
        _take_for("1 minute")
        raise Unavailable("STORAGE_UNAVAILABLE", "It is away")

    want(media_id, SMALL)
    with monkeypatch.context() as broken:
        broken.setattr(disk_store.DiskStore, "keep", away)
        assert post.run(FITS)["deferred"] == 1
    let_backoff_pass()
    assert post.run(FITS)["deferred"] == 1
    assert [each.taken_until is None for each in made(media_id)] == [False]


def _take_for(how_long: str) -> None:
    with engine().begin() as database:
        database.execute(
            text("UPDATE media_renditions SET taken_until = now() + CAST(:how_long AS interval)"),
            {"how_long": how_long},
        )


def test_what_calls_die_of_is_given_up(media_id: str, post: Post) -> None:
    wanted = want(media_id, SMALL)
    with engine().begin() as database:
        database.execute(text("UPDATE outbox_messages SET attempts = 4"))
    assert post.run(FITS)["failed"] == 1
    failed = state(wanted)
    assert isinstance(failed, Failed)
    assert failed.code == "MEDIA_FITTING_FAILED"


def test_what_was_our_fault_is_made_when_it_is_wanted_again(
    media_id: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> bytes:
        raise RuntimeError

    wanted = want(media_id, SMALL)
    with monkeypatch.context() as context:
        context.setattr(drawings, "draw", broken)
        post.run(FITS)
    assert isinstance(state(wanted), Failed)
    want(media_id, SMALL)
    post.run(FITS)
    assert isinstance(state(wanted), Ready)


def test_a_file_that_has_vanished(media_id: str, post: Post) -> None:
    storage().delete([asset(media_id).storage_key])
    wanted = want(media_id, SMALL)
    post.run(FITS)
    assert state(wanted) == Failed(code="MEDIA_UNAVAILABLE", words="The file is gone")


def test_anothers_file_is_none(media_id: str, post: Post) -> None:
    wanted = want(media_id, SMALL)
    other = Wanted(organization_id=post.organization_id, asset_id=wanted.asset_id, rules=SMALL)
    assert state(other) == Failed(code="MEDIA_UNAVAILABLE", words="The file is gone")


@pytest.mark.parametrize("body", [{}, {"asset_id": "x", "profile": "y"}, {"asset_id": None}])
def test_what_names_no_rendition_is_given_up(post: Post, body: dict[str, Any]) -> None:
    post.ask(FITS, body)
    assert post.run(FITS)["failed"] == 1
    assert states() == ["failed"]


def test_what_nobody_can_read_is_put_aside(post: Post, media_id: str) -> None:
    assert set(post.deliver(FITS, [b"\xff"]).values()) == {0}
    assert post.taken(f"{FITS}.dead")
    assert "media" in stored()
