"""How a large file is cut into parts, each of which comes by itself."""

MEBIBYTE = 1024 * 1024

WHOLE = 16 * MEBIBYTE
"""Up to so many bytes a file comes at once."""
PART = 16 * MEBIBYTE
"""All parts have as many, but for the last; stores take 5 MiB or more, and 10,000 parts."""


def comes_in_parts(size: int) -> bool:
    return size > WHOLE


def part_sizes(size: int, part_size: int) -> list[int]:
    """Of part 1, 2 and so on."""
    whole, rest = divmod(size, part_size)
    return [part_size] * whole + ([rest] if rest else [])
