"""Words of PDF files as PDFium and as pypdf give them, beside those of `pdftotext`.

    python -m benchmarks.pdf FOLDER

Of each file the first ten pages. A table of one line a library is printed, means over the files
that all three open and in which `pdftotext` finds at least 50 words. Neither of the two is the
truth: where all agree there is nothing to choose, and where they do not, `pdftotext` has had the
most years of people telling it that a word was cut or glued.
"""

import argparse
import re
import signal
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pypdfium2
from pypdf import PdfReader

from index.loading.pdf_lines import page_text

PAGES = 10
FEWEST_WORDS = 50
LONGEST_S = 60
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The words of a file beside those of the peer, as shares from 0 to 1."""

    found: float
    """Of the peer's words."""
    right: float
    """Of the words given, those that the peer has too."""
    in_order: float
    """Of the peer's pairs of neighbouring words."""
    glued: float
    """Of the words given, those that the peer reads as several."""
    cut: float
    """Of the peer's words, those given in pieces."""


def words(text: str) -> list[str]:
    """The words in lower case, ligatures as letters, without soft hyphens."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("\u00ad", "").casefold())


def compare(given: Sequence[str], peer: Sequence[str]) -> Comparison:
    """How the words given agree with the peer's.

    >>> compare(["a", "redfox", "ran"], ["a", "red", "fox", "ran"]).glued
    0.3333333333333333
    """
    same = (Counter(given) & Counter(peer)).total()
    pairs = (Counter(pairwise(given)) & Counter(pairwise(peer))).total()
    return Comparison(
        found=same / len(peer),
        right=same / max(len(given), 1),
        in_order=pairs / max(len(peer) - 1, 1),
        glued=_joined(given, peer) / max(len(given), 1),
        cut=_joined(peer, given) / len(peer),
    )


def _joined(words: Sequence[str], others: Sequence[str]) -> int:
    """How many of the words are two or three neighbouring words of the others in one."""
    known = set(others)
    together = {a + b for a, b in pairwise(others)}
    together |= {a + b + c for a, b, c in zip(others, others[1:], others[2:], strict=False)}
    return sum(word not in known and word in together for word in words)


def by_pdftotext(path: Path) -> str:
    """The text by Poppler's program."""
    command = ["pdftotext", "-l", str(PAGES), "-enc", "UTF-8", path, "-"]
    return subprocess.run(
        command, capture_output=True, timeout=LONGEST_S, check=True
    ).stdout.decode("utf-8", "replace")


def by_pdfium(path: Path) -> str:
    """The text by PDFium, in the lines that Footnote makes of it."""
    document = pypdfium2.PdfDocument(path)
    pages = [page_text(document[i]) for i in range(min(len(document), PAGES))]
    text = "\n".join(line.text for page in pages for line in page.lines)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def by_pypdf(path: Path) -> str:
    """The text by pypdf."""
    return "\n".join(page.extract_text() for page in PdfReader(path).pages[:PAGES])


LIBRARIES: dict[str, Callable[[Path], str]] = {"PDFium": by_pdfium, "pypdf": by_pypdf}


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def end(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def _text(read: Callable[[Path], str], path: Path) -> str | None:
    try:
        with _within(LONGEST_S):
            return read(path)
    except Exception:  # whatever a library says of a file that it does not open
        return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", action="store_true", help="a line for each file too")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    found: dict[str, list[Comparison]] = {name: [] for name in LIBRARIES}
    unread: Counter[str] = Counter()
    for path in paths:
        peer = words(_text(by_pdftotext, path) or "")
        texts = {name: _text(read, path) for name, read in LIBRARIES.items()}
        unread.update(name for name, text in texts.items() if text is None)
        if len(peer) < FEWEST_WORDS:
            continue
        of_file = {name: compare(words(t), peer) for name, t in texts.items() if t is not None}
        if arguments.each:
            print(path.name, *(f"{n} {c.found:.3f} {c.right:.3f}" for n, c in of_file.items()))
        if len(of_file) == len(LIBRARIES):
            for name, comparison in of_file.items():
                found[name].append(comparison)
    files = len(next(iter(found.values())))
    print(f"{len(paths)} files, {files} compared")
    print("| | words found | right | in order | glued | cut | not opened |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in found.items():
        print(
            f"| {name} | {mean(r.found for r in rows):.3f} | {mean(r.right for r in rows):.3f} "
            f"| {mean(r.in_order for r in rows):.3f} | {1000 * mean(r.glued for r in rows):.2f} ‰ "
            f"| {1000 * mean(r.cut for r in rows):.2f} ‰ | {unread[name]} |"
        )


if __name__ == "__main__":
    main()
