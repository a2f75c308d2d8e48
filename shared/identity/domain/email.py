"""One spelling for each e-mail address, so that no two accounts share a mailbox's name."""

import unicodedata


def normalise_email(text: str) -> str:
    """Strip, fold look-alike forms (NFKC) and lower the case; an address is then looked up as is.

    The fold comes before any check of the syntax: a full-width at sign is an at sign.
    """
    folded = unicodedata.normalize("NFKC", text.strip()).lower()
    return unicodedata.normalize("NFKC", folded)


def local_part(email: str) -> str:
    return email.rpartition("@")[0]
