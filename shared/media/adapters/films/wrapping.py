"""A film in a new container, its pictures and its sound as they are encoded.

Whatever else a camera has written beside them, places, subtitles, the telemetry of a drone, and
what follows the end is left behind.
"""

from pathlib import Path

import av

from shared.media.adapters.films.opening import opened, picture_of, sound_of
from shared.media.domain.signature import MediaFormat

WRITTEN_AS = {MediaFormat.MP4: "mp4", MediaFormat.MOV: "mov", MediaFormat.AVI: "avi"}
HEADER_FIRST = {"movflags": "+faststart", "fflags": "+bitexact"}
"""So that it can be played while it comes; and that no encoder names itself."""


def wrap(
    source: Path, target: Path, format_: MediaFormat, *, pixels: int, into: MediaFormat
) -> None:
    """A packet at a time: its length takes no memory. How it is held is part of its pictures.

    Raises:
        MediaRefused: `MEDIA_EMPTY`, `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    options = {"fflags": "+bitexact"} if into is MediaFormat.AVI else HEADER_FIRST
    with opened(source, format_) as film:
        picture = picture_of(film, pixels=pixels)
        heard = sound_of(film)
        streams = [picture] if heard is None else [picture, heard]
        with av.open(str(target), "w", format=WRITTEN_AS[into], options=options) as out:
            written = {stream.index: out.add_stream_from_template(stream) for stream in streams}
            for stream in written.values():
                stream.metadata.clear()
            # Or QuickTime would call H.265 by a name that Apple's players do not know.
            written[picture.index].codec_context.codec_tag = picture.codec_context.codec_tag
            for packet in film.demux(*streams):
                if packet.dts is not None:
                    packet.stream = written[packet.stream.index]
                    out.mux(packet)
