"""Blank in a folder's libraries what only debuggers read: zipped, it is nothing then.

`strip` takes it out, and what lies behind it moves: where a wheel was repaired by patchelf, as
those for Lambda's platform are, that are parts which loaders want at their place. Nothing moves
here.
Source: the System V ABI, chapters 4 and 5, of ELF files of 64 bits.
"""

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

_SECTION = struct.Struct("<IIQQQQ")
_SEGMENT = struct.Struct("<IIQQQQ")
_LOADED = 1
_WITH_CONTENT = {1, 2, 3, 4}
"""PROGBITS, SYMTAB, STRTAB, RELA."""
_IN_MEMORY = 2


def blank_symbols(path: Path) -> None:
    library = bytearray(path.read_bytes())
    if library[:6] != b"\x7fELF\2\1":
        return
    loaded = list(_loaded(library))
    for start, end in _symbols(library):
        if not any(start < stop and first < end for first, stop in loaded):
            library[start:end] = bytes(end - start)
    path.write_bytes(library)


def _loaded(library: bytearray) -> Iterator[tuple[int, int]]:
    """Where in the file lies what is loaded."""
    (begin,) = struct.unpack_from("<Q", library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    for number in range(count):
        kind, _, start, _, _, length = _SEGMENT.unpack_from(library, begin + number * size)
        if kind == _LOADED:
            yield start, start + length


def _symbols(library: bytearray) -> Iterator[tuple[int, int]]:
    """Where sections lie that have no place in memory, but for their names."""
    (begin,) = struct.unpack_from("<Q", library, 40)
    size, count, names = struct.unpack_from("<HHH", library, 58)
    for number in range(count):
        _, kind, flags, _, start, length = _SECTION.unpack_from(library, begin + number * size)
        if kind in _WITH_CONTENT and not flags & _IN_MEMORY and number != names:
            yield start, start + length


if __name__ == "__main__":
    for each in Path(sys.argv[1]).rglob("*.so*"):
        blank_symbols(each)
