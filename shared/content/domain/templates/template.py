"""A template: a text with gaps, kept to be filled in again and again."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from shared.content.domain.rules import demand_document
from shared.content.domain.templates.placeholders import filled, placeholders
from shared.content.domain.templates.values import demand_defaults, demand_values, texts_for
from shared.content.domain.templates.variables import Value, Variable, demand_variables
from shared.kernel.errors import RuleViolation, broken, demand_none
from shared.kernel.ids import OrganizationId, new_id
from shared.kernel.text import demand_storable

NAME_LENGTH = 200
DESCRIPTION_LENGTH = 1_000
BODY_LENGTH = 5_000


class TemplateCategory(StrEnum):
    PRODUCT_UPDATES = "product_updates"
    MARKETING = "marketing"
    COMPANY_NEWS = "company_news"
    ENGAGEMENT = "engagement"
    EDUCATIONAL = "educational"
    SEASONAL = "seasonal"
    CUSTOM = "custom"


class TemplateWords(TypedDict, total=False):
    """What people say of a template; what is absent stays as it is, None clears."""

    name: str | None
    description: str | None
    template_body: str | None
    category: TemplateCategory
    variables: Sequence[Variable] | None
    default_channel_id: str | None
    constraints: Mapping[str, Any] | None
    default_options: Mapping[str, Any] | None
    is_public: bool


@dataclass(kw_only=True, eq=False)
class Template:
    """`template_body` is kept as it was written; `name_key` is the name as names are compared.

    One that `is_public` is seen by its organization. `constraints` and `default_options` are for
    whoever generates text with it.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    name: str = ""
    name_key: str = ""
    description: str | None = None
    template_body: str = ""
    category: TemplateCategory = TemplateCategory.CUSTOM
    variables: list[Variable]
    default_channel_id: str | None = None
    constraints: dict[str, Any]
    default_options: dict[str, Any]
    is_public: bool = False
    usage_count: int = 0
    last_used_at: datetime | None = None
    deleted_at: datetime | None = None

    @classmethod
    def write(
        cls,
        words: TemplateWords,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        now: datetime,
    ) -> "Template":
        """A new one.

        Raises:
            RuleViolations: all that is wrong, see `edit`.
        """
        template = cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            created_at=now,
            updated_at=now,
            variables=[],
            constraints={},
            default_options={},
        )
        template.edit(words, now=now)
        return template

    def edit(self, words: TemplateWords, *, now: datetime) -> None:
        """Change what is given.

        A variable may be declared before the text has a place for it, and a placeholder need not
        be declared at all.

        Raises:
            RuleViolations: `TEMPLATE_NAME_AND_BODY_REQUIRED`, `INVALID_TEMPLATE_VARIABLE`,
                `DUPLICATE_VARIABLE_KEY` or `VALIDATION_ERROR`, all that is wrong.
        """
        self.name = " ".join((words.get("name", self.name) or "").split())
        self.description = (words.get("description", self.description) or "").strip() or None
        self.template_body = words.get("template_body", self.template_body) or ""
        self.category = words.get("category", self.category)
        self.variables = list(words.get("variables", self.variables) or [])
        self.default_channel_id = words.get("default_channel_id", self.default_channel_id)
        self.constraints = dict(words.get("constraints", self.constraints) or {})
        self.default_options = dict(words.get("default_options", self.default_options) or {})
        self.is_public = words.get("is_public", self.is_public)
        self.updated_at = now
        self._demand_sound()
        self.name_key = key_of(self.name)

    def copy(self, name: str, *, created_by: UUID, now: datetime) -> "Template":
        """Another like it, of its own, which nobody has used and nobody else sees yet."""
        words = TemplateWords(
            name=name,
            description=self.description,
            template_body=self.template_body,
            category=self.category,
            variables=self.variables,
            default_channel_id=self.default_channel_id,
            constraints=self.constraints,
            default_options=self.default_options,
        )
        return Template.write(
            words, organization_id=self.organization_id, created_by=created_by, now=now
        )

    def delete(self, *, now: datetime) -> None:
        """Take it off every list; its name is free again."""
        self.deleted_at = self.updated_at = now

    @property
    def placeholders(self) -> list[str]:
        return placeholders(self.template_body)

    @property
    def unused_variables(self) -> list[str]:
        """Those declared that the text has no place for."""
        used = set(self.placeholders)
        return [each["key"] for each in self.variables if each["key"] not in used]

    def _demand_sound(self) -> None:
        rules: list[tuple[str, Callable[[], None]]] = [
            ("name", lambda: _demand_text(self.name, NAME_LENGTH)),
            ("description", lambda: _demand_optional(self.description, DESCRIPTION_LENGTH)),
            ("template_body", lambda: _demand_text(self.template_body, BODY_LENGTH)),
            ("variables", lambda: demand_variables(self.variables)),
            ("variables", lambda: demand_defaults(self.variables)),
            ("constraints", lambda: demand_document(self.constraints)),
            ("default_options", lambda: demand_document(self.default_options)),
        ]
        demand_none(each for field, rule in rules for each in broken(rule, field))


def key_of(name: str) -> str:
    """What two names that people would take for the same have in common."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def rendered(body: str, variables: Sequence[Variable], values: Mapping[str, Value]) -> str:
    """The text with a value in the place of each placeholder.

    Raises:
        RuleViolations: `MISSING_PLACEHOLDER_VALUES`, `INVALID_PLACEHOLDER_VALUE` or
            `VALIDATION_ERROR`, all that is wrong.
        RuleViolation: `RENDERED_TOO_LONG`.
    """
    demand_values(values)
    return filled(body, texts_for(placeholders(body), variables, values))


def _demand_text(text: str, longest: int) -> None:
    if not text.strip():
        raise RuleViolation("TEMPLATE_NAME_AND_BODY_REQUIRED", "A name and a text are needed")
    _demand_optional(text, longest)


def _demand_optional(text: str | None, longest: int) -> None:
    demand_storable(text)
    if len(text or "") > longest:
        raise RuleViolation("VALIDATION_ERROR", f"This has at most {longest} characters")
