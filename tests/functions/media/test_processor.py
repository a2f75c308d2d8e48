"""What was taken in is looked into and kept clean, whatever comes twice or ends in between."""

import hashlib
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from shared.infrastructure.storage import storage
from shared.kernel.errors import Unavailable
from shared.media.adapters import disk_store
from shared.media.adapters.pictures import cleaning
from shared.media.domain.signature import MediaFormat
from tests.films import film
from tests.functions.media.processing import (
    call_processor,
    content_of,
    made,
    process,
    taken_in,
    want,
)
from tests.functions.media.uploader import Uploader, asset, news, stored
from tests.happened import told
from tests.pictures import SECRET, animation, drawing, picture, read
from tests.small_files import document

JPEG = MediaFormat.JPEG


def test_a_picture_is_put_upright_cleaned_and_described(uploader: Uploader) -> None:
    content = picture(JPEG, drawing(1300, 900), orientation=6)
    media_id = uploader.upload(content, name="tea.jpg", mime_type="image/jpeg")
    assert asset(media_id).status == "processing"
    assert process() == [{"ready": 1}]
    seen = uploader.look(media_id)
    assert (seen["status"], seen["kind"], seen["mime_type"]) == ("ready", "image", "image/jpeg")
    assert (seen["width"], seen["height"], seen["has_alpha"]) == (900, 1300, False)
    assert len(seen["blurhash"]) == 28
    assert seen["dominant_colour"].startswith("#")
    assert [each["width"] for each in seen["thumbnails"]] == [320, 900]
    kept = content_of(asset(media_id).storage_key)
    assert len(kept) == seen["size"]
    assert SECRET.encode() not in kept
    assert read(kept).size == (900, 1300)
    assert stored() == ["media"] * 3, "what was uploaded is gone"
    assert told("MEDIA_READY") == {UUID(media_id): None}


def test_a_film_is_described_by_what_it_shows(uploader: Uploader, tmp_path: Path) -> None:
    content = film(tmp_path / "film.mov", rotation=90).read_bytes()
    media_id = uploader.upload(content, name="film.mov", mime_type="video/quicktime")
    assert process() == [{"ready": 1}]
    seen = uploader.look(media_id)
    assert (seen["kind"], seen["width"], seen["height"]) == ("video", 72, 128)
    assert (seen["duration_ms"], seen["fps"], seen["has_audio"]) == (1002, 10.0, True)
    assert [(each["width"], each["height"]) for each in seen["thumbnails"]] == [(72, 128)]
    assert SECRET.encode() not in content_of(asset(media_id).storage_key)


def test_an_animation_and_a_document(uploader: Uploader) -> None:
    moving = uploader.upload(animation(), name="a.gif", mime_type="image/gif")
    content = document(pages=3)
    paper = uploader.upload(content, name="a.pdf", mime_type="application/pdf")
    assert process() == [{"ready": 1}] * 2
    assert (uploader.look(moving)["kind"], uploader.look(moving)["frames"]) == ("animation", 3)
    seen = uploader.look(paper)
    assert (seen["kind"], seen["pages"], seen["thumbnails"]) == ("document", 3, [])
    assert content_of(asset(paper).storage_key) == content.rstrip()


def test_what_is_damaged_is_refused_and_says_why(uploader: Uploader) -> None:
    damaged = bytearray(picture(MediaFormat.PNG, drawing(300, 300)))
    damaged[len(damaged) // 2] ^= 0xFF
    media_id = uploader.upload(bytes(damaged))
    assert process() == [{"refused": 1}]
    seen = uploader.look(media_id)
    assert seen["status"] == "refused"
    assert seen["error_code"] in {"MEDIA_TRUNCATED", "MEDIA_UNREADABLE"}
    assert told("MEDIA_REFUSED") == {UUID(media_id): None}


def test_what_came_in_parts_is_held_to_its_digest(uploader: Uploader) -> None:
    content = picture(JPEG)
    digest = hashlib.sha256(content).hexdigest()
    media_id = uploader.upload(content, name="t.jpg", mime_type="image/jpeg", sha256=digest)
    other = picture(JPEG, drawing(50, 50))
    [taken] = taken_in()
    storage().put(taken.key, BytesIO(other), mime_type="image/jpeg")
    call_processor(taken)
    assert uploader.look(media_id)["error_code"] == "MEDIA_CHECKSUM_MISMATCH"


def test_a_second_event_changes_nothing_and_removes_what_was_left(uploader: Uploader) -> None:
    media_id = uploader.upload(picture(JPEG), name="tea.jpg", mime_type="image/jpeg")
    [taken] = taken_in()
    content = content_of(taken.key)
    assert call_processor(taken) == {"ready": 1}
    before = asset(media_id).version
    # as if the first call had died before its last step
    storage().put(taken.key, BytesIO(content), mime_type="image/jpeg")
    assert call_processor(taken) == {"settled": 1}
    assert asset(media_id).version == before
    assert "uploads" not in stored()


def test_a_file_that_has_vanished_has_failed(uploader: Uploader) -> None:
    media_id = uploader.upload(picture(JPEG), name="tea.jpg", mime_type="image/jpeg")
    [taken] = taken_in()
    storage().delete([taken.key])
    assert call_processor(taken) == {"failed": 1}
    assert asset(media_id).error_code == "MEDIA_FILE_GONE"


def test_a_store_that_is_away_is_waited_for(
    uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = uploader.upload(picture(JPEG), name="tea.jpg", mime_type="image/jpeg")
    [taken] = taken_in()

    def away(*_: object, **__: object) -> None:
        raise Unavailable("STORAGE_UNAVAILABLE", "It is away")

    with monkeypatch.context() as broken:
        broken.setattr(disk_store.DiskStore, "keep", away)
        with pytest.raises(Unavailable):
            call_processor(taken)
    assert asset(media_id).status == "processing"
    assert call_processor(taken) == {"ready": 1}
    assert stored() == ["media", "media"], "one thumbnail: the second call wrote over the first's"


def test_what_goes_wrong_unforeseen_can_be_tried_again(
    uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = uploader.upload(picture(JPEG), name="tea.jpg", mime_type="image/jpeg")
    with monkeypatch.context() as broken:
        broken.setitem(cleaning._STRIP, JPEG, lambda _: 1 // 0)
        assert process() == [{"failed": 1}]
    assert asset(media_id).error_code == "MEDIA_PROCESSING_FAILED"
    assert uploader.api.post(f"/media/{media_id}/process").status == 200
    assert process() == [{"ready": 1}]


def test_what_is_none_of_ours_is_left_alone(uploader: Uploader) -> None:
    storage().put("uploads/elsewhere", BytesIO(b"x"), mime_type="image/png")
    assert process() == [{"settled": 1}]
    assert [each.key for each in news() if each.key.startswith("uploads/")] == []


def test_what_was_wanted_meanwhile_is_asked_for_when_it_is_ready(uploader: Uploader) -> None:
    media_id = uploader.upload(picture(JPEG), name="tea.jpg", mime_type="image/jpeg")
    want(media_id)
    assert [each.status for each in made(media_id)] == ["pending"]
    assert process() == [{"ready": 1}]
