"""Formats whose readers are large programs → blocks, each file read in a process of its own.

A file made to hurt may crash such a reader, or take all of the memory or hours of it. Here that is
the end of a small process, which the kernel holds to its bounds, and one sentence to a person.

The process is `python -m index.loading.apart KIND NAME MOST`; it reads the file from its standard
input and writes the `Extract`, or why there is none, as JSON.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

from index.errors import BadInput, TooLarge, UnreadableFile
from index.loading.blocks import Extract
from index.loading.recognition import RECOGNITION_S, is_installed

if TYPE_CHECKING:
    from index.settings import Settings

Kind = Literal["pdf", "picture", "office", "slides", "rtf", "latex", "subtitles"]

_LONGEST_READING_S = 120
"""A person who waits longer than this has given up."""
_PICTURES = ("pdf", "picture")
"""Where letters may have to be recognised, which takes longer."""
_MOST_MEMORY = 1_400_000_000
"""Bytes that the process may write to. Not of addresses: Tika's runtime reserves 32 GB of those."""


def read_apart(kind: Kind, data: bytes, name: str, settings: "Settings") -> Extract:
    """The blocks of a file of this kind, read in a process of its own.

    Raises:
        UnreadableFile: if the file is damaged or holds no text.
        TooLarge: if it takes more time or memory than a file may.
    """
    longest = _longest(kind)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "index.loading.apart", kind, name,
             str(settings.max_article_characters)],
            input=data,
            capture_output=True,
            timeout=longest,
            check=False,
        )  # fmt: skip
        answer = json.loads(done.stdout or b"{}")
    except subprocess.TimeoutExpired as error:
        raise TooLarge(
            f"{name} was not read within {longest} seconds; split it, or give its text."
        ) from error
    except ValueError:  # ended in the middle of its answer
        answer = {}
    match answer:
        case {"too large": str(sentence)}:
            raise TooLarge(sentence)
        case {"unreadable": str(sentence)}:
            raise UnreadableFile(sentence)
        case {"blocks": list(blocks)}:
            facts = tuple((name, text) for name, text in answer["facts"])
            return Extract(blocks, answer["title"], answer["named"], facts, tuple(answer["notes"]))
    raise TooLarge(
        f"{name} takes more memory or time to read than Footnote gives to a file, or is damaged; "
        "save it anew, split it, or give its text."
    )


def _readers() -> dict[Kind, Callable[[bytes, str, int], Extract]]:
    from index.loading.latex import read_latex
    from index.loading.office import read_office
    from index.loading.pdf import read_pdf
    from index.loading.picture import read_picture
    from index.loading.rtf import read_rtf
    from index.loading.slides import read_slides
    from index.loading.subtitles import read_subtitles

    return {
        "pdf": read_pdf,
        "picture": read_picture,
        "office": read_office,
        "slides": read_slides,
        "rtf": read_rtf,
        "latex": lambda data, name, most: read_latex(data.decode()),
        "subtitles": lambda data, name, most: read_subtitles(data.decode()),
    }


def _longest(kind: Kind) -> int:
    return _LONGEST_READING_S + (RECOGNITION_S if kind in _PICTURES and is_installed() else 0)


def _bound() -> None:
    """Hold this process to its memory and its processor time."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = _MOST_MEMORY if hard == resource.RLIM_INFINITY else min(hard, _MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or hard > _LONGEST_READING_S:
        resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST_READING_S, hard))


def main() -> None:
    """Read the file on standard input, and write what it holds."""
    kind, name, most = sys.argv[1:]
    _bound()
    data = sys.stdin.buffer.read()
    try:
        answer: dict[str, object] = _readers()[cast(Kind, kind)](data, name, int(most))._asdict()
    except TooLarge as error:
        answer = {"too large": str(error)}
    except BadInput as error:
        answer = {"unreadable": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
