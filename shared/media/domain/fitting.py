"""How a file is made to fit what a network takes: planned from what is known, nothing opened."""

from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts
from shared.media.domain.film_plans import plan_animation_as_film, plan_film
from shared.media.domain.picture_plans import plan_animation, plan_still
from shared.media.domain.plans import AsItIs, Plan, not_taken, too_many_bytes, too_many_pages
from shared.media.domain.rules import DocumentRules, Fit, MediaRules


def plan(facts: Facts, rules: MediaRules, fit: Fit) -> Plan:
    """An animation without rules of its own goes as a picture that stands still, or as a film."""
    match facts.kind:
        case MediaKind.ANIMATION if rules.animations:
            return plan_animation(facts, rules.animations, fit)
        case MediaKind.IMAGE | MediaKind.ANIMATION if rules.images:
            return plan_still(facts, rules.images, fit)
        case MediaKind.ANIMATION if rules.videos:
            return plan_animation_as_film(facts, rules.videos, fit)
        case MediaKind.VIDEO if rules.videos:
            return plan_film(facts, rules.videos, fit)
        case MediaKind.DOCUMENT if rules.documents:
            return _plan_document(facts, rules.documents)
    return not_taken(facts.kind)


def _plan_document(facts: Facts, rules: DocumentRules) -> Plan:
    if facts.format not in rules.formats:
        return not_taken(facts.kind)
    if facts.size > rules.max_bytes:
        return too_many_bytes(facts.size, rules.max_bytes)
    if rules.max_pages is not None and facts.pages is not None and facts.pages > rules.max_pages:
        return too_many_pages(facts.pages, rules.max_pages)
    return AsItIs()
