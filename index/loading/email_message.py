"""An e-mail as it was sent (.eml) → who wrote to whom, when, about what, and the words."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser

from index.loading.blocks import Extract, one_line
from index.loading.encodings import decode
from index.loading.html import fragment_text
from index.loading.normal_form import normalise
from index.loading.tables import plain_rows

_HEADERS = re.compile(rb"(?:[!-9;-~]{1,76}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}\r?\n")
_FIRST = re.compile(rb"(?:^|\n)(from|to|date|subject|received|message-id|mime-version):", re.I)
_LONGEST_HEADERS = 100_000


def is_email(data: bytes) -> bool:
    """Whether it begins with the headers of a message: some of those that every message has."""
    headers = _HEADERS.match(data[:_LONGEST_HEADERS])
    return headers is not None and len({h.lower() for h in _FIRST.findall(headers[0])}) >= 3


def read_email(data: bytes) -> Extract:
    """Sender, recipients, date and subject as a row, then the body, then the attachments' names.

    Of a body in two forms the plain text is read. What is attached is named and not read.
    """
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    subject = _header(message, "subject")
    blocks = [f"# {subject}"] if subject else []
    blocks += header_row({name: _header(message, name) for name in ("From", "To", "Cc", "Date")})
    blocks += _body(message)
    names = [one_line(part.get_filename() or "") for part in message.iter_attachments()]
    if any(names):
        blocks.append("Attachments: " + ", ".join(filter(None, names)))
    return Extract(blocks, title=subject or None)


def header_row(named: dict[str, str]) -> list[str]:
    """Who wrote to whom, and when, as a row; what is empty is left out.

    >>> header_row({"From": "Ann", "To": "Bo", "Cc": ""})
    ['From: Ann; To: Bo']
    """
    return plain_rows([list(named), list(named.values())], header_rows=1)


def in_words(sent: datetime) -> str:
    """When a message was sent, by the clock of its sender."""
    return f"{sent.day} {sent:%B %Y, %H:%M}"


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = message[name]
        sent = getattr(value, "datetime", None)
    except (ValueError, IndexError, AttributeError, TypeError):  # Python's parser on odd headers
        return ""
    if sent is not None:
        return in_words(sent)
    return one_line(str(value or ""))


def _body(message: EmailMessage) -> Iterator[str]:
    part = message.get_body(("plain", "html"))
    if part is None:
        return
    text = _text(part)
    if part.get_content_type() == "text/html":
        yield from fragment_text(text)
    else:
        yield from normalise(text).split("\n\n")


def _text(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a charset that does not exist
        payload = part.get_payload(decode=True)
        decoded = decode(payload) if isinstance(payload, bytes) else None
        return decoded.text if decoded else ""
