"""Files that a network fetches for itself, from an address it was told."""

import aiohttp

from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.meta.answers import refusal

_LONGEST = 10.0


async def fetched(url: str) -> Seen:
    """What lies there, as its bytes tell."""
    data = await _bytes(url)
    if data is None:
        words = "Only photo or video can be accepted as media type."
        raise refusal(
            9004, words, 2207052, user_words="The media could not be fetched from this URI"
        )
    try:
        return look_at(data)
    except NoSuchFile as error:
        raise refusal(9004, "Only photo or video can be accepted.", 2207052) from error


async def _bytes(url: str) -> bytes | None:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_LONGEST)) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return await answer.read() if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
