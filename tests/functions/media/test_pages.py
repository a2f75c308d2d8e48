"""A document with more pages than its network takes is told of by whoever is asked."""

import pytest

from shared.channels.api import catalogue
from shared.infrastructure.database import transaction
from shared.media.api.renditions import Failed, Ready, renditions
from tests.accounts import Account
from tests.functions.content.validating import verdict_of
from tests.functions.media.processing import process, want
from tests.functions.media.uploader import Uploader
from tests.outbox import FITS, Post
from tests.small_files import document


@pytest.mark.parametrize("pages", [300, 301])
def test_pages_are_bounded(ada: Account, uploader: Uploader, post: Post, pages: int) -> None:
    """In validation, and where the file is made ready for what has been scheduled."""
    content = document(pages=pages)
    media_id = uploader.upload(content, name="year.pdf", mime_type="application/pdf")
    process()
    media = {"items": [{"media_id": media_id}]}
    verdict = verdict_of(ada, channel_id="linkedin", content="Our year", media=media)
    wanted = want(media_id, catalogue.channel("linkedin").media_rules({}, replies=False, limits={}))
    assert post.run(FITS)["done"] == 1
    with transaction() as session:
        made = renditions(session, [wanted])[wanted.key]
    if pages <= 300:
        assert verdict["errors"] == []
        assert isinstance(made, Ready)
        return
    [error] = verdict["errors"]
    assert (error["error_code"], error["field"]) == ("MEDIA_TOO_MANY_PAGES", "media.items.0")
    assert (error["meta"]["count"], error["meta"]["limit"]) == (301, 300)
    assert isinstance(made, Failed)
    assert (made.code, made.words) == (
        "MEDIA_TOO_MANY_PAGES",
        "It has 301 pages; up to 300 are taken here",
    )
