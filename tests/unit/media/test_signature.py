"""What a file is, from its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media.domain.signature import HEAD, MediaFormat, recognise


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + b"\0\0\0\0" + b"".join(compatible)
    return (len(body) + 4).to_bytes(4) + body


HEADS = [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", MediaFormat.PNG),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", MediaFormat.JPEG),
    (b"\xff\xd8\xff\xdb", MediaFormat.JPEG),
    (b"GIF87a", MediaFormat.GIF),
    (b"GIF89a", MediaFormat.GIF),
    (b"RIFF\x24\0\0\0WEBPVP8 ", MediaFormat.WEBP),
    (b"RIFF\x24\0\0\0WEBPVP8L", MediaFormat.WEBP),
    (b"RIFF\x24\0\0\0WEBPVP8X", MediaFormat.WEBP),
    (b"RIFF\x24\0\0\0AVI LIST", MediaFormat.AVI),
    (ftyp(b"avif", b"mif1", b"miaf"), MediaFormat.AVIF),
    (ftyp(b"avis", b"msf1"), MediaFormat.AVIF),
    (ftyp(b"mif1", b"avif"), MediaFormat.AVIF),
    (ftyp(b"heic", b"mif1"), MediaFormat.HEIC),
    (ftyp(b"mif1", b"heic"), MediaFormat.HEIC),
    (ftyp(b"heix", b"avif"), MediaFormat.HEIC),
    (ftyp(b"isom", b"iso2", b"avc1", b"mp41"), MediaFormat.MP4),
    (ftyp(b"mp42", b"mp42", b"isom"), MediaFormat.MP4),
    (ftyp(b"M4V ", b"isom"), MediaFormat.MP4),
    (ftyp(b"3gp4", b"isom"), MediaFormat.MP4),
    (ftyp(b"qt  ", b"qt  "), MediaFormat.MOV),
    (b"\0\0\0\x08wide\0\0\1\0mdat", MediaFormat.MOV),
    (b"%PDF-1.7\n", MediaFormat.PDF),
]

REFUSED = [
    b"",
    b"\0" * 64,
    b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    b"<?xml version='1.0'?><svg/>",
    b"<!DOCTYPE html>",
    b"#!/bin/sh\n",
    b"PK\x03\x04",
    b"MZ\x90\0",
    b"BM6\0\0\0",
    b"II*\0",
    b"RIFF\x24\0\0\0WAVEfmt ",
    b"RIFF\x24\0\0\0WEBPVP8?",
    b" %PDF-1.7",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIDAT",
    b"\xff\xd8",
    b"GIF88a",
    ftyp(b"M4A ", b"isom", b"mp42"),
    ftyp(b"mif1", b"miaf"),
    ftyp(b"jpx ", b"jp2 "),
    b"\0\0\0\x0fftypisom",
]


@pytest.mark.parametrize(("head", "format_"), HEADS)
def test_what_is_accepted_is_known(head: bytes, format_: MediaFormat) -> None:
    assert recognise(head) is format_


@pytest.mark.parametrize("head", REFUSED)
def test_anything_else_is_nothing(head: bytes) -> None:
    assert recognise(head) is None


def test_every_format_has_a_signature_and_a_name() -> None:
    assert {format_ for _, format_ in HEADS} == set(MediaFormat)
    endings = [ending for format_ in MediaFormat for ending in format_.extensions]
    assert len(endings) == len(set(endings))


@given(st.binary(max_size=HEAD))
def test_any_bytes_are_judged(head: bytes) -> None:
    assert recognise(head) in {None, *MediaFormat}


@given(st.sampled_from(HEADS), st.binary(max_size=64))
def test_what_follows_does_not_matter(known: tuple[bytes, MediaFormat], rest: bytes) -> None:
    head, format_ = known
    assert recognise(head + rest) is format_


@given(st.sampled_from(HEADS), st.data())
def test_a_signature_cut_short_is_never_another_format(
    known: tuple[bytes, MediaFormat], data: st.DataObject
) -> None:
    head, format_ = known
    cut = head[: data.draw(st.integers(0, len(head) - 1))]
    assert recognise(cut) in {None, format_}
