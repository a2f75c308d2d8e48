"""The boundary to the networks: the HTTP client, and what a provider may let out.

However a provider stumbles over an answer, nothing but a `ProviderError` passes, and no secret in
its words: a network may send back what it was sent.
"""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from shared.channels.domain.media import File
from shared.channels.domain.network_answers import malformed, quote
from shared.channels.domain.provider import (
    Answer,
    ErrorClass,
    Http,
    Provider,
    ProviderError,
    Refused,
    Unanswered,
)
from shared.infrastructure.http_bodies import Upload
from shared.infrastructure.http_client import HttpClient, NoAnswer, NotSent, http_client

logger = logging.getLogger(__name__)


class Networks:
    """The HTTP client as the domain's `Http`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | File | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Answer:
        try:
            return await self._client.request(
                method,
                url,
                headers=headers,
                json=json,
                form=form,
                params=params,
                content=_content(content),
                files={name: _upload(file) for name, file in (files or {}).items()},
            )
        except NotSent as error:
            # The reason stays here: told to whoever chose the address, it would map our network.
            logger.info("network_unreachable", extra={"reason": str(error)})
            raise Refused(
                ErrorClass.NETWORK, "NETWORK_UNREACHABLE", "The network could not be reached"
            ) from error
        except NoAnswer as error:
            if (unread := _refusal_behind(error)) is not None:
                raise unread from error
            raise Unanswered(
                ErrorClass.NETWORK, "NO_ANSWER", f"No whole answer came back ({error})"
            ) from error


def _refusal_behind(error: BaseException | None) -> Refused | None:
    """Why a file could not be sent to its end, where that is why the call has failed."""
    while error is not None and not isinstance(error, Refused):
        error = error.__cause__
    return error


def _content(content: bytes | File | None) -> bytes | Upload | None:
    return content if content is None or isinstance(content, bytes) else _upload(content)


def _upload(file: File) -> Upload:
    return Upload(
        name=file.name, mime_type=file.mime_type, size=file.size, pieces=file.content.pieces
    )


@asynccontextmanager
async def networks() -> AsyncIterator[Http]:
    """A client for the networks that lives as long as the block."""
    async with http_client() as client:
        yield Networks(client)


@contextmanager
def only_provider_errors(secrets: Iterable[str]) -> Iterator[None]:
    """Let nothing but a `ProviderError` out, with none of `secrets` in its words."""
    try:
        yield
    except ProviderError as error:
        error.words = quote(error.words, secrets=secrets)
        # Its causes may quote more than it does itself.
        raise error from None
    except Exception as error:
        # The message of the error may quote the answer, and the answer a secret: only its place.
        logger.exception("malformed_answer", exc_info=_without_message(error))
        raise malformed(f"The answer was not understood ({type(error).__name__})") from None


def _without_message(error: Exception) -> Exception:
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)


def secrets_of(provider: Provider, credentials: Mapping[str, str]) -> Iterator[str]:
    """What was typed as a secret, the tokens that were given for it, and the application's own."""
    typed = (one.name for one in provider.connect_fields if one.secret)
    for name in (*typed, *provider.tokens, "client_secret"):
        yield credentials.get(name, "")
