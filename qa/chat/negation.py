"""Whether a statement says yes where its source says no, or the other way round, in English.

A rough check of the kind that NegEx does for clinical notes (Chapman et al. 2001): a negation
reaches a few words ahead. It sees a dropped or an added "not", not every contradiction.
"""

import re

from qa.text import FUNCTION_WORDS, stem, words

REACH = 4
"""Content words after a negation that it is taken to deny."""

_NEGATIONS = frozenset(
    ["not", "no", "never", "none", "neither", "nor", "cannot", "without", "nobody", "nothing"]
)
_NOT_A_DENIAL = re.compile(
    r"\b(?:not only|not just|not merely|not least|no longer than|no (?:later|fewer|less|more) than"
    r"|no doubt|no matter|whether or not|if not|why not|nothing (?:but|less|more))\b",
    re.IGNORECASE,
)
_UNWILLING = re.compile(
    r"(?:refus|reject|den(?:y|ie)|oppos|against|unlikel|impossib|prevent|prohibit|forbid|forbad"
    r"|bann?(?:ed|ing|s)?$|block|stop|avoid|abstain|fail|lack|exclud|rul(?:e|ed|es|ing)$|outside"
    r"|object|resist|declin|unab|unwill|doubt|hardly|scarcely|rarely|seldom|barely|few$|little$"
    r"|end(?:s|ed|ing)?$|halt|veto|absen|missing|except|false|wrong|untru|withdr|disagre|disapprov"
    r"|inabilit|free$|less$)"
)


def reverses(statement: str, cited: list[str]) -> bool:
    """Whether the statement denies what no cited sentence denies, or affirms what they all deny.

    A statement or a source with a word such as "refuse" or "unlikely" is never held to reverse:
    there are too many ways to say no.
    """
    content = {stem(word) for word in _content(statement)}
    # A denial of something else in another sentence does not count.
    touching = [s for s in cited if content & {stem(word) for word in _content(s)}]
    if not touching:
        return False
    if _negated(statement) is not None:
        return all(_negated(s) is None and not _is_unwilling(s) for s in touching)
    if _is_unwilling(statement):
        return False
    return all((_negated(s) or frozenset()) & content for s in touching)


def _negated(sentence: str) -> frozenset[str] | None:
    """The stems that a negation reaches, or `None` where there is no negation."""
    found: set[str] = set()
    negated = False
    for clause in re.split(r"[,;:.!?]| but | and ", _NOT_A_DENIAL.sub(" ", sentence)):
        reach = 0
        for word in words(clause):
            if word in _NEGATIONS or word.endswith("n't"):
                negated, reach = True, REACH
            elif reach and word not in FUNCTION_WORDS:
                found.add(stem(word))
                reach -= 1
    return frozenset(found) if negated else None


def _is_unwilling(sentence: str) -> bool:
    return any(_UNWILLING.match(word) for word in _content(sentence))


def _content(sentence: str) -> list[str]:
    return [word for word in words(sentence) if word not in FUNCTION_WORDS]
