"""Which version of a thing a caller has seen, and means to change."""

from dataclasses import dataclass

from shared.kernel.errors import PreconditionFailed


@dataclass(frozen=True)
class Expected:
    """The versions that a change is meant for; None: whatever it has become by now."""

    versions: frozenset[str] | None = None

    def demand(self, version: int | str) -> None:
        """Refuse to change what has changed since the caller saw it.

        Raises:
            PreconditionFailed: `PRECONDITION_FAILED`, with the version it has now.
        """
        if self.versions is not None and str(version) not in self.versions:
            raise PreconditionFailed(
                "PRECONDITION_FAILED",
                "It has changed since you saw it: look again",
                meta={"version": version},
            )


ANY = Expected()
