"""Documents are whole, end where they end, and have pages."""

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import ByteStringObject, NameObject

from shared.media.adapters import documents
from shared.media.adapters.documents import clean_document, inspect_document
from shared.media.adapters.page_count import count_pages
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.signature import MediaFormat
from tests.small_files import document

PDF = b"%PDF-1.7\n" + b"1 0 obj\n<<>>\nendobj\n" * 500 + b"startxref\n9\n%%EOF"


@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n\0\0", b"<script>alert(1)</script>"])
def test_what_follows_the_end_goes(tmp_path: Path, tail: bytes) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(PDF + tail)
    clean_document(source, target)
    assert target.read_bytes() == PDF


@pytest.mark.parametrize("content", [PDF[:-6], PDF + bytes(10_000), b"%PDF-1.7", b""])
def test_one_without_an_end_or_with_another_file_behind_it_is_refused(
    tmp_path: Path, content: bytes
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    with pytest.raises(MediaRefused) as refused:
        clean_document(source, target)
    assert refused.value.code == "MEDIA_TRUNCATED"
    assert not target.exists()


def pages(path: Path, content: bytes) -> int | None:
    path.write_bytes(content)
    return inspect_document(path, MediaFormat.PDF).pages


@pytest.mark.parametrize("count", [1, 7, 301])
@pytest.mark.parametrize("password", [None, ""])
def test_its_pages_are_counted(tmp_path: Path, count: int, password: str | None) -> None:
    """Also of one that only its owner may change: everybody opens that."""
    assert pages(tmp_path / "source", document(pages=count, password=password)) == count


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (document(password="secret"), "MEDIA_LOCKED"),
        (document(pages=0), "MEDIA_UNREADABLE"),
        (PDF, "MEDIA_UNREADABLE"),
        (b"%PDF-1.7\n%%EOF", "MEDIA_UNREADABLE"),
    ],
)
def test_what_nobody_can_read_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(MediaRefused) as refused:
        pages(tmp_path / "source", content)
    assert refused.value.code == code


@given(at=st.integers(0, 2_000), byte=st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_damage_is_read_past_or_refused(tmp_path: Path, at: int, byte: int) -> None:
    content = bytearray(document(pages=3))
    content[at % len(content)] = byte
    path = tmp_path / "source"
    path.write_bytes(content)
    with suppress(MediaRefused):
        assert count_pages(path)


def test_one_that_keeps_its_reader_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole, and has one page, which takes the parser tens of seconds."""
    monkeypatch.setattr(documents, "COUNTED_FOR", timedelta(seconds=2))
    writer = PdfWriter()
    writer.add_blank_page(595, 842)[NameObject("/X")] = ByteStringObject(bytes(6_000_000))
    writer.write(tmp_path / "source")
    begun = time.monotonic()
    with pytest.raises(MediaRefused) as refused:
        inspect_document(tmp_path / "source", MediaFormat.PDF)
    assert refused.value.code == "MEDIA_UNREADABLE"
    assert "2 seconds" in refused.value.description
    assert time.monotonic() - begun < 8
