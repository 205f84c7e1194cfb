"""The sentences of passages that no answerer may use, because they speak to an AI.

A chat model does not see them, a reader does not read them, and nothing quotes them; the answer's
note says how many they were.
"""

import re
from collections import Counter
from collections.abc import Sequence

from index.articles import Article
from index.sentences import sentence_spans
from qa.candidates import ScoredPassage
from qa.chat.hidden_orders import pretends_to_end_the_data, speaks_to_an_ai, visible

Stretch = tuple[int, int]

_SHOT = re.compile(r"^\W*(?:a|ans|answer|reply|response)\s*[:)]\s*(.+)", re.IGNORECASE)
_MOST_SHOTS = 2


def withheld(passages: Sequence[ScoredPassage]) -> list[list[Stretch]]:
    """For each passage, the places in its text of the sentences (and headings) to leave out.

    A sentence that speaks to an AI is left out with those after it in its paragraph, which usually
    spell out the order; where it pretends to end the data, with those after it in its passage. So
    is an answer that is repeated word for word after `A:`, a set of examples to be imitated. A
    heading that speaks to an AI is left out alone.
    """
    shots = _repeated_shots(passages)
    return [_places(passage.text, shots) for passage in passages]


def is_withheld(article: Article, start: int, end: int) -> bool:
    """Whether the sentence at this place of an article is to be left out, by its paragraph."""
    first = article.text.rfind("\n\n", 0, start) + 2 if "\n\n" in article.text[:start] else 0
    paragraph = article.text[first : _paragraph_end(article.text, end)]
    return any(a < end - first and start - first < b for a, b in _places(paragraph, frozenset()))


def blanked(text: str, places: Sequence[Stretch]) -> str:
    """The text with spaces in these places, so that every offset stays what it was."""
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def count_withheld(passages: Sequence[ScoredPassage], places: Sequence[Sequence[Stretch]]) -> int:
    """How many sentences that is, one in two overlapping passages counted once."""
    return len(
        {
            (passage.article.id, passage.passage.start + start)
            for passage, left_out in zip(passages, places, strict=True)
            for start, _ in left_out
        }
    )


def note_of(count: int, what_was_done: str) -> str | None:
    """The sentence for an answer's note: `… was passed over.`; None where there were none."""
    if not count:
        return None
    if count == 1:
        return f"1 sentence of the article, addressed to an AI, was {what_was_done}."
    return (
        f"{count} sentences of the article, in paragraphs addressed to an AI, were {what_was_done}."
    )


def _places(text: str, shots: frozenset[str]) -> list[Stretch]:
    places = []
    tainted_to = -1
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if sentence.startswith("#"):
            if speaks_to_an_ai(sentence.lstrip("# ")):
                places.append((start, end))
        elif start < tainted_to:
            places.append((start, end))
        elif _shot(sentence) in shots or speaks_to_an_ai(sentence):
            whole = pretends_to_end_the_data(sentence)
            tainted_to = len(text) if whole else _paragraph_end(text, end)
            places.append((start, end))
    return places


def _paragraph_end(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _repeated_shots(passages: Sequence[ScoredPassage]) -> frozenset[str]:
    places = {
        (passage.article.id, passage.passage.start + start): shot
        for passage in passages
        for start, end in sentence_spans(passage.text)
        if (shot := _shot(passage.text[start:end]))
    }
    return frozenset(
        shot for shot, times in Counter(places.values()).items() if times > _MOST_SHOTS
    )


def _shot(sentence: str) -> str | None:
    match = _SHOT.match(visible(sentence))
    return match[1].casefold().strip() if match else None
