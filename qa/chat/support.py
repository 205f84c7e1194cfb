"""Whether sentences of an article say what a statement says.

The reader's trained support score decides. It reads meaning and is weak on what differs in a letter
or a sign, so a guard compares those: numbers, units and dates (`quantities`), and what stands in
quotation marks, which must be the article's own words. `docs/quality.md` has what each of them lets
through; a true statement is sometimes left out, and a false one shown, with its quote beside it.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from qa.chat.prompt_text import visible
from qa.chat.quantities import as_in, missing_quantity
from qa.reading.reader import Support

THRESHOLD = 0.95
"""Least probability of a statement that is shown; chosen by `benchmarks.support`, which also prints
the half that it was not chosen on."""

Score = Callable[[str, Sequence[str]], list[Support]]
"""A statement and texts → for each text, how likely it says so: `OnnxReader.support`."""

_QUOTED = re.compile(
    r"“([^”“]+)[”“]|„([^“”„]+)[“”]|«([^»]+)»|\"([^\"]+)\"|‘([^‘’]+(?:’\w[^‘’]*)*)’(?!\w)"
    r"|(?<![\w'])'([^']+(?:'\w[^']*)*)'(?!\w)|「([^」]+)」"
)


def said_by(text: str, statement: str, score: Score) -> float:
    """How likely the text says the statement.

    The score is asked with the statement's quantities as the text writes them: that "75 ha" are
    "75 hectares" is for the guard to know.
    """
    text = _folded(text)
    (support,) = score(as_in(text, _folded(statement)), [text])
    return support.supported


def missing_detail(statement: str, evidence: str) -> str | None:
    """A quotation, number, unit or date of the statement that is not in the evidence, or `None`."""
    statement, evidence = _folded(statement), _folded(evidence)
    if missing := _missing_quotation(statement, evidence):
        return f"the quotation {missing!r}"
    if missing := missing_quantity(statement, evidence):
        return f"the number or date {missing}"
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", visible(text)).replace("’", "'").replace("‑", "-")


def _missing_quotation(statement: str, evidence: str) -> str | None:
    held = _words(evidence)
    for match in _QUOTED.finditer(statement):
        quoted = next(group for group in match.groups() if group)
        place = 0
        for part in re.split(r"\.{3}|…|\(…\)", quoted):
            wanted = _words(part)
            place = held.find(wanted, place)
            if wanted.strip() and place < 0:
                return quoted
            place += len(wanted) - 1
    return None


def _words(text: str) -> str:
    words = " ".join(re.findall(r"[^_\W]+", text.casefold()))
    return f" {words} "
