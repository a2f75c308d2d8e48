"""What posts show, asked of the media library and fitted to what each network takes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.channels.api import catalogue
from shared.media.api.renditions import (
    Failed,
    Making,
    Ready,
    Wanted,
    renditions,
    want_renditions,
)
from shared.publishing.application.media_ports import (
    Enclosed,
    Enclosure,
    Item,
    NotYet,
    Showing,
    Unfit,
)

State = Ready | Making | Failed


class LibraryMedia:
    def __init__(self, session: Session) -> None:
        self._session = session

    def want(self, showings: Sequence[Showing], *, at: datetime) -> None:
        want_renditions(
            self._session,
            [wanted for each in showings for item in each.items for wanted in _wanted(each, item)],
            at=at,
        )

    def enclosures(
        self, showings: Mapping[UUID, Showing], *, at: datetime
    ) -> Mapping[UUID, Enclosed | NotYet | Unfit]:
        wanted = {
            key: [list(_wanted(showing, item)) for item in showing.items]
            for key, showing in showings.items()
        }
        asked = [one for items in wanted.values() for names in items for one in names]
        states = renditions(self._session, asked)
        missing = [one for one in asked if _is_unasked(states[one.key])]
        if missing:
            want_renditions(self._session, missing, at=at)
        return {
            key: _enclosed(showing, [[states[one.key] for one in names] for names in wanted[key]])
            for key, showing in showings.items()
        }


def _wanted(showing: Showing, item: Item) -> Iterator[Wanted]:
    """The file, then its cover if it has one."""
    rules = _rules(showing)
    whose = showing.organization_id
    yield Wanted(organization_id=whose, asset_id=item.media_id, rules=rules, fit=item.fit)
    if item.cover_media_id is not None:
        cover = catalogue.channel(showing.channel).cover_rules(rules)
        yield Wanted(organization_id=whose, asset_id=item.cover_media_id, rules=cover, fit=item.fit)


def _rules(showing: Showing) -> catalogue.MediaRules:
    return catalogue.channel(showing.channel).media_rules(
        showing.settings, replies=showing.replies, limits=showing.limits
    )


def _is_unasked(state: State) -> bool:
    return isinstance(state, Making) and not state.is_asked_for


def _enclosed(showing: Showing, states: Sequence[Sequence[State]]) -> Enclosed | NotYet | Unfit:
    rules = _rules(showing)
    enclosures = [
        _enclosure(showing.channel, rules, item, *found)
        for item, found in zip(showing.items, states, strict=True)
    ]
    every = [state for found in states for state in found]
    if failed := next((state for state in every if isinstance(state, Failed)), None):
        return Unfit(enclosures=enclosures, code=failed.code, words=failed.words)
    if any(isinstance(state, Making) for state in every):
        return NotYet(enclosures=enclosures)
    return Enclosed(enclosures=enclosures)


def _enclosure(
    channel: str,
    rules: catalogue.MediaRules,
    item: Item,
    state: State,
    cover: State | None = None,
) -> Enclosure:
    """Of what is not there its words alone, by which a network's post is known again."""
    said = state.alt_text if item.alt_text is None else item.alt_text
    alt_text = said[: rules.alt_text_length]
    if not isinstance(state, Ready):
        return Enclosure(alt_text=alt_text)
    return Enclosure(
        alt_text=alt_text,
        storage_key=state.storage_key,
        kind=catalogue.channel(channel).goes_as(state.kind, rules),
        name=state.name,
        mime_type=state.mime_type,
        size=state.size,
        width=state.width,
        height=state.height,
        duration=state.duration,
        cover=_enclosure(channel, rules, item, cover) if isinstance(cover, Ready) else None,
    )
