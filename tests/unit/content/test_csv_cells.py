"""Cells of a table: harmless in a spreadsheet, and the same text again where they are read."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.content.adapters.csv_cells import bare, harmless, joined, separated

SPECIAL = st.text(st.sampled_from("'=+-@\t\r\n;\\\",\uff41\uff1dx ")) | st.text()


@given(SPECIAL)
def test_a_text_comes_out_of_its_cell_as_it_was(text: str) -> None:
    assert bare(harmless(text)) == text


@given(SPECIAL)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert harmless(text)[:1] not in set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1", "'=1"),
        ("'=1", "''=1"),
        ("\t=1", "'\t=1"),
        ("'quoted'", "'quoted'"),
        ("a=b", "a=b"),
        ("", ""),
        ("\uff20SUM", "'\uff20SUM"),
    ],
)
def test_only_what_could_be_run_is_changed(text: str, cell: str) -> None:
    assert harmless(text) == cell


@given(st.lists(SPECIAL.filter(str.strip)))
def test_tags_come_out_of_one_cell_as_they_were(tags: list[str]) -> None:
    assert separated(joined(tags)) == tags


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("", []),
        (" ; ;", []),
        ("tea;cake", ["tea", "cake"]),
        ("tea\\;cake", ["tea;cake"]),
        ("c:\\dir;\\", ["c:\\dir", "\\"]),
    ],
)
def test_tags_as_people_write_them(cell: str, tags: list[str]) -> None:
    assert separated(cell) == tags


@given(st.lists(st.lists(SPECIAL, min_size=2, max_size=4), min_size=1))
def test_rows_survive_the_table(rows: list[list[str]]) -> None:
    """What Python's own writer and reader make of line breaks and quotes."""
    buffer = StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(
        [[harmless(cell) for cell in row] for row in rows]
    )
    read = csv.reader(StringIO(buffer.getvalue(), newline=""), strict=True)
    assert [[bare(cell) for cell in row] for row in read] == rows
