"""Addresses and host names, as requests and settings name them."""

import ipaddress
import re

MCP_PATH = "/mcp"

# A name or an IPv4 address, or an IPv6 address in brackets; then a port.
_HOST = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(?::\d*)?", re.ASCII)


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_name(host: str) -> str | None:
    """`Host: Name:8000` → `name`; an IPv6 address keeps its brackets. None for what is no host."""
    match = _HOST.fullmatch(host.strip().lower())
    return match[1] if match else None


def is_origin(text: str) -> bool:
    """Whether it is what a browser sends as `Origin`: a scheme, a host, perhaps a port."""
    scheme, _, host = text.partition("://")
    return scheme in ("http", "https") and host_name(host) is not None and "/" not in host
