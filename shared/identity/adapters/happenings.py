"""What happens in identity, told to operations; and what does not, in as much time."""

from sqlalchemy import text

from shared.operations.api.events import RecordedHappenings


class IdentityHappenings(RecordedHappenings):
    def record_nobodys(self) -> None:
        """Write something to the log that is flushed with the commit, like a row, and kept nowhere.

        A transaction that has written nothing is not waited for.
        """
        self._session.execute(text("SELECT pg_logical_emit_message(true, '', '')"))
