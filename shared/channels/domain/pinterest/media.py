"""A film at Pinterest: registered, uploaded to where it says, worked on, then shown by a pin.

Source: developers.pinterest.com/docs/api/v5 (media/create, media/get). The form that takes the file
takes all of it in one call.
"""

from collections.abc import Mapping
from http import HTTPStatus

from shared.channels.domain.media import Attachment
from shared.channels.domain.network_answers import about_a_file, before_publishing, malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.oauth_tokens import is_renewable
from shared.channels.domain.pinterest.answers import error_of
from shared.channels.domain.provider import ErrorClass, Http, Refused

_WORKING = frozenset({"registered", "processing"})


async def uploaded(http: Http, credentials: Mapping[str, str], film: Attachment) -> str:
    """The id of a film that Pinterest has now.

    Raises:
        Refused
    """
    with before_publishing():
        answer = await http.request(
            "POST",
            f"{credentials['server']}/v5/media",
            headers=bearing(credentials),
            json={"media_type": "video"},
        )
        if answer.status != HTTPStatus.CREATED:
            raise error_of(answer, renewable=is_renewable(credentials))
        told = answer.json()
        identifier, form = str(told["media_id"]), dict(told["upload_parameters"])
        taken = await http.request("POST", told["upload_url"], form=form, files={"file": film})
        if taken.status != HTTPStatus.NO_CONTENT:
            raise about_a_file(error_of(taken, renewable=False))
    return identifier


async def is_ready(http: Http, credentials: Mapping[str, str], identifier: str) -> bool:
    """Whether a film can be shown; not yet, while Pinterest works on it.

    Raises:
        Refused: also where it will never be.
    """
    with before_publishing():
        url = f"{credentials['server']}/v5/media/{identifier}"
        answer = await http.request("GET", url, headers=bearing(credentials))
        if answer.status != HTTPStatus.OK:
            raise error_of(answer, renewable=is_renewable(credentials))
        status = answer.json()["status"]
        if status == "failed":
            words = str(answer.json().get("failure_code") or "Pinterest cannot show this film.")
            raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
        if status != "succeeded" and status not in _WORKING:
            raise malformed("Pinterest answered with a state of the film that is none.")
    return bool(status == "succeeded")
