"""docs/networks.md: what each network can do, as its provider and its imitation have it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from runner.template import PATH as TEMPLATE
from shared.channels.adapters.registry import load, slugs
from shared.channels.domain.authorization import Authorizable, Registering
from shared.channels.domain.media import DocumentRules, MediaKind, MediaRules, Shape, VideoRules
from shared.channels.domain.metrics import Measures
from shared.channels.domain.provider import (
    Comments,
    Provider,
    follow_up_length,
    media_rules_of,
)
from shared.channels.domain.renewal import Renewable
from shared.channels.domain.tools import Tools
from tests.networks.sizes import size
from tests.simulator.imitation import habits

PATH: Path = TEMPLATE.parent / "docs" / "networks.md"

_INTRODUCTION = """\
# What each network can do

Written by `python -m tests.networks` from the providers and their imitations; a test keeps it
current. What a network is, and how a provider is held to it, is in
[decisions](decisions/README.md); what an author may set is told in full by `GET /channels`."""

_POSTS = """
## Posts

**Length** is in the network's own units; an account may have a limit of its own. **Unsure**: what
is done where nobody knows whether a post has arrived. **Says**: what the network tells of its
limits.
"""
_CONNECTING = """
## Connecting

**Consent**: people say yes at the network, to the scopes named, and come back. **Typed**: what may
be typed instead, or has to be.
"""
_MEDIA = """
## Media

A post with the settings named carries so many files of each kind, **all** together; kinds exclude
each other unless they are **mixed**. Sizes are what files are fitted to, the first format what
others are converted to. **Alt** is the length of an alt text. What a follow-up carries otherwise
has a line of its own.
"""
_BESIDES = """
## Settings, tools, metrics

**Tools** are looked up by `POST /channels/connections/{id}/tools/{name}` before one writes;
**metrics** are told by `GET /channels/connections/{id}/metrics`.
"""
_ADDING = """
## Adding a network

Two files are found by their place, `shared/channels/adapters/providers/<slug>.py` and
`tests/simulator/networks/<slug>.py`; either may have a folder of its name beside it where it would
grow too long. Nothing else is touched: the catalogue, connecting, judging texts and media,
publishing, renewal, this page and the tests that hold every network to the same rules find it.
The smallest is **{title}**, in {lines} lines that are not empty: {provider} of its provider and
{imitation} of its imitation.
"""
_UNSURE = {
    "key": "the same key again",
    "search": "it is looked for",
    "none": "a person settles it",
}


def page() -> str:
    """The whole page."""
    known = {slug: load(slug) for slug in sorted(slugs(), key=lambda slug: load(slug).title)}
    sizes = [size(slug) for slug in known]
    smallest = min(sizes, key=lambda one: one.lines)
    adding = _ADDING.format(
        title=known[smallest.slug].title,
        lines=smallest.lines,
        provider=smallest.provider_lines,
        imitation=smallest.imitation_lines,
    )
    parts = [
        _INTRODUCTION,
        _POSTS,
        *_table("network, length, counts, threads, quotas, says, unsure", _posts(known)),
        _CONNECTING,
        *_table("network, consent, typed, renewed", _connecting(known)),
        _MEDIA,
        *_table(
            "network, settings, pictures, animations, films, documents, all, alt", _media(known)
        ),
        _BESIDES,
        *_table("network, settings, tools, metrics", _besides(known)),
        adding,
        *_table(
            "network, provider, imitation, lines",
            (
                [
                    known[one.slug].title,
                    f"{one.provider_files} files, {one.provider_lines} lines",
                    f"{one.imitation_files} files, {one.imitation_lines} lines",
                    str(one.lines),
                ]
                for one in sizes
            ),
        ),
    ]
    return "\n".join(parts) + "\n"


def _posts(known: Mapping[str, Provider]) -> Iterator[list[str]]:
    for slug, provider in known.items():
        quotas = [f"{one.limit:,} in {_time(one.period)}" for one in provider.quotas]
        yield [
            provider.title,
            f"{provider.max_length:,}",
            provider.counts,
            _threads(slug, provider),
            "; ".join(quotas) or "none",
            _says(slug),
            _UNSURE[provider.recovery],
        ]


def _threads(slug: str, provider: Provider) -> str:
    if not provider.threads:
        return "no"
    if isinstance(provider, Comments):
        return f"comments of {follow_up_length(provider):,}"
    return "yes" if habits(slug).nests else "one level"


def _says(slug: str) -> str:
    told = habits(slug)
    if told.limits and told.tells_rates:
        return "what is left, and until when"
    return "how long to wait" if told.tells_wait else "nothing"


def _connecting(known: Mapping[str, Provider]) -> Iterator[list[str]]:
    for provider in known.values():
        consent = "no"
        if isinstance(provider, Authorizable):
            each = ", at each server" if isinstance(provider, Registering) else ""
            consent = f"{_code(*provider.scopes)}{each}"
        fields = [
            f"`{one.name}`{' (optional)' if one.optional else ''}" for one in _typed(provider)
        ]
        renewed = "by a timer" if isinstance(provider, Renewable) else "not needed"
        yield [provider.title, consent, ", ".join(fields) or "nothing", renewed]


def _typed(provider: Provider) -> list[Any]:
    """Without what has a default, which is the network's only server."""
    return [one for one in provider.connect_fields if one.default is None]


def _media(known: Mapping[str, Provider]) -> Iterator[list[str]]:
    for provider in known.values():
        seen: list[tuple[MediaRules, MediaRules]] = []
        for settings in _choices(provider):
            both = _rules(provider, settings)
            if both in seen:
                continue
            seen.append(both)
            chosen = ", ".join(f"`{name}: {value}`" for name, value in settings.items()) or "none"
            yield [provider.title, chosen, *_cells(both[0])]
            if both[1] != both[0]:
                yield [provider.title, f"{chosen}; follow-ups", *_cells(both[1])]


def _rules(provider: Provider, settings: Mapping[str, Any]) -> tuple[MediaRules, MediaRules]:
    """Of a root, and of what follows it."""
    root = provider.media_rules(settings)
    if not provider.threads:
        return root, root
    return root, media_rules_of(provider, settings, replies=True)


def _choices(provider: Provider) -> Iterator[dict[str, Any]]:
    """Nothing, and each word of the settings that have some."""
    yield {}
    for name, setting in provider.settings_schema["properties"].items():
        yield from ({name: word} for word in setting.get("enum", ()))


def _cells(rules: MediaRules) -> list[str]:
    least = f"{rules.min_items} to " if rules.min_items else ""
    together = f"{least}{rules.max_items}{', mixed' if rules.mixed else ''}"
    return [
        _kind(rules, MediaKind.IMAGE),
        _kind(rules, MediaKind.ANIMATION),
        _kind(rules, MediaKind.VIDEO),
        _kind(rules, MediaKind.DOCUMENT),
        together if rules.max_items else "none",
        _alt_text(rules),
    ]


def _alt_text(rules: MediaRules) -> str:
    if not rules.alt_text_length:
        return "none"
    without = ", ".join(rules.without_alt_text)
    return f"{rules.alt_text_length:,}{f'; none of {without}' if without else ''}"


def _kind(rules: MediaRules, kind: MediaKind) -> str:
    of_kind: dict[MediaKind, tuple[Any, int]] = {
        MediaKind.IMAGE: (rules.images, rules.max_images),
        MediaKind.ANIMATION: (rules.animations, rules.max_animations),
        MediaKind.VIDEO: (rules.videos, rules.max_videos),
        MediaKind.DOCUMENT: (rules.documents, rules.max_documents),
    }
    rule, most = of_kind[kind]
    if rule is None or not most:
        return "no"
    formats = ", ".join(one.rpartition("/")[2] for one in rule.formats)
    told = [f"{most}", formats, f"≤ {_bytes(rule.max_bytes)}"]
    if isinstance(rule, VideoRules):
        told.append(f"{_time(rule.min_duration)} to {_time(rule.max_duration)}")
    if isinstance(rule, DocumentRules):
        if rule.max_pages is not None:
            told.append(f"≤ {rule.max_pages} pages")
    else:
        told += _shape(rule.shape)
    return "; ".join(told)


def _shape(shape: Shape) -> Iterator[str]:
    if shape.max_width or shape.max_height:
        yield f"≤ {shape.max_width or 'any'}x{shape.max_height or 'any'}"
    if shape.min_width > 1 or shape.min_height > 1:
        yield f"≥ {shape.min_width}x{shape.min_height}"
    if shape.min_ratio or shape.max_ratio:
        low, high = (f"{float(one):.3g}" if one else "any" for one in _ratios(shape))
        yield f"ratio {low} to {high}"


def _ratios(shape: Shape) -> tuple[Any, Any]:
    return shape.min_ratio, shape.max_ratio


def _besides(known: Mapping[str, Provider]) -> Iterator[list[str]]:
    for provider in known.values():
        settings = _code(*provider.settings_schema["properties"])
        tools = _code(*sorted(provider.tools)) if isinstance(provider, Tools) else "none"
        measures = "yes" if isinstance(provider, Measures) else "no"
        yield [provider.title, settings, tools, measures]


def _table(heads: str, rows: Iterator[list[str]]) -> Iterator[str]:
    names = heads.split(", ")
    yield _row(names)
    yield _row(["---"] * len(names))
    yield from map(_row, rows)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(*words: str) -> str:
    return ", ".join(f"`{word}`" for word in words) or "none"


def _bytes(number: int) -> str:
    for unit, size_of in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if number >= size_of:
            return f"{number / size_of:.4g} {unit}"
    return f"{number} B"


def _time(period: timedelta) -> str:
    seconds = period.total_seconds()
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"
