"""How a post's fields stand in the cells of a table, and how they come out of them again.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula and runs it
(OWASP, "CSV Injection"). Such a cell gets an apostrophe in front, which makes it text, and loses it
where it is read; so does one that begins with apostrophes before such a character.
"""

import re

_RUNNABLE = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SEPARATOR = re.compile(r"\\([\\;])|(;)")


def harmless(text: str) -> str:
    return f"'{text}" if _RUNNABLE.match(text) else text


def bare(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if cell.startswith("'") and _RUNNABLE.match(cell) else cell


def joined(tags: list[str]) -> str:
    r"""Separated by ``;``, which is written ``\;`` in a tag, and ``\`` as ``\\``."""
    return ";".join(tag.replace("\\", "\\\\").replace(";", "\\;") for tag in tags)


def separated(cell: str) -> list[str]:
    """The tags of a cell; those of nothing are none."""
    tags, tag, last = [], "", 0
    for found in _SEPARATOR.finditer(cell):
        tag += cell[last : found.start()]
        last = found.end()
        if found[2]:
            tags.append(tag)
            tag = ""
        else:
            tag += found[1]
    tags.append(tag + cell[last:])
    return [each for each in tags if each.strip()]
