"""What every HTTP function may ask FastAPI for: who is asking, and what they may.

These dependencies are coroutines that block, for a container serves one request at a time: a plain
function would be sent to a thread and back, which takes as long as all that they do.
"""

from typing import Any

from fastapi import Depends, Request

from functions.browser_mode import demand_no_forgery
from shared.identity.adapters.authentication import authenticate
from shared.identity.adapters.key_authentication import authenticate_key
from shared.identity.adapters.root_bypass import record_bypass
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user_session import kicked
from shared.infrastructure import records
from shared.infrastructure.call_limits import CallMeter, limits
from shared.infrastructure.http import note_headers
from shared.infrastructure.proofs import Proofs, shown
from shared.infrastructure.tenancy import EVERYBODYS, everywhere, see, see_only
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied, RuleViolation, Unauthenticated
from shared.operations.api import flags

_KEY = "lux_"
"""How every API key begins, and no access token."""

_LOOKS = {"GET", "HEAD", "OPTIONS"}
"""Whoever only looks need not know whether anything may be changed."""


async def current_actor(request: Request) -> Actor:
    """Who the request is from, proved and counted once however often it is asked.

    From here on the database shows no other organization's rows; root sees all.
    """
    known: Actor | None = getattr(request.state, "actor", None)
    if known is not None:
        return known
    proofs = await shown(request)
    along = () if request.method in _LOOKS else (flags.KEY,)
    meter = CallMeter(limits().callers_per_minute, along=along)
    try:
        with everywhere():  # it is not known yet whose organization it is
            proved = _prove(request, proofs, meter)
    except Unauthenticated:
        count_address(request)
        raise
    finally:
        note_headers(request.scope, meter.headers)
    request.state.actor, request.state.read = proved, meter.read
    _note(proved)
    if proved.is_root:
        see(EVERYBODYS)
    else:
        see_only(proved.organization_id)
    return proved


def _note(actor: Actor) -> None:
    """Whose the records of this invocation are."""
    if (running := records.current.get()) is not None:
        key_id = getattr(actor, "key_id", None)
        running.principal = records.Principal(
            kind="user" if key_id is None else "api_key",
            id=key_id or actor.user_id,
            user_id=actor.user_id,
            organization_id=actor.organization_id,
        )


async def known_actor(request: Request) -> Actor | None:
    """Whoever shows who they are where nobody has to, and may act already.

    What proves nobody any more is refused as anywhere, or its sender would never renew it.
    """
    if not any(await shown(request)):
        return None
    try:
        return await current_actor(request)
    except PermissionDenied:
        return None


def _prove(request: Request, proofs: Proofs, meter: CallMeter) -> Actor:
    """Whoever sends a header means it: a cookie counts only where there is none."""
    key = proofs.api_key
    if proofs.bearer is not None and proofs.bearer.credentials.startswith(_KEY):
        key = proofs.bearer.credentials
    elif proofs.bearer is not None:
        return _in_session(request, proofs.bearer.credentials, meter)
    if key is not None:
        return authenticate_key(key, meter, address=_address(request))
    if proofs.cookie and "authorization" not in request.headers:
        actor = _in_session(request, proofs.cookie, meter)
        demand_no_forgery(request, actor.session_id)
        return actor
    raise Unauthenticated("UNAUTHORIZED", "An access token or an API key is needed")


def _in_session(request: Request, token: str, meter: CallMeter) -> SignedIn:
    actor = authenticate(token, meter)
    held_against_us = request.headers.get("x-session-version")
    if held_against_us is None:
        return actor
    if not (held_against_us.isascii() and held_against_us.isdecimal()):
        raise RuleViolation(
            "VALIDATION_ERROR", "X-Session-Version must be a number", field="X-Session-Version"
        )
    if held_against_us != str(actor.session_version):
        raise kicked()
    return actor


def count_address(request: Request) -> None:
    """Count a call of nobody in particular at the address the gateway saw.

    Raises:
        LimitExceeded: `RATE_LIMIT_EXCEEDED`.
    """
    meter = CallMeter(limits().addresses_per_minute)
    meter.count_address(_address(request))
    note_headers(request.scope, meter.headers)


def _address(request: Request) -> str:
    """As the gateway saw it."""
    address: str = request.scope["aws.event"]["requestContext"]["http"]["sourceIp"]
    return address


def demand_open(request: Request, actor: Actor | None = None) -> None:
    """Refuse to change anything while the platform is maintained, but for root.

    Raises:
        Unavailable: `MAINTENANCE_MODE`.
    """
    if request.method not in _LOOKS and not (actor and actor.is_root):
        read = getattr(request.state, "read", flags.NOTHING_READ)
        flags.demand_no_maintenance(actor.organization_id if actor else None, read=read)


class Policy:
    """What a route demands of its caller; a test walks the routes and finds one on each.

    `word` is a permission, ``signed in``, ``in session`` or ``public``.
    """

    def __init__(self, word: str) -> None:
        self.word = word


class Proved(Policy):
    """One that only somebody meets who proves who they are."""


class Guarded(Proved):
    def __init__(self, permission: str | None) -> None:
        super().__init__(permission or "signed in")
        self._permission = permission

    async def __call__(self, request: Request) -> Actor:
        actor = await current_actor(request)
        demand_open(request, actor)
        if self._permission is None:
            return actor
        acting = actor.exercising(self._permission)
        if actor.is_root and isinstance(actor, SignedIn):
            record_bypass(actor, self._permission, f"{request.method} {request.scope['path']}")
        return acting


class InSession(Proved):
    """What concerns a person's own account is not for programs that act for them."""

    def __init__(self, *, is_always_open: bool = False) -> None:
        super().__init__("in session")
        self._is_always_open = is_always_open

    async def __call__(self, request: Request) -> SignedIn:
        actor = await current_actor(request)
        if not self._is_always_open:
            demand_open(request, actor)
        if not isinstance(actor, SignedIn):
            raise PermissionDenied("SESSION_REQUIRED", "This needs a person who is signed in")
        return actor


class Personal(InSession):
    """Their account is theirs in every organization: so are its sessions and its memberships."""

    async def __call__(self, request: Request) -> SignedIn:
        person = await super().__call__(request)
        see(EVERYBODYS)
        return person


class Public(Policy):
    """Anybody may call: said aloud. Whose rows it is about shows on the way."""

    def __init__(self, *, is_always_open: bool = False) -> None:
        super().__init__("public")
        self._is_always_open = is_always_open

    async def __call__(self, request: Request) -> None:
        count_address(request)
        see(EVERYBODYS)
        if not self._is_always_open:
            demand_open(request)


def requires(permission: str) -> Any:
    """Demand a permission: ``actor: Annotated[Actor, requires("posts:write")]``."""
    return Depends(Guarded(permission))


signed_in: Any = Depends(Guarded(None))
"""Any active user, whatever their role, or a program that acts for one."""

in_session: Any = Depends(InSession())
"""Any active person, signed in themselves."""

personal: Any = Depends(Personal())
"""The same, for what a person has whatever organization they act in."""

public: Any = Depends(Public())

signing_in: Any = Depends(Public(is_always_open=True))
"""Anybody who signs in, which goes on while the platform is maintained."""

signing_out: Any = Depends(Personal(is_always_open=True))
"""Whoever is signed in, and would rather not be."""
