"""How pictures, and animations that stay animations, come to fit."""

from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts
from shared.media.domain.film_plans import encode_animation
from shared.media.domain.framing import ever_smaller, frame
from shared.media.domain.plans import Animate, AsItIs, Draw, Plan, not_taken, too_small
from shared.media.domain.rules import Fit, ImageRules
from shared.media.domain.signature import MediaFormat

DRAWN = (MediaFormat.JPEG, MediaFormat.PNG, MediaFormat.WEBP)
"""What pictures are converted to."""


def plan_still(facts: Facts, rules: ImageRules, fit: Fit) -> Plan:
    framings = ever_smaller(*facts.seen, rules.shape, fit)
    if not framings:
        return too_small(facts, rules.shape)
    stays = (
        facts.kind is MediaKind.IMAGE
        and facts.format in rules.formats
        and facts.size <= rules.max_bytes
        and framings[0].leaves(*facts.seen)
    )
    if stays:
        return AsItIs()
    format_ = _drawn_as(facts, rules)
    if format_ is None:
        return not_taken(facts.kind)
    return Draw(format=format_, framings=framings, max_bytes=rules.max_bytes)


def plan_animation(facts: Facts, rules: ImageRules, fit: Fit) -> Plan:
    framings = ever_smaller(*facts.seen, rules.shape, fit)
    if not framings:
        return too_small(facts, rules.shape)
    is_small = facts.size <= rules.max_bytes and framings[0].leaves(*facts.seen)
    if is_small and facts.format in rules.formats:
        return AsItIs()
    if MediaFormat.MP4 in rules.formats:
        even = frame(*facts.seen, rules.shape, fit, step=2)
        if even is None:
            return too_small(facts, rules.shape)
        return encode_animation(facts, even, max_bytes=rules.max_bytes)
    if MediaFormat.GIF not in rules.formats:
        return not_taken(facts.kind)
    return Animate(framings=framings, max_bytes=rules.max_bytes)


def _drawn_as(facts: Facts, rules: ImageRules) -> MediaFormat | None:
    """In its own format where that is taken; in the network's first one otherwise.

    A PNG of too many bytes is a photograph, which is JPEG's business.
    """
    taken = [MediaFormat(name) for name in rules.formats if name in DRAWN]
    is_too_large = facts.size > rules.max_bytes
    if facts.format in taken and not (is_too_large and facts.format is MediaFormat.PNG):
        return facts.format
    if is_too_large and MediaFormat.JPEG in taken:
        return MediaFormat.JPEG
    return taken[0] if taken else None
