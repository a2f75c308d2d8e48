"""The way of a film's pictures from how they were recorded to how they are to be seen."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame

from shared.media.adapters.films.upright import TURNS, turn_of
from shared.media.domain.framing import Framing

_HDR = {16, 18}
"""Transfer functions of films for brighter screens: PQ and HLG (ITU-T H.273, table 3)."""


class Filters:
    """Turns, cuts, scales and pads pictures, and shows so many of them in a second.

    `size` is of the pictures as they come, `squareness` of their pixels.
    """

    def __init__(
        self, first: VideoFrame, *, squareness: Fraction, framing: Framing, fps: Fraction
    ) -> None:
        assert first.time_base is not None
        self._graph = Graph()
        source = self._graph.add_buffer(
            width=first.width,
            height=first.height,
            format=first.format,
            time_base=first.time_base,
        )
        steps = [
            self._graph.add(name, arguments)
            for name, arguments in _steps(first, squareness, framing, fps)
        ]
        self._graph.link_nodes(source, *steps, self._graph.add("buffersink")).configure()

    def through(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """What comes out for a picture; with none, what is still in there."""
        self._graph.vpush(frame)
        while True:
            try:
                yield self._graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return


def _steps(
    first: VideoFrame, squareness: Fraction, framing: Framing, fps: Fraction
) -> Iterator[tuple[str, str]]:
    yield "fps", str(fps)
    if squareness != 1:
        yield "scale", f"{round(first.width * squareness)}:{first.height}"
        yield "setsar", "1"
    match turn_of(first):
        case 180:
            yield "hflip", ""
            yield "vflip", ""
        case turn if turn:
            yield TURNS[turn]
    yield "crop", ":".join(map(str, framing.crop))
    # Everywhere the same colours: those of a screen, whatever it was recorded for.
    colours = "out_color_matrix=bt709:out_range=tv"
    if first.color_trc in _HDR:
        colours += ":out_primaries=bt709:out_transfer=bt709"
    yield "scale", f"{framing.content[0]}:{framing.content[1]}:flags=bicubic:{colours}"
    if framing.canvas != framing.content:
        yield "pad", f"{framing.canvas[0]}:{framing.canvas[1]}:-1:-1"
    yield "setsar", "1"
    yield "format", "yuv420p"
