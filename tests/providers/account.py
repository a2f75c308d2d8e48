"""One account at an imitated network, used as the product uses it: through the boundary."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from shared.channels.adapters.accounts import prove
from shared.channels.adapters.registry import load
from shared.channels.api import delivery
from shared.channels.api.delivery import (
    Credentials,
    Http,
    Pending,
    ProviderError,
    Publication,
    Receipt,
    Unanswered,
    networks,
)
from shared.channels.domain.media import MediaRules
from shared.channels.domain.provider import Account, FindsSome, Provider, media_rules_of
from shared.channels.domain.renewal import Renewable, Renewal
from shared.kernel.ids import new_id
from tests.providers.attachments import attachment, kinds
from tests.simulator.client import Simulator

Answer = TypeVar("Answer")

SOON = 0.05
"""Seconds after which a test asks again what an imitation works on."""


@dataclass(frozen=True, kw_only=True)
class Connected:
    """A connected account; its credentials are what connecting answered.

    `progress` is what was told last of each publication, by its key: later attempts go on from it.
    """

    slug: str
    simulator: Simulator
    fields: Mapping[str, str]
    credentials: Mapping[str, str]
    progress: dict[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    @property
    def provider(self) -> Provider:
        return load(self.slug)

    @property
    def opened(self) -> Credentials:
        return Credentials(channel=self.slug, values=self.credentials)

    @property
    def secrets(self) -> list[str]:
        typed = [field.name for field in self.provider.connect_fields if field.secret]
        return [self.credentials[name] for name in {*typed, *self.provider.tokens}]

    def publish(self, publication: Publication) -> Receipt:
        return called(lambda http: self.publishing(http, publication))

    async def publishing(self, http: Http, publication: Publication) -> Receipt:
        """Until the network has done it, asking again without waiting as long as it wishes."""
        known = self.as_known(publication)
        answer = await delivery.publish(http, self.opened, known)
        while isinstance(answer, Pending):
            await asyncio.sleep(min(answer.check_after.total_seconds(), SOON))
            self.progress[publication.key] = answer.progress
            known = replace(known, progress=answer.progress)
            answer = await delivery.publish(http, self.opened, known)
        return answer

    def refusal(self, publication: Publication) -> ProviderError:
        """The error that publishing must raise."""
        try:
            receipt = self.publish(publication)
        except ProviderError as error:
            return error
        raise AssertionError(f"it was published: {receipt}")

    def find(self, publication: Publication) -> Receipt | None:
        wanted = self.as_known(publication)
        return called(lambda http: delivery.find(http, self.opened, wanted))

    def find_at_last(self, publication: Publication) -> Receipt | None:
        """When the network has worked on it, if it says that it does."""
        for _ in range(5):
            try:
                return self.find(publication)
            except Unanswered as error:
                if error.code != "STILL_PROCESSING":
                    raise
        raise AssertionError("the network never ends working on it")

    def as_known(self, publication: Publication) -> Publication:
        """As the engine would hand it over."""
        progress = publication.progress or self.progress.get(publication.key, {})
        return replace(self.with_least_media(publication), progress=progress)

    def with_least_media(self, publication: Publication) -> Publication:
        """With what it must carry, where the network takes no words alone; what can be found."""
        rules = self.rules(publication)
        if publication.attachments or not rules.min_items:
            return publication
        carrying = [
            replace(
                publication,
                attachments=tuple(
                    attachment(rules, kind, number=each) for each in range(rules.min_items)
                ),
            )
            for kind in kinds(rules)
        ]
        return next((one for one in carrying if self.can_find(one)), carrying[0])

    def can_find(self, publication: Publication) -> bool:
        """Whether it can be looked for, if nobody knows whether it arrived."""
        provider = self.provider
        if isinstance(provider, FindsSome):
            return provider.can_find(publication)
        return provider.recovery != "none"

    def rules(self, publication: Publication) -> MediaRules:
        replies = publication.reply_to is not None
        return media_rules_of(self.provider, publication.settings, replies=replies)

    def renew(self) -> Renewal:
        provider = self.provider
        assert isinstance(provider, Renewable)
        return called(lambda http: provider.refresh(http, self.credentials))

    def renewed(self) -> "Connected":
        """The same account with credentials in the place of its own."""
        return replace(self, credentials=self.renew().credentials)

    def receipts(self) -> list[dict[str, Any]]:
        return self.simulator.receipts(self.slug)

    def fail(self, kind: str, **settings: Any) -> None:
        self.simulator.fail(self.slug, kind, **settings)


def called(act: Callable[[Http], Awaitable[Answer]]) -> Answer:
    """Act with the client of the product."""

    async def run() -> Answer:
        async with networks() as http:
            return await act(http)

    return asyncio.run(run())


def connect(slug: str, fields: Mapping[str, str]) -> Account:
    return prove(slug, fields)


def connected(slug: str, simulator: Simulator, **settings: Any) -> Connected:
    fields = simulator.account(slug, **settings)
    credentials = connect(slug, fields).credentials
    return Connected(slug=slug, simulator=simulator, fields=fields, credentials=credentials)


def publication(text: str = "A word from the conformance tests") -> Publication:
    return Publication(text=text, key=str(new_id()), first_tried_at=datetime.now(UTC))
