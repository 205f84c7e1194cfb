"""An article → questions that one of its clauses answers, and near misses of them.

A date, a number or the name that a clause begins with gives way to a question word. Where an
auxiliary comes before, it changes places with its subject (`When was the Corvina launched?`);
otherwise the question word stays where the answer stood (`Work begins when?`). So the words of the
clause are kept, and what comes out is English where the clause was. A row of a table, `Header:
cell; Header: cell`, is asked for each of its cells.

A near miss exchanges one detail of such a question for one that the article does not hold, or asks
of a person what it does not say. Nothing here knows whether a proposal is good:
`qa.evaluation.drafting` asks each, and a person decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.articles import Article
from index.sentences import sentence_spans
from qa.evaluation.cases import CaseKind

LONGEST = 160
"""Characters of a clause that is asked about; a longer one makes a question that no one asks."""

_MONTHS = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_DATE = re.compile(
    rf"\b(?:in|on) (?P<answer>(?:\d{{1,2}} )?{_MONTHS}(?: \d{{4}})?|{_YEAR.pattern})"
)
_COUNT = re.compile(
    r"\b(?P<answer>\d[\d.,]*(?: to \d[\d.,]*)?(?: (?:million|billion))? (?P<unit>[a-z]{3,}s))\b"
)
_NAME = re.compile(r"[A-Z][\w-]+(?: (?:of |& )?[A-Z][\w-]+)*\b(?![’'])")
_ROLE = re.compile(r", [^,]{3,60},(?= [a-z])")
_TURNED = re.compile(
    r"^(?P<subject>(?!In |On |At |Since )[^,]{2,60}?) "
    r"(?P<verb>is|are|was|were|has|have|will|would|can|could|may|must) "
    r"(?P<rest>.*)$"
)
_REASON = re.compile(r",? because (?P<answer>.+)$")
_ROUGHLY = re.compile(r"\b(?:some|about|over|nearly|around|only|more than) $", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"(?:,|[a-z] [A-Z]\w+|\bThe \w+) $")
"""Ends that make a number a part of something else: a list, or a name such as `Brook 3`."""
_CLAUSES = re.compile(r"[^;:]+")
_FURTHER = re.compile(r",? (?:and|but|which|who|where|because|yet) .*|, .*")
_PRONOUN = re.compile(
    r"(?:he|she|it|they|we|you|i|his|her|its|their|this|that|these|those)\b", re.IGNORECASE
)
_CELL = re.compile(r"(?P<header>[^:;]+): (?P<cell>[^;]+)(?:; |$)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question made from the sentence `article.text[start:end]`."""

    kind: CaseKind
    question: str
    answer: str | None
    """Words of the sentence; None for a near miss."""
    start: int
    end: int
    tag: str = ""
    """Of a near miss: what was exchanged."""


def proposals(article: Article) -> Iterator[Proposal]:
    """The questions made of the clauses and rows of an article, in their order."""
    names, rows = _words_of_names(article.text), 0
    for start, end in sentence_spans(article.text):
        sentence = article.text[start:end]
        if sentence.startswith("#"):
            continue
        if _is_row(sentence):
            made = [_of_row(sentence, rows)]
            rows += 1
        else:
            made = list(_of_sentence(sentence, names))
        for kind, question, answer in made:
            yield Proposal(kind, question, answer, start, end)


def near_misses(article: Article, answered: Iterable[Proposal]) -> Iterator[Proposal]:
    """Of each question others that name what the article does not hold, or does not say."""
    for proposal in answered:
        for tag, question in _exchanged(proposal, article.text):
            yield Proposal("near_miss", question, None, proposal.start, proposal.end, tag)


def _exchanged(proposal: Proposal, text: str) -> Iterator[tuple[str, str]]:
    question, answer = proposal.question, proposal.answer or ""
    if year := _YEAR.search(question):
        other = next(str(y) for y in range(int(year[0]) + 3, 9999) if str(y) not in text)
        yield "year", question.replace(year[0], other)
    if proposal.kind == "table":
        yield "row", f"{question.rstrip('?')} II?"
        return
    names = [n for n in _NAME.findall(question.partition(" ")[2]) if not re.match(_MONTHS, n)]
    if names:
        yield "name", question.replace(names[0], f"{names[0]} II", 1)
    if question.startswith("Who ") and " " in answer:
        yield "attribute", f"Where was {answer} born?"
        yield "attribute", f"How old is {answer}?"


def _words_of_names(text: str) -> set[str]:
    """The words of what is written with capitals where no sentence begins."""
    names = re.finditer(rf"(?<=[a-z,] ){_NAME.pattern}", text)
    return {word for match in names for word in match[0].split()}


def _is_row(sentence: str) -> bool:
    cells = list(_CELL.finditer(sentence))
    return len(cells) >= 2 and sum(len(cell[0]) for cell in cells) == len(sentence)


def _of_row(row: str, number: int) -> tuple[CaseKind, str, str]:
    """One cell of the row, another column for each row."""
    first, *others = _CELL.finditer(row)
    cell = others[number % len(others)]
    question = f"What stands under {cell['header'].strip()} for {first['cell'].strip()}?"
    return "table", question, cell["cell"].strip()


def _of_sentence(sentence: str, names: set[str]) -> Iterator[tuple[CaseKind, str, str]]:
    for match in _CLAUSES.finditer(sentence):
        clause = match[0].strip(' .!“”"')
        if not 20 <= len(clause) <= LONGEST or not clause[0].isupper() or _PRONOUN.match(clause):
            continue
        name = _NAME.match(clause)
        if name and name[0].rpartition(" ")[2] in names:
            yield from _asked_who(clause, name[0])
        if reason := _REASON.search(clause):
            turned = _TURNED.match(clause[: reason.start()])
            if turned:
                yield "why", f"Why {_turned(turned)}?", reason["answer"]
        for pattern in (_DATE, _COUNT):
            found = pattern.search(clause)
            if found and not _NOT_BEFORE.search(clause[: found.start()]):
                yield _asked_in_place(clause, found)


def _asked_who(clause: str, name: str) -> Iterator[tuple[CaseKind, str, str]]:
    rest = _ROLE.sub("", clause[len(name) :], count=1).partition(",")[0]
    if rest[:2].strip().islower() and not rest.startswith((" and ", " or ")):
        yield "fact", f"{'Who' if ' ' in name else 'Who or what'}{rest}?", name


def _asked_in_place(clause: str, found: re.Match[str]) -> tuple[CaseKind, str, str]:
    """The clause with a question word for what was found, which comes first where it can."""
    before = _ROUGHLY.sub("", clause[: found.start()]).rstrip()
    after = _FURTHER.sub("", clause[found.end() :])
    units = found.groupdict().get("unit")
    kind: CaseKind = "number" if units else "fact"
    asked = f"how many {units}" if units else "when"
    if _YEAR.fullmatch(found["answer"]):
        asked = "in which year"
    if not before:
        return kind, f"{asked.capitalize()}{after}?", found["answer"]
    if turned := _TURNED.match(f"{before} "):
        question = f"{asked.capitalize()} {_turned(turned)}{after}?"
        return kind, question, found["answer"]
    return kind, f"{before} {asked}{after}?", found["answer"]


def _turned(match: re.Match[str]) -> str:
    """`The ship was launched` → `was the ship launched`."""
    subject = match["subject"]
    if subject.startswith(("The ", "A ", "An ", "Each ", "Some ", "No ", "All ")):
        subject = subject[0].lower() + subject[1:]
    return f"{match['verb']} {subject} {match['rest']}".rstrip()
