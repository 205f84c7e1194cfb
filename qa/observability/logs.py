"""The logs of `footnote serve`: one line for each event, on standard error.

They are written so that they can be passed on: no line holds a key, and none a question or an
article's text unless `FOOTNOTE_LOG_TEXT` asks for it. So of an exception the types and the places
are logged and not the messages, which quote what they stumbled over; and of the lines of other
packages only who wrote them and where.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import UTC, datetime
from io import TextIOBase
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from index.settings import Settings
from index.tracing import current_trace_id

_OURS = ("index", "qa", "ui")
_KNOWN = (*_OURS, "uvicorn", "opentelemetry")
"""Whose messages hold nothing of what was sent."""
_ORDINARY = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})
_PLACE = re.compile(r'File "(.+)", line (\d+), in (\S+)')
_SHORTEST_SECRET = 4  # a shorter one would be found in half of all words


@contextmanager
def logging_to_stderr(settings: Settings) -> Iterator[None]:
    """Everything that is logged in this process, until the block ends."""
    root, level = logging.getLogger(), logging.getLogger().level
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(settings))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    as_json = settings.log_format == "json"
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO if as_json else logging.WARNING)
    logging.captureWarnings(True)
    try:
        if as_json:
            with redirect_stderr(_Stray()):  # such as gradio's traces
                yield
        else:
            yield
    finally:
        logging.captureWarnings(False)
        for name in _OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)
        root.setLevel(level)
        root.removeHandler(handler)


class Line(logging.Formatter):
    """A record as one line: JSON, or words for a person."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._as_json = settings.log_format == "json"
        self._with_text = settings.log_text
        self._secrets = _secrets(settings)

    def format(self, record: logging.LogRecord) -> str:
        fields = self._without_secrets(self._fields(record))
        if self._as_json:
            return json.dumps(fields, ensure_ascii=False, default=str)
        rest = " ".join(f"{k}={v!r}" for k, v in fields.items() if k not in _HEAD)
        return " ".join([*(str(fields[name]) for name in _HEAD), rest]).rstrip()

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {
            "time": time,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
        }
        if trace_id := current_trace_id():
            fields["trace_id"] = trace_id
        fields |= {k: v for k, v in vars(record).items() if k not in _ORDINARY}
        if record.exc_info and record.exc_info[1]:
            fields["fault"] = _fault(record.exc_info[1])
            if self._with_text:
                fields["trace"] = self.formatException(record.exc_info)
        return fields

    def _event(self, record: logging.LogRecord) -> str:
        if self._with_text or record.name.partition(".")[0] in _KNOWN:
            return record.getMessage().strip()
        return f"a message from {os.path.basename(record.pathname)}:{record.lineno}"

    def _without_secrets(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, "***")
            return value
        if isinstance(value, dict):
            return {key: self._without_secrets(v) for key, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._without_secrets(v) for v in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._without_secrets(str(value))


_HEAD = ("time", "level", "logger", "event")


class _Stray(TextIOBase):
    """What is printed and not logged: only the places in it are logged."""

    _log = logging.getLogger(__name__)

    def write(self, text: str) -> int:
        for place in _PLACE.finditer(text):
            self._log.error("printed", extra={"at": ":".join(place.groups())})
        return len(text)


def _fault(error: BaseException) -> list[dict[str, Any]]:
    """The exception and those that led to it, the first one last: types and places."""
    chain: list[dict[str, Any]] = []
    seen: BaseException | None = error
    while seen and len(chain) < 5:
        frames = traceback.extract_tb(seen.__traceback__)
        places = [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames]
        chain.append({"type": type(seen).__name__, "at": places[-20:]})
        seen = seen.__cause__ or seen.__context__
    return chain


def _secrets(settings: Settings) -> list[str]:
    """All that is secret in the settings, and the keys of the providers of chat models."""
    found = {value for name, value in os.environ.items() if name.endswith("_API_KEY")}
    for field in type(settings).model_fields:
        value = getattr(settings, field)
        for secret in value if isinstance(value, tuple) else (value,):
            if isinstance(secret, SecretStr):
                found |= _parts(secret.get_secret_value())
    return sorted((s for s in found if len(s) >= _SHORTEST_SECRET), key=len, reverse=True)


def _parts(secret: str) -> set[str]:
    """The secret, and the password in it if it is an address."""
    try:
        password = urlsplit(secret).password
    except ValueError:
        password = None
    return {secret, password} if password else {secret}
