"""A clause in the pieces that a statement, its negation and its yes/no question are built from."""

import re
from dataclasses import dataclass, replace

from lemminflect import getInflection

AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "am",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "do",
        "does",
        "did",
    ]
)
_CONTRACTED = {"ca": "can", "wo": "will", "sha": "shall", "'re": "are", "'ve": "have"}
_CONTRACTED |= {"'ll": "will", "'m": "am", "’re": "are", "’ve": "have", "’ll": "will"}
_DO = {"VBD": "did", "VBZ": "does", "VBP": "do"}
_PLURAL = {"is": "are", "was": "were", "has": "have", "does": "do", "am": "are"}
_NOT = re.compile(r"(?:not|never|no longer)\b ?")

_OTHER_NEGATION = re.compile(
    r"\b(?:no|not|none|nothing|nobody|never|neither|nor|without|nowhere|hardly|any)\b"
)


@dataclass(frozen=True)
class Clause:
    """`lead` stands before the subject with its comma. `base` is the verb's base form, empty where
    `verb` is an auxiliary (or a form of "be"), which turns round by itself; `do` is the form of
    "do" that a full verb needs then. No piece has spaces around it or a full stop. A clause that
    goes on with another verb is not `plain`: it has no question and no negation."""

    subject: str
    verb: str
    rest: str
    base: str = ""
    do: str = ""
    lead: str = ""
    plain: bool = True

    @property
    def is_negated(self) -> bool:
        return bool(_NOT.match(self.rest) or _NOT.match(self.verb))

    def statement(self) -> str:
        text = _joined(self.lead, self.subject, self.verb, self.rest)
        return text[:1].upper() + text[1:] + "."

    def question(self) -> str | None:
        """Was X built in 1890? Did Y build X? None where it would be ambiguous or clumsy."""
        if not self.plain or self.is_negated or len(self.subject.split()) > 9:
            return None
        front, verb = (self.do, self.base) if self.base else (self.verb, "")
        text = _joined(self.lead, front, self.subject, verb, self.rest)
        return text[:1].upper() + text[1:] + "?"

    def negation(self, word: str = "not") -> "Clause | None":
        """The clause with "not", "never" or "no longer", or without it where it has one."""
        if not self.plain or _OTHER_NEGATION.search(_NOT.sub("", self.rest)):
            return None
        if found := _NOT.match(self.rest):
            if self.verb == "did" or self.verb in ("do", "does"):
                verb, _, rest = self.rest[found.end() :].partition(" ")
                return full_verb(self.subject, verb, _tag_of(self.verb), rest, self.lead)
            return replace(self, rest=self.rest[found.end() :])
        if not self.base:
            return replace(self, rest=f"{word} {self.rest}".strip())
        if word == "not":
            return replace(
                self, verb=self.do, base="", do="", rest=_joined("not", self.base, self.rest)
            )
        return replace(self, verb=f"{word} {self.verb}")

    def swapped(self, old: str, new: str) -> "Clause | None":
        """The clause with the words `new` for the first words `old`; None where it has none."""
        pattern = re.compile(rf"(?<![\w.,]){re.escape(old)}(?!\w|[.,]\d)")
        for piece in ("subject", "rest", "lead"):
            text = getattr(self, piece)
            if pattern.search(text):
                return replace(self, **{piece: pattern.sub(lambda _: new, text, count=1)})
        if self.verb == old:
            return replace(self, verb=new)
        return None


def full_verb(subject: str, base: str, tag: str, rest: str, lead: str = "") -> Clause | None:
    """A clause with a full verb in the tense of the Penn tag VBD, VBZ or VBP."""
    if not base.isalpha():
        return None
    forms = getInflection(base, tag) if tag != "VBP" else (base,)
    return Clause(subject, forms[0], rest, base, _DO[tag], lead) if forms else None


def with_finite(
    subject: str, verb: str, tag: str, lemma: str, rest: str, is_auxiliary: bool, lead: str = ""
) -> Clause | None:
    """A clause around the finite verb of a parsed sentence (Penn tag VBD, VBZ, VBP or MD)."""
    verb = _CONTRACTED.get(verb, verb).lower()
    rest = re.sub(r"^n['’]t\b", "not", rest)
    if verb.startswith(("'", "’")):
        return None  # 's is "is" or "has", 'd is "had" or "would"
    if is_auxiliary or verb in ("is", "are", "was", "were", "am"):
        return Clause(subject, verb, rest, lead=lead)
    return Clause(subject, verb, rest, lemma, _DO[tag], lead) if tag in _DO else None


def plural_verb(verb: str, tag: str, lemma: str) -> str:
    """The form that goes with several: are for is, build for builds."""
    return _PLURAL.get(verb, lemma if tag == "VBZ" else verb)


def with_articles(clause: Clause, word: str) -> Clause:
    """a engineer → an engineer, where `word` was put in."""
    vowel = bool(re.match(r"[aio]|e(?!u)|u(?!ni|se)|hour|hono|hones", word, re.I))
    right, wrong = ("an", "a") if vowel else ("a", "an")
    pattern = re.compile(rf"\b({wrong}|{wrong.capitalize()}) (?={re.escape(word)}\b)")

    def mended(match: re.Match[str]) -> str:
        return (right.capitalize() if match[1][0].isupper() else right) + " "

    return replace(
        clause,
        subject=pattern.sub(mended, clause.subject),
        rest=pattern.sub(mended, clause.rest),
    )


def _tag_of(do: str) -> str:
    return next(tag for tag, form in _DO.items() if form == do)


def _joined(*pieces: str) -> str:
    return " ".join(piece for piece in pieces if piece)
