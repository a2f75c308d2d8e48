"""The runner's own mailbox: where mail ends that leaves nobody's machine, and its pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from mailbox import Maildir
from pathlib import Path
from urllib.parse import quote

from runner.front_door import Page, Pages
from shared.infrastructure.maildir import maildir_folder

MAILBOX = "/dev/mailbox"

_SHOWN = 200
"""The latest mails; there may be any number."""

_LINK = re.compile(r"https?://[^\s<>\"']+")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.3rem .6rem .3rem 0;"
    "border-bottom:1px solid #8884}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "iframe{width:100%;height:36rem;border:1px solid #8888;background:#fff}"
)


def own_mailbox(folder: Path) -> str:
    """The `MAIL_URL` of a mailbox in a data folder."""
    return f"maildir://{quote(str(folder / 'mailbox'))}"


def shown_mailbox(values: Mapping[str, str]) -> Path | None:
    """The mailbox whose mails may be read by whoever reaches the runner: in development only."""
    url = values["MAIL_URL"]
    if values["ENVIRONMENT"] != "development" or not url.startswith("maildir:"):
        return None
    return maildir_folder(url)


def with_mailbox(pages: Pages, folder: Path | None) -> Pages:
    """The pages, and where there is a mailbox to show, its own."""
    return pages if folder is None else MailboxPages(pages, folder)


@dataclass(frozen=True)
class MailboxPages:
    """A list at `MAILBOX`, and each mail below it."""

    others: Pages
    folder: Path

    def get(self, path: str, /) -> Page | None:
        if path == MAILBOX:
            return _page("Mailbox", _list(self.folder))
        if path.startswith(f"{MAILBOX}/"):
            mail = _mails(self.folder).get(path.removeprefix(f"{MAILBOX}/"))
            return None if mail is None else _page(str(mail["Subject"]), _mail(mail))
        return self.others.get(path)


def latest_mails(folder: Path, number: int) -> list[dict[str, str]]:
    """Where each is read, to whom it went, and what it is about; the newest first."""
    return [
        {"link": f"{MAILBOX}/{quote(key)}", "to": str(mail["To"]), "subject": str(mail["Subject"])}
        for key, mail in list(_mails(folder).items())[:number]
    ]


def _mails(folder: Path) -> dict[str, EmailMessage]:
    """The latest mails by the names of their files, newest first."""
    if not folder.is_dir():
        return {}
    box = Maildir(folder, create=True)
    latest = sorted(box.keys(), key=_arrival, reverse=True)[:_SHOWN]
    return {key: message_from_bytes(box.get_bytes(key), policy=policy.default) for key in latest}


def _arrival(key: str) -> tuple[int, int]:
    """Seconds and microseconds, with which the name of a file begins (Python's `Maildir`)."""
    found = re.match(r"(\d+)\.M(\d+)", key)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _list(folder: Path) -> Iterator[str]:
    mails = _mails(folder)
    yield f"<h1>Mailbox</h1><p>{escape(str(folder))}</p>"
    if not mails:
        yield "<p>No mail yet.</p>"
        return
    yield "<table><tr><th>Sent</th><th>To</th><th>Subject</th></tr>"
    for key, mail in mails.items():
        link = f'<a href="{MAILBOX}/{quote(key)}">{_header(mail, "Subject")}</a>'
        sent, to = _header(mail, "Date"), _header(mail, "To")
        yield f"<tr><td>{sent}</td><td>{to}</td><td>{link}</td></tr>"
    yield "</table>"


def _mail(mail: EmailMessage) -> Iterator[str]:
    yield f'<p><a href="{MAILBOX}">Mailbox</a></p><h1>{_header(mail, "Subject")}</h1><table>'
    for name in ("From", "To", "Date", "Message-ID"):
        yield f"<tr><th>{name}</th><td>{_header(mail, name)}</td></tr>"
    yield "</table>"
    if (html := mail.get_body(("html",))) is not None:
        shown = escape(f'<base target="_blank">{html.get_content()}')
        yield "<h2>HTML</h2>"
        # Neither scripts nor forms; links open a window of their own, as in a mail program.
        sandbox = "allow-popups allow-popups-to-escape-sandbox"
        yield f'<iframe sandbox="{sandbox}" srcdoc="{shown}"></iframe>'
    if (text := mail.get_body(("plain",))) is not None:
        yield f"<h2>Text</h2><pre>{_linked(text.get_content())}</pre>"


def _header(mail: EmailMessage, name: str) -> str:
    return escape(str(mail[name] or ""))


def _linked(text: str) -> str:
    """Escaped, with what looks like a link made one."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _page(title: str, body: Iterator[str]) -> Page:
    content = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{''.join(body)}"
        "</body></html>"
    )
    return Page(content_type="text/html; charset=utf-8", content=content.encode())
