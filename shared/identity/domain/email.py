"""One spelling for each e-mail address, so that no two accounts share a mailbox's name."""

import unicodedata


def normalise_email(text: str) -> str:
    """Fold look-alike forms (NFKC), lower the case and strip; an address is then looked up as is.

    The fold comes before any check of the syntax: a full-width at sign is an at sign.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFKC", folded).strip()


def local_part(email: str) -> str:
    return email.rpartition("@")[0]
