"""An answer as it stands in its sentence: what kind it is and which preposition leads to it."""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from training.statements.material import Paragraph, Question
from training.statements.pieces import lower_start

_PREPOSITIONS = [
    "in",
    "on",
    "at",
    "from",
    "to",
    "near",
    "during",
    "since",
    "until",
    "by",
    "after",
    "before",
    "around",
    "under",
    "into",
    "inside",
    "with",
    "within",
    "through",
    "across",
    "along",
    "between",
    "behind",
    "beside",
    "outside",
    "over",
    "for",
]
_LEADING = re.compile(rf"(?:^|\s)((?:{'|'.join(_PREPOSITIONS)})(?: the| a| an)?) $", re.I)
_TIME_WORD = re.compile(
    r"(?:after|before|when|while|during|since|until|every|last|next|yesterday|today|tonight|"
    r"at|in|on|from|by|once|late|early|around|about|between|as soon as|"
    r"\w+ (?:years?|days?) (?:ago|later))\b",
    re.I,
)
_YEAR = re.compile(r"(?:the )?(?:1\d|20)\d\ds?|(?:late |early |mid-?)?\d\d\d0s")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = re.compile(
    rf"(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}\b|\w+day\b"
)


@dataclass(frozen=True)
class PlacedAnswer:
    """`sentence` is its number in the paragraph, `lead` the preposition before it there, or ""."""

    text: str
    sentence: int
    span: Span
    lead: str

    @property
    def is_plural(self) -> bool:
        root = self.span.root
        return root.tag_ in ("NNS", "NNPS") or any(t.dep_ == "conj" for t in root.children)

    @property
    def is_number(self) -> bool:
        return all(t.like_num or t.text in ",.$€£%" for t in self.span) and self.text[-1] != "%"

    @property
    def is_noun_phrase(self) -> bool:
        root = self.span.root
        return self._is_whole and (
            root.pos_ in ("NOUN", "PROPN", "PRON", "NUM") or self.span[0].tag_ == "DT"
        )

    @property
    def is_verb_phrase(self) -> bool:
        return self.span[0].pos_ == "VERB"

    @property
    def _is_whole(self) -> bool:
        """Nothing but articles and adverbs of its own phrase was left out before it."""
        root = self.span.root
        left_out = [t for t in root.subtree if t.i < self.span.start]
        return all(
            t.dep_ in ("det", "advmod", "punct", "case", "predet", "poss", "amod", "quantmod")
            or t.head.i < self.span.start
            for t in left_out
        )


def placed(question: Question, paragraph: Paragraph) -> PlacedAnswer | None:
    """The first person's answer; None where it is long or does not fit the words of a sentence."""
    start, text = question.answers[0]
    text = text.strip(" .,;:!?\"'")
    if not text or len(text.split()) > 12:
        return None
    start = paragraph.text.find(text, start)
    if start < 0:
        return None
    number = paragraph.sentence_at(start)
    doc: Doc = paragraph.parses[number]
    inside = start - paragraph.starts[number]
    span = doc.char_span(inside, inside + len(text))
    if span is None:
        return None
    found = _LEADING.search(paragraph.sentences[number][:inside])
    lead = found[1].lower() if found else ""
    text = lower_start(doc, text, span.start)
    before = doc[span.start - 1] if span.start else None
    if before is not None and before.tag_ == "DT" and before.head == span.root:
        text = f"{before.lower_} {text}"
        lead = lead.split(" ")[0]
    return PlacedAnswer(text, number, span, lead)


def adverbial(answer: PlacedAnswer, word: str) -> str | None:
    """The answer to when, where, how or why as a part of the sentence: "in 1890", "because ..."."""
    text = answer.text
    first = text.split()[0].lower()
    if word == "when":
        if first in _PREPOSITIONS or _TIME_WORD.match(text):
            return text
        if answer.lead and answer.lead.split()[0] in (
            [
                "in",
                "on",
                "at",
                "during",
                "since",
                "until",
                "by",
                "after",
                "before",
                "from",
                "around",
            ]
        ):
            return f"{answer.lead} {text}"
        if _DAY.match(text):
            return f"on {text}"
        return f"in {text}" if _YEAR.match(text) else None
    if word == "where":
        if first in _PREPOSITIONS:
            return text
        if answer.lead:
            return f"{answer.lead} {text}"
        return f"in {text}" if answer.span.root.ent_type_ == "GPE" else None
    if word == "why":
        if first in ("because", "to", "so", "due", "since", "for"):
            return text
        sentence = answer.span.doc.text
        before = sentence[: answer.span.start_char].rstrip().lower()
        if before.endswith("because"):
            return f"because {text}"
        return f"because of {text}" if before.endswith(("because of", "due to")) else None
    if word == "how":
        if first in ("by", "through", "with", "using", "via"):
            return text
        return f"by {text}" if answer.span[0].tag_ == "VBG" and answer.lead == "by" else None
    return None
