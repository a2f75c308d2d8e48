"""How a picture comes into the bounds of a shape: what is cut off, how large it is, what is added.

Film encoders want even sides, so everything can be counted in steps of two pixels.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from shared.media.domain.rules import Fit, Shape

MOST_ENLARGED = 4
"""How many times as large as it is a picture that is too small is made at most."""

_STEP = 0.75
_SMALLEST = 64
"""Pixels of the longer side; a picture that has too many bytes even so is not worth to be shown."""


@dataclass(frozen=True, kw_only=True)
class Framing:
    """Cut the middle, `crop` wide and high, make it as large as `content`, lay it on `canvas`."""

    crop: tuple[int, int]
    content: tuple[int, int]
    canvas: tuple[int, int]

    def leaves(self, width: int, height: int) -> bool:
        """Whether a picture of that size stays as it is."""
        return self.crop == self.content == self.canvas == (width, height)


def frame(width: int, height: int, shape: Shape, fit: Fit, *, step: int = 1) -> Framing | None:
    """Into the shape, as large as it can be up to what it is.

    Nothing where it cannot be: it is too small, or the bounds exclude each other.
    """
    ratio = _nearest(Fraction(width, height), shape)
    if ratio is None:
        return None
    crop, whole = _cut_or_extended(width, height, ratio, fit)
    scale = _scale(whole, shape)
    if scale is None:
        return None
    canvas = _rounded(whole[0] * scale, whole[1] * scale, shape, step)
    if canvas is None:
        return None
    content = canvas if fit is Fit.CROP else _laid_on(canvas, width, height, step)
    return Framing(crop=crop, content=content, canvas=canvas)


def ever_smaller(width: int, height: int, shape: Shape, fit: Fit) -> tuple[Framing, ...]:
    """The frame, and smaller ones down to what the shape asks for; none where there is none."""
    framings: list[Framing] = []
    bounds = shape
    while (framing := frame(width, height, bounds, fit)) and framing not in framings[-1:]:
        framings.append(framing)
        wide, high = (max(int(side * _STEP), 1) for side in framing.canvas)
        if max(wide, high) < _SMALLEST or wide < shape.min_width or high < shape.min_height:
            break
        bounds = replace(shape, max_width=wide, max_height=high)
    return tuple(framings)


def _nearest(ratio: Fraction, shape: Shape) -> Fraction | None:
    low, high = shape.min_ratio, shape.max_ratio
    if low is not None and high is not None and low > high:
        return None
    if low is not None and ratio < low:
        return low
    return high if high is not None and ratio > high else ratio


def _cut_or_extended(
    width: int, height: int, ratio: Fraction, fit: Fit
) -> tuple[tuple[int, int], tuple[Fraction, Fraction]]:
    """What is cut out of the picture, and the size of the whole it becomes, both of that ratio."""
    is_wide = Fraction(width, height) > ratio
    if fit is Fit.PAD:
        extended = (
            (Fraction(width), width / ratio) if is_wide else (height * ratio, Fraction(height))
        )
        return (width, height), extended
    cut = (height * ratio, Fraction(height)) if is_wide else (Fraction(width), width / ratio)
    return (max(round(cut[0]), 1), max(round(cut[1]), 1)), cut


def _scale(whole: tuple[Fraction, Fraction], shape: Shape) -> Fraction | None:
    width, height = whole
    most = min(
        Fraction(shape.max_width) / width if shape.max_width else Fraction(MOST_ENLARGED),
        Fraction(shape.max_height) / height if shape.max_height else Fraction(MOST_ENLARGED),
    )
    least: Fraction = max(
        shape.min_width / width if shape.min_width > 1 else Fraction(0),
        shape.min_height / height if shape.min_height > 1 else Fraction(0),
    )
    if least > min(most, Fraction(MOST_ENLARGED)):
        return None
    return max(least, min(most, Fraction(1)))


def _rounded(width: Fraction, height: Fraction, shape: Shape, step: int) -> tuple[int, int] | None:
    """Whole pixels, in steps, that keep every bound; the nearest ones that do."""
    low_width, high_width = _in_steps(shape.min_width, shape.max_width, step)
    low_height, high_height = _in_steps(shape.min_height, shape.max_height, step)
    for wide in _around(width, step):
        if not low_width <= wide <= high_width:
            continue
        for high in [*_around(wide * height / width, step), *_around(height, step)]:
            ratio = Fraction(wide, high)
            if low_height <= high <= high_height and _nearest(ratio, shape) == ratio:
                return wide, high
    return None


def _in_steps(low: int, high: int | None, step: int) -> tuple[int, float]:
    return max(ceil(low / step) * step, step), high if high is not None else float("inf")


def _around(value: Fraction, step: int) -> list[int]:
    """The steps beside a value, the nearest first."""
    below = int(value // step) * step
    near = [below, below + step, below - step, below + 2 * step]
    return sorted((each for each in near if each > 0), key=lambda each: abs(each - value))


def _laid_on(canvas: tuple[int, int], width: int, height: int, step: int) -> tuple[int, int]:
    scale = min(Fraction(canvas[0], width), Fraction(canvas[1], height))
    return _inside(width * scale, canvas[0], step), _inside(height * scale, canvas[1], step)


def _inside(value: Fraction, bound: int, step: int) -> int:
    """In steps, and the whole of the bound where no more than a step is missing."""
    return bound if bound - value < step else max(round(value / step) * step, step)
