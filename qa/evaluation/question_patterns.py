"""A sentence → a question that it answers, by plain patterns of English."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.articles import Article
from index.sentences import sentence_spans
from qa.evaluation.cases import CaseKind

_NAME = r"(?:[A-Z][\w’'-]+)(?: (?:[A-Z][\w’'-]+|of|de|van|von|al|bin))*(?: [A-Z][\w’'-]+)?"
_SAYING = (
    r"(?:said|says|stressed|stresses|added|adds|believes|believed|thinks|argues|argued|claims"
    r"|claimed|warned|warns|told [A-Z][\w’' ]+?|insists|insisted|considers|announced|explained"
    r"|expects|expected|predicted|reported|noted|wrote)"
)
_NUMBER = (
    r"(?:\d[\d.,]*(?:(?: to |–|-)\d[\d.,]*)?"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATE = rf"(?:(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}(?!\d))?(?:,? \d{{4}})?|(?:1[0-9]|20)\d\d)"

_ATTRIBUTED = re.compile(rf"^(?P<who>{_NAME})(?:, [^,]+,)? (?P<verb>{_SAYING}) (?P<what>.+)$")
_HAS_NUMBER = re.compile(
    rf"^(?P<subject>[A-Z][^,;:]{{2,80}}?) (?P<verb>has|have|had|needs|took|takes|lost|employs"
    rf"|contains|holds|covers|cost|costs) (?:about |only |some |nearly |over |more than )?"
    rf"(?P<number>{_NUMBER}) (?P<unit>[a-z][a-z-]+(?: [a-z]+)?)\b"
)
_WOULD_NUMBER = re.compile(
    rf"^(?P<subject>[A-Z][^,;:]{{2,80}}?) (?P<modal>will|would|could|can) (?P<verb>[a-z]+) "
    rf"(?:about |only )?(?P<number>{_NUMBER}) (?P<unit>[a-z][a-z-]+s)\b"
)
_DATED = re.compile(
    rf"^(?P<subject>[A-Z][^,;:]{{2,80}}?) (?P<be>was|were) (?P<verb>\w+(?:ed|en|ne|lt|nd|wn)) "
    rf"(?P<rest>[^,;]*?)\b(?:in|on) (?P<date>{_DATE})"
)
_DEFINED = re.compile(
    rf"(?P<who>{_NAME}), "
    rf"(?P<role>(?:an?|the) [a-z][^,.;]{{3,60}}|{_NAME}[’']s [a-z][^,.;]{{3,60}}), "
)
_CLAUSE = re.compile(r"\b(?:is|was|are|were|and|or)\b")
_PERSON = re.compile(
    r"\b(?:\w+(?:er|or|ist|yst|ian|eer|man|woman)|president|king|queen|secretary|official)\b"
    r"(?: (?:of|from|at|in|for|who)\b.*)?$"
)
_BECAUSE = re.compile(
    r"^(?P<subject>[A-Z][^,;:]{2,60}?) (?P<be>is|are|was|were) (?P<rest>[^,;:]{3,80}?),? because "
    r"(?P<why>[^;]+)\.?$"
)

_COMMON_WORD = re.compile(r"\b[a-z]+\b")

_VERB_STEMS = {
    "has": "have",
    "had": "have",
    "needs": "need",
    "took": "take",
    "takes": "take",
    "lost": "lose",
    "employs": "employ",
    "contains": "contain",
    "holds": "hold",
    "covers": "cover",
    "costs": "cost",
}
_PAST = frozenset(("had", "took", "lost"))
_VAGUE = re.compile(
    r"(?:he|she|it|they|we|you|i|his|her|its|their|this|that|these|those|there|who|which|as|in|at"
    r"|after|before|while|when|if|for|by|on|with|but|and|or|so|some|many|most|other|another|such)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question, the words that answer it, and the sentence they are in."""

    kind: CaseKind
    question: str
    answer: str
    start: int
    end: int


def proposals(article: Article) -> Iterator[Proposal]:
    """The questions that the patterns make of the sentences of an article, in order."""
    common = frozenset(_COMMON_WORD.findall(article.text))
    for start, end in sentence_spans(article.text):
        sentence = article.text[start:end]
        if sentence.startswith("#") or len(sentence) > 400:
            continue
        for make in _MAKERS:
            made = make(sentence.removeprefix("- "), common)
            if made:
                yield Proposal(*made, start, end)


Made = tuple[CaseKind, str, str] | None


def _who_said(sentence: str, common: frozenset[str]) -> Made:
    match = _ATTRIBUTED.match(sentence)
    if not match or _vague(match["who"]) or len(match["what"].split()) < 4:
        return None
    return "attribution", f"Who {match['verb']} {_end(match['what'])}?", match["who"]


def _how_many(sentence: str, common: frozenset[str]) -> Made:
    match = _HAS_NUMBER.match(sentence)
    if not match or _vague(match["subject"]):
        return None
    plural = match["unit"].split()[0]
    if not plural.endswith("s"):
        return None
    verb = _VERB_STEMS.get(match["verb"], match["verb"])
    aux = "did" if match["verb"] in _PAST else "does" if match["verb"].endswith("s") else "do"
    question = f"How many {plural} {aux} {_inside(match['subject'], common)} {verb}?"
    return "number", question, f"{match['number']} {plural}"


def _how_many_would(sentence: str, common: frozenset[str]) -> Made:
    match = _WOULD_NUMBER.match(sentence)
    if not match or _vague(match["subject"]):
        return None
    subject = _inside(match["subject"], common)
    question = f"How many {match['unit']} {match['modal']} {subject} {match['verb']}?"
    return "number", question, f"{match['number']} {match['unit']}"


def _when(sentence: str, common: frozenset[str]) -> Made:
    match = _DATED.match(sentence)
    if not match or _vague(match["subject"]):
        return None
    rest = f" {match['rest'].strip()}" if match["rest"].strip() else ""
    return (
        "fact",
        f"When {match['be']} {_inside(match['subject'], common)} {match['verb']}{rest}?",
        match["date"],
    )


def _who_is(sentence: str, common: frozenset[str]) -> Made:
    match = _DEFINED.search(sentence)
    if not match or _vague(match["who"]) or _CLAUSE.search(match["role"]):
        return None
    asked = "Who" if _PERSON.search(match["role"]) else "What"
    return "fact", f"{asked} is {_inside(match['who'], common)}?", match["role"]


def _why(sentence: str, common: frozenset[str]) -> Made:
    match = _BECAUSE.match(sentence)
    if not match or _vague(match["subject"]):
        return None
    question = f"Why {match['be']} {_inside(match['subject'], common)} {match['rest']}?"
    return "why", question, _end(match["why"])


_MAKERS: tuple[Callable[[str, frozenset[str]], Made], ...] = (
    _who_said,
    _how_many,
    _how_many_would,
    _when,
    _who_is,
    _why,
)


def _vague(subject: str) -> bool:
    """Whether a reader of the question alone could not tell who is meant."""
    return bool(_VAGUE.match(subject))


def _inside(subject: str, common: frozenset[str]) -> str:
    """The subject in the middle of a sentence: `The list` → `the list`, `Moscow` stays."""
    first, _, rest = subject.partition(" ")
    article = first.lower() in {"the", "a", "an"}
    small = article or (first.lower() in common and not rest[:1].isupper())
    return f"{first.lower() if small else first} {rest}".strip()


def _end(text: str) -> str:
    return text.rstrip(' .!?”"')
