"""Who may look at schedules and who may touch them."""

from pymemcache.client.base import Client
from sqlalchemy import text

from shared.infrastructure.cache import CacheSettings
from shared.infrastructure.database import engine
from tests.author import Author


def test_a_viewer_looks_but_does_not_touch(author: Author) -> None:
    schedule = author.scheduled()
    with engine().begin() as database:
        database.execute(text("UPDATE memberships SET role = 'viewer'"))
    _forget_sessions()
    found = author.api.get(f"/schedules/{schedule}")
    assert found.status == 200
    post = found.json["data"]["schedule"]["post_id"]
    assert author.api.get(f"/posts/{post}/publish-events").status == 200
    for answer in (
        author.api.post(f"/schedules/{schedule}/cancel"),
        author.api.post(f"/schedules/{schedule}/resolve", {"outcome": "not_published"}),
        author.api.post(f"/schedules/{schedule}/retry"),
        author.api.post("/schedules/bulk-cancel", {"schedule_ids": [schedule]}),
    ):
        assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])


def _forget_sessions() -> None:
    host, port = CacheSettings.read().url.removeprefix("memcached://").split(":")
    client = Client((host, int(port)))
    client.flush_all()
    client.close()
