"""Judge imported posts by the rules of the front door, and tell all that is wrong with each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from shared.content.application.ports import FindChannel, Markup, Media
from shared.content.domain.channel import Channel
from shared.content.domain.imported_post import ImportedPost, ImportedVariant
from shared.content.domain.media import File, demand_shown, items_of
from shared.content.domain.post import Post
from shared.content.domain.post_import import PostImport, RowProblem
from shared.content.domain.rules import (
    demand_content,
    demand_description,
    demand_document,
    demand_tags,
    demand_title,
    demand_tone,
)
from shared.content.domain.variant import PostVariant, VariantSource
from shared.kernel.errors import NotFound, PermissionDenied, RuleViolation, RuleViolations

PROBLEMS = 20
"""How many are told of one post."""


@dataclass
class Judgement:
    """What can be written, what is wrong with the rest, and how many posts that are."""

    posts: list[Post] = field(default_factory=list)
    variants: list[PostVariant] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True)
class Judge:
    """Writes what `job` asks for, as far as it can be written; nothing is stored here."""

    markup: Markup
    find_channel: FindChannel
    media: Media
    job: PostImport
    now: datetime

    def judge(self, found: Sequence[ImportedPost]) -> Judgement:
        judgement = Judgement()
        files = self.media.files(self.job.organization_id, _media_ids(found), held=True)
        for each in found:
            report = _Report(each.problems)
            post = self._post(each, report)
            variants = [self._variant(post, variant, files, report) for variant in each.variants]
            if report.problems:
                judgement.refused += 1
                judgement.problems.extend(report.problems[:PROBLEMS])
            else:
                judgement.posts.append(post)
                judgement.variants.extend(each for each in variants if each is not None)
        return judgement

    def _post(self, each: ImportedPost, report: "_Report") -> Post:
        """The post, or a stand-in where it is none: its variants are judged anyway."""
        rules: dict[str, Callable[[], None]] = {
            "title": lambda: demand_title(each.title),
            "description": lambda: demand_description(each.description),
            "tags": lambda: demand_tags(each.tags),
            "metadata": lambda: demand_document(each.metadata),
        }
        kept = [report.keeps(rule, each.row, name) for name, rule in rules.items()]
        if all(kept):
            with report.keeping(each.row):
                return self._write(each)
        return self._stand_in

    def _variant(
        self,
        post: Post,
        variant: ImportedVariant,
        files: Mapping[UUID, File],
        report: "_Report",
    ) -> PostVariant | None:
        channel = self._channel(variant, report)
        rules: dict[str, Callable[[], None]] = {
            "tone": lambda: demand_tone(variant.tone),
            "media": lambda: demand_shown(variant.media, files),
            "metadata": lambda: demand_document(variant.metadata),
        }
        good = {
            name
            for name, rule in rules.items()
            if report.keeps(rule, variant.row, variant.column_of(name))
        }
        if channel is None:
            shows = bool(items_of(variant.media))
            content = lambda: demand_content(variant.content, shows=shows)  # noqa: E731
            report.keeps(content, variant.row, variant.column_of("content"))
            return None
        with report.keeping(variant.row, column_of=variant.column_of):
            written = PostVariant.write(
                post,
                channel,
                created_by=self.job.created_by,
                content=variant.content,
                thread=variant.thread,
                media=variant.media if "media" in good else {},
                tone=variant.tone if "tone" in good else None,
                metadata=variant.metadata if "metadata" in good else {},
                settings=variant.settings,
                source=VariantSource.IMPORTED,
                now=self.now,
            )
            for place, each in enumerate(written.thread):
                demand_shown(each.get("media", {}), files, f"thread.{place}.media")
            return written
        return None

    def _channel(self, variant: ImportedVariant, report: "_Report") -> Channel | None:
        with report.keeping(variant.row, column=variant.column_of("channel")):
            if not self.job.may_use(variant.channel):
                raise PermissionDenied("CHANNEL_ACCESS_DENIED", "This channel is not yours")
            return self.find_channel(variant.channel)
        return None

    def _write(self, each: ImportedPost) -> Post:
        return Post.write(
            organization_id=self.job.organization_id,
            created_by=self.job.created_by,
            title=self.markup.strip_tags(each.title),
            description=self.markup.clean_html(each.description),
            tags=each.tags,
            metadata=each.metadata,
            now=self.now,
        )

    @cached_property
    def _stand_in(self) -> Post:
        return Post.write(
            organization_id=self.job.organization_id,
            created_by=self.job.created_by,
            title=None,
            description="-",
            tags=[],
            metadata={},
            now=self.now,
        )


def _media_ids(found: Sequence[ImportedPost]) -> set[UUID]:
    variants = (variant for each in found for variant in each.variants)
    shown = (
        item
        for variant in variants
        for document in (variant.media, *(each.get("media", {}) for each in variant.thread))
        for item in items_of(document)
    )
    return {media_id for item in shown for _, media_id in item.names}


class _Report:
    """All that is wrong with a post; what its reading has told of a field is told once."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = list(problems)
        self._told = {(problem.row, problem.column) for problem in problems if problem.column}

    def keeps(self, rule: Callable[[], None], row: int, column: str) -> bool:
        """Whether the rule is kept, and nothing was wrong with the column before."""
        before = len(self.problems)
        with self.keeping(row, column=column):
            rule()
        return len(self.problems) == before and (row, column) not in self._told

    @contextmanager
    def keeping(
        self, row: int, *, column: str | None = None, column_of: Callable[[str], str] = str
    ) -> Iterator[None]:
        """Note what is raised as broken, in `column` or where `column_of` has the field."""
        try:
            yield
        except (RuleViolation, NotFound, PermissionDenied) as broken:
            for one in broken.violations if isinstance(broken, RuleViolations) else [broken]:
                place = column or (column_of(one.field) if one.field else None)
                if (row, place) not in self._told:
                    self.problems.append(
                        RowProblem(
                            row=row, column=place, code=one.code, description=one.description
                        )
                    )
