"""Files fetched from the web: what comes in, and from where nothing does."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shared.infrastructure import http_client
from shared.infrastructure.storage import storage
from shared.kernel.errors import Unavailable
from shared.media.adapters.files import StoredFiles
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.functions.media.uploader import PNG, Uploader, asset, stored
from tests.outbox import FETCHES, Post, let_backoff_pass
from tests.small_files import film, picture


class Website:
    """Answers as it was told, by path."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []

    def has(
        self,
        path: str,
        body: bytes = PNG,
        status: int = 200,
        length: int | None = None,
        **headers: str,
    ) -> str:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(body) if length is None else length))
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = answer
        return f"{self.url}{path}"


@pytest.fixture
def website() -> Iterator[Website]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.asked.append(path)
            site.answers[path](self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Website(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def ask(uploader: Uploader, url: str, **more: Any) -> ApiAnswer:
    return uploader.api.post("/media/from-url", {"url": url, **more})


def asked(uploader: Uploader, url: str, **more: Any) -> str:
    answer = ask(uploader, url, **more)
    assert answer.status == 201, answer.content
    media_id: str = answer.json["data"]["id"]
    return media_id


def fetched(uploader: Uploader, post: Post, url: str, **more: Any) -> Any:
    media_id = asked(uploader, url, **more)
    assert post.run(FETCHES)["done"] == 1
    return uploader.look(media_id)


def test_a_file_of_the_web_is_taken_in(uploader: Uploader, post: Post, website: Website) -> None:
    url = website.has("/pictures/t%C3%ABa.png")
    answer = ask(uploader, f"{url}?size=1", alt_text="Tea", tags=["hot"])
    media = answer.json["data"]
    assert (media["status"], media["name"], media["size"]) == ("uploading", "tëa.png", None)
    assert media["source_url"] == f"{url}?size=1"
    assert post.run(FETCHES)["done"] == 1
    media = uploader.look(media["id"])
    assert (media["status"], media["kind"], media["size"]) == ("processing", "image", len(PNG))
    assert (media["mime_type"], media["alt_text"]) == ("image/png", "Tea")
    assert storage().read(asset(media["id"]).storage_key, 0, len(PNG)) == PNG
    assert stored() == ["uploads"]


@pytest.mark.parametrize(
    ("path", "name", "given", "content"),
    [
        ("/image.php", "image.jpg", None, picture("JPEG")),
        ("/photo", "photo.jpg", None, picture("JPEG")),
        ("/", "file.mp4", None, film()),
        ("/a.png", "mine.png", "mine", PNG),
        ("/a.jpg", "a.png", None, PNG),
    ],
)
def test_it_is_named_by_what_it_is(
    uploader: Uploader,
    post: Post,
    website: Website,
    path: str,
    name: str,
    given: str | None,
    content: bytes,
) -> None:
    named = {} if given is None else {"name": given}
    assert fetched(uploader, post, website.has(path, content), **named)["name"] == name


def test_redirects_are_followed_but_not_for_ever(
    uploader: Uploader, post: Post, website: Website
) -> None:
    website.has("/5", PNG)
    for number in range(5):
        website.has(f"/{number}", b"", 302, Location=f"/{number + 1}")
    assert fetched(uploader, post, f"{website.url}/0")["status"] == "processing"
    website.has("/before", b"", 307, Location="/0")
    media = fetched(uploader, post, f"{website.url}/before")
    assert (media["status"], media["error_code"]) == ("refused", "MEDIA_FETCH_FAILED")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"body": b"<html>", "status": 200}, "MEDIA_TYPE_NOT_ACCEPTED"),
        ({"body": b"", "status": 200}, "MEDIA_TYPE_NOT_ACCEPTED"),
        ({"body": PNG[:-30]}, "MEDIA_TRUNCATED"),
        ({"body": b"", "status": 404}, "MEDIA_FETCH_FAILED"),
        ({"body": PNG, "status": 206}, "MEDIA_FETCH_FAILED"),
        ({"body": b"", "status": 302, "Location": "file:///etc/passwd"}, "MEDIA_FETCH_FAILED"),
        ({"body": b"", "status": 302, "Location": "gopher://x/"}, "MEDIA_FETCH_FAILED"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(
    uploader: Uploader, post: Post, website: Website, answer: dict[str, Any], code: str
) -> None:
    media = fetched(uploader, post, website.has("/a.png", **answer))
    assert (media["status"], media["error_code"]) == ("refused", code)
    assert stored() == []


def test_no_more_than_may_be_is_read(
    uploader: Uploader, post: Post, website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("IMAGE", "VIDEO", "DOCUMENT"):
        monkeypatch.setenv(f"MEDIA_{kind}_BYTES", "1000")
    media = fetched(uploader, post, website.has("/a.png", PNG + b"\0" * 300_000))
    assert media["error_code"] == "MEDIA_TOO_MANY_BYTES"


def test_there_may_be_no_room_for_it(
    uploader: Uploader, post: Post, website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDIA_ORGANIZATION_BYTES", "10")
    media = fetched(uploader, post, website.has("/a.png"))
    assert (media["status"], media["error_code"]) == ("refused", "MEDIA_QUOTA_EXCEEDED")
    assert stored() == []


def test_while_it_comes_it_has_its_place(
    uploader: Uploader, post: Post, website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And keeps it until it is in, however often that is tried."""

    def away(*_: object, **__: object) -> None:
        raise Unavailable("STORAGE_UNAVAILABLE", "It is away")

    monkeypatch.setenv("MEDIA_ORGANIZATION_BYTES", str(2 * len(PNG) - 1))
    media_id = asked(uploader, website.has("/a.png"))
    with monkeypatch.context() as broken:
        broken.setattr(StoredFiles, "put", away)
        post.run(FETCHES)
    assert uploader.api.get("/media/usage").json["data"]["bytes"] == len(PNG)
    assert uploader.announce().codes == ["MEDIA_QUOTA_EXCEEDED"]
    let_backoff_pass()
    assert post.run(FETCHES)["done"] == 1
    assert uploader.look(media_id)["status"] == "processing"


@pytest.mark.parametrize("answer", [{"status": 503}, {"status": 429}, {"length": 10_000}])
def test_what_may_come_later_is_tried_again_and_then_given_up(
    uploader: Uploader, post: Post, website: Website, answer: dict[str, Any]
) -> None:
    media_id = asked(uploader, website.has("/a.png", **answer))
    for _ in range(2):
        assert post.run(FETCHES)["deferred"] == 1
        assert uploader.look(media_id)["status"] == "uploading"
        let_backoff_pass()
    assert post.run(FETCHES)["done"] == 1
    assert uploader.look(media_id)["error_code"] == "MEDIA_FETCH_FAILED"


def test_later_it_is_there(uploader: Uploader, post: Post, website: Website) -> None:
    media_id = asked(uploader, website.has("/a.png", status=500))
    assert post.run(FETCHES)["deferred"] == 1
    website.has("/a.png")
    let_backoff_pass()
    post.run(FETCHES)
    assert uploader.look(media_id)["status"] == "processing"


class TestOurOwnNeighbours:
    @pytest.fixture(autouse=True)
    def guarded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")

    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "localhost",
            "0.0.0.0",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "10.0.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "[fd00:ec2::254]",
            "[fe80::1]",
        ],
    )
    def test_nothing_comes_from_there(
        self, uploader: Uploader, post: Post, website: Website, host: str
    ) -> None:
        website.has("/a.png")
        port = website.url.rpartition(":")[2]
        media_id = asked(uploader, f"http://{host}:{port}/a.png")
        post.run(FETCHES)
        media = uploader.look(media_id)
        assert media["error_code"] in {"MEDIA_URL_NOT_ALLOWED", None}
        assert media["status"] != "processing"
        assert website.asked == []
        assert stored() == []

    def test_it_is_said_why(self, uploader: Uploader, post: Post, website: Website) -> None:
        media = fetched(uploader, post, website.has("/a.png"))
        assert (media["status"], media["error_code"]) == ("refused", "MEDIA_URL_NOT_ALLOWED")


@pytest.fixture
def one_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 may be had, 127.0.0.2 not."""
    real = http_client.is_public
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    monkeypatch.setattr(
        http_client, "is_public", lambda address: address == "127.0.0.1" or real(address)
    )


@pytest.mark.usefixtures("one_is_public")
def test_a_name_that_leads_to_a_neighbour_later_is_judged_anew(
    uploader: Uploader, post: Post, website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses, real = iter(["127.0.0.1", "127.0.0.2"]), socket.getaddrinfo

    def changing(host: str, *rest: Any, **more: Any) -> Any:
        return real(next(addresses) if host == "tea.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    url = website.has("/a.png", status=503).replace("127.0.0.1", "tea.example")
    media_id = asked(uploader, url)
    assert post.run(FETCHES)["deferred"] == 1
    website.has("/a.png")
    let_backoff_pass()
    post.run(FETCHES)
    assert uploader.look(media_id)["error_code"] == "MEDIA_URL_NOT_ALLOWED"
    assert website.asked == ["/a.png"]
    assert next(addresses, None) is None


@pytest.mark.usefixtures("one_is_public")
def test_a_redirect_to_a_neighbour_is_judged_anew(
    uploader: Uploader, post: Post, website: Website
) -> None:
    port = website.url.rpartition(":")[2]
    website.has("/a.png", b"", 302, Location=f"http://127.0.0.2:{port}/b.png")
    website.has("/b.png")
    media = fetched(uploader, post, f"{website.url}/a.png")
    assert (media["status"], media["error_code"]) == ("refused", "MEDIA_URL_NOT_ALLOWED")
    assert website.asked == ["/a.png"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.png",
        "ftp://example.com/a.png",
        "file:///etc/passwd",
        "//example.com/a.png",
        "https:///a.png",
        "https://user:secret@example.com/a.png",
        "https://example.com:99999/a.png",
        "https://exa mple.com/a.png",
        "https://example.com/\r\nHost: x",
        f"https://example.com/{'a' * 2_000}",
        "https://[::1/a.png",
        "data:image/png;base64,AAAA",
    ],
)
def test_what_is_no_address_of_the_web(uploader: Uploader, url: str) -> None:
    answer = ask(uploader, url)
    assert (answer.status, answer.codes) == (400, ["MEDIA_URL_INVALID"])


def test_nobody_sends_what_is_fetched(uploader: Uploader, website: Website) -> None:
    media_id = asked(uploader, website.has("/a.png"))
    for answer in (
        uploader.complete(media_id),
        uploader.api.get(f"/media/uploads/{media_id}/parts"),
    ):
        assert (answer.status, answer.codes) == (409, ["MEDIA_IS_FETCHED"])


def test_what_was_deleted_meanwhile_is_not_fetched(
    uploader: Uploader, post: Post, website: Website
) -> None:
    media_id = asked(uploader, website.has("/a.png"))
    uploader.api.delete(f"/media/{media_id}")
    assert post.run(FETCHES)["done"] == 1
    assert website.asked == []


def test_a_message_that_comes_twice_fetches_once(
    uploader: Uploader, post: Post, website: Website, ada: Account
) -> None:
    media_id = asked(uploader, website.has("/a.png"))
    post.ask(FETCHES, {"asset_id": media_id}, {"asset_id": "nonsense"}, {})
    ended = post.run(FETCHES)
    assert website.asked == ["/a.png"]
    assert ended["failed"] == 2
