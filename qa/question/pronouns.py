"""Pronouns of a question that stand for what an earlier turn spoke of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.question.mentions import Category, Mention, mentions
from qa.question.vocabulary import NOT_A_PERSON
from qa.text import AUXILIARIES, FUNCTION_WORDS

_PRONOUN = re.compile(
    r"\b(he|him|his|himself|she|her|hers|herself|it|its|itself|they|them|their|theirs|themselves)\b"
    r"(?!-)",
    re.IGNORECASE,
)
_POSSESSIVE = ("his", "its", "their", "theirs", "hers")
_EMPTY_IT = re.compile(
    r"\bit\b(?=(?:['’]s)? (?:(?:be|been|is|was|really|very|so|not|still|even|ever|more|less) )*"
    r"(?:true|possible|impossible|likely|unlikely|necessary|important|clear|known|said|safe|legal"
    r"|worth|easy|hard|difficult|dangerous|common|fair|right|wrong|expected|believed|thought"
    r"|claimed|reported|mentioned|stated|snow|rain|raining|snowing|time|like)\b"
    r".*\b(?:that|to|if|whether|for|in|when)\b)"
    r"|\b(?:take|takes|took|taken|mean|means|cost|costs)\b (?=.*\bto\b)",
    re.IGNORECASE,
)
_TAKES_TO = re.compile(
    r"\b(?:does|did|would|will|do|could|can|might) it (?:take|cost|mean|matter|make sense)\b"
    r".*\b(?:to|for|that|if|when|whether)\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:"
    + "|".join(sorted(AUXILIARIES, key=len, reverse=True))
    + r")(?: not)? $|^(?:and |but |so )?$|\b(?:that|if|whether|because|why|how|when|where) $",
    re.IGNORECASE,
)
_SAYS_IT = re.compile(
    r"\b(?:say|says|said|think|thinks|thought|believe|know|knew|knows|call|called|mean"
    r"|put|doubt|claim|deny|denied|claimed) $",
    re.IGNORECASE,
)
"""Before an "it" that stands for what was said rather than for a thing."""


@dataclass(frozen=True, slots=True)
class Context:
    """What was said before: the last question, standing alone, and the turns, latest first."""

    question: str
    spoken_of: tuple[tuple[Mention, ...], ...]
    """Of each turn; the question and its answer are two turns."""
    answer: tuple[Mention, ...]
    known: Mapping[str, Category]


def pronouns_filled(question: str, context: Context) -> str:
    """The first pronoun of each person with the one it stands for; later ones stay."""
    if _EMPTY_IT.search(question) or _TAKES_TO.search(question):
        return question
    done: set[str] = set()
    parts, at = [], 0
    for match in _PRONOUN.finditer(question):
        person = _person(match[0])
        if person in done or _named_within(question, match):
            continue
        if person == "it" and _stands_for_a_deed(question, match):
            continue
        acts = _ACTS.search(question[: match.start()]) is not None or _is_possessive(
            match[0].lower(), question[match.end() :]
        )
        meant = _antecedent(person, acts, context)
        if meant is None:
            continue
        done.add(person)
        name = _in_full(meant, context)
        if _is_possessive(match[0].lower(), question[match.end() :]):
            name += "’" if name.endswith("s") else "’s"
            name = name.replace("’", "'")
        parts.append(question[at : match.start()] + name)
        at = match.end()
    return "".join(parts) + question[at:]


def leans_on_before(question: str) -> bool:
    """Whether a pronoun of the question stands for something that it does not name itself."""
    if _EMPTY_IT.search(question) or _TAKES_TO.search(question):
        return False
    return any(not _named_within(question, m) for m in _PRONOUN.finditer(question))


def says_it(question: str) -> bool:
    """Whether its last word ("that", "so", "it") stands for what was said and not for a thing."""
    last = re.search(r"\b(?:this|that|so|it)[?!. ]*$", question, re.IGNORECASE)
    return last is not None and _SAYS_IT.search(question[: last.start()]) is not None


def _stands_for_a_deed(question: str, it: re.Match[str]) -> bool:
    """Whether "it" is what was said ("say it") or done ("did they do it?"), and not a thing."""
    before, after = question[: it.start()], question[it.end() :]
    does = re.search(r"\b(?:do|does|did) $", before) and not re.search(r"\w", after)
    return bool(does) or _SAYS_IT.search(before) is not None


def _person(pronoun: str) -> str:
    return {"h": "he", "s": "she", "i": "it", "t": "they"}[
        "s" if pronoun.lower().startswith("her") else pronoun[0].lower()
    ]


def _is_possessive(pronoun: str, after: str) -> bool:
    if pronoun == "her":
        following = re.match(r" ([\w-]+)", after)
        return following is not None and following[1].lower() not in FUNCTION_WORDS
    return pronoun in _POSSESSIVE


def _named_within(question: str, pronoun: re.Match[str]) -> bool:
    """Whether the pronoun stands for something that the question itself names before it."""
    person = _person(pronoun[0])
    for m in mentions(question[: pronoun.start()]):
        if not (m.named or m.category == "several" or m.text.startswith(("the ", "a ", "an "))):
            continue
        # In "What did Putin say about his plans?" nothing but "his" tells that Putin is a man.
        maybe = person in ("he", "she") and m.named and m.category == "thing" and _unclear(m.text)
        ends_before = m.start + len(m.text) < pronoun.start()
        if ends_before and (maybe or m.category in _FITTING[person]):
            return True
    return False


def _unclear(name: str) -> bool:
    return " " not in name and not name.isupper() and name not in NOT_A_PERSON


_FITTING: dict[str, tuple[Category, ...]] = {
    "he": ("man", "person"),
    "she": ("woman", "person"),
    "it": ("thing", "place"),
    "they": ("several", "thing", "place", "person", "man", "woman"),
}
"""Which categories a pronoun may stand for; for "they" the first come before the others."""


def _antecedent(person: str, acts: bool, context: Context) -> Mention | None:
    """Whom or what the pronoun stands for. One that acts stands for the one that acted in the
    turn before, one that is acted on for the last that was acted on."""
    fitting = _FITTING[person]
    turns = list(context.spoken_of)
    asked_who = context.question.lower().startswith(("who ", "whose ", "which ", "what "))
    if person in ("he", "she") and context.answer:
        answered = [m for m in context.answer if m.named and m.category in fitting]
        if asked_who and context.question.lower().startswith("who ") and not _names_person(context):
            turns = [tuple(answered), *turns]
    if person == "they" and not acts:  # "them" are more often many than one body of people
        for turn in turns[:2]:
            if found := _best(person, acts, turn, ("several",)):
                return found
    for turn in turns:
        if found := _best(person, acts, turn, fitting):
            return found
    return None


def _names_person(context: Context) -> bool:
    asked = context.spoken_of[0]
    return any(m.named and m.category in ("man", "woman", "person") for m in asked) and bool(
        re.match(r"who(?:'s|’s| is| was) [A-Z]", context.question, re.IGNORECASE)
    )


def _best(
    person: str, acts: bool, turn: Sequence[Mention], fitting: Sequence[Category]
) -> Mention | None:
    fit = [m for m in turn if m.category in fitting and _can_be_meant(person, m)]
    if not fit:
        return None

    def preference(mention: Mention) -> tuple[bool, bool, int, bool, int]:
        return (
            person in ("he", "she") and not mention.named,
            person in ("he", "she") and mention.category == "person" and _surer(fit, mention),
            fitting.index(mention.category) if person == "they" else 0,
            not mention.subject and acts,
            mention.start if acts else -mention.start,
        )

    return min(fit, key=preference)


def _in_full(meant: Mention, context: Context) -> str:
    """The name with the given name that a turn before has: "Sato" → "Kim Sato"."""
    if not meant.named and re.search(
        rf"\b(?:which|what|how many) {re.escape(meant.text)}", context.question, re.I
    ):
        return f"the {meant.text}"
    if not meant.named or " " in meant.text:
        return meant.text
    whole = (m.text for turn in context.spoken_of for m in turn if m.named)
    return next((text for text in whole if text.endswith(f" {meant.text}")), meant.text)


def _surer(fit: Sequence[Mention], mention: Mention) -> bool:
    """Whether another is known to be a man or a woman while this one is not."""
    return any(m.category != "person" and m.named for m in fit) and mention.named


def _can_be_meant(person: str, mention: Mention) -> bool:
    if mention.named:
        return True
    first = mention.text.split()[0].lower()
    if person in ("he", "she"):  # "an analyst" only tells more of somebody who has a name
        return first == "the"
    return first not in ("any", "each", "its", "his", "her", "their", "our", "this", "that")
