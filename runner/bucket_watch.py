"""News of a bucket that tells nobody here of what comes into it: it is looked at now and then."""

import time
from collections.abc import Iterable
from uuid import uuid4

from shared.infrastructure.folder_storage import News
from shared.infrastructure.storage import Storage
from shared.kernel.errors import Unavailable

_LOOK = 2.0
"""Seconds between looks; each is a request."""


class BucketWatch:
    """What comes below any of the prefixes from now on; what lies there already is no news."""

    def __init__(self, storage: Storage, prefixes: Iterable[str], *, pause: float = _LOOK) -> None:
        self._storage = storage
        self._prefixes = sorted(set(prefixes))
        self._pause = pause
        self._looked_at = float("-inf")
        self._seen: dict[str, tuple[object, ...]] | None = None
        self._news: dict[str, News] = {}

    def news(self) -> list[News]:
        if time.monotonic() - self._looked_at >= self._pause:
            self._look()
            self._looked_at = time.monotonic()
        return list(self._news.values())

    def forget(self, news: News) -> None:
        self._news.pop(news.id, None)

    def _look(self) -> None:
        try:
            found = [each for prefix in self._prefixes for each in self._storage.listed(prefix)]
        except Unavailable:
            return
        before = self._seen
        self._seen = {each.key: (each.etag, each.modified_at) for each in found}
        if before is None:
            return
        for each in found:
            if before.get(each.key) != self._seen[each.key]:
                news = News(
                    id=uuid4().hex,
                    name="Put",
                    key=each.key,
                    size=each.size,
                    etag=each.etag,
                    at=each.modified_at.isoformat(timespec="milliseconds"),
                )
                self._news[news.id] = news
