"""Posts taken out: in pages, nobody else's, and the same posts where they are taken in again."""

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from shared.kernel.ids import new_id
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.author import Author
from tests.functions.content.importing import Importer
from tests.library import Library
from tests.outbox import Post

CUP, CAKE = str(new_id()), str(new_id())

POSTS: list[dict[str, Any]] = [
    {
        "title": "=1+1",
        "description": '  Tea,\r\n"cake"; and\ttime \n\'=2',
        "tags": ["a;b", "c\\", "\\;", "'@x", "+1"],
        "metadata": {"n": [1, None, {"ü": "😀"}]},
        "variants": [
            {"channel": "bluesky", "content": "@ada look\n\nhere"},
            {
                "channel": "mastodon",
                "content": "''-1 \\;",
                "thread": [
                    {
                        "content": "=more",
                        "delay_seconds": 60,
                        "media": {"items": [{"media_id": CAKE}]},
                    }
                ],
                "tone": "dry",
                "settings": {"visibility": "unlisted", "language": "de"},
                "media": {"items": [{"media_id": CUP, "alt_text": "=A cup", "fit": "pad"}]},
                "metadata": {"v": "; \" '"},
            },
            {"channel": "mastodon", "content": "\u202eright to left"},
        ],
    },
    {"description": "-", "variants": []},
    {"description": "\rreturn", "variants": [{"channel": "mastodon", "content": "x"}]},
]


@pytest.fixture
def written(importer: Importer) -> Importer:
    for media_id in (CUP, CAKE):
        Library(Author(importer.api)).keep(media_id=UUID(media_id))
    assert importer.run(POSTS)["failed"] == 0
    return importer


def export(api: Api, **query: Any) -> ApiAnswer:
    answer = api.get("/posts/export", **query)
    assert answer.status == 200, answer.content
    return answer


def _lasting(posts: list[Any]) -> list[Any]:
    """What is the same wherever the posts are."""
    own = {"id", "post_id", "created_by", "created_at", "updated_at"}
    return sorted(
        (
            {
                **{name: value for name, value in post.items() if name not in own},
                "variants": sorted(
                    (
                        {name: value for name, value in variant.items() if name not in own}
                        for variant in post["variants"]
                    ),
                    key=lambda variant: str(variant["content"]),
                ),
            }
            for post in posts
        ),
        key=lambda post: str(post["description"]),
    )


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_what_is_taken_out_can_be_taken_in_as_it_was(
    written: Importer, post: Post, format_: str
) -> None:
    before = _lasting(written.posts())
    job = _taken_in(written.api, written, post, export(written.api, format=format_))
    assert job["created"] == 3
    assert _lasting(written.posts()) == [each for each in before for _ in range(2)]


def test_elsewhere_the_files_are_not_there(written: Importer, ben: Account, post: Post) -> None:
    job = _taken_in(ben.api, Importer.of(ben, post), post, export(written.api, format="json"))
    assert (job["created"], job["failed"]) == (2, 1)


def _taken_in(api: Api, importer: Importer, post: Post, taken_out: ApiAnswer) -> Any:
    sent = {"content-type": taken_out.headers["content-type"]}
    handed = api.request("POST", "/posts/imports", content=taken_out.content, headers=sent)
    assert handed.status == 201, handed.content
    post.run("content.imports")
    return importer.look(handed.json["data"]["id"])


def test_no_cell_is_run_by_a_spreadsheet(written: Importer) -> None:
    answer = export(written.api)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="posts.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode(), newline=""), strict=True))
    assert rows[0][0] == "post"
    assert len(rows) == 1 + 5
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r\n")]
    assert rows[1][1] == "'=1+1"


def test_what_a_post_is_stands_in_its_first_row(written: Importer) -> None:
    text = export(written.api).content.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    first, second, *_ = rows
    assert first["post"] == second["post"]
    assert (first["status"], second["status"]) == ("draft", "")
    assert second["description"] == ""
    assert second["channel"]


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_pages_follow_each_other_to_the_end(importer: Importer, format_: str) -> None:
    importer.run("description\n" + "".join(f"Post {number}\n" for number in range(250)))
    seen: list[str] = []
    query: dict[str, Any] = {"format": format_, "limit": 120}
    sizes = []
    while True:
        answer = export(importer.api, **query)
        if format_ == "json":
            page = answer.json["posts"]
        else:
            page = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
        seen += [post["description"] for post in page]
        sizes.append(len(page))
        link = answer.headers.get("link")
        if format_ == "json":
            assert (answer.json["next_cursor"] is None) == (link is None)
        if link is None:
            break
        assert link.endswith('>; rel="next"')
        where = urlsplit(link[1 : link.index(">")])
        assert where.path == "/api/v1/posts/export"
        query = dict(parse_qsl(where.query))
    assert sizes == [120, 120, 10]
    assert sorted(seen) == sorted(f"Post {number}" for number in range(250))


def test_a_page_is_as_large_as_may_be_answered(importer: Importer) -> None:
    importer.run("description\n" + f"{'ü' * 50_000}\n" * 30)
    page = export(importer.api, format="json")
    assert 1_500_000 < len(page.content) <= 2_001_000
    assert page.json["next_cursor"] is not None
    rest = export(importer.api, format="json", cursor=page.json["next_cursor"])
    assert len(page.json["posts"]) + len(rest.json["posts"]) == 30
    assert rest.json["next_cursor"] is None


def test_filters(importer: Importer) -> None:
    importer.run([{"description": "Tea", "tags": ["a"]}, {"description": "Cake", "tags": ["b"]}])
    cake, tea = sorted(importer.posts(), key=lambda post: str(post["description"]))

    def found(**query: Any) -> list[str]:
        answer = export(importer.api, format="json", **query)
        return [post["description"] for post in answer.json["posts"]]

    assert found(tags="a, x") == ["Tea"]
    assert sorted(found(status="draft")) == ["Cake", "Tea"]
    assert found(status="published") == []
    assert sorted(found(status="published, draft")) == ["Cake", "Tea"]
    assert sorted(found(created_from=tea["created_at"])) == ["Cake", "Tea"]
    assert found(created_to=cake["created_at"]) == []
    assert found(created_from="2999-01-01T00:00:00") == []
    importer.api.delete(f"/posts/{tea['id']}")
    assert found() == ["Cake"]


def test_nothing_at_all(ada: Account) -> None:
    assert export(ada.api, format="json").json == {"posts": [], "next_cursor": None}
    assert export(ada.api).content.decode().startswith("post,title,description,tags")


@pytest.mark.parametrize(
    "query",
    [
        {"format": "xml"},
        {"status": "lost"},
        {"limit": 1001},
        {"cursor": "somewhere"},
        {"created_from": "yesterday"},
        {"status": "draft,lost"},
        {"tags": "\0"},
    ],
    ids=repr,
)
def test_what_cannot_be_asked_for(ada: Account, query: dict[str, Any]) -> None:
    assert ada.api.get("/posts/export", **query).status == 400


def test_nothing_of_another_organization_and_of_other_channels(
    api: Api, written: Importer, ben: Account
) -> None:
    assert export(ben.api, format="json").json["posts"] == []
    wish = {"name": "Out", "scopes": ["posts:read"], "channels": ["bluesky"]}
    key = written.api.post("/api-keys", wish).json["data"]["key"]
    posts = export(api.as_user(key), format="json").json["posts"]
    channels = {variant["channel"] for post in posts for variant in post["variants"]}
    assert (len(posts), channels) == (3, {"bluesky"})
    assert "mastodon" not in json.dumps(posts)
