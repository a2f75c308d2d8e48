"""Mail through Amazon SES, as the raw message we have composed."""

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.infrastructure.mail import TIMEOUT, MailDeferred, MailRefused

_REFUSALS = {"InvalidParameterValue", "MessageRejected"}
"""What SES says of this one mail; all else is about our account, or about SES."""


class SesTransport:
    """``ses://region``; credentials are the function's own."""

    def __init__(self, url: str) -> None:
        self._client = boto3.client(
            "ses",
            region_name=urlsplit(url).netloc,
            config=Config(
                connect_timeout=TIMEOUT,
                read_timeout=TIMEOUT,
                retries={"total_max_attempts": 1},  # the outbox tries again
            ),
        )

    def send(self, message: EmailMessage) -> None:
        try:
            self._client.send_raw_email(
                Source=message["From"].addresses[0].addr_spec,
                Destinations=[message["To"].addresses[0].addr_spec],
                RawMessage={"Data": message.as_bytes(policy=SMTP)},
            )
        except ClientError as error:
            told = error.response["Error"]
            reason = f"SES: {told['Code']}: {told['Message']}"
            raise (MailRefused if told["Code"] in _REFUSALS else MailDeferred)(reason) from error
        except BotoCoreError as error:
            raise MailDeferred(f"SES: {type(error).__name__}") from error

    def close(self) -> None:
        """Its connections outlive the batch."""
