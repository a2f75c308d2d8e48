"""Recognise somebody who comes back from a network, once."""

from dataclasses import dataclass
from datetime import datetime

from shared.channels.application.connecting.ports import Secrets, Vault
from shared.channels.application.ports import Begin, ChannelsUnitOfWork
from shared.channels.domain.authorization import Authorization
from shared.channels.domain.journey import Journey
from shared.channels.domain.kept_application import KeptApplication
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied

CONNECTING = "channels:connect"


@dataclass(frozen=True, kw_only=True)
class Traveller:
    """Somebody who is back: their journey is over, and nobody comes back by its state again."""

    journey: Journey
    actor: Actor
    application: KeptApplication
    authorization: Authorization


@dataclass(frozen=True, kw_only=True)
class Shown:
    """By what somebody is known again: who they are, or else what their browser keeps.

    An account must not be connected for whoever began, but allowed by somebody else whom they have
    sent to the network instead (RFC 9700, section 4.7). So the state alone is not enough: the same
    person brings it, or the same browser, and at the address of the same channel.
    """

    actor: Actor | None = None
    channel: str | None = None
    browser: str | None = None


def spend_state(
    begin: Begin, secrets: Secrets, vault: Vault, *, state: str, shown: Shown, now: datetime
) -> Traveller:
    """End the journey, whatever comes after it.

    A state that somebody else brings is left as it is: its owner may still be on the way.

    Raises:
        PermissionDenied: `INVALID_STATE`; it does not say why.
    """
    with begin() as work:
        journey = work.journeys.away(secrets.hash(state))
        actor = _known_again(work, secrets, journey, shown, now)
        application = work.applications.get(journey.application_id) if journey else None
        if journey is None or actor is None or application is None:
            raise PermissionDenied(
                "INVALID_STATE",
                "This was not begun here by you, is over, or took too long: connect anew",
            )
        work.journeys.end(journey)
        verifier = vault.unseal(journey.id, journey.sealed)["code_verifier"]
        authorization = Authorization(
            redirect_uri=journey.redirect_uri, state=state, code_verifier=verifier
        )
    return Traveller(
        journey=journey, actor=actor, application=application, authorization=authorization
    )


def _known_again(
    work: ChannelsUnitOfWork,
    secrets: Secrets,
    journey: Journey | None,
    shown: Shown,
    now: datetime,
) -> Actor | None:
    if journey is None or journey.expires_at <= now:
        return None
    if shown.actor is not None:
        is_same = (shown.actor.user_id, shown.actor.organization_id) == (
            journey.created_by,
            journey.organization_id,
        )
        return shown.actor if is_same and shown.actor.may_use(journey.channel) else None
    if (
        shown.browser is None
        or secrets.hash(shown.browser) != journey.browser_hash
        or shown.channel != journey.channel
    ):
        return None
    return work.people.acting(journey.created_by, journey.organization_id, CONNECTING)
