"""How films, and animations that become films, come to fit."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import ceil

from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts
from shared.media.domain.framing import Framing, frame
from shared.media.domain.plans import (
    AsItIs,
    Encode,
    Plan,
    Wrap,
    too_long,
    too_many_bytes,
    too_short,
    too_small,
)
from shared.media.domain.rules import Fit, Shape, VideoRules
from shared.media.domain.signature import MediaFormat

SOUND_BIT_RATE = 128_000

_PLAYED_EVERYWHERE = {"h264": {"yuv420p", "yuvj420p"}}
_RECORDED_BY_PHONES = {"hevc": {"yuv420p", "yuvj420p", "yuv420p10le"}}
"""Whoever takes QuickTime takes what phones put into it."""
_SOUND = {None, "aac"}

_SHARE = 0.92
"""Of the bytes there may be, how many are planned for: the container takes some, and rates vary."""
_LEAST_BITS, _MOST_BITS = 0.035, 0.2
"""Bits that a pixel of a film needs to be looked at, and those beyond which nothing is gained."""
_LEAST_SIDE = 240
_LEAST_BIT_RATE = 64_000
_ANIMATED_FPS = Fraction(30)
_UNEVEN = 1.02
"""Phones record a little more or less than they say."""

_EVEN = 2
"""Encoders count pixels in pairs."""


def plan_film(facts: Facts, rules: VideoRules, fit: Fit) -> Plan:
    assert facts.duration is not None
    assert facts.fps is not None
    if facts.duration > rules.max_duration:
        return too_long(facts.duration, rules.max_duration)
    if facts.duration < rules.min_duration:
        return too_short(facts.duration, rules.min_duration)
    framing = frame(*facts.seen, rules.shape, fit, step=_EVEN)
    if framing is None:
        return too_small(facts, rules.shape)
    fps = _within(facts.fps, rules)
    is_seen_as_it_is = fps == facts.fps and _is_framed(facts, rules.shape, fit)
    if is_seen_as_it_is and facts.size <= rules.max_bytes:
        if facts.format in rules.formats and _is_played(facts, rules):
            return AsItIs()
        if facts.format is MediaFormat.MOV and _is_written_in(facts, _PLAYED_EVERYWHERE):
            return Wrap(max_bytes=rules.max_bytes)
    return _encode(facts, rules, fit, framing, fps=fps)


def plan_animation_as_film(facts: Facts, rules: VideoRules, fit: Fit) -> Plan:
    """Shown as often as it takes to last long enough."""
    assert facts.duration is not None
    if facts.duration > rules.max_duration:
        return too_long(facts.duration, rules.max_duration)
    times = max(ceil(rules.min_duration / facts.duration), 1)
    if facts.duration * times > rules.max_duration:
        return too_short(facts.duration, rules.min_duration)
    framing = frame(*facts.seen, rules.shape, fit, step=_EVEN)
    if framing is None:
        return too_small(facts, rules.shape)
    encoded = encode_animation(facts, framing, max_bytes=rules.max_bytes, times=times)
    return replace(encoded, kind=MediaKind.VIDEO, fps=_within(encoded.fps, rules))


def encode_animation(facts: Facts, framing: Framing, *, max_bytes: int, times: int = 1) -> Encode:
    """It stays an animation to its network, for all that it is written as a film."""
    assert facts.duration is not None
    most = _most_bits(framing, _ANIMATED_FPS)
    bit_rate = _bit_rate(facts.duration * times, max_bytes)
    return Encode(
        framing=framing,
        fps=_ANIMATED_FPS,
        bit_rate=max(min(bit_rate, most), _LEAST_BIT_RATE),
        max_bytes=max_bytes,
        kind=MediaKind.ANIMATION,
        times=times,
    )


def _encode(facts: Facts, rules: VideoRules, fit: Fit, framing: Framing, *, fps: Fraction) -> Plan:
    """As large as the bytes there may be allow for: fewer pixels look better than broken ones."""
    assert facts.duration is not None
    bit_rate = _bit_rate(facts.duration, rules.max_bytes)
    bit_rate -= SOUND_BIT_RATE if facts.has_audio else 0
    if bit_rate < _LEAST_BIT_RATE:
        return too_many_bytes(facts.size, rules.max_bytes)
    wide, high = framing.canvas
    needed = _LEAST_BITS * wide * high * float(fps)
    if bit_rate < needed:
        smaller = _smaller(facts, rules.shape, fit, framing, scale=(bit_rate / needed) ** 0.5)
        if smaller is None:
            return too_many_bytes(facts.size, rules.max_bytes)
        framing = smaller
    return Encode(
        framing=framing,
        fps=fps,
        bit_rate=min(bit_rate, _most_bits(framing, fps)),
        max_bytes=rules.max_bytes,
        kind=MediaKind.VIDEO,
    )


def _smaller(
    facts: Facts, shape: Shape, fit: Fit, framing: Framing, *, scale: float
) -> Framing | None:
    width, height = (int(side * scale) for side in framing.canvas)
    if min(width, height) < min(_LEAST_SIDE, *framing.canvas):
        return None
    bounds = replace(shape, max_width=width, max_height=height)
    return frame(*facts.seen, bounds, fit, step=_EVEN)


def _is_framed(facts: Facts, shape: Shape, fit: Fit) -> bool:
    """Whether it stays as it is, with the odd side that it may have."""
    framing = frame(*facts.seen, shape, fit)
    return framing is not None and framing.leaves(*facts.seen)


def _is_played(facts: Facts, rules: VideoRules) -> bool:
    takes_phones = MediaFormat.MOV in rules.formats
    return _is_written_in(facts, _PLAYED_EVERYWHERE | (_RECORDED_BY_PHONES if takes_phones else {}))


def _is_written_in(facts: Facts, codecs: dict[str, set[str]]) -> bool:
    found = facts.codecs
    return (
        found is not None
        and found.sound in _SOUND
        and found.pixels in codecs.get(found.picture, set())
    )


def _bit_rate(duration: timedelta, max_bytes: int) -> int:
    return int(max_bytes * 8 * _SHARE / duration.total_seconds())


def _most_bits(framing: Framing, fps: Fraction) -> int:
    wide, high = framing.canvas
    return max(int(_MOST_BITS * wide * high * float(fps)), _LEAST_BIT_RATE)


def _within(fps: Fraction, rules: VideoRules) -> Fraction:
    if rules.min_fps / _UNEVEN <= fps <= rules.max_fps * _UNEVEN:
        return fps
    return min(max(fps, Fraction(rules.min_fps)), Fraction(rules.max_fps))
