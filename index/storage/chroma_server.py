"""The vectors on a Chroma server, which several processes may ask and write to."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from index.errors import BadInput, FootnoteError
from index.storage.damage import CacheDamaged
from index.storage.vectors import Vectors


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A server that has answered."""

    name: str
    """Its address without what is secret in it."""
    client: Any  # the declared type of a client lacks `close`


def connect(url: SecretStr) -> ChromaServer:
    """The server at `http(s)://[:TOKEN@]HOST[:PORT]`.

    Raises:
        BadInput: if that is no such address.
        FootnoteError: if it does not answer.
    """
    import chromadb
    from chromadb.config import Settings

    try:
        address = urlsplit(url.get_secret_value())
        secure, host, port = address.scheme == "https", address.hostname, address.port
    except ValueError:
        secure, host, port = False, None, None
    if not host or address.scheme not in ("http", "https"):
        raise BadInput(
            "FOOTNOTE_CHROMA_URL must be the address of a Chroma server, "
            "such as http://127.0.0.1:8000."
        )
    port = port or (443 if secure else 8000)
    name = f"the Chroma server at {host}:{port}"
    server = ChromaServer(name, None)
    with reported(server):
        client = chromadb.HttpClient(
            host=host,
            port=port,
            ssl=secure,
            headers={"X-Chroma-Token": address.password} if address.password else None,
            settings=Settings(anonymized_telemetry=False),
        )
    return ChromaServer(name, client)


@contextmanager
def reported(server: ChromaServer) -> Iterator[None]:
    """A collection that is gone is damage, made good from the articles; all else is said.

    A server that is only out of reach must not make every process build the indexes again.
    """
    from chromadb.errors import NotFoundError

    try:
        yield
    except (CacheDamaged, FootnoteError):
        raise
    except NotFoundError as error:
        raise CacheDamaged(f"Chroma: {error}") from error
    except Exception as error:  # httpx's, Chroma's, and ValueError when it does not answer
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FootnoteError(
            f"{server.name[0].upper()}{server.name[1:]} (FOOTNOTE_CHROMA_URL) cannot be used now: "
            f"{reason}"
        ) from error


class ServerVectors(Vectors):
    """One collection of a server."""

    def __init__(self, server: ChromaServer, collection: str, *, create: bool = False) -> None:
        """Open the collection, or create it.

        Raises:
            CacheDamaged: if there is none and `create` is not set.
            FootnoteError: if the server does not answer.
        """
        self._server = server
        self._open(server.client, collection, create=create)

    def close(self) -> None:
        """Nothing: the client is shared."""

    def _reported(self) -> AbstractContextManager[None]:
        return reported(self._server)
