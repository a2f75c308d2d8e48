"""A role as a client names it: a built-in one by its word, one of the organization's by its id."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from shared.identity.domain.roles import Role


class RoleChoice(BaseModel):
    """Exactly one of `role` and `custom_role_id`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "editor"}]})

    role: Role | None = None
    custom_role_id: UUID | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.role is None) == (self.custom_role_id is None):
            raise PydanticCustomError("ROLE_NEEDED", "Either role or custom_role_id is needed")
        return self

    @property
    def wanted(self) -> Role | UUID:
        chosen = self.role or self.custom_role_id
        assert chosen is not None, "the model was validated"
        return chosen
