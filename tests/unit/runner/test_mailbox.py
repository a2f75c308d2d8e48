"""The runner's own mailbox: what is shown of a mail, to whom, and what a mail cannot do there."""

from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

import pytest

from runner.front_door import Page
from runner.mailbox import MAILBOX, own_mailbox, shown_mailbox, with_mailbox
from shared.infrastructure.maildir import MaildirTransport, maildir_folder

LINK = "https://app.example.com/auth/verify#token=a&b=c"
HOSTILE = '<script>alert(1)</script>"><img src=x>'
OTHER = {"/other": Page(content_type="text/plain", content=b"other")}


def mail(subject: str = "Hello", *, html: str | None = None, text: str = "Text") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Luxaris <hello@luxaris.example>"
    message["To"] = "ada@example.com"
    message["Subject"] = subject
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def shown(folder: Path, path: str = MAILBOX) -> str:
    page = with_mailbox(OTHER, folder).get(path)
    assert page is not None
    assert page.content_type == "text/html; charset=utf-8"
    return page.content.decode()


def sent(folder: Path, *mails: EmailMessage) -> list[str]:
    """Send through the transport; answers the pages of the mails, oldest first."""
    transport = MaildirTransport(f"maildir://{folder}")
    for each in mails:
        transport.send(each)
    return [f"{MAILBOX}/{key}" for key in sorted(Maildir(folder).keys())]


def test_an_empty_mailbox_says_so(tmp_path: Path) -> None:
    assert "No mail yet" in shown(tmp_path / "not-there-yet")


def test_the_latest_mail_comes_first_and_leads_to_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    pages = sent(folder, mail("First"), mail("Second"))
    listed = shown(folder)
    assert listed.index("Second") < listed.index("First")
    for page in pages:
        assert f'href="{page}"' in listed
        assert "ada@example.com" in shown(folder, page)


def test_links_can_be_clicked_in_both_parts(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    (page,) = sent(folder, mail(text=f"Go to {LINK}\n", html=f'<a href="{LINK}">Go</a>'))
    seen = shown(folder, page)
    escaped = LINK.replace("&", "&amp;")
    assert f'<a href="{escaped}">{escaped}</a>' in seen
    assert f"&lt;a href=&quot;{escaped}&quot;&gt;Go&lt;/a&gt;" in seen
    assert "allow-popups" in seen


def test_a_mail_is_only_shown(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    (page,) = sent(folder, mail(HOSTILE, text=HOSTILE, html=HOSTILE))
    for seen in (shown(folder), shown(folder, page)):
        assert "<script" not in seen
        assert "<img" not in seen
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="' in shown(folder, page)


@pytest.mark.parametrize(
    "path", [f"{MAILBOX}/", f"{MAILBOX}/nothing", f"{MAILBOX}/../secrets", f"{MAILBOX}/new/x"]
)
def test_there_is_nothing_else(tmp_path: Path, path: str) -> None:
    (tmp_path / "secrets").write_text("secret")
    sent(tmp_path / "mailbox", mail())
    assert with_mailbox(OTHER, tmp_path / "mailbox").get(path) is None


def test_the_other_pages_stay(tmp_path: Path) -> None:
    assert with_mailbox(OTHER, tmp_path).get("/other") is OTHER["/other"]
    assert with_mailbox(OTHER, None).get(MAILBOX) is None


@pytest.mark.parametrize(
    ("place", "url", "is_shown"),
    [
        ("development", "maildir:///data/mailbox", True),
        ("test", "maildir:///data/mailbox", False),
        ("production", "maildir:///data/mailbox", False),
        ("development", "smtp://127.0.0.1:25", False),
    ],
)
def test_mail_is_shown_in_development_only(place: str, url: str, is_shown: bool) -> None:  # noqa: FBT001
    found = shown_mailbox({"ENVIRONMENT": place, "MAIL_URL": url})
    assert found == (Path("/data/mailbox") if is_shown else None)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "a b%c#d?e"
    assert maildir_folder(own_mailbox(folder)) == folder / "mailbox"
