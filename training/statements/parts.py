"""A question in parts: question words, verb, the rest; and its answer as a noun phrase."""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from training.statements.answers import PlacedAnswer
from training.statements.pieces import text_of

_FINITE = ("VBD", "VBZ", "VBP", "MD")
TIMES = frozenset(["year", "month", "day", "date", "century", "decade", "season"])


@dataclass(frozen=True)
class QuestionParts:
    """A question cut up: [preposition] question words, then the verb and what follows."""

    doc: Doc
    preposition: str
    words: Span
    verb: Token
    end: int

    def text(self, start: int, end: int | None = None) -> str:
        return text_of(self.doc, range(start, self.end if end is None else end))

    @property
    def word(self) -> str:
        return str(self.words[0].lower_)

    @property
    def noun(self) -> str:
        """The words that the question word stands with: "pupils" of "how many pupils"."""
        skipped = 2 if self.word == "how" else 1
        return text_of(self.doc, range(self.words.start + skipped, self.words.end))


def question_parts(doc: Doc) -> QuestionParts | None:
    end = len(doc) - (doc[-1].text == "?")
    start = 1 if doc[0].tag_ == "IN" else 0
    if end - start < 4 or doc[start].lower_ not in (
        ["who", "what", "which", "when", "where", "why", "how", "whom"]
    ):
        return None
    for token in doc[start + 1 : min(end - 1, start + 8)]:
        if token.tag_ in _FINITE:
            words = doc[start : token.i]
            if len(words) > 1 and words[-1].pos_ == "ADV" and words[-1].lower_ != "many":
                return None  # "Who often wins?"
            return QuestionParts(doc, doc[0].lower_ if start else "", words, token, end)
        if token.pos_ in ("VERB", "PUNCT", "SCONJ"):
            return None
    return None


def nominal(asked: QuestionParts, answer: PlacedAnswer) -> str | None:
    """The answer as a subject or object: with the noun of the question where it is bare."""
    noun, text = asked.noun, answer.text
    if asked.word == "how":
        measure = asked.words[1].lower_ if len(asked.words) > 1 else ""
        if measure not in ("many", "much"):
            return None
        if noun and answer.is_number:
            return f"{text} {noun}"
        return text if answer.span[0].like_num or "%" in text or "$" in text else None
    if not noun:
        return text if answer.is_noun_phrase else None
    head = asked.words.root
    if head.lower_ in ("percentage", "percent", "proportion") and noun.startswith(head.lower_):
        share = re.sub(r"^\W*(?:percentage|percent|proportion)\b ?", "", noun)
        return f"{text} {share}".strip() if re.search(r"%|per ?cent", text) else None
    if head.lower_ in ("kind", "type", "sort", "color", "colour"):
        return text if answer.is_noun_phrase else None
    if head.lower_ in TIMES and answer.is_number:
        return text  # "in what year": in 1977
    if answer.span.root.pos_ == "ADJ" or answer.is_number:
        return f"{text} {noun}"
    return text if answer.is_noun_phrase else None
