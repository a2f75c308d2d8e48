"""Send a person to a network, to allow us to publish for them."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.channels.application.connecting.application_for import application_for
from shared.channels.application.connecting.ports import Authorizing, Secrets, Vault
from shared.channels.application.ports import Begin
from shared.channels.domain.authorization import Authorization
from shared.channels.domain.journey import AWAY_LASTS, Journey, Stage
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to connect. `server` is what the person calls theirs, where there are many.

    `redirect_uri` is where to come back to. `mends` is a connection that is to work again.
    """

    channel: str
    server: str | None
    redirect_uri: str
    display_name: str | None = None
    mends: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where to go; the browser must keep its secret as long as the state lasts, `expires_in` s."""

    authorization_url: str = field(repr=False)
    state: str = field(repr=False)
    browser: str = field(repr=False)
    channel: str
    expires_in: int


def set_out(
    begin: Begin,
    networks: Authorizing,
    secrets: Secrets,
    vault: Vault,
    clock: Clock,
    *,
    actor: Actor,
    wish: Wish,
    browser: str | None,
) -> Departure:
    """Remember who went where, for a few minutes.

    `browser` is the secret the browser has already, so that two tabs do not disturb each other.

    Raises:
        PermissionDenied: `CHANNEL_ACCESS_DENIED`.
        RuleViolation, Unavailable: see `application_for`.
    """
    actor.demand_channel(wish.channel)
    application = application_for(
        begin,
        networks,
        vault,
        clock,
        actor=actor,
        channel=wish.channel,
        server=wish.server,
        redirect_uri=wish.redirect_uri,
    )
    state, state_hash = secrets.new()
    code_verifier, _ = secrets.new()
    browser = browser or secrets.new()[0]
    authorization = Authorization(
        redirect_uri=wish.redirect_uri, state=state, code_verifier=code_verifier
    )
    url = networks.authorization_url(wish.channel, application, authorization)
    now, journey_id = clock(), new_id()
    sealed = vault.seal(journey_id, {"code_verifier": code_verifier})
    with begin() as work:
        work.journeys.forget_expired(now)
        work.journeys.add(
            Journey(
                id=journey_id,
                organization_id=actor.organization_id,
                created_by=actor.user_id,
                channel=wish.channel,
                state=Stage.AWAY,
                application_id=application.id,
                channel_connection_id=wish.mends,
                secret_hash=state_hash,
                browser_hash=secrets.hash(browser),
                redirect_uri=wish.redirect_uri,
                display_name=wish.display_name,
                sealed_text=sealed.text,
                sealed_key_id=sealed.key_id,
                created_at=now,
                expires_at=now + AWAY_LASTS,
            )
        )
    return Departure(
        authorization_url=url,
        state=state,
        browser=browser,
        channel=wish.channel,
        expires_in=int(AWAY_LASTS.total_seconds()),
    )
