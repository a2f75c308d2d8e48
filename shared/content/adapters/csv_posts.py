"""Posts in a table: a row for each variant, and those of one `post` belong together."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO

from shared.content.adapters.csv_cells import bare, separated
from shared.content.adapters.row_reading import POST_FIELDS, SHOWN_ONLY, VARIANT_FIELDS, Row
from shared.content.domain.imported_post import ImportedPost, ImportedVariant
from shared.kernel.errors import RuleViolation, RuleViolations

KEY = "post"
_RENAMED = {"metadata": "variant_metadata"}
"""A variant's fields whose names the post's own have taken."""
VARIANT_COLUMNS = {name: _RENAMED.get(name, name) for name in VARIANT_FIELDS}
COLUMNS = (KEY, *POST_FIELDS, *VARIANT_COLUMNS.values())
_READ_AS_JSON = {"metadata", "thread", "media", "settings"}
_DELIMITERS = ",;\t"


@dataclass
class _Draft:
    """A post whose rows are being gathered."""

    row: Row
    cells: Mapping[str, str]
    variants: list[ImportedVariant] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)

    def add(self, row: Row, cells: Mapping[str, str]) -> None:
        self.later.append(row)
        for name in POST_FIELDS:
            if cells[name].strip() and cells[name] != self.cells[name]:
                row.refuse(
                    "POST_DIFFERS", f"Row {self.row.number} says otherwise of the post", name
                )
        if not self.take_variant(row, cells):
            row.refuse("VARIANT_MISSING", f"The post has a row already, {self.row.number}")

    def take_variant(self, row: Row, cells: Mapping[str, str]) -> bool:
        """Answers whether there is one in the row."""
        values = {name: cells[column] for name, column in VARIANT_COLUMNS.items()}
        if not any(cell.strip() for cell in values.values()):
            return False
        self.variants.append(row.variant(_read(row, values, _of_variant), _of_variant))
        return True

    def finished(self) -> ImportedPost:
        values = {name: self.cells[name] for name in POST_FIELDS}
        read = {**_read(self.row, values, _of_post), "tags": separated(values["tags"])}
        problems = [problem for row in self.later for problem in row.problems]
        return self.row.post(read, self.variants, problems)


def read_csv(text: str) -> Iterator[ImportedPost | None]:
    """The posts, after a None for each row that was read.

    Raises:
        RuleViolation: `MALFORMED_CSV`; or, all at once, `MISSING_COLUMN`, `UNKNOWN_COLUMN` and
            `DUPLICATE_COLUMN`.
    """
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    records = _records(text, delimiter)
    header = [cell.strip().lower() for cell in next(records, [])]
    _demand_columns(header)
    drafts: list[_Draft] = []
    by_key: dict[str, _Draft] = {}
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        yield None
        row = Row(number)
        cells = _cells(row, header, record)
        key = cells[KEY].strip()
        draft = by_key.get(key)
        if draft is not None:
            draft.add(row, cells)
            continue
        draft = _Draft(row, cells)
        draft.take_variant(row, cells)
        drafts.append(draft)
        if key:
            by_key[key] = draft
    yield from (draft.finished() for draft in drafts)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RuleViolation(
                "MALFORMED_CSV",
                f"The row that begins in line {line} cannot be read: {_in_plain_words(error)}",
                meta={"line": line},
            ) from error


def _in_plain_words(error: csv.Error) -> str:
    match str(error):
        case "unexpected end of data":
            return "a quote is opened and never closed"
        case said if said.startswith("field larger"):
            longest = csv.field_size_limit()
            return f"a cell has more than {longest} characters; is a quote never closed?"
        case said if "expected after" in said:
            return "a quote inside a quoted cell must be doubled"
        case said:
            return said


def _demand_columns(header: list[str]) -> None:
    named = [name for name in header if name]
    wrong = [
        _refusal("UNKNOWN_COLUMN", "There is no column of this name", name)
        for name in dict.fromkeys(named)
        if name not in COLUMNS and name not in SHOWN_ONLY
    ]
    wrong += [
        _refusal("DUPLICATE_COLUMN", "There are two columns of this name", name)
        for name in dict.fromkeys(named)
        if named.count(name) > 1
    ]
    if "description" not in named:
        wrong.append(_refusal("MISSING_COLUMN", "This column is needed", "description"))
    if wrong:
        raise RuleViolations(wrong)


def _refusal(code: str, description: str, column: str) -> RuleViolation:
    return RuleViolation(code, description, field=column[:100])


def _cells(row: Row, header: list[str], record: list[str]) -> dict[str, str]:
    cells = dict.fromkeys(COLUMNS, "")
    nameless = record[len(header) :]
    for name, cell in zip(header, record, strict=False):
        if name:
            cells[name] = bare(cell)
        else:
            nameless.append(cell)
    if any(cell.strip() for cell in nameless):
        row.refuse("TOO_MANY_CELLS", "There is a cell that no column of the first row names")
    return cells


def _read(row: Row, cells: Mapping[str, str], column_of: Callable[[str], str]) -> dict[str, object]:
    return {
        name: row.json(cell, column_of(name)) if name in _READ_AS_JSON else cell
        for name, cell in cells.items()
    }


def _of_variant(name: str) -> str:
    return _RENAMED.get(name, name)


def _of_post(name: str) -> str:
    return name
