"""The people and things that a turn speaks of, found by spelling and a few lists of words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qa.question.vocabulary import MEN, NOT_A_PERSON, PLACES, ROLES, VERBS, WOMEN
from qa.text import AUXILIARIES, FUNCTION_WORDS, WORD

Category = Literal["man", "woman", "person", "place", "thing", "several"]
"""`person`: whether man or woman is not known; `several`: a plural."""

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_YEAR = r"(?:1[0-9]|20)\d\d"
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, ?{_YEAR})?\b"
    rf"|{_MONTH},? {_YEAR}|\d{{4}}-\d\d-\d\d"
    rf"|(?:(?:in|since|by|of|until|from|during) )?(?:{_MONTH}\b(?! [A-Z])"
    rf"|(?:the )?(?:early |late |mid-?)?{_YEAR}s?(?![\d,.]\d)(?:[-–](?:\d\d){{1,2}}\b)?)"
    r"|(?:the )?(?:(?:early|late|mid)[- ])?\d{1,2}(?:st|nd|rd|th)[- ]century"
    r"|\d{1,4} (?:BC|AD|BCE|CE)\b"
    r"|(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
)
NAME = re.compile(
    r"(?:\b(?:[A-Z]\.)+|\b[A-ZÀ-ÖØ-Þ][\w’'-]*)"
    r"(?:(?<![’']s) (?:(?:of|de|von|van|der|al|bin|da|del|la|le)(?: the)? )?"
    r"(?:(?:[A-Z]\.)+|[A-ZÀ-ÖØ-Þ][\w’'-]*))*"
)
_DETERMINERS = "the a an this that these those its his her their our any each"
DETERMINERS = frozenset(_DETERMINERS.split())
_IMPERATIVES = ("List", "Name", "Explain", "Describe", "Compare", "Tell", "Give", "Define")
_TITLE = re.compile(
    r"\b(?:(?P<man>Mr|Sir|Lord|King|Prince|Pope|Father)|(?P<woman>Mrs|Ms|Miss|Lady|Queen|Princess"
    r"|Dame|Mother)|Dr|Prof|Professor|President|Minister|Senator|General|Judge|Captain|Chancellor"
    r"|analyst|writer|author|minister|president|director|spokes\w+)\.? $"
)
_SAYS = re.compile(
    r"(?:, [^,.]{3,80},)? (?:said|says|told|tells|stressed|added|adds|thinks|believes|considers"
    r"|expects|insists|argued|argues|wrote|writes|claimed|claims|warned|warns|noted|announced"
    r"|explained|was born|died|tends to|put|counted)\b"
)
_SURNAME = re.compile(r"\w{2,}(?:ov|ova|ev|eva|sky|ski|enko|shvili|ström|stein|berg|escu|ez)$")
_SAID_OF_A_PERSON = re.compile(r"\bwho(?:'s|’s| is| was) $", re.IGNORECASE)
_WHO_IS_IN_SMALL_LETTERS = re.compile(r"^who(?:'s|’s| is| was) ([a-z]+(?: [a-z]+){1,2})\W*$")
_NOT_PLURAL = ("ss", "us", "is", "news", "series", "physics", "politics")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or a noun phrase, with its determiner, at `start` of the text that it was found in."""

    text: str
    category: Category
    start: int
    named: bool
    """A proper name, and no common noun."""
    subject: bool
    """It begins a sentence, as the one who acts mostly does."""

    @property
    def head(self) -> str:
        """The last word, or the one before "of"."""
        return re.split(r" of ", self.text)[0].split()[-1].lower()


def mentions(text: str, known: Mapping[str, Category] | None = None) -> list[Mention]:
    """What the text speaks of, in order. `known` gives the category of surnames seen before."""
    found = [*_names(text, known or {}), *_noun_phrases(text)]
    return sorted(found, key=lambda mention: mention.start)


def people(texts: list[str]) -> dict[str, Category]:
    """Surname → man, woman or person, as the texts show it.

    A "he" or "she" that follows the name of a person in the same text tells which of the two it is.
    """
    known: dict[str, Category] = {}
    for text in texts:
        for mention in _names(text, known):
            if mention.category in ("man", "woman", "person"):
                surname = mention.text.split()[-1]
                if known.get(surname, "person") == "person":
                    known[surname] = mention.category
    for text in texts:
        last: str | None = None
        for match in re.finditer(r"\w+", text):
            word = match[0]
            if word in known:
                last = word
            elif last and known[last] == "person":
                if word.lower() in ("he", "his", "him", "himself"):
                    known[last] = "man"
                elif word.lower() in ("she", "her", "hers", "herself"):
                    known[last] = "woman"
    return known


def _names(text: str, known: Mapping[str, Category]) -> list[Mention]:
    found = []
    for match in NAME.finditer(text):
        start, name = match.start(), re.sub(r"(?:[’']s)?[.’'-]*$", "", match[0])
        begins = _begins_sentence(text, start)
        while name and begins and _opens_a_sentence(name.split()[0]):
            cut = len(name.split()[0]) + 1
            name, start, begins = name[cut:], start + cut, False
        if not name or name.lower() in FUNCTION_WORDS or DATE.fullmatch(name):
            continue
        if begins and " " not in name and not _surely_a_name(name, text, match.end(), known):
            continue
        category = _category(name, text, start, known)
        before = text[max(0, start - 4) : start]
        if before.lower() == "the " and category not in ("man", "woman", "person"):
            name, start = text[start - 4 : start] + name, start - 4
        following = re.match(r"[\w’']* ([a-z]+s)\b(?: ([a-z]+))?", text[match.end() :])
        if following and following[1] not in VERBS and following[1] not in FUNCTION_WORDS:
            # "NATO members", "American missiles": the phrase is about the noun. After the full name
            # of a person it is a verb ("Andrei Ontikov tends to"), unless another verb comes next.
            acts = following[2] is None or following[2] not in VERBS | AUXILIARIES
            if not (acts and " " in name and category in ("man", "woman", "person")):
                continue
        found.append(Mention(name, category, start, True, begins))
    small = _WHO_IS_IN_SMALL_LETTERS.match(text)
    if small and FUNCTION_WORDS.isdisjoint(small[1].split()):
        name = small[1].title()
        found.append(Mention(name, _category(name, text, 0, known), small.start(1), True, False))
    return found


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 6) : start]
    return start == 0 or not before.strip() or re.search(r"[.!?:\n]\W*$", before) is not None


def _opens_a_sentence(word: str) -> bool:
    return word in _IMPERATIVES or re.split("['’]", word.lower())[0] in FUNCTION_WORDS


def _surely_a_name(name: str, text: str, end: int, known: Mapping[str, Category]) -> bool:
    """Whether a single capitalised word that begins a sentence is more than any first word."""
    return (
        name in known
        or name in PLACES
        or name in MEN
        or name in WOMEN
        or (name.isupper() and len(name) > 1)
        or _SURNAME.match(name) is not None
        or _SAYS.match(text, end) is not None
        or re.search(rf"[a-z,] {re.escape(name)}\b", text) is not None
        or name + "?" == text.strip()
    )


def _category(name: str, text: str, start: int, known: Mapping[str, Category]) -> Category:
    parts = name.split()
    if " and " in name:
        return "several"
    if name in PLACES or parts[-1] in PLACES:
        return "place"
    if parts[0] in MEN and len(parts) > 1:
        return "man"
    if parts[0] in WOMEN and len(parts) > 1:
        return "woman"
    if parts[-1] in known:
        return known[parts[-1]]
    title = _TITLE.search(text, max(0, start - 14), start)
    if title and title["man"]:
        return "man"
    if title and title["woman"]:
        return "woman"
    if not NOT_A_PERSON.isdisjoint(parts) or (name.isupper() and len(name) > 1):
        return "thing"
    if parts[0] in MEN:
        return "man"
    if parts[0] in WOMEN:
        return "woman"
    cue = (
        title
        or _SURNAME.match(parts[-1])
        or _SAYS.match(text, start + len(name))
        or _SAID_OF_A_PERSON.search(text[:start][-12:])
    )
    whole = 1 < len(parts) <= 4 and all(p[0].isupper() or len(p) < 4 for p in parts)
    after_the = text[max(0, start - 4) : start].lower() == "the "
    if not after_the and (cue or (whole and " of " not in name and " the " not in name)):
        return "person"
    return "thing"


def _noun_phrases(text: str) -> list[Mention]:
    """Phrases with a determiner ("the draft treaty"), and plurals without one ("missiles")."""
    tokens = list(WORD.finditer(text))
    found, at = [], 0
    while at < len(tokens):
        determined = tokens[at][0].lower() in DETERMINERS
        first = at + 1 if determined else at
        end = _run(text, tokens, first)
        if end == first:
            at += 1
            continue
        if tokens[at][0].lower() in ("a", "an", "each") and is_plural(tokens[end - 1][0]):
            end = max(first + 1, end - 1)  # "an adult eats": a verb
        head = tokens[end - 1][0]
        plural = is_plural(head)
        if head[0].islower() and (determined or plural):
            if end + 1 < len(tokens) and tokens[end][0] == "of" and determined:
                owner = end + 1 + (tokens[end + 1][0].lower() in DETERMINERS)
                after = _run(text, tokens, owner)
                end = after if after > owner else end
            start = tokens[at].start()
            category: Category = "several" if plural else "thing"
            if head.lower() in ROLES:
                category = "person"
            phrase = text[start : tokens[end - 1].end()]
            begins = _begins_sentence(text, start)
            if begins:
                phrase = phrase[0].lower() + phrase[1:]
            found.append(Mention(phrase, category, start, False, begins))
        at = max(end, at + 1)
    return found


def _run(text: str, tokens: list[re.Match[str]], at: int) -> int:
    """The end of the run of content words, next to one another, that begins at token `at`."""
    first = at
    while at < len(tokens):
        word = tokens[at][0].lower()
        if word in FUNCTION_WORDS or word in VERBS or (at > first and word.endswith(("ed", "ing"))):
            break
        if at > first and text[tokens[at - 1].end() : tokens[at].start()] not in (" ", "-"):
            break
        if at > first and re.search("['’]s$", tokens[at - 1][0]) is None and at - first > 5:
            break
        at += 1
    return at


def is_plural(word: str) -> bool:
    """Whether a noun looks like a plural."""
    lowered = word.lower()
    if lowered in ("people", "men", "women", "children", "police"):
        return True
    return len(word) > 3 and lowered.endswith("s") and not lowered.endswith(_NOT_PLURAL)
