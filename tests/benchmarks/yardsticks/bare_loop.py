"""The bare loop: the client library of the publisher, the same requests, and nothing recorded.

`python -m tests.benchmarks.yardsticks.bare_loop URL POSTS IN_FLIGHT` prints posts per second.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import aiohttp

from tests.benchmarks.population import ACCOUNTS


async def posts_per_second(url: str, posts: int, in_flight: int) -> float:
    keys = [str(uuid4()) for _ in range(posts)]
    calls = iter(enumerate(keys))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        start = time.perf_counter()
        await asyncio.gather(*(_work(session, url, calls) for _ in range(in_flight)))
        return posts / (time.perf_counter() - start)


async def _work(session: aiohttp.ClientSession, url: str, calls: Iterator[tuple[int, str]]) -> None:
    for number, key in calls:
        async with session.post(
            f"{url}/api/v1/statuses",
            headers={"Authorization": f"Bearer bare {number % ACCOUNTS}", "Idempotency-Key": key},
            json={"status": f"Benchmark post {number}"},
        ) as answer:
            answer.raise_for_status()
            await answer.json()


if __name__ == "__main__":
    print(asyncio.run(posts_per_second(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
