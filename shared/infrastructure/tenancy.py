"""Whose rows the database shows: everybody's, one organization's, or nobody's.

Two roles of PostgreSQL stand behind it, and neither owns a table (`migrations.tenancy`): what is
confined meets a policy on every table that says whose a row is. `database.transaction` takes the
role on together with its BEGIN.

Work that nobody asked for from outside, such as a timer's or a queue's, reaches everything. A
request begins with nothing (`http`), is confined once it is proved whose it is, and says so where
it has to reach further.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

SETTING = "app.organization_id"


@dataclass(frozen=True)
class Sight:
    """A role of the database, and for one that is confined the organization it sees."""

    role: str
    organization_id: UUID | None = None

    @property
    def commands(self) -> tuple[str, str]:
        """Of SQL, which take it on until the transaction ends."""
        organization = self.organization_id.hex if self.organization_id else ""
        return f"SET LOCAL ROLE {self.role}", f"SET LOCAL {SETTING} = '{organization}'"


EVERYBODYS = Sight("luxaris_system")
NOBODYS = Sight("luxaris_app")
OWNERS = Sight("none")
"""What may change the tables themselves, as making a partition does."""

_sight: ContextVar[Sight] = ContextVar("sight", default=EVERYBODYS)


def sight() -> Sight:
    return _sight.get()


def see(seen: Sight) -> None:
    """From here to the end of the request."""
    _sight.set(seen)


def see_only(organization_id: UUID) -> None:
    """The same: rows of one organization, whatever a query forgets to ask."""
    _sight.set(Sight(NOBODYS.role, organization_id))


def is_confined() -> bool:
    """To the rows of an organization."""
    return _sight.get().organization_id is not None


@contextmanager
def seeing(seen: Sight) -> Iterator[None]:
    """Transactions that begin in this block; those under way stay as they are."""
    token = _sight.set(seen)
    try:
        yield
    finally:
        _sight.reset(token)


@contextmanager
def everywhere() -> Iterator[None]:
    """For what has to look beyond one organization, or past what a policy costs; say why."""
    with seeing(EVERYBODYS):
        yield
