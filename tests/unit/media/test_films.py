"""Films looked into, cleaned, and encoded as networks take them."""

import time
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from shared.media.adapters.films.encoding import encode_film
from shared.media.adapters.films.filters import Filters
from shared.media.adapters.films.frames import as_frame, as_image
from shared.media.adapters.films.inspecting import inspect_film
from shared.media.adapters.films.previewing import preview_film
from shared.media.adapters.films.wrapping import wrap
from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Codecs
from shared.media.domain.fitting import plan
from shared.media.domain.framing import Framing
from shared.media.domain.plans import AsItIs, Encode
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.rules import Fit, MediaRules, Shape, VideoRules
from shared.media.domain.signature import HEAD, MediaFormat, recognise
from tests.films import film, silence
from tests.pictures import RED, SECRET, is_like, read

PIXELS = 100_000_000
MP4, MOV, AVI = MediaFormat.MP4, MediaFormat.MOV, MediaFormat.AVI
SQUARE = VideoRules(
    formats=("video/mp4",),
    max_bytes=1_000_000,
    max_duration=timedelta(seconds=60),
    max_fps=30,
    shape=Shape(max_width=64, max_height=64, min_ratio=Fraction(1), max_ratio=Fraction(1)),
)
WRITTEN: dict[str, dict[str, Any]] = {
    "film.mp4": {},
    "film.mov": {"codec": "prores_ks", "pixels": "yuv422p10le", "sound": "pcm_s16le"},
    "film.avi": {"codec": "mpeg4", "sound": "mp3"},
}
FORMATS = {"mp4": MP4, "mov": MOV, "avi": AVI}


def shot(folder: Path, name: str, **how: Any) -> tuple[Path, MediaFormat]:
    path = film(folder / name, **WRITTEN.get(name, {}) | how)
    return path, FORMATS[path.suffix[1:]]


def until() -> float:
    return time.monotonic() + 60


def refusal(path: Path, format_: MediaFormat, *, pixels: int = PIXELS) -> str:
    with pytest.raises(MediaRefused) as refused:
        inspect_film(path, format_, pixels=pixels)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("film.mp4", Codecs(picture="h264", pixels="yuv420p", sound="aac")),
        ("film.mov", Codecs(picture="prores", pixels="yuv422p10le", sound="pcm_s16le")),
        ("film.avi", Codecs(picture="mpeg4", pixels="yuv420p", sound="mp3")),
    ],
)
def test_facts(tmp_path: Path, name: str, codecs: Codecs) -> None:
    path, format_ = shot(tmp_path, name)
    facts = inspect_film(path, format_, pixels=PIXELS)
    assert (facts.kind, facts.format, facts.size) == (
        MediaKind.VIDEO,
        format_,
        path.stat().st_size,
    )
    assert facts.seen == (128, 72)
    assert facts.fps == 10
    assert facts.duration is not None
    assert abs(facts.duration - timedelta(seconds=1)) < timedelta(milliseconds=150)
    assert facts.codecs == codecs
    assert facts.has_audio


@pytest.mark.parametrize("rotation", [90, -90, 180])
@pytest.mark.parametrize("name", ["film.mp4", "held.mov"])
def test_how_it_is_held_is_seen_and_kept(tmp_path: Path, name: str, rotation: int) -> None:
    path, format_ = shot(tmp_path, name, rotation=rotation, seconds=0.1)
    seen = (72, 128) if rotation in {90, -90} else (128, 72)
    assert inspect_film(path, format_, pixels=PIXELS).seen == seen
    clean = tmp_path / "clean"
    wrap(path, clean, format_, pixels=PIXELS, into=format_)
    assert inspect_film(clean, format_, pixels=PIXELS).seen == seen
    [thumbnail] = preview_film(clean, format_, pixels=PIXELS).thumbnails
    assert (thumbnail.width, thumbnail.height) == seen
    corners = {90: (5, 122), -90: (66, 5), 180: (122, 66)}
    assert is_like(read(thumbnail.content).getpixel(corners[rotation]), RED)  # type: ignore[arg-type]


def test_what_stands_for_a_film_is_not_its_dark_beginning(tmp_path: Path) -> None:
    """The red square has wandered on by then: seven pixels with each picture."""
    path, _ = shot(tmp_path, "film.mp4", seconds=5)
    [thumbnail] = preview_film(path, MP4, pixels=PIXELS).thumbnails
    shown = read(thumbnail.content)
    assert not is_like(shown.getpixel((5, 5)), RED)  # type: ignore[arg-type]
    assert is_like(shown.getpixel((44, 5)), RED)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_but_pictures_and_sound_is_kept(tmp_path: Path, name: str) -> None:
    path, format_ = shot(tmp_path, name)
    with path.open("ab") as file:
        file.write(b"\0\0\0\x10free<script>" if format_ is not AVI else b"<script>")
    assert SECRET.encode() in path.read_bytes()
    clean = tmp_path / "clean"
    wrap(path, clean, format_, pixels=PIXELS, into=format_)
    for trace in (SECRET.encode(), b"+51.5", b"<script>", b"Lavf"):
        assert trace not in clean.read_bytes()
    assert decoded(clean) == decoded(path)


def test_sound_with_a_number_for_a_name_is_kept(tmp_path: Path) -> None:
    """AAC is number 255 in an AVI, which is no letter."""
    path, format_ = shot(tmp_path, "film.avi", sound="aac")
    target = tmp_path / "clean.avi"
    wrap(path, target, format_, pixels=PIXELS, into=format_)
    codecs = inspect_film(target, format_, pixels=PIXELS).codecs
    assert codecs == Codecs(picture="mpeg4", pixels="yuv420p", sound="aac")


def test_the_name_of_its_codec_stays(tmp_path: Path) -> None:
    """Apple's players know H.265 as `hvc1`, and raw pictures are told apart by it alone."""
    for name, codec, tag, format_ in (
        ("film.mov", "libx265", "hvc1", MOV),
        ("film.avi", "rawvideo", "I420", AVI),
    ):
        path, clean = tmp_path / name, tmp_path / f"clean-{name}"
        film(path, codec=codec, tag=tag, sound=None, options={"x265-params": "log-level=none"})
        wrap(path, clean, format_, pixels=PIXELS, into=format_)
        with av.open(str(clean)) as container:
            assert container.streams.video[0].codec_context.codec_tag == tag
        assert decoded(clean) == decoded(path)


def test_a_phones_film_is_wrapped_as_mp4(tmp_path: Path) -> None:
    path, target = film(tmp_path / "film.mov", rotation=90), tmp_path / "target"
    wrap(path, target, MOV, pixels=PIXELS, into=MP4)
    assert recognise(target.read_bytes()[:HEAD]) is MP4
    made = inspect_film(target, MP4, pixels=PIXELS)
    assert (made.seen, made.has_audio) == ((72, 128), True)
    assert decoded(target) == decoded(path)


def decoded(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(frame.planes[0]) for frame in container.decode(video=0)]


def test_uneven_pictures_stay_uneven_when_it_is_wrapped_and_become_even_when_it_is_encoded(
    tmp_path: Path,
) -> None:
    path, _ = shot(tmp_path, "film.mp4", moments=[0, 40, 80, 900, 1000, 1500], sound=None)
    facts = inspect_film(path, MP4, pixels=PIXELS)
    assert facts.fps is not None
    assert facts.duration is not None
    clean, encoded = tmp_path / "clean", tmp_path / "encoded"
    wrap(path, clean, MP4, pixels=PIXELS, into=MP4)
    assert moments(clean) == moments(path)
    planned = encoding(facts)
    encode_film(path, encoded, MP4, planned, pixels=PIXELS, until=until())
    steps = [
        later - earlier
        for earlier, later in zip(moments(encoded)[:-1], moments(encoded)[1:], strict=True)
    ]
    assert steps == pytest.approx([1 / float(planned.fps)] * len(steps), abs=0.002)


def encoding(facts: Any, rules: VideoRules = SQUARE, fit: Fit = Fit.CROP) -> Encode:
    planned = plan(facts, MediaRules(videos=rules), fit)
    assert isinstance(planned, Encode)
    return planned


def moments(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("fit", Fit)
def test_a_film_is_encoded_as_its_network_takes_it(tmp_path: Path, name: str, fit: Fit) -> None:
    path, format_ = shot(tmp_path, name, fps=60)
    target = tmp_path / "target"
    facts = inspect_film(path, format_, pixels=PIXELS)
    encode_film(path, target, format_, encoding(facts, fit=fit), pixels=PIXELS, until=until())
    made = inspect_film(target, MP4, pixels=PIXELS)
    assert made.codecs == Codecs(picture="h264", pixels="yuv420p", sound="aac")
    assert made.seen == (64, 64)
    assert made.fps == 30
    assert made.duration is not None
    assert abs(made.duration - timedelta(seconds=1)) < timedelta(milliseconds=150)
    assert plan(made, MediaRules(videos=SQUARE), fit) == AsItIs()
    assert SECRET.encode() not in target.read_bytes()


@pytest.mark.parametrize(("rotation", "red"), [(90, (4, 60)), (-90, (60, 4)), (180, (60, 60))])
def test_a_film_lying_down_is_encoded_upright(
    tmp_path: Path, rotation: int, red: tuple[int, int]
) -> None:
    path, _ = shot(tmp_path, "film.mp4", rotation=rotation, width=128, height=128)
    target = tmp_path / "target"
    facts = inspect_film(path, MP4, pixels=PIXELS)
    encode_film(path, target, MP4, encoding(facts), pixels=PIXELS, until=until())
    with av.open(str(target)) as container:
        first = next(container.decode(video=0))
        assert first.rotation == 0
        assert is_like(as_image(first).getpixel(red), RED)  # type: ignore[arg-type]


def test_it_is_made_in_the_bytes_there_may_be(tmp_path: Path) -> None:
    path, _ = shot(tmp_path, "film.mp4", seconds=4, width=640, height=360, fps=25)
    facts = inspect_film(path, MP4, pixels=PIXELS)
    planned = encoding(facts)
    for max_bytes in (80_000, 70_500):
        target = tmp_path / "target"
        tight = replace(planned, max_bytes=max_bytes)
        encode_film(path, target, MP4, tight, pixels=PIXELS, until=until())
        assert target.stat().st_size <= max_bytes
    impossible = replace(planned, max_bytes=1_000)
    with pytest.raises(MediaRefused) as refused:
        encode_film(path, tmp_path / "target", MP4, impossible, pixels=PIXELS, until=until())
    assert refused.value.code == "MEDIA_TOO_MANY_BYTES"


def test_it_ends_where_there_is_no_more_time(tmp_path: Path) -> None:
    path, _ = shot(tmp_path, "film.mp4")
    facts = inspect_film(path, MP4, pixels=PIXELS)
    with pytest.raises(MediaRefused) as refused:
        encode_film(path, tmp_path / "t", MP4, encoding(facts), pixels=PIXELS, until=0.0)
    assert refused.value.code == "MEDIA_TOO_MUCH_WORK"


def test_what_shines_brighter_than_a_screen_is_brought_down() -> None:
    """Three quarters of HLG's signal are white paper; taken for BT.709 they would be grey."""

    def shown(transfer: int) -> int:
        frames = [_bright(transfer, number) for number in range(3)]
        filters = Filters(
            frames[0],
            squareness=Fraction(1),
            framing=Framing(crop=(32, 32), content=(32, 32), canvas=(32, 32)),
            fps=Fraction(10),
        )
        out: list[VideoFrame] = [seen for frame in frames for seen in filters.through(frame)]
        grey: Any = as_image(out[0]).getpixel((5, 5))
        return int(grey[0])

    assert shown(18) > 235
    assert abs(shown(1) - 190) < 5


def _bright(transfer: int, number: int) -> VideoFrame:
    frame = as_frame(Image.new("RGB", (32, 32), (190, 190, 190)))
    frame = frame.reformat(format="yuv420p10le")
    frame.color_trc, frame.color_range = transfer, 1
    frame.color_primaries = frame.colorspace = 1 if transfer == 1 else 9
    frame.pts, frame.time_base = number, Fraction(1, 10)
    return frame


class TestRefusals:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return film(tmp_path / "film.mp4")

    def test_cut_off(self, path: Path) -> None:
        content = path.read_bytes()
        for share in (0.3, 0.6, 0.9):
            path.write_bytes(content[: int(len(content) * share)])
            assert refusal(path, MP4) == "MEDIA_TRUNCATED"

    def test_cut_off_behind_its_header(self, path: Path) -> None:
        """One that begins to play, and then has nothing."""
        clean = path.with_name("clean.mp4")
        wrap(path, clean, MP4, pixels=PIXELS, into=MP4)
        clean.write_bytes(clean.read_bytes()[:-500])
        assert refusal(clean, MP4) == "MEDIA_TRUNCATED"

    def test_an_avi_cut_off(self, tmp_path: Path) -> None:
        path, _ = shot(tmp_path, "film.avi")
        path.write_bytes(path.read_bytes()[:-2000])
        assert refusal(path, AVI) == "MEDIA_TRUNCATED"

    def test_sound_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "song.mp4"
        with av.open(str(path), "w") as out:
            stream = out.add_stream("aac", rate=48_000, layout="stereo")
            out.mux(stream.encode(silence(0)))
            out.mux(stream.encode(None))
        assert refusal(path, MP4) == "MEDIA_EMPTY"

    def test_nothing_in_it(self, path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"mdat", b"free").replace(b"avc1", b"free"))
        assert refusal(path, MP4) in {"MEDIA_EMPTY", "MEDIA_UNREADABLE"}

    def test_a_film_of_no_time(self, tmp_path: Path) -> None:
        path = tmp_path / "still.mp4"
        with av.open(str(path), "w") as out:
            out.add_stream("libx264", rate=10, width=64, height=64).pix_fmt = "yuv420p"
            out.start_encoding()
        assert refusal(path, MP4) in {"MEDIA_EMPTY", "MEDIA_UNREADABLE"}

    def test_too_many_pixels(self, path: Path) -> None:
        assert refusal(path, MP4, pixels=1_000) == "MEDIA_TOO_LARGE"

    @pytest.mark.parametrize("format_", [MP4, AVI])
    def test_no_film_at_all(self, tmp_path: Path, format_: MediaFormat) -> None:
        path = tmp_path / "film"
        path.write_bytes(b"#EXTM3U\nhttp://127.0.0.1:9/secret\n" * 10)
        assert refusal(path, format_) in {"MEDIA_TRUNCATED", "MEDIA_UNREADABLE"}

    def test_a_disk_without_the_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            inspect_film(tmp_path / "nothing", MP4, pixels=PIXELS)
