"""What an author is told of a schedule that was not even tried."""

from datetime import timedelta

import pytest

from shared.publishing.domain.skipping import Skip, SkipCode


@pytest.mark.parametrize("code", SkipCode)
def test_each_reason_has_words_of_its_own(code: SkipCode) -> None:
    others = {Skip.because(other).words for other in SkipCode if other is not code}
    words = Skip.because(code).words
    assert words
    assert "{" not in words
    assert words not in others


@pytest.mark.parametrize(
    ("minutes", "told"), [(1, "within a minute of"), (2, "within 2 minutes of"), (90, "90 minutes")]
)
@pytest.mark.parametrize("code", [SkipCode.TOO_LATE, SkipCode.CONNECTION_ERROR])
def test_what_came_too_late_tells_how_late_it_might_have_been(
    code: SkipCode, minutes: int, told: str
) -> None:
    assert told in Skip.because(code, lateness=timedelta(minutes=minutes)).words
