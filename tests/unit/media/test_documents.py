"""Documents are whole, and end where they end."""

from pathlib import Path

import pytest

from shared.media.adapters.documents import clean_document
from shared.media.domain.refusals import MediaRefused

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
