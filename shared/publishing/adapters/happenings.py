"""The way to operations for whoever works in another's transaction."""

from sqlalchemy.orm import Session

from shared.kernel.happenings import Happenings
from shared.operations.api.events import RecordedHappenings


def happenings_in(session: Session) -> Happenings:
    return RecordedHappenings(session)
