"""What is WordPress's alone."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any
from urllib.request import Request, urlopen

import jsonschema
import pytest

from shared.channels.api.delivery import ErrorClass, Publication, Refused
from shared.channels.domain.media import MediaKind
from shared.channels.domain.metrics import Measures
from shared.channels.domain.tools import Tools
from shared.channels.domain.wordpress.post import SETTINGS, post_of, slug_of, title_of
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import attachment
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator


@pytest.fixture
def wordpress(simulator: Simulator) -> Connected:
    return connected("wordpress", simulator)


def chosen(text: str = "First line\n\nAnd more", **settings: Any) -> Publication:
    return replace(publication(text), settings=settings)


def tool(account: Connected, name: str, **arguments: Any) -> list[dict[str, Any]]:
    provider = account.provider
    assert isinstance(provider, Tools)
    found: list[dict[str, Any]] = called(
        lambda http: provider.use_tool(http, account.credentials, name, arguments)
    )
    return found


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("First line\nsecond", "First line"),
        ("\n  \n Later ", "Later"),
        ("x" * 101, "x" * 99 + "…"),
        ("", ""),
    ],
)
def test_without_a_title_it_has_its_first_line(text: str, title: str) -> None:
    assert title_of(publication(text)) == title
    assert title_of(chosen(text, title=" Own ")) == "Own"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Tea & Biscuits!", "tea-biscuits"),
        ("Müller, café", "muller-cafe"),
        ("日本語", "post"),
        ("-", "post"),
        ("a" * 200, "a" * 60),
    ],
)
def test_the_slug_is_of_the_title_and_the_key(title: str, slug: str) -> None:
    wanted = chosen(title=title)
    made = slug_of(wanted)
    assert made.rpartition("-")[0] == slug
    assert made == slug_of(wanted)
    assert made != slug_of(replace(wanted, key="another"))


def test_a_text_is_shown_as_it_was_written(wordpress: Connected) -> None:
    wordpress.publish(chosen("a < b & c\nsame paragraph\n\n<script>other</script>"))
    (arrived,) = wordpress.receipts()
    assert arrived["text"] == "a < b & c\nsame paragraph\n\n<script>other</script>"
    assert "<script>" not in post_of(chosen("<script>"))["content"]


def test_html_is_taken_as_it_is(wordpress: Connected) -> None:
    html = "<h2>Tea</h2>\n<p>Good <em>tea</em></p>"
    assert post_of(chosen(html, content_format="html"))["content"] == html


def test_what_is_set_is_sent(wordpress: Connected) -> None:
    wanted = chosen(title="Own", status="draft", categories=[2], tags=[7], type="pages")
    body = wordpress.provider.preview(wanted).body
    assert (body["title"], body["status"], body["categories"], body["tags"]) == (
        "Own",
        "draft",
        [2],
        [7],
    )
    receipt = wordpress.publish(wanted)
    assert wordpress.find(wanted) == receipt, "a draft is found as well"
    assert wordpress.find(replace(wanted, settings={**wanted.settings, "type": "posts"})) is None


@pytest.mark.parametrize(("main_image", "first_in_text"), [("first", False), ("none", True)])
def test_the_first_picture_is_featured_or_in_the_text(
    wordpress: Connected, main_image: str, *, first_in_text: bool
) -> None:
    rules = wordpress.provider.media_rules({})
    two = tuple(
        attachment(rules, MediaKind.IMAGE, number=each, alt_text=f'“{each}” "quoted"')
        for each in range(2)
    )
    wanted = replace(chosen(main_image=main_image), attachments=two)
    wordpress.publish(wanted)
    (arrived,) = wordpress.receipts()
    assert [one["alt_text"] for one in arrived["media"]] == [one.alt_text for one in two]
    shown = _raw(wordpress, arrived["id"])
    assert shown["content"]["raw"].count("<!-- wp:image") == (2 if first_in_text else 1)


def _raw(account: Connected, identifier: str) -> Any:
    """A post as whoever edits it sees it."""
    name, password = (account.credentials[one] for one in ("username", "application_password"))
    own = {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}
    wanted = f"{account.credentials['site']}/wp-json/wp/v2/posts?status=any&context=edit"
    with urlopen(Request(wanted, headers=own), timeout=5) as answer:
        return next(one for one in json.load(answer) if str(one["id"]) == identifier)


def test_a_file_that_is_in_the_library_is_not_uploaded_again(wordpress: Connected) -> None:
    rules = wordpress.provider.media_rules({})
    wanted = replace(chosen(), attachments=(attachment(rules, MediaKind.IMAGE, alt_text="A cup"),))
    wordpress.fail("server_error_before")
    wordpress.refusal(wanted)
    wordpress.fail("refuse", call="upload")
    wordpress.publish(wanted)
    assert wordpress.simulator.faults_left() == 1, "nothing was uploaded the second time"


def test_a_contributor_may_not_publish(simulator: Simulator) -> None:
    account = connected("wordpress", simulator, role="contributor")
    error = account.refusal(chosen())
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.PERMISSION, "NOT_PERMITTED")
    account.publish(chosen(status="pending"))


def test_a_type_or_a_term_that_the_site_has_not_is_refused(wordpress: Connected) -> None:
    for settings in ({"type": "recipes"}, {"categories": [99]}):
        error = wordpress.refusal(chosen(**settings))
        assert error.error_class is ErrorClass.CONTENT
    assert wordpress.receipts() == []


def test_what_can_be_chosen_is_looked_up(wordpress: Connected) -> None:
    assert [one["id"] for one in tool(wordpress, "post_types")] == ["posts", "pages"]
    assert [one["name"] for one in tool(wordpress, "categories")] == ["News", "Tea"]
    assert [one["id"] for one in tool(wordpress, "categories", search="te")] == [2]
    assert tool(wordpress, "tags") == [{"id": 7, "name": "green", "posts": 4}]


def test_posts_and_comments_are_counted(wordpress: Connected) -> None:
    provider, receipt = wordpress.provider, wordpress.publish(chosen())
    assert isinstance(provider, Measures)
    assert called(lambda http: provider.account_metrics(http, wordpress.credentials)) == {
        "posts": 1
    }
    of_post = called(
        lambda http: provider.post_metrics(http, wordpress.credentials, receipt.external_id)
    )
    assert of_post == {"replies": 2}


@pytest.mark.parametrize(
    "settings",
    [
        {"title": " "},
        {"status": "future"},
        {"type": "../users"},
        {"categories": ["News"]},
        {"tags": [0]},
        {"main_image": 5},
        {"x": 1},
    ],
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"title": "a", "status": "gone"}, 400),
        ({"title": "a", "slug": "Not A Slug"}, 400),
        ({"title": "a", "featured_media": 99999}, 400),
        ({"title": "a", "categories": [99]}, 400),
        ({"title": 5}, 400),
        ({"title": "a", "meta": {}}, 400),
    ],
)
def test_the_imitation_refuses_what_a_site_refuses(
    simulator: Simulator, wish: dict[str, Any], status: int
) -> None:
    fields = simulator.account("wordpress")
    pair = f"{fields['username']}:{fields['application_password']}"
    own = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    address = f"{fields['site']}/wp-json/wp/v2/posts"
    assert call(address, wish, own)[0] == status
    assert call(address, {"title": "a"}, {})[0] == 401
    assert simulator.receipts() == []


def test_a_slug_that_is_taken_is_changed_and_not_refused(simulator: Simulator) -> None:
    """Why a repeat is another post, and whoever is not sure has to look first."""
    account = connected("wordpress", simulator)
    wanted = chosen()
    first, second = account.publish(wanted), account.publish(wanted)
    assert second.url.rstrip("/").endswith("-2")
    assert account.find(wanted) == first
