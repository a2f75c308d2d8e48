"""Whatever is handed over is either read or refused with a reason; nothing else is raised."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.content.adapters.import_bodies import read_posts
from shared.content.domain.post_import import ImportFormat
from shared.kernel.errors import RuleViolation, TooLarge

TABLES = st.text(st.sampled_from('a";,\r\n\t\0\ud7ff=')).map(lambda text: f"description\n{text}")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(
            st.sampled_from(["posts", "description", "tags", "variants", "thread", "channel"]), part
        )
    ),
    max_leaves=8,
)


@given(st.binary() | TABLES.map(str.encode), st.sampled_from(ImportFormat))
@example(b"\xff\xfe", ImportFormat.CSV)
def test_any_bytes(body: bytes, format_: ImportFormat) -> None:
    try:
        posts = read_posts(body, format_)
    except RuleViolation:
        return
    rows = [each.row for each in posts]
    assert rows
    assert rows == [each.row for each in read_posts(body, format_)]


@given(st.lists(JSON, min_size=1, max_size=3))
def test_any_json(posts: list[object]) -> None:
    read = read_posts(json.dumps(posts).encode(), ImportFormat.JSON)
    assert [each.row for each in read] == list(range(1, len(posts) + 1))


@pytest.mark.parametrize(
    ("body", "format_"),
    [
        (b"description\na\nb\n", ImportFormat.CSV),
        (b"post,description,channel,content\n1,a,x,y\n1,,x,y\n", ImportFormat.CSV),
        (b"[{}, {}]", ImportFormat.JSON),
        (b'[{"variants": [{}, {}]}]', ImportFormat.JSON),
    ],
)
def test_every_row_counts(body: bytes, format_: ImportFormat) -> None:
    assert read_posts(body, format_, rows=2)
    with pytest.raises(TooLarge):
        read_posts(body, format_, rows=1)
