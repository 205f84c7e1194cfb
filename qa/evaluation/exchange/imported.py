"""`ImportedSet`: what another tool's file becomes, and how it is written as a test set."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.atomic_file import replace_text
from index.errors import BadInput
from qa.evaluation.cases import Case
from qa.evaluation.set_writing import set_text

LONG = 12
"""Words of an accepted answer above which it is hardly ever found word for word."""


@dataclass(frozen=True, slots=True)
class ImportedSet:
    """Cases, and the articles that came with them, by the name of the file to write."""

    cases: tuple[Case, ...]
    articles: dict[str, str]


def write_set(imported: ImportedSet, output: Path, articles: Sequence[str] = ()) -> list[str]:
    """Writes the set at `output` and its articles beside it; a sentence for each thing to mend.

    `articles` are asked by the cases that name none, as paths relative to the set.

    Raises:
        BadInput: when nothing can be asked, or a file would be written over.
    """
    if not imported.cases:
        raise BadInput("The file holds no question.")
    lost = [case.id for case in imported.cases if not case.articles and not articles]
    if lost:
        raise BadInput(
            f"{len(lost)} cases ({lost[0]} first) do not say which article they are asked of: "
            "name it with --article FILE."
        )
    for name in imported.articles:
        if (output.parent / name).exists():
            raise BadInput(f"{output.parent / name} is there already; it was left as it is.")
    for name, text in imported.articles.items():
        replace_text(output.parent / name, text.strip() + "\n")
    replace_text(output, set_text(articles, imported.cases))
    return list(_remarks(imported.cases))


def unique_ids(wanted: Iterable[str]) -> list[str]:
    """The same ids, with `-2`, `-3` … behind one that was there before.

    >>> unique_ids(["a", "b", "a"])
    ['a', 'b', 'a-2']
    """
    seen: dict[str, int] = {}
    ids = []
    for name in wanted:
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


def slug(text: str, words: int = 6) -> str:
    """A short name for an id or a file.

    >>> slug("Who is the Doña of Ölvik, today?")
    'who-is-the-dona-of-olvik'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:words]) or "case"


def _remarks(cases: Sequence[Case]) -> Iterable[str]:
    long = [
        case.id
        for case in cases
        if case.answers and all(isinstance(a, str) and len(a.split()) > LONG for a in case.answers)
    ]
    if long:
        yield (
            f"{len(long)} cases accept only long answers ({long[0]} first): an accepted answer is "
            "looked for word for word, so shorten them to the words that answer."
        )
    bare = sum(not case.quotes and not case.not_in_article for case in cases)
    if bare:
        yield f"{bare} cases have no quote: where the answer is cited from is not judged for them."
