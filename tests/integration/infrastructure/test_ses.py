"""SES, asked of an imitation that refuses what SES refuses."""

from collections.abc import Iterator
from email.message import EmailMessage

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from shared.infrastructure.mail import MailDeferred, MailRefused
from shared.infrastructure.ses import SesTransport

SENDER = "hello@luxaris.example"


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[SesTransport]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield SesTransport("ses://eu-central-1")


def mail(to: str = "ada@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Lüxaris <{SENDER}>"
    message["To"] = to
    message["Subject"] = "Grüße"
    message.set_content("Text")
    return message


def test_a_mail_leaves_from_a_known_sender(ses: SesTransport) -> None:
    client = boto3.client("ses", region_name="eu-central-1")
    client.verify_email_identity(EmailAddress=SENDER)
    ses.send(mail())
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert (sent.source, set(sent.destinations)) == (SENDER, {"ada@example.com"})
    assert "Subject: =?utf-8?" in sent.raw_data


def test_an_unknown_sender_is_refused(ses: SesTransport) -> None:
    with pytest.raises(MailRefused, match="MessageRejected"):
        ses.send(mail())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("MessageRejected", MailRefused),
        ("InvalidParameterValue", MailRefused),
        ("Throttling", MailDeferred),
        ("AccessDenied", MailDeferred),
        ("AccountSendingPausedException", MailDeferred),
        ("ServiceUnavailable", MailDeferred),
    ],
)
def test_only_what_is_said_of_the_mail_itself_is_for_good(
    ses: SesTransport, code: str, kind: type[Exception]
) -> None:
    with Stubber(ses._client) as stubber:
        stubber.add_client_error("send_raw_email", code, "words")
        with pytest.raises(kind, match=f"{code}: words"):
            ses.send(mail())


def test_a_service_that_cannot_be_reached_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SES", "http://127.0.0.1:9")
    with pytest.raises(MailDeferred, match="EndpointConnectionError"):
        SesTransport("ses://eu-central-1").send(mail())
