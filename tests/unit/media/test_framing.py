"""Pictures come into the bounds of a shape, whatever they are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media.domain.framing import MOST_ENLARGED, Framing, frame
from shared.media.domain.rules import Fit, Shape

FEED = Shape(min_width=320, max_width=1440, min_ratio=Fraction(4, 5), max_ratio=Fraction(191, 100))


@pytest.mark.parametrize(
    ("size", "shape", "fit", "crop", "content", "canvas"),
    [
        ((800, 600), Shape(), Fit.CROP, (800, 600), (800, 600), (800, 600)),
        ((4000, 3000), Shape(max_width=2000), Fit.CROP, (4000, 3000), (2000, 1500), (2000, 1500)),
        ((3000, 4000), Shape(max_height=1000), Fit.PAD, (3000, 4000), (750, 1000), (750, 1000)),
        ((1000, 2000), FEED, Fit.CROP, (1000, 1250), (1000, 1250), (1000, 1250)),
        ((1000, 2000), FEED, Fit.PAD, (1000, 2000), (900, 1800), (1440, 1800)),
        ((4000, 1000), FEED, Fit.CROP, (1910, 1000), (1440, 754), (1440, 754)),
        ((4000, 1000), FEED, Fit.PAD, (4000, 1000), (1440, 360), (1440, 754)),
        ((160, 160), FEED, Fit.CROP, (160, 160), (320, 320), (320, 320)),
        ((1, 10_000), Shape(max_height=100), Fit.CROP, (1, 10_000), (1, 100), (1, 100)),
    ],
)
def test_frames(
    size: tuple[int, int],
    shape: Shape,
    fit: Fit,
    crop: tuple[int, int],
    content: tuple[int, int],
    canvas: tuple[int, int],
) -> None:
    assert frame(*size, shape, fit) == Framing(crop=crop, content=content, canvas=canvas)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((79, 79), FEED),
        ((1000, 100), Shape(min_height=500, max_width=1000)),
        ((100, 100), Shape(min_ratio=Fraction(2), max_ratio=Fraction(1))),
    ],
)
def test_what_cannot_be_framed(size: tuple[int, int], shape: Shape) -> None:
    assert frame(*size, shape, Fit.CROP) is None


SIDES = st.integers(1, 5_000)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    low, high = sorted(
        draw(st.tuples(*[st.fractions(Fraction(1, 10), 10, max_denominator=100)] * 2))
    )
    return Shape(
        min_width=draw(st.integers(1, 400)),
        min_height=draw(st.integers(1, 400)),
        max_width=draw(st.none() | st.integers(400, 3000)),
        max_height=draw(st.none() | st.integers(400, 3000)),
        min_ratio=draw(st.none() | st.just(low)),
        max_ratio=draw(st.none() | st.just(high)),
    )


@given(SIDES, SIDES, shapes(), st.sampled_from(Fit), st.sampled_from([1, 2]))
def test_every_bound_is_kept(width: int, height: int, shape: Shape, fit: Fit, step: int) -> None:
    framing = frame(width, height, shape, fit, step=step)
    if framing is None:
        return
    wide, high = framing.canvas
    assert wide % step == high % step == 0
    assert shape.min_width <= wide <= (shape.max_width or wide)
    assert shape.min_height <= high <= (shape.max_height or high)
    assert (shape.min_ratio or 0) <= Fraction(wide, high) <= (shape.max_ratio or 10_000)
    assert framing.crop[0] <= width
    assert framing.crop[1] <= height
    assert framing.content[0] <= wide
    assert framing.content[1] <= high
    assert max(wide / width, high / height) <= MOST_ENLARGED * 11 or fit is Fit.PAD


@given(SIDES, SIDES, shapes(), st.sampled_from(Fit))
def test_a_frame_stays_as_it_is(width: int, height: int, shape: Shape, fit: Fit) -> None:
    framing = frame(width, height, shape, fit)
    if framing is not None:
        again = frame(*framing.canvas, shape, fit)
        assert again is not None
        assert again.leaves(*framing.canvas)


@given(SIDES, SIDES, st.sampled_from(Fit))
def test_whatever_is_in_bounds_stays_as_it_is(width: int, height: int, fit: Fit) -> None:
    framing = frame(width, height, Shape(max_width=5_000, max_height=5_000), fit)
    assert framing is not None
    assert framing.leaves(width, height)
