"""The data folder: one runner at a time, and the secrets that outlive it."""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.refused import Refused


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Hold the folder until the block ends; the kernel lets go of it however we end.

    Raises:
        Refused: another runner holds it, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise Refused(f"The data folder {folder} cannot be used: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode().strip()
            raise Refused(
                f"The data folder {folder} is in use by another runner (process {holder})"
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield folder.resolve()
    finally:
        os.close(descriptor)


def new_secrets() -> dict[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {"TOKENS_SECRET": secrets.token_urlsafe(48), "ENCRYPTION_KEYS": f"local:{key}"}


def kept_secrets(folder: Path) -> dict[str, str]:
    """The folder's own secrets, made at first use; only their owner may read them.

    Raises:
        Refused: the file is not what was written.
    """
    path = folder / "secrets"
    if not path.exists():
        fresh = path.with_name("secrets.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in new_secrets().items())
        fresh.rename(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    if missing := sorted(new_secrets().keys() - kept.keys()):
        raise Refused(f"{path} has no {' and no '.join(missing)}")
    return kept
