"""Credentials, renewed at their networks: whatever happens there is a value."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from shared.channels.adapters.lending import lend, take_back
from shared.channels.adapters.networks import networks, only_provider_errors, secrets_of
from shared.channels.adapters.registry import load
from shared.channels.adapters.vault import unseal
from shared.channels.application.ports import Renew, Renewed
from shared.channels.domain.connection import RenewalClaim
from shared.channels.domain.provider import ErrorClass, Http, ProviderError, Unanswered
from shared.channels.domain.renewal import Renewable
from shared.infrastructure.http_client import waited_for

logger = logging.getLogger(__name__)


@asynccontextmanager
async def renewing() -> AsyncIterator[Renew]:
    async with networks() as http:

        async def renew(claim: RenewalClaim) -> Renewed:
            return await _renew(http, claim)

        yield renew


def renew_now(claim: RenewalClaim) -> Renewed:
    """A synchronous door, for one."""

    async def run() -> Renewed:
        async with renewing() as renew:
            return await renew(claim)

    return waited_for(run())


async def _renew(http: Http, claim: RenewalClaim) -> Renewed:
    """A lost key, or a network that is no longer in the catalogue, disconnects nobody either."""
    try:
        credentials = unseal(claim.connection_id, claim.sealed)
        provider = load(claim.channel)
        if not isinstance(provider, Renewable):
            raise TypeError(f"credentials of {claim.channel} do not expire")  # noqa: TRY301
        lent = lend(credentials, claim.application)
        with only_provider_errors(secrets_of(provider, lent)):
            renewal = await provider.refresh(http, lent)
        return replace(renewal, credentials=take_back(renewal.credentials, credentials))
    except ProviderError as error:
        return error
    except Exception:
        logger.exception("renewal_failed", extra={"connection_id": str(claim.connection_id)})
        return Unanswered(ErrorClass.UNKNOWN, "RENEWAL_FAILED", "Something went wrong on our side")
