import os
from collections.abc import Iterator

import pytest

from runner.template import PATH, Template
from tests.outbox import Post, mailbox


@pytest.fixture
def post(database: None, environment: dict[str, str]) -> Iterator[Post]:
    """The outbox, an empty mailbox, and what lies between them."""
    mailbox().clear()
    driven = Post(Template(PATH.read_text(), os.environ), environment["BROKER_URL"])
    yield driven
    driven.close()
