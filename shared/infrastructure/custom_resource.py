"""What CloudFormation asks of a function during a deployment, and waits to be answered.

It waits at an address that comes with the request, not for what the function returns.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from shared.infrastructure.events import Event
from shared.infrastructure.redaction import redacted_text

_MOST = 4096
"""Bytes of an answer, by CloudFormation."""

_TIMEOUT = 10.0
"""Seconds."""

_REPEATED = ("StackId", "RequestId", "LogicalResourceId")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`properties` are the template's, in which numbers are texts.

    `answer_to` is good for a write without credentials, so it is a secret for an hour.
    """

    is_removal: bool
    properties: Mapping[str, Any]
    answer_to: str = field(repr=False)
    identity: Mapping[str, str]


def asked_of(event: Event) -> Asked:
    """The request of a ``Custom::`` resource, whose physical id is its logical one for ever."""
    identity = {name: str(event[name]) for name in _REPEATED}
    return Asked(
        is_removal=event["RequestType"] == "Delete",
        properties=event["ResourceProperties"],
        answer_to=event["ResponseURL"],
        identity={**identity, "PhysicalResourceId": event["LogicalResourceId"]},
    )


def succeed(asked: Asked, **told: str) -> None:
    """What is told are the resource's attributes, as `Fn::GetAtt` finds them.

    Raises:
        OSError: nobody heard; whoever is called again may answer again.
    """
    _answer(asked, {"Status": "SUCCESS", "Data": told})


def fail(asked: Asked, reason: str) -> None:
    """The deployment fails, for as much of this reason as is taken, without secrets it may hold.

    Raises:
        OSError: nobody heard.
    """
    plain = redacted_text(reason, longest=_MOST)

    def told(length: int) -> dict[str, object]:
        return {"Status": "FAILED", "Reason": plain[:length]}

    lengths = range(1, len(plain) + 1)
    fitting = bisect_right(lengths, _MOST, key=lambda length: len(_body(asked, told(length))))
    _answer(asked, told(fitting))


def _answer(asked: Asked, told: Mapping[str, object]) -> None:
    # The address is signed for a body without a type.
    request = HttpRequest(  # noqa: S310 AWS's own address, in an event that only AWS can send
        asked.answer_to, _body(asked, told), {"Content-Type": ""}, method="PUT"
    )
    with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
        answer.read()


def _body(asked: Asked, told: Mapping[str, object]) -> bytes:
    return json.dumps({**asked.identity, **told}).encode()
