"""A chat model's statement → the sentence, or the few sentences, of the article that say it.

Numbers that the model gives are a hint: those sentences are tried first. A small model gives none,
or wrong ones, so the sentences nearest in words are tried alone, and then in twos.
"""

from collections.abc import Iterator, Sequence

from qa.chat.prompt_sentences import PromptSentences
from qa.chat.support import THRESHOLD, Score, missing_detail, said_by
from qa.text import stems

NEAREST = 4
"""Sentences that are tried alone."""

Group = tuple[int, ...]


def attribute(
    statement: str, hints: Sequence[int], numbered: PromptSentences, score: Score
) -> Group | str:
    """Numbers of the sentences that say it, the first that do; or what is wrong with it."""
    nearest = _nearest(statement, numbered)
    problem = "none of its words"
    for group, headed in _tried(tuple(sorted(set(hints))), nearest):
        text = numbered.evidence(group, headed=headed)
        if missing := missing_detail(statement, text):
            problem = missing
        elif said_by(text, statement, score) >= THRESHOLD:
            return group
        else:
            problem = "what it says"
    return problem


def _tried(hinted: Group, nearest: Sequence[int]) -> Iterator[tuple[Group, bool]]:
    """The groups of sentences in the order in which they are tried, and whether the headings above
    them are read with them: these may name what a sentence calls "it"."""
    if hinted:
        yield hinted, False
    for n in nearest:
        yield (n,), False
    if first := hinted or tuple(nearest[:1]):
        yield first, True
    for n in nearest[:2]:
        if n > 1:  # the sentence before may name it too
            yield (n - 1, n), True
    for other in nearest[1:3]:
        if abs(nearest[0] - other) > 1:
            yield (min(nearest[0], other), max(nearest[0], other)), True


def _nearest(statement: str, numbered: PromptSentences) -> list[int]:
    """The numbers of the sentences that share most words with the statement, nearest first; none
    that shares no word or number."""
    wanted = set(stems(statement))
    shared = {
        sentence.n: len(wanted & set(stems(f"{sentence.heading} {sentence.text}")))
        for sentence in numbered.sentences
    }
    near = [n for n, count in shared.items() if count]
    return sorted(near, key=lambda n: (-shared[n], n))[:NEAREST]
