"""Addresses: of a network's server, as people type it, and of what lies there."""

from urllib.parse import urlsplit

from shared.channels.domain.provider import ErrorClass, Refused


def base_url(typed: str) -> str:
    """Scheme, host and path without a slash at the end; https unless http is said.

    Accepts a host, a URL, the URL of a profile and ``@name@host``; a query, a fragment and the
    name of a profile are dropped.

    Raises:
        Refused: it is not the address of a server.
    """
    address = typed.strip().rpartition("@")[2] if "://" not in typed else typed.strip()
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise _not_an_address() from error
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or parts.username is not None or not host:
        raise _not_an_address()
    if any(character.isspace() for character in address):
        raise _not_an_address()
    try:
        host.encode("idna" if ":" not in host else "ascii")
    except UnicodeError as error:
        raise _not_an_address() from error
    path = parts.path.partition("/@")[0].rstrip("/")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{path}"


def last_segment(address: str) -> str:
    """What names a post within its address; a name alone is one too."""
    path = address.partition("?")[0].partition("#")[0]
    return path.rstrip("/").rpartition("/")[2]


def _not_an_address() -> Refused:
    words = "This is not the address of a server; a host name such as example.social is."
    return Refused(ErrorClass.AUTHENTICATION, "INVALID_ADDRESS", words)
