"""What a change is made from: a true clause, the sentences that say it, and what stands around."""

import re
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Span

from training.statements.clause import Clause
from training.statements.material import Paragraph

SUPPORTED, UNSAID, CONTRADICTED = 1, 0, 2
_STOP = frozenset(
    [
        "the",
        "and",
        "for",
        "was",
        "were",
        "are",
        "with",
        "that",
        "this",
        "from",
        "his",
        "her",
        "its",
        "had",
        "has",
        "have",
        "been",
        "not",
        "but",
        "they",
        "their",
        "which",
        "when",
        "who",
        "what",
        "did",
        "does",
        "than",
        "then",
        "into",
        "also",
        "one",
        "two",
    ]
)


@dataclass(frozen=True)
class Change:
    """A changed clause with its label; `kind` is what the report counts."""

    clause: Clause
    label: int
    kind: str


@dataclass(frozen=True)
class Scene:
    """`first` to `last` (included) are the numbers of the paragraph's sentences that are shown;
    `answer` is the answer that the clause was made with, or ""."""

    clause: Clause
    paragraph: Paragraph
    article: list[Paragraph]
    sentence: int
    first: int
    last: int
    origin: str
    answer: str = ""

    @property
    def evidence(self) -> str:
        return " ".join(self.paragraph.sentences[self.first : self.last + 1])

    def shown_entities(self) -> list[Span]:
        return [e for es in self.paragraph.entities[self.first : self.last + 1] for e in es]

    def paragraph_entities(self) -> list[Span]:
        return [e for es in self.paragraph.entities for e in es]


@lru_cache(maxsize=100_000)
def stems(text: str) -> frozenset[str]:
    """Content words cut to five letters: "founder" meets "founded"."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(w[:5] for w in words if (len(w) > 2 or w.isdigit()) and w not in _STOP)


def overlap(statement: str, evidence: str) -> float:
    """Share of the statement's content words that the evidence has."""
    wanted = stems(statement)
    return len(wanted & stems(evidence)) / max(1, len(wanted))


def has_word(text: str, word: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I))


def are_joined(text: str, one: str, other: str) -> bool:
    """Whether the two stand side by side in a list ("Ada and Bo", "1890, 1892")."""
    link = r"[\s,]*(?:and|or|to|&|–|-|as well as|both)?\s*(?:the |in |on )?"
    a, b = re.escape(one), re.escape(other)
    return bool(re.search(rf"{a}{link}{b}|{b}{link}{a}", text, re.I)) or _in_one_list(
        text, one, other
    )


def _in_one_list(text: str, one: str, other: str) -> bool:
    places = sorted((text.find(one), text.find(other)))
    between = text[places[0] : places[1]]
    return between.count(",") >= 2 or (" and " in between[-40:] and "," in between)
