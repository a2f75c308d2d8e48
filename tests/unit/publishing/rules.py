"""Recurrence rules out of thin air, for properties that hold for each."""

from collections.abc import Callable

from hypothesis import strategies as st

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
NUMBERS = {
    "BYSECOND": (0, 59),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYSETPOS": (1, 366),
}
SIGNED = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}


@st.composite
def rules(
    draw: Callable[..., object],
    *,
    frequencies: tuple[str, ...] = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"),
    parts: tuple[str, ...] = tuple(NUMBERS),
) -> str:
    """Well-formed, which does not mean that it makes sense."""
    said = [f"FREQ={draw(st.sampled_from(frequencies))}"]
    if draw(st.booleans()):
        said.append(f"INTERVAL={draw(st.integers(1, 40))}")
    for name in draw(st.lists(st.sampled_from(parts), max_size=3, unique=True)):  # type: ignore[attr-defined]
        low, high = NUMBERS[name]
        number = st.integers(low, high)
        if name in SIGNED:
            number |= st.integers(-high, -low)
        values = draw(st.lists(number, min_size=1, max_size=3))
        said.append(f"{name}={','.join(map(str, values))}")  # type: ignore[call-overload]
    if draw(st.booleans()):
        days = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3))
        said.append(f"BYDAY={','.join(days)}")  # type: ignore[arg-type]
    if draw(st.booleans()):
        said.append(f"WKST={draw(st.sampled_from(DAYS))}")
    return ";".join(said)
