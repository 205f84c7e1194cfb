"""Every error that Footnote raises on purpose.

FootnoteError            one clear sentence for a person: what was wrong and what to do
├── BadInput             the request is at fault (HTTP 400/422, exit code 2)
│   ├── UnreadableFile   a file or a page that holds no readable article
│   └── TooLarge         over a limit that the settings name (HTTP 413)
├── NotFound             no such article or conversation (HTTP 404, exit code 3)
├── NotAllowed           the key's role or spaces do not reach so far (HTTP 403)
├── LibraryBusy          another process holds the library's write lock (HTTP 503; retry)
├── ServiceBusy          too many wait already, or the service is ending (HTTP 503; retry)
├── LibraryDamaged       the article database itself cannot be read; nothing is overwritten
└── ModelProblem         a model is missing, altered or unreachable
"""


class FootnoteError(Exception):
    """Base of the tree above; `str(error)` is fit to be shown to a person."""


class BadInput(FootnoteError):
    """The request cannot be served as it stands."""


class UnreadableFile(BadInput):
    """The file is empty, binary, encrypted, corrupt or holds no text."""


class TooLarge(BadInput):
    """The input is over a limit."""


class NotFound(FootnoteError):
    """There is nothing under that id."""


class NotAllowed(FootnoteError):
    """Whoever asks has no right to it."""


class LibraryBusy(FootnoteError):
    """Another process is writing to the same data folder."""


class ServiceBusy(FootnoteError):
    """The service cannot take this on now; in `retry_after_s` seconds it may."""

    def __init__(self, message: str, retry_after_s: int = 5) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class LibraryDamaged(FootnoteError):
    """The article database is not readable."""


class ModelProblem(FootnoteError):
    """A model file is missing or altered, or a model server does not answer."""
