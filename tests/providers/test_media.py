"""What every provider must do with media, in each way that its network takes any."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest

from shared.channels.adapters.registry import load, slugs
from shared.channels.api import delivery
from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Pending,
    ProviderError,
    Publication,
    Receipt,
    Refused,
    ReplyTo,
    Unanswered,
)
from shared.channels.domain.media import Attachment, MediaKind, MediaRules
from shared.channels.domain.provider import Answer, CountsSettings, FollowUpMedia
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import Bytes, attachment, garbage, gone, kinds, most
from tests.providers.test_conformance import REFUSALS, UNCERTAIN
from tests.simulator.client import Simulator
from tests.simulator.imitation import habits

PROGRESS_LENGTH = 2000
REFUSED = {ErrorClass.MEDIA, ErrorClass.CONTENT}


@dataclass(frozen=True)
class Case:
    """A kind of media with the settings under which a network takes it."""

    slug: str
    kind: MediaKind
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rules(self) -> MediaRules:
        return load(self.slug).media_rules(self.settings)

    def __str__(self) -> str:
        chosen = "".join(f"-{value}" for value in self.settings.values())
        return f"{self.slug}{chosen}-{self.kind}"

    def attachments(self, number: int = 1) -> tuple[Attachment, ...]:
        says = self.rules.alt_text_length > 0 and self.kind not in self.rules.without_alt_text
        return tuple(
            attachment(
                self.rules,
                self.kind,
                number=each,
                alt_text=f"“Number {each + 1}”, ünder glass" if says else "",
            )
            for each in range(number)
        )

    @property
    def takes_words(self) -> bool:
        """A story, say, has none."""
        provider = load(self.slug)
        if not isinstance(provider, CountsSettings):
            return True
        return provider.count_settings(self.settings) < provider.max_length

    def publication(self, *attachments: Attachment) -> Publication:
        return replace(
            publication("Look at this" if self.takes_words else ""),
            settings=self.settings,
            attachments=attachments or self.attachments(max(1, self.rules.min_items)),
        )


def _cases(slug: str) -> Iterator[Case]:
    """With no settings, and with each word of those that change what is taken."""
    provider, seen = load(slug), []
    properties = provider.settings_schema["properties"].items()
    chosen = [{name: word} for name, setting in properties for word in setting.get("enum", ())]
    for settings in ({}, *chosen):
        rules = provider.media_rules(settings)
        if rules not in seen:
            seen.append(rules)
            yield from (Case(slug, kind, settings) for kind in kinds(rules))


CASES = [case for slug in sorted(slugs()) for case in _cases(slug)]
FIRST = list({case.slug: case for case in reversed(CASES)}.values())
"""One of each network."""


@pytest.fixture
def slug(case: Case) -> str:
    return case.slug


every_case = pytest.mark.parametrize("case", CASES, ids=str)
one_case_each = pytest.mark.parametrize("case", FIRST, ids=str)


@every_case
def test_what_is_attached_arrives_as_it_is(case: Case, account: Connected) -> None:
    wanted = case.publication()
    receipt = account.publish(wanted)
    (arrived,) = account.receipts()
    assert arrived["id"] == receipt.external_id
    assert arrived["text"] == wanted.text
    assert _media(arrived) == _sent_to(account.slug, wanted)


@pytest.mark.parametrize(
    "case", [case for case in CASES if most(case.rules, case.kind) > 1], ids=str
)
def test_as_many_as_it_takes_arrive_in_order(case: Case, account: Connected) -> None:
    number = min(most(case.rules, case.kind), 9)
    wanted = case.publication(*case.attachments(number))
    account.publish(wanted)
    (arrived,) = account.receipts()
    assert _media(arrived) == _sent_to(account.slug, wanted)


@pytest.mark.parametrize(
    "case", [case for case in CASES if most(case.rules, case.kind) < 9], ids=str
)
def test_more_than_it_takes_are_refused(case: Case, account: Connected) -> None:
    """By the network, or by a provider that cannot even ask for it; none is left out."""
    number = most(case.rules, case.kind) + 1
    error = account.refusal(case.publication(*case.attachments(number)))
    assert isinstance(error, Refused)
    assert error.error_class in REFUSED
    assert account.receipts() == []


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in FIRST
        if len(kinds(case.rules)) > 1 and case.rules.max_items > 1 and not case.rules.mixed
    ],
    ids=str,
)
def test_one_of_each_kind_is_refused(case: Case, account: Connected) -> None:
    """Where they do not go together."""
    each = (attachment(case.rules, kind) for kind in kinds(case.rules))
    error = account.refusal(case.publication(*each))
    assert isinstance(error, Refused)
    assert error.error_class in REFUSED
    assert account.receipts() == []


@every_case
def test_what_is_no_such_file_is_refused(case: Case, account: Connected) -> None:
    wanted = case.publication()
    wrong = tuple(map(garbage, wanted.attachments))
    error = account.refusal(replace(wanted, attachments=wrong))
    assert isinstance(error, Refused)
    assert error.error_class in REFUSED
    assert account.receipts() == []


@every_case
def test_a_file_that_has_vanished_publishes_nothing(case: Case, account: Connected) -> None:
    wanted = case.publication()
    vanished = tuple(map(gone, wanted.attachments))
    error = account.refusal(replace(wanted, attachments=vanished))
    assert isinstance(error, Refused)
    assert error.error_class is ErrorClass.MEDIA
    assert account.receipts() == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if load(case.slug).threads and case.takes_words], ids=str
)
def test_a_follow_up_carries_what_it_may(case: Case, account: Connected) -> None:
    root = case.publication()
    identifier = account.publish(root).external_id
    reply = replace(
        publication("And at this"),
        settings=case.settings,
        reply_to=ReplyTo(root_id=identifier, parent_id=identifier),
    )
    if not isinstance(account.provider, FollowUpMedia):
        reply = replace(reply, attachments=case.attachments(max(1, case.rules.min_items)))
    elif case.kind in kinds(account.rules(reply)):
        reply = replace(reply, attachments=(attachment(account.rules(reply), case.kind),))
    account.publish(reply)
    first, second = account.receipts()
    assert _media(first) == _sent(root)
    assert _media(second) == _sent(reply)
    assert second["parent"]


@one_case_each
@pytest.mark.parametrize("kind", [*UNCERTAIN, "server_error_before"])
def test_an_upload_that_came_to_nothing_is_made_again(
    case: Case, account: Connected, kind: str
) -> None:
    account.fail(kind, call="upload", seconds=4)
    wanted = case.publication()
    error = _error_of_uploading(account, wanted)
    if error is None:
        return
    assert isinstance(error, Refused), "nothing is published yet, so all of it may be done again"
    assert error.error_class in {ErrorClass.NETWORK, ErrorClass.PLATFORM}
    assert account.receipts() == []
    account.publish(wanted)
    (arrived,) = account.receipts()
    assert _media(arrived) == _sent_to(account.slug, wanted)


@one_case_each
@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_of_an_upload_has_its_class(case: Case, account: Connected, kind: str) -> None:
    account.fail(kind, call="upload", times=2, retry_after=77)
    error = _error_of_uploading(account, case.publication())
    if error is None:
        return
    assert isinstance(error, Refused)
    assert error.error_class in {REFUSALS[kind], *(REFUSED if kind == "refuse" else ())}
    assert not any(secret in f"{error} {error.words}" for secret in [*account.secrets, "eyJ"])
    assert account.receipts() == []


@every_case
@pytest.mark.parametrize("is_answered", [False, True], ids=["before_a_call", "after_a_call"])
def test_wherever_it_is_killed_it_is_published_once_at_most(
    case: Case,
    simulator: Simulator,
    is_answered: bool,  # noqa: FBT001
) -> None:
    """And once exactly wherever the network can be asked, or knows its keys."""
    for at in count(1):
        simulator.clear()
        account = connected(case.slug, simulator)
        wanted = case.publication()
        fate = Fate(at=at, is_answered=is_answered)
        ended = called(lambda http: _killed(account, wanted, Mortal(http, fate)))  # noqa: B023
        if not account.can_find(wanted) and not isinstance(ended, Receipt):
            assert len(account.receipts()) <= 1
            continue
        if not isinstance(ended, Receipt):
            unsure = replace(wanted, progress=ended)
            ended = _found_in_time(account, unsure) or account.publish(unsure)
        (arrived,) = account.receipts()
        assert _media(arrived) == _sent_to(account.slug, wanted)
        assert arrived["id"] == ended.external_id
        if not fate.has_struck:
            return


@every_case
def test_what_is_told_of_progress_is_a_few_words(case: Case, account: Connected) -> None:
    for progress in called(lambda http: _progresses(account, case.publication(), http)):
        assert all(isinstance(word, str) for pair in progress.items() for word in pair)
        assert sum(len(word) for pair in progress.items() for word in pair) < PROGRESS_LENGTH
        assert not any(secret in str(progress) for secret in account.secrets)


@dataclass
class Fate:
    """At the call of this number whoever makes it dies: before it, or once it is answered."""

    at: int
    is_answered: bool
    calls: int = 0

    @property
    def has_struck(self) -> bool:
        return self.calls >= self.at


class Death(BaseException):
    """Of a process, which catches nothing."""


@dataclass(frozen=True)
class Mortal:
    http: Http
    fate: Fate

    async def request(self, *call: Any, **body: Any) -> Answer:
        self.fate.calls += 1
        if self.fate.calls >= self.fate.at and not self.fate.is_answered:
            raise Death
        answer = await self.http.request(*call, **body)
        if self.fate.has_struck:
            raise Death
        return answer


def _found_in_time(account: Connected, unsure: Publication) -> Receipt | None:
    """A network may show a post some time after it took it: then it is asked again later."""
    try:
        return account.find(unsure)
    except Unanswered:
        later = unsure.first_tried_at - timedelta(hours=1)
        return account.find(replace(unsure, first_tried_at=later))


async def _killed(
    account: Connected, wanted: Publication, http: Http
) -> Receipt | Mapping[str, str]:
    """The receipt of who has lived to see it; else the progress that was told before."""
    try:
        while isinstance(answer := await delivery.publish(http, account.opened, wanted), Pending):
            wanted = replace(wanted, progress=answer.progress)
            await asyncio.sleep(min(answer.check_after.total_seconds(), 0.05))
    except Death:
        return wanted.progress
    return answer


async def _progresses(
    account: Connected, wanted: Publication, http: Http
) -> list[Mapping[str, str]]:
    told = []
    while isinstance(answer := await delivery.publish(http, account.opened, wanted), Pending):
        told.append(answer.progress)
        wanted = replace(wanted, progress=answer.progress)
        await asyncio.sleep(min(answer.check_after.total_seconds(), 0.05))
    return told


def _error_of_uploading(account: Connected, wanted: Publication) -> ProviderError | None:
    """`None` of networks that take files with the call that publishes: no upload can go wrong."""
    try:
        account.publish(wanted)
    except ProviderError as error:
        return error
    assert account.simulator.faults_left() == 1, "an upload has failed, and nobody noticed"
    (arrived,) = account.receipts()
    assert _media(arrived) == _sent_to(account.slug, wanted)
    return None


def _sent(publication: Publication) -> list[tuple[str, str]]:
    return [(_digest(one), one.alt_text) for one in publication.attachments]


def _sent_to(slug: str, publication: Publication) -> list[tuple[str, str]]:
    """As it is to arrive."""
    sent = _sent(publication)
    if habits(slug).one_alt_text:
        says = "\n".join(alt_text for _, alt_text in sent)
        return [(digest, says) for digest, _ in sent]
    return sent


def _digest(one: Attachment) -> str:
    assert isinstance(one.content, Bytes)
    return sha256(one.content.data).hexdigest()


def _media(arrived: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["sha256"], one["alt_text"]) for one in arrived["media"]]
