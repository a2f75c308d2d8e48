"""Why a PDS takes a record for none."""


class InvalidRecord(Exception):
    """The words a PDS would put behind "Invalid app.bsky.feed.post record"."""
