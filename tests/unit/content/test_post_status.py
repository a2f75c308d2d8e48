"""A post's status, for every mixture of its schedules' statuses."""

from itertools import combinations, permutations

import pytest

from shared.content.domain.post_status import PostStatus, status_after, status_awaiting
from shared.kernel.errors import Conflict

WORDS = ("pending", "queued", "processing", "success", "failed", "unknown", "cancelled", "skipped")


@pytest.mark.parametrize(
    ("schedules", "expected"),
    [
        ("", "draft"),
        ("cancelled", "cancelled"),
        ("cancelled cancelled", "cancelled"),
        ("pending", "scheduled"),
        ("pending pending", "scheduled"),
        ("pending cancelled", "scheduled"),
        ("pending success", "scheduled"),
        ("pending failed", "scheduled"),
        ("pending success failed unknown skipped cancelled", "scheduled"),
        ("queued", "publishing"),
        ("processing", "publishing"),
        ("queued pending", "publishing"),
        ("processing success", "publishing"),
        ("processing failed pending cancelled", "publishing"),
        ("success", "published"),
        ("success success", "published"),
        ("success cancelled", "published"),
        ("success failed", "partial"),
        ("success unknown", "partial"),
        ("success skipped", "partial"),
        ("success failed cancelled", "partial"),
        ("failed", "failed"),
        ("unknown", "failed"),
        ("skipped", "failed"),
        ("failed cancelled", "failed"),
        ("failed unknown skipped", "failed"),
    ],
)
def test_a_status_follows_from_the_schedules(schedules: str, expected: str) -> None:
    words = schedules.split()
    for order in set(permutations(words)):
        assert status_after(PostStatus.DRAFT, order, was_published=False) == expected


@pytest.mark.parametrize(
    ("schedules", "expected"),
    [
        ("", "published"),
        ("cancelled", "published"),
        ("pending", "scheduled"),
        ("processing", "publishing"),
        ("failed", "partial"),
        ("success", "published"),
        ("success failed", "partial"),
    ],
)
def test_a_success_counts_after_its_schedule_is_deleted(schedules: str, expected: str) -> None:
    assert status_after(PostStatus.DRAFT, schedules.split(), was_published=True) == expected


def _mixtures() -> list[tuple[str, ...]]:
    return [each for size in range(len(WORDS) + 1) for each in combinations(WORDS, size)]


@pytest.mark.parametrize("current", [word for word in PostStatus if word != "archived"])
def test_what_it_was_before_does_not_matter(current: PostStatus) -> None:
    for mixture in _mixtures():
        for was_published in (False, True):
            assert status_after(current, mixture, was_published=was_published) == status_after(
                PostStatus.DRAFT, mixture, was_published=was_published
            )


def test_one_more_that_is_pending_is_told_from_the_status_alone() -> None:
    for mixture in _mixtures():
        for was_published in (False, True):
            before = status_after(PostStatus.DRAFT, mixture, was_published=was_published)
            assert status_awaiting(before) == status_after(
                PostStatus.DRAFT, (*mixture, "pending"), was_published=was_published
            )


def test_what_is_archived_awaits_nothing() -> None:
    with pytest.raises(Conflict, match="archived") as refused:
        status_awaiting(PostStatus.ARCHIVED)
    assert refused.value.code == "POST_ARCHIVED"


def test_archived_stays_archived() -> None:
    for mixture in _mixtures():
        after = status_after(PostStatus.ARCHIVED, mixture, was_published=False)
        assert after == PostStatus.ARCHIVED
