"""docs/scale.md says what the code, the templates, the measurements and the prices say."""

import re

from tests.scale.page import PATH, page


def test_the_page_is_current() -> None:
    assert PATH.read_text() == page(), "python -m tests.scale"


def test_nothing_is_left_to_fill_in() -> None:
    assert not re.findall(r"\{\{\w+\}\}", page())
