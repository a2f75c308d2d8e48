"""Mail that stays here: a Maildir folder, which any mail program and the runner can show."""

from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from urllib.parse import unquote, urlsplit


class MaildirTransport:
    """``maildir:///folder``; the folder is made where there is none."""

    def __init__(self, url: str) -> None:
        self._folder = maildir_folder(url)

    def send(self, message: EmailMessage) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        Maildir(self._folder, create=True).add(message)

    def close(self) -> None:
        pass


def maildir_folder(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))
