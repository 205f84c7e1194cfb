"""Fetching a page by its address: what is refused, before any byte leaves, and what comes back."""

import datetime
import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from index.errors import BadInput, TooLarge, UnreadableFile
from index.loading.fetch import PageFetcher, is_public
from index.settings import Settings

PAGE = """<!doctype html><html><head><title>Tin - The Metal Times</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>Tin</h1>
<p>Tin is a soft, silvery metal. It melts at 232 degrees Celsius, which is low for a metal.</p>
<p>Mary Walker measured the price of tin in 2019. She found that a tonne cost 18,700 dollars.</p>
</article><footer>Imprint</footer></body></html>"""
LOOPBACK = ("127.0.0.1",)

Reply = Callable[[BaseHTTPRequestHandler], None]


class Site(ThreadingHTTPServer):
    """A web server whose paths a test describes; remembers each request's Host and path."""

    daemon_threads = True

    def __init__(self, address: str, pages: dict[str, Reply]) -> None:
        self.seen: list[tuple[str, str]] = []
        self.ended = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append((self.headers["host"], self.path))
                with suppress(OSError):  # the client went away, as some tests want
                    pages[self.path](self)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        super().__init__((address, 0), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/") -> str:
        return f"http://{self.server_address[0]!s}:{self.port}{path}"


@contextmanager
def site(address: str = "127.0.0.1", **pages: Reply) -> Iterator[Site]:
    server = Site(address, {f"/{name.replace('index', '')}": page for name, page in pages.items()})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def page(body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def redirect(target: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("location", target)
        handler.end_headers()

    return reply


def drip(first: bytes) -> Reply:
    """Sends a byte now and then, without an end."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        assert isinstance(handler.server, Site)
        handler.wfile.write(first)
        while not handler.server.ended.wait(0.02):
            handler.wfile.write(b"x")

    return reply


def fetcher(settings: Settings, **changes: Any) -> PageFetcher:
    """One that may also fetch from 127.0.0.1, where the tests' sites are."""
    return PageFetcher(settings.model_copy(update=changes), also_allowed=LOOPBACK)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[fec0::1]",
        "[2001:db8::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
    ],
)
def test_addresses_that_are_not_of_the_open_internet_are_refused(
    settings: Settings, host: str
) -> None:
    with pytest.raises(BadInput, match="not on the open internet"):
        PageFetcher(settings).article(f"http://{host}:9/")


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111"])
def test_addresses_of_the_open_internet_are_not(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ftp://example.org/a", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("javascript:alert(1)", "must begin with https://"),
        ("//example.org/a", "must begin with https://"),
        ("example.org", "must begin with https://"),
        ("", "must begin with https://"),
        ("http://", "must begin with https://"),
        ("http://127.0.0.1:99999/", "no port 99999"),
        ("http://exa mple.org\r\nX: y", "not a URL"),
        ("http://user:secret@example.org/", "user name or password"),
        ("https://no-such-site.invalid/", "no site named"),
        ("http://" + "a" * 300 + ".org/", "no site named|not a URL"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(
    settings: Settings, url: str, complaint: str
) -> None:
    with pytest.raises(BadInput, match=complaint):
        PageFetcher(settings).article(url)


def test_a_refused_server_is_not_even_connected_to(settings: Settings) -> None:
    with site(index=page(PAGE.encode())) as server:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(BadInput, match="not on the open internet"):
                PageFetcher(settings).article(f"http://{host}:{server.port}/")
        assert server.seen == []


def test_a_redirect_is_checked_like_the_first_address(settings: Settings) -> None:
    with site("127.0.0.2", index=page(PAGE.encode())) as inner:
        with site(index=redirect(inner.url())) as outer, pytest.raises(BadInput, match=r"127\.0"):
            fetcher(settings).article(outer.url())
        assert outer.seen
        assert inner.seen == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://[broken", "gopher://127.0.0.1"]
)
def test_a_redirect_leads_nowhere_but_to_the_web(settings: Settings, target: str) -> None:
    with site(index=redirect(target)) as server, pytest.raises(BadInput):
        fetcher(settings).article(server.url())


def test_redirects_are_followed_but_not_forever(settings: Settings) -> None:
    with site(index=redirect("/once"), once=page(PAGE.encode()), loop=redirect("/loop")) as server:
        assert "232 degrees" in fetcher(settings).article(server.url()).text
        with pytest.raises(BadInput, match="more than 5 redirects"):
            fetcher(settings).article(server.url("/loop"))


def test_a_name_is_looked_up_once_and_that_very_address_is_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that resolves to something else a moment later (DNS rebinding) gains nothing."""
    answers = iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
    look_up = socket.getaddrinfo

    def rebinding(host: Any, *rest: Any, **named: Any) -> Any:
        return look_up(next(answers) if host == "rebinding.example" else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with site(index=page(PAGE.encode())) as server:
        article = fetcher(settings).article(f"http://rebinding.example:{server.port}/")
        assert server.seen == [(f"rebinding.example:{server.port}", "/")]
    assert article.source == f"http://rebinding.example:{server.port}/"
    assert next(answers) == "127.0.0.2"


def test_a_name_with_one_inner_address_is_refused_as_a_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo

    def both(host: Any, *rest: Any, **named: Any) -> Any:
        return [
            entry
            for address in ("127.0.0.1", "10.0.0.1")
            for entry in look_up(address, *rest, **named)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(BadInput, match=r"10\.0\.0\.1"):
        fetcher(settings).article("http://both.example/")


def test_a_page_becomes_an_article_with_the_address_as_its_source(settings: Settings) -> None:
    with site(index=page(PAGE.encode())) as server:
        article = fetcher(settings).article(server.url())
        assert article.source == server.url()
    assert "Tin" in article.title
    assert "It melts at 232 degrees Celsius" in article.text
    assert "Imprint" not in article.text


@pytest.mark.parametrize(
    ("body", "kind", "found"),
    [
        ("Caf\xe9 prices rose. " * 5, "text/plain; charset=utf-8", "Caf\xe9 prices"),
        ("# Tin\n\nTin melts at 232 degrees.", "text/markdown", "Tin melts"),
    ],
)
def test_texts_are_read_too(settings: Settings, body: str, kind: str, found: str) -> None:
    with site(index=page(body.encode(), kind)) as server:
        assert found in fetcher(settings).article(server.url()).text


def test_the_servers_word_about_the_character_set_counts(settings: Settings) -> None:
    body = PAGE.replace("Mary Walker", "Zo\xeb M\xfcller").encode("latin-1")
    with site(index=page(body, "text/html; charset=iso-8859-1")) as server:
        assert "Zo\xeb M\xfcller" in fetcher(settings).article(server.url()).text
    with site(index=page(PAGE.encode(), "text/html; charset=no-such")) as server:
        assert "Mary Walker" in fetcher(settings).article(server.url()).text


def test_a_compressed_page_is_read_and_a_bomb_is_not(settings: Settings) -> None:
    bomb = gzip.compress(b"<p>boom</p>" * 1_000_000)
    with site(
        index=page(gzip.compress(PAGE.encode()), content_encoding="gzip"),
        bomb=page(bomb, content_encoding="gzip"),
        other=page(PAGE.encode(), content_encoding="br"),
    ) as server:
        small = fetcher(settings, max_file_bytes=100_000)
        assert len(bomb) < 100_000
        assert "232 degrees" in small.article(server.url()).text
        with pytest.raises(TooLarge, match="100,000 bytes"):
            small.article(server.url("/bomb"))
        with pytest.raises(UnreadableFile, match="compression"):
            small.article(server.url("/other"))


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [("image/png", "type image/png"), ("application/json", "type application/json")],
)
def test_what_holds_no_article_is_not_read(settings: Settings, kind: str, complaint: str) -> None:
    with (
        site(index=page(b"...", kind)) as server,
        pytest.raises(UnreadableFile, match=complaint),
    ):
        fetcher(settings).article(server.url())


def test_a_status_other_than_success_is_said(settings: Settings) -> None:
    def gone(handler: BaseHTTPRequestHandler) -> None:
        handler.send_error(410)

    with site(index=gone) as server, pytest.raises(BadInput, match="status 410"):
        fetcher(settings).article(server.url())


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx-long: ",
    ],
    ids=["body", "headers"],
)
def test_a_site_that_drips_is_left_at_the_deadline(settings: Settings, first: bytes) -> None:
    began = time.monotonic()
    with site(index=drip(first)) as server, pytest.raises(BadInput, match=r"within 0\.3 seconds"):
        fetcher(settings, fetch_seconds=0.3).article(server.url())
    assert time.monotonic() - began < 5


def test_a_proxy_of_the_environment_is_not_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with site(index=page(PAGE.encode())) as server:
        assert "232 degrees" in fetcher(settings).article(server.url()).text


def test_a_cut_connection_is_said_in_one_sentence(settings: Settings) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<p>")

    with site(index=cut) as server, pytest.raises(BadInput, match="cannot be fetched"):
        fetcher(settings).article(server.url())


def test_a_certificate_that_nobody_vouches_for_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with site(index=page(PAGE.encode())) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with pytest.raises(BadInput, match="certificate is not valid"):
            fetcher(settings).article(f"https://127.0.0.1:{server.port}/")
        assert server.seen == []


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
