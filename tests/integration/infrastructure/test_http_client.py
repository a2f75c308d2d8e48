"""What leaves, what comes back, and which of the two nobody can know."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.infrastructure.http_bodies import Upload
from shared.infrastructure.http_client import NoAnswer, NotSent, Response, http_client, is_public

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_CLIENT_TIMEOUT", "0.6")
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "true")


class Server:
    """Answers as told, on a port of its own, and counts who came."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self.port = 0
        self.connections = 0
        self.requests: list[bytes] = []

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            await self._serve(reader, writer)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Server"]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self


def answering(raw: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return serve


async def hanging(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(2)


def call(
    server: Server,
    url: str = "http://127.0.0.1:{port}/",
    *,
    tls: ssl.SSLContext | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    async def main() -> Response:
        async with server.running(tls), http_client() as client:
            return await client.request("POST", url.format(port=server.port), headers=headers)

    return asyncio.run(main())


def whole(status: str = "200 OK", body: bytes = b"{}", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def test_a_whole_answer_is_read_with_its_headers_in_lower_case() -> None:
    answer = call(Server(answering(whole(body=b'{"id": 1}', headers="X-Limit: 3\r\n"))))
    assert (answer.status, answer.headers["x-limit"], answer.json()) == (200, "3", {"id": 1})


@pytest.mark.parametrize("method", ["PUT", "POST"], ids=["alone", "with other fields"])
def test_a_file_is_streamed_and_its_length_told_beforehand(method: str) -> None:
    """Many networks take nothing in chunks, and no film may be in memory as a whole."""
    picture, arrived = b"0123456789" * 100_000, bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = server.requests[-1].decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        arrived.extend(await reader.readexactly(length))
        writer.write(whole())

    async def pieces(length: int) -> AsyncIterator[bytes]:
        for start in range(0, len(picture), length):
            yield picture[start : start + length]

    async def main() -> Response:
        file = Upload(name="a.png", mime_type="image/png", size=len(picture), pieces=pieces)
        async with server.running(), http_client() as client:
            url = f"http://127.0.0.1:{server.port}/"
            if method == "PUT":
                return await client.request("PUT", url, content=file)
            form = {"description": "A picture"}
            return await client.request("POST", url, form=form, files={"file": file})

    server = Server(serve)
    assert asyncio.run(main()).status == 200
    head = server.requests[0].decode().lower()
    assert "transfer-encoding" not in head
    if method == "PUT":
        assert "content-type: image/png" in head
        assert arrived == picture
    else:
        assert "content-type: multipart/form-data" in head
        for part in (b'name="file"; filename="a.png"', b"image/png", b"A picture", picture):
            assert part in arrived


def test_a_body_that_is_not_json_is_a_value_error() -> None:
    answer = call(Server(answering(whole(body=b"<html>"))))
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


def test_a_redirect_is_an_answer() -> None:
    server = Server(
        answering(whole("302 Found", headers="Location: http://127.0.0.1:1/elsewhere\r\n"))
    )
    assert call(server).status == 302
    assert server.connections == 1


def test_a_closed_port_was_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(NotSent):
        call(Server(hanging), f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://nowhere.invalid/",
        "http://127.0.0.1:99999/",
        "http://" + "a" * 70 + ".example/",
        "http:///path",
        "not a url",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "",
    ],
)
def test_an_address_that_leads_nowhere_was_not_sent(url: str) -> None:
    with pytest.raises(NotSent):
        call(Server(hanging), url)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/a%2Fb%7Ec?q=%28%29", "/a%2Fb%7Ec?q=%28%29"),
        ("/a%2fb?key=a%2Bb", "/a%2fb?key=a%2Bb"),
        ("/a b", "/a%20b"),
        ("/a%20b ü", "/a%20b%20%C3%BC"),
        ("/a%20b\u00a0", "/a%20b%C2%A0"),
        ("/100%", "/100%25"),
        ("/100%zz?q=%2", "/100%25zz?q=%252"),
        ("/%C3%BC/ü", "/%C3%BC/%C3%BC"),
    ],
)
def test_what_is_written_as_it_is_sent_stays_and_the_rest_is_quoted(
    written: str, sent: str
) -> None:
    server = Server(answering(whole()))
    call(server, "http://127.0.0.1:{port}" + written)
    assert server.requests[0].split(b"\r\n")[0].decode() == f"POST {sent} HTTP/1.1"


@pytest.mark.parametrize(
    ("written", "known"),
    [("exämple.com", "xn--exmple-cua.com"), ("xn--a", "xn--a"), ("xn--zz-----", "xn--zz-----")],
)
def test_a_name_is_asked_for_as_the_network_knows_it(
    written: str, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def resolve(_: object, host: str, *__: object, **___: object) -> list[object]:
        asked.append(host)
        raise OSError

    monkeypatch.setattr(aiohttp.TCPConnector, "_resolve_host", resolve)
    with pytest.raises(NotSent):
        call(Server(hanging), f"http://{written}/a%20b")
    assert asked == [known]


def test_a_header_that_would_be_two_was_not_sent() -> None:
    server = Server(answering(whole()))
    with pytest.raises(NotSent):
        call(server, headers={"Authorization": "Bearer a\r\nHost: elsewhere"})
    assert server.requests == []


def test_a_certificate_that_nobody_signed_was_not_sent(tmp_path: Path) -> None:
    server = Server(answering(whole()))
    with pytest.raises(NotSent, match="Certificate"):
        call(server, "https://localhost:{port}/", tls=self_signed(tmp_path))
    assert server.requests == []


def test_a_server_that_does_not_speak_tls_was_not_sent() -> None:
    async def answer_in_plain_text(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer_in_plain_text, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, http_client() as client:
            await client.request("POST", f"https://127.0.0.1:{port}/")

    with pytest.raises(NotSent):
        asyncio.run(main())


def test_a_handshake_that_never_ends_was_not_sent() -> None:
    with pytest.raises(NotSent, match="ConnectionTimeoutError"):
        call(Server(hanging), "https://127.0.0.1:{port}/")


def test_a_server_that_hangs_gave_no_answer() -> None:
    server = Server(hanging)
    with pytest.raises(NoAnswer, match="TimeoutError"):
        call(server)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=["closed", "half a head", "half a body", "half a chunk", "broken gzip", "another protocol"],
)
def test_less_than_a_whole_answer_is_none(raw: bytes) -> None:
    server = Server(answering(raw))
    with pytest.raises(NoAnswer):
        call(server)
    assert len(server.requests) == 1


def test_an_answer_of_a_mebibyte_is_read() -> None:
    assert len(call(Server(answering(whole(body=b"x" * 2**20)))).body) == 2**20


def test_an_answer_beyond_that_is_none() -> None:
    with pytest.raises(NoAnswer, match="AnswerTooLarge"):
        call(Server(answering(whole(body=b"x" * (2**20 + 1)))))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1"],
)
def test_no_spelling_of_this_machine_is_called(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    server = Server(answering(whole()))
    with pytest.raises(NotSent):
        call(server, f"http://{host}:{{port}}/")
    assert server.connections == 0


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "192.168.1.1", "[fd00:ec2::254]"])
def test_no_neighbour_is_called(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    with pytest.raises(NotSent):
        call(Server(hanging), f"http://{host}/latest/meta-data/")


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:5db8:d70e::1",
    ],
)
def test_addresses_that_are_not_everybodys(address: str) -> None:
    assert not is_public(address)


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_cookie_of_one_account_does_not_go_with_the_call_of_another() -> None:
    server = Server(
        answering(b"HTTP/1.1 200 OK\r\nSet-Cookie: who=ada\r\nContent-Length: 0\r\n\r\n")
    )

    async def twice() -> None:
        async with server.running(), http_client() as client:
            for _ in range(2):
                await client.request("GET", f"http://localhost:{server.port}/")

    asyncio.run(twice())
    assert len(server.requests) == 2
    assert b"who=ada" not in server.requests[1]
