"""The guard behind `--offline`: no connection leaves the machine.

It is an audit hook (PEP 578), so it sees every connection, datagram and name lookup that goes
through Python's `socket` module, whichever package asks: httpx, requests, urllib, asyncio. Sockets
within the machine go on: loopback addresses, `localhost`, Unix domain sockets.

What it does not see: code that opens sockets without Python (Chroma's and tokenizers' Rust, uvloop,
a database driver in C), programs that this process starts, and what a proxy on loopback does. So
uvloop is not used while offline, Hugging Face's downloader is told to stay offline, onnxruntime's
telemetry is off at all times, and a test traces the system calls of the whole process on the
default paths, where none of these connects.
"""

import ipaddress
import os
import socket
import sys
from typing import Any

_LOCAL_FAMILIES = {
    getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK") if hasattr(socket, name)
}
_TO_AN_ADDRESS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class Offline(OSError):
    """A connection was refused because Footnote is offline."""


def go_offline() -> None:
    """Refuse every outbound connection of this process from now on, until it ends.

    An audit hook cannot be taken away again, which is the point of it.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is imported
    sys.addaudithook(_refuse_outbound)


def is_local(host: str | bytes | None) -> bool:
    """Whether a host is this machine: a loopback or unspecified address, `localhost`, or nothing.

    A name is never looked up for this.
    """
    if not host:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    address = _address(name)
    if address is None:
        return name.rstrip(".").lower() == "localhost"
    wrapped = getattr(address, "ipv4_mapped", None)
    return (wrapped or address).is_loopback or (wrapped or address).is_unspecified


def _refuse_outbound(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _TO_AN_ADDRESS:
        sock, to = arguments
        if to is None or sock.family in _LOCAL_FAMILIES:  # None: the socket is connected already
            return
        host = to[0] if isinstance(to, tuple) and sock.family in _INTERNET else repr(to)
        if not is_local(host):
            raise _refused(host)
    elif event in _LOOKUPS:
        host = arguments[0]
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        # An address needs no name server; connecting to it is another matter.
        if not is_local(name) and _address(name) is None:
            raise _refused(name)


_INTERNET = {socket.AF_INET, socket.AF_INET6}


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None


def _refused(host: object) -> Offline:
    return Offline(f"Footnote is offline (FOOTNOTE_OFFLINE), so {host} is not connected to")
