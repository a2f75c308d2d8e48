"""What a PDS demands of a post: the lexicons `app.bsky.feed.post` and `app.bsky.richtext.facet`.

Stricter than a PDS in one thing: ranges must lie within the text and between characters, where a
PDS accepts them and readers show nonsense. And in one more: it takes no field it does not know.
"""

import re
from datetime import datetime
from typing import Any

from tests.simulator import graphemes
from tests.simulator.bluesky.embeds import check_embed
from tests.simulator.bluesky.invalid import InvalidRecord

_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]")
_URI = re.compile(r"\w+:(?://)?[^\s/]\S*")
_AT_URI = re.compile(r"at://did:[a-z]+:[A-Za-z0-9._:%-]+/[a-z][A-Za-z.]+/[\w.:~-]+")
_CID = re.compile(r"bafyrei[a-z2-7]{52}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_KNOWN = {"$type", "text", "createdAt", "facets", "reply", "langs", "labels", "embed"}
_FEATURES = {
    "app.bsky.richtext.facet#link": "uri",
    "app.bsky.richtext.facet#mention": "did",
    "app.bsky.richtext.facet#tag": "tag",
}


def is_tid(rkey: object) -> bool:
    return isinstance(rkey, str) and _TID.fullmatch(rkey) is not None


def check_post(record: Any) -> str:
    """The text of a valid post."""
    if not isinstance(record, dict) or record.get("$type") != "app.bsky.feed.post":
        raise InvalidRecord("Record/$type must be app.bsky.feed.post")
    unknown = record.keys() - _KNOWN
    if unknown:
        raise InvalidRecord(f"Record/{min(unknown)} is nothing this imitation knows")
    text = record.get("text")
    if not isinstance(text, str):
        raise InvalidRecord('Record must have the property "text"')
    if len(text.encode()) > 3000:
        raise InvalidRecord("Record/text must not be longer than 3000 characters")
    if graphemes.count(text) > 300:
        raise InvalidRecord("Record/text must not be longer than 300 graphemes")
    _check_instant(record.get("createdAt"))
    _check_languages(record.get("langs", []))
    if "labels" in record:
        _check_labels(record["labels"])
    check_facets(text, record.get("facets", []))
    if "reply" in record:
        _check_reply(record["reply"])
    if "embed" in record:
        check_embed(record["embed"])
    return text


def _check_reply(reply: Any) -> None:
    """Only the shape of `app.bsky.feed.post#replyRef`: a PDS does not look whether it is there."""
    if not isinstance(reply, dict):
        raise InvalidRecord("Record/reply must be an object")
    for name in ("root", "parent"):
        reference = reply.get(name)
        if not isinstance(reference, dict):
            raise InvalidRecord(f'Record/reply must have the property "{name}"')
        if not _AT_URI.fullmatch(str(reference.get("uri"))):
            raise InvalidRecord(f"Record/reply/{name}/uri must be a valid at-uri")
        if not _CID.fullmatch(str(reference.get("cid"))):
            raise InvalidRecord(f"Record/reply/{name}/cid must be a cid string")


def _check_instant(value: object) -> None:
    try:
        aware = isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise InvalidRecord("Record/createdAt must be an valid atproto datetime")


def _check_languages(value: object) -> None:
    if not isinstance(value, list) or len(value) > 3:
        raise InvalidRecord("Record/langs must not have more than 3 elements")
    for place, language in enumerate(value):
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise InvalidRecord(f"Record/langs/{place} must be a well-formed BCP 47 language tag")


def _check_labels(labels: Any) -> None:
    """`com.atproto.label.defs#selfLabels`."""
    if labels["$type"] != "com.atproto.label.defs#selfLabels":
        raise InvalidRecord("Record/labels/$type must be com.atproto.label.defs#selfLabels")
    values = labels["values"]
    if not isinstance(values, list) or len(values) > 10:
        raise InvalidRecord("Record/labels/values must not have more than 10 elements")
    for place, each in enumerate(values):
        word = each["val"]
        if not isinstance(word, str) or not 0 < len(word.encode()) <= 128:
            raise InvalidRecord(f"Record/labels/values/{place}/val must be a short string")


def check_facets(text: str, facets: Any) -> None:
    if not isinstance(facets, list):
        raise InvalidRecord("Record/facets must be an array")
    content, position = text.encode(), 0
    for facet in facets:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if not position <= start < end <= len(content):
            raise InvalidRecord(f"Record/facets/index {start}-{end} is not a range of its own")
        try:
            content[start:end].decode()
        except UnicodeDecodeError as error:
            raise InvalidRecord("Record/facets/index cuts a character") from error
        position = end
        _check_features(facet["features"])


def _check_features(features: Any) -> None:
    if not isinstance(features, list) or not features:
        raise InvalidRecord("Record/facets/features must be an array of features")
    for feature in features:
        name = _FEATURES.get(feature.get("$type"))
        value = feature.get(name)
        if name is None or not isinstance(value, str) or not _is_valid(name, value):
            raise InvalidRecord(f"Record/facets/features/{name} is not valid")


def _is_valid(name: str, value: str) -> bool:
    match name:
        case "uri":
            return _URI.fullmatch(value) is not None
        case "did":
            return _DID.fullmatch(value) is not None
        case _:
            return 0 < graphemes.count(value) <= 64 and len(value.encode()) <= 640
