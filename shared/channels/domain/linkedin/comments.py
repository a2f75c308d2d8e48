"""Follow-ups as comments below a post (learn.microsoft.com/linkedin: Comments API)."""

from typing import Any

from shared.channels.domain.network_answers import malformed, otherwise_malformed
from shared.channels.domain.provider import Answer, ReplyTo
from shared.channels.domain.server_address import last_segment

MAXIMUM = 1250
_COMMENT = "urn:li:comment:("


def root_of(reply_to: ReplyTo) -> str:
    """The URN of the post: all comments stand below it, whatever they follow."""
    return last_segment(reply_to.root_id)


def path_of(root: str) -> str:
    return f"/rest/socialActions/{escaped(root)}/comments"


def comment_of(root: str, text: str) -> dict[str, Any]:
    """What is sent, but for who says it; the text is plain, unlike that of a post."""
    return {"object": root, "message": {"text": text}}


def urn_of(answer: Answer) -> str:
    with otherwise_malformed("LinkedIn answered without the comment it made."):
        urn = answer.json()["commentUrn"]
    if not isinstance(urn, str) or not urn.startswith(_COMMENT):
        raise malformed("LinkedIn answered with a comment that is none.")
    return urn


def escaped(urn: str) -> str:
    """Within a path or a list, where a colon means something (Rest.li 2.0)."""
    return urn.replace(":", "%3A")
