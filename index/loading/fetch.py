"""An address on the web → `Article`, without lending anyone a hand inside our own network.

The address comes from outside, so it may name anything: a machine behind the firewall, a cloud's
metadata service, a name that resolves to one thing when it is checked and to another when it is
used. Therefore the check sits at the one place that every connection of every redirect passes:
the opening of the socket. It looks the name up, refuses unless every address found is public,
and connects to the very address that it checked. `Host`, SNI and the certificate's name are
still those of the URL.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from index.articles import Article
from index.errors import BadInput, TooLarge, UnreadableFile
from index.loading.file_types import READABLE
from index.loading.loader import load_bytes, load_html
from index.settings import Settings

MAX_REDIRECTS = 5
MAX_URL_CHARACTERS = 2_000

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_SUFFIX = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "text/vtt": ".vtt",
    "application/x-ipynb+json": ".ipynb",
}
_PUBLIC_BUT_INNER = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Azure's platform address: reachable from inside a machine of that cloud alone."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


@dataclass(frozen=True, slots=True)
class _Page:
    media_type: str
    charset: str | None
    """As the server says; a page may say something else of itself, which then counts less."""
    data: bytes

    @property
    def text(self) -> str | None:
        """The page read in the character set that the server names, if it can be."""
        try:
            return self.data.decode(self.charset) if self.charset else None
        except (LookupError, ValueError):
            return None


class PageFetcher:
    """Fetches articles within the limits of the settings. Safe for several threads."""

    def __init__(self, settings: Settings, also_allowed: Collection[str] = ()) -> None:
        """`also_allowed`: addresses that are let through although they are not public."""
        self._settings = settings
        self._also_allowed = frozenset(ipaddress.ip_address(address) for address in also_allowed)

    def article(self, url: str) -> Article:
        """The article at `url`; its source is the URL that was asked for.

        Raises:
            BadInput: if the URL is not one of the open web, or cannot be fetched, or the settings
                say `offline`.
            TooLarge: if the page is over `max_file_bytes`.
            UnreadableFile: if it holds no article, or is of a type that cannot be read.
        """
        _check_url(url)
        if self._settings.offline:
            raise BadInput(
                f"Footnote is offline (FOOTNOTE_OFFLINE), so {url} is not fetched; "
                "download the page and add it as a file."
            )
        page = self._fetch(url)
        if page.media_type in _HTML:
            return load_html(page.text or page.data, url, self._settings)
        suffix = _SUFFIX.get(page.media_type)
        if suffix is None:
            raise UnreadableFile(
                f"{url} is of type {page.media_type or 'unknown'}, which holds no article that can "
                f"be read; Footnote reads {READABLE}."
            )
        name = urlsplit(url).path.rpartition("/")[2].removesuffix(suffix) or "page"
        return load_bytes(page.data, name + suffix, self._settings, source=url)

    def _fetch(self, url: str) -> _Page:
        deadline = time.monotonic() + self._settings.fetch_seconds
        try:
            with (
                httpx.Client(
                    transport=_CheckedTransport(self._also_allowed, deadline),
                    follow_redirects=True,
                    max_redirects=MAX_REDIRECTS,
                    timeout=self._settings.fetch_seconds,
                    trust_env=False,  # a proxy would connect where nothing was checked
                    headers={
                        "User-Agent": "Footnote",
                        "Accept": ", ".join([*_HTML, *_SUFFIX]),
                        "Accept-Encoding": "gzip",
                    },
                ) as client,
                client.stream("GET", url) as response,
            ):
                if not response.is_success:
                    raise BadInput(f"{url} answers with status {response.status_code}.")
                return _Page(*_content_type(response), self._body(url, response))
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            seconds = self._settings.fetch_seconds
            raise BadInput(
                f"{url} did not arrive within {seconds:g} seconds (FOOTNOTE_FETCH_SECONDS)."
            ) from error
        except httpx.TooManyRedirects as error:
            raise BadInput(f"{url} leads through more than {MAX_REDIRECTS} redirects.") from error
        except (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise BadInput(f"{url} leads to an address that is not http or https.") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpx.HTTPError,
            ssl.SSLError,
        ) as error:
            raise BadInput(f"{url} cannot be fetched: {_reason(error)}.") from error

    def _body(self, url: str, response: httpx.Response) -> bytes:
        # One piece of the network can unfold to a thousand times its size with these, not more.
        if response.headers.get("content-encoding", "identity") not in ("identity", "gzip"):
            raise UnreadableFile(f"{url} is sent in a compression that was not asked for.")
        limit = self._settings.max_file_bytes
        body = bytearray()
        for piece in response.iter_bytes(65_536):  # decoded: a bomb counts by what it becomes
            body += piece
            if len(body) > limit:
                raise TooLarge(
                    f"{url} has more than {limit:,} bytes, the limit (FOOTNOTE_MAX_FILE_BYTES)."
                )
        return bytes(body)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is of the open internet, looking into addresses that wrap another."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.teredo:
            return False
        if wrapped is not None:
            return is_public(wrapped)
        if address.is_site_local:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and address not in _PUBLIC_BUT_INNER
    )


def _check_url(url: str) -> None:
    if len(url) > MAX_URL_CHARACTERS:
        raise TooLarge(f"The URL is longer than {MAX_URL_CHARACTERS:,} characters.")
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadInput(f"{url!r} is not a URL: {error}.") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise BadInput(f"{url!r} is not an address of the web; it must begin with https://.")
    if parts.userinfo:
        raise BadInput("A URL with a user name or password in it is not fetched.")


def _content_type(response: httpx.Response) -> tuple[str, str | None]:
    media_type: str = response.headers.get("content-type", "")
    return media_type.partition(";")[0].strip().lower(), response.charset_encoding


def _reason(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not valid"
    return str(error).rstrip(".") or type(error).__name__


class _CheckedTransport(httpx.BaseTransport):
    """httpx over a connection pool whose sockets `_CheckedSockets` opens.

    The same few lines as `httpx.HTTPTransport`, which takes no network backend.
    """

    def __init__(self, also_allowed: Collection[Any], deadline: float) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_keepalive_connections=0,
            network_backend=_CheckedSockets(also_allowed, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        assert isinstance(response.stream, Iterable)
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close:
            close()


class _CheckedSockets(httpcore.NetworkBackend):
    """Opens sockets to public addresses alone, and ends every wait at the deadline."""

    def __init__(self, also_allowed: Collection[Any], deadline: float) -> None:
        self._also_allowed = also_allowed
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._checked_addresses(host, port)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # such as IPv6 where there is none: the next one may do
        return self._connect(addresses[-1], port)

    def _connect(self, address: str, port: int) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(address, port, timeout=_left(self._deadline))
        return _TimedStream(stream, self._deadline)

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, after every one of them was found to be public."""
        if not 0 < port < 65_536:
            raise BadInput(f"There is no port {port}.")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise BadInput(f"There is no site named {host!r}.") from error
        addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
        for address in map(ipaddress.ip_address, addresses):
            if address not in self._also_allowed and not is_public(address):
                raise BadInput(
                    f"{host!r} is not on the open internet ({address}); "
                    "download the page and add it as a file."
                )
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline, so that a slow drip ends there too."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left
