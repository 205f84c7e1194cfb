"""An Outlook message (.msg), as Apache Tika gives it → the same row of headers as an e-mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from index.loading.blocks import one_line
from index.loading.email_message import header_row, in_words

MESSAGE = "application/vnd.ms-outlook"
"""Tika's `Content-Type`."""

Properties = Mapping[str, Sequence[str]]


def message_row(properties: Properties) -> list[str]:
    """Sender, recipients and date; as they were sent, or else as Outlook keeps them."""
    return header_row(
        {
            "From": _people(properties, "From"),
            "To": _people(properties, "To"),
            "Cc": _people(properties, "Cc"),
            "Date": _date(properties),
        }
    )


def _people(properties: Properties, header: str) -> str:
    sent = properties.get(f"Message:Raw-Header:{header}") or properties.get(f"Message-{header}")
    return one_line(", ".join(sent or ())).replace('"', "")


def _date(properties: Properties) -> str:
    for name, read in (
        ("Message:Raw-Header:Date", parsedate_to_datetime),
        ("mapi:client-submit-time", datetime.fromisoformat),
        ("mapi:message-delivery-time", datetime.fromisoformat),
    ):
        for text in properties.get(name, ()):
            try:
                return in_words(read(text))
            except ValueError:
                continue
    return ""
