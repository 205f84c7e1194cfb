"""Fragments that lean on the question before: "And hypersonic ones?", "And China?", "Why?"."""

import re
from collections.abc import Mapping

from qa.question.mentions import Category, Mention, is_plural, mentions
from qa.question.vocabulary import VERBS
from qa.text import AUXILIARIES, FUNCTION_WORDS, WORD

_OPENING = re.compile(
    r"^(?:(?:and|but|so|then|ok|okay|well|now|also|or)[,\s]+)?(?:what|how) about\s+"
    r"|^(?:and|but|or|then|same (?:question )?for|the same for)[,\s]+(?:what about )?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:and|but|so|then|ok|okay|well|now|also)[,\s]+)+", re.IGNORECASE)
_ADVERBIAL = re.compile(
    r"(?:why(?: not)?|when|where|how(?: (?:long|far|often|fast|come|exactly|so))?"
    r"|since when|until when|for how long|by whom|with whom|to whom|from where|where to"
    r"|(?:in|on|at|from|by|for|to|since|until) (?:which|what) \w+)",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(in|on|at|from|to|for|with|by|about|of|against|near|after|before|during|since|until|under"
    r"|over|between|into|without|towards?)\b",
    re.IGNORECASE,
)
_ONES = re.compile(r"^(?:the )?([\w-]+(?: [\w-]+)?) (ones?)$", re.IGNORECASE)
_OPPOSITES = {
    frozenset(pair.split())
    for pair in (
        "first second",
        "old new",
        "short long",
        "large small",
        "big small",
        "rich poor",
        "young old",
        "high low",
        "male female",
        "good bad",
        "main other",
    )
}
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|next|previous)\b",
    re.IGNORECASE,
)
_NATIONAL = re.compile(r"\w+(?:an|ish|ese|ch)\b")
_WH = re.compile(
    r"^(?:(?:in|on|at|from|by|for|to|since) )?(?:who|whom|whose|what|which|when|where|why"
    r"|how(?: (?:many|much|long|far|old|often|fast|tall|big))?)\b",
    re.IGNORECASE,
)


_WHICH_OF_MANY = re.compile(
    r"(?:which|what) (?:\w+ ){0,2}?\w+s"
    r" (?P<aux>must|should|can|could|may|might|will|would|are|were) (?P<rest>.+)",
    re.IGNORECASE,
)
"""The auxiliary comes after the subject: "Which countries must stay outside?"."""


def leading_words_off(question: str) -> str:
    """The question without the "And", "But so" that opens it."""
    return _LEADING.sub("", question.strip())


_ALSO_NOUNS = {"place", "state", "plan", "view", "fear", "plans", "views", "last"}


def fragment(question: str) -> str | None:
    """What a question that is no sentence says ("hypersonic ones"), or `None` for a sentence.

    Without an opening such as "And" or "What about" and without a question mark, a few words
    are a search for those words.
    """
    plain = question.strip().rstrip("?!. ")
    opening = _OPENING.match(question.strip())
    rest = plain[opening.end() :].strip() if opening else plain
    if opening and re.match(r"(?:what|how) about", leading_words_off(plain), re.IGNORECASE):
        return rest or None
    words = [match[0].lower() for match in WORD.finditer(rest)]
    if not words or len(words) > 8:
        return None
    if _ADVERBIAL.fullmatch(rest) or rest.lower() in ("how many", "how much", "which", "who"):
        return rest
    if re.match(r"(?:who|what|where|when|how|why) else$", rest, re.IGNORECASE):
        return rest
    verbal = AUXILIARIES.union(VERBS) - _ALSO_NOUNS
    if _WH.match(rest) or not verbal.isdisjoint(words) or words[0] in ("tell", "list", "name"):
        return None
    if not opening and _ONES.match(rest) and not _NATIONAL.match(rest):
        rest = rest[0].lower() + rest[1:]
    return rest if opening or (question.strip().endswith("?") and len(words) <= 5) else None


_BARE_SUBJECT = re.compile(r"(?P<before>.+ (?:does|did|do) )(?P<subject>[a-z]+)(?P<verb> [a-z]+)")


def completed(said: str, before: str, known: Mapping[str, Category]) -> str | None:
    """The question `before` with the fragment in its place; `None` where no place is clear."""
    lowered = said.lower()
    plain = before.strip().rstrip("?!. ")
    if not plain or not _is_question(plain):
        return None
    if lowered.endswith(" else"):
        return _with_else(said, plain)
    if _ADVERBIAL.fullmatch(said):
        return _asked_anew(said, plain)
    if ones := _ONES.match(said):
        return _modified(ones[1], ones[2], plain)
    head, _, object_ = said.partition(" ")
    if _PREPOSITION.fullmatch(head) and object_:
        if _PREPOSITION.search(object_):
            return None  # "from Georgia to Minsk": two places to fill
        return _same_preposition(head.lower(), object_, plain, known)
    return _replaced(said, plain, known) or _of_other_subject(said, plain)


def _of_other_subject(said: str, plain: str) -> str | None:
    """ "tin" after "At what temperature does copper melt?": one plain word for another, and only
    where the word after "do" is all of the subject, the verb being all that follows it.
    """
    asked = _BARE_SUBJECT.fullmatch(plain)
    if asked is None or not said.isalpha() or not said.islower():
        return None
    return f"{asked['before']}{said}{asked['verb']}?"


def _is_question(plain: str) -> bool:
    first = WORD.match(plain)
    return first is not None and (first[0].lower() in AUXILIARIES or _WH.match(plain) is not None)


def _with_else(said: str, plain: str) -> str | None:
    wh = said.split()[0]
    if plain.lower().startswith(wh.lower() + " "):
        return f"{wh.capitalize()} else {plain[len(wh) + 1 :]}?"
    return None


def _asked_anew(said: str, plain: str) -> str | None:
    """ "Why?" after "Does Russia reject it?" → "Why does Russia reject it?"."""
    wh = _WH.match(plain)
    rest = plain[wh.end() :].strip() if wh else plain
    first, _, tail = rest.partition(" ")
    if first.lower() not in AUXILIARIES or not tail:
        return None
    if first.lower() in ("is", "are", "was", "were") and wh and len(tail.split()) < 3:
        return None  # "When is Sergei Bersanov?" says nothing
    asked = said.strip()
    if asked.lower() == "why not":
        asked = "why"
        first = first if first.endswith("n't") else first + "n't"
    if wh and wh[0].lower() in ("what", "who", "whom", "which"):
        if first.lower() not in ("do", "does", "did"):
            return None
        subject_and_verb = re.match(r"(?:\S+ ){2,}?(?=" + _PREPOSITION.pattern + r" )", tail + " ")
        cut = subject_and_verb.end() if subject_and_verb else len(tail)
        tail = f"{tail[:cut].strip()} this {tail[cut:]}".strip()
    return f"{asked[0].upper()}{asked[1:]} {first.lower()} {tail}?"


def _modified(adjective: str, one: str, plain: str) -> str | None:
    """ "hypersonic ones" → the first plural (or, for "one", singular) noun gets the adjective.

    An ordinal takes the place of the one that was asked about: "the second one" after "What is the
    first fear?".
    """
    if _ORDINAL.fullmatch(adjective) and _ORDINAL.search(plain):
        return f"{_ORDINAL.sub(adjective, plain, count=1)}?"
    wanted = is_plural if one.lower() == "ones" else lambda word: not is_plural(word)
    # What is counted comes last: "How many minutes would missiles need?" is about missiles.
    for mention in sorted(mentions(plain), key=lambda m: _is_counted(m, plain)):
        head = mention.text.split()[-1]
        if mention.named or " of " in mention.text or not wanted(head):
            continue
        noun = start = mention.start + len(mention.text) - len(head)
        earlier = plain[:start].rstrip().split()
        if earlier and mention.text != head and _same_shape(earlier[-1], adjective):
            start = plain.rindex(earlier[-1], 0, start)
        return f"{plain[:start]}{adjective} {plain[noun:]}?"
    return None


def _is_counted(mention: Mention, plain: str) -> bool:
    text = f"{plain[: mention.start]}{mention.text}"
    return re.search(r"\bhow (?:many|much) [\w-]+$", text, re.IGNORECASE) is not None


def _same_shape(old: str, new: str) -> bool:
    """Whether two adjectives are of one kind, so that the new one takes the place of the old."""
    if old.lower() in FUNCTION_WORDS:
        return False
    hyphens = "-" in old and "-" in new
    capitals = old[0].isupper() and new[0].isupper()
    return hyphens or capitals or frozenset((old.lower(), new.lower())) in _OPPOSITES


def _same_preposition(
    preposition: str, object_: str, plain: str, known: Mapping[str, Category]
) -> str:
    """ "from Georgia" takes the place of "from Ukraine", or is added at the end."""
    for mention in mentions(plain, known):
        if plain[: mention.start].lower().endswith(f" {preposition} "):
            return f"{_put(plain, mention, object_)}?"
    if numbered := re.search(rf"\b{preposition} (?:the )?(\d\S*)", plain):
        return f"{plain[: numbered.start(1)]}{object_}{plain[numbered.end(1) :]}?"
    return f"{plain} {preposition} {object_}?"


def _replaced(said: str, plain: str, known: Mapping[str, Category]) -> str | None:
    """The fragment in the place of what is most like it in the question before."""
    new = mentions(said + "?", known)
    fresh = new[0] if len(new) == 1 or (new and new[0].start == 0) else None
    old = mentions(plain, known)
    if fresh is None:
        fresh_category: Category = "several" if is_plural(said.split()[-1]) else "thing"
        named = said[0].isupper() and " " not in said
    else:
        fresh_category, named = fresh.category, fresh.named
    lowered = {word.lower() for word in said.split()}
    if (one_of := _WHICH_OF_MANY.match(plain)) and fresh is not None:
        named_in_rest = [m for m in mentions(one_of["rest"], known) if m.named]
        if not named or fresh_category == "place" or not named_in_rest:
            return f"{one_of['aux'].capitalize()} {said} {one_of['rest']}?"
    alike = [m for m in old if m.head in lowered and not m.named and len(lowered) > 1]
    if not alike and named:
        names = [m for m in old if m.named]
        alike = [m for m in names if _one_kind(m.category, fresh_category)]
        if not alike and fresh_category in ("place", "thing"):
            alike = [m for m in names if m.category in ("place", "thing")][-1:]
        alike = alike or names[-1:]
    elif not alike:
        common = [m for m in old if not m.named]
        alike = [m for m in common if _one_kind(m.category, fresh_category)]
    about = re.search(r"\babout (.+)$", plain)
    if about and not named:
        return f"{plain[: about.start(1)]}{said}?"
    if not alike:
        return None
    return f"{_put(plain, alike[0], said)}?"


def _one_kind(a: Category, b: Category) -> bool:
    people = ("man", "woman", "person")
    return a == b or (a in people and b in people)


def _put(plain: str, old: Mention, new: str) -> str:
    start, end = old.start, old.start + len(old.text)
    return f"{plain[:start]}{new}{plain[end:]}"
