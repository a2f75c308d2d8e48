"""What an imitation fetches itself, from the address it was given."""

import aiohttp

_LONGEST = aiohttp.ClientTimeout(total=10)


async def fetched(url: object) -> bytes | None:
    """The file at an address; nothing where there is none."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_LONGEST) as session,
            session.get(str(url)) as answer,
        ):
            return await answer.read() if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
