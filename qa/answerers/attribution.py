"""Who said it, where the sentence that says it only has "he": the name stands further up."""

import re

from index.articles import Passage
from qa.answerers.sentence_scoring import naming_sentence
from qa.candidates import Quote, ScoredPassage
from qa.question.intent import kind
from qa.text import AUXILIARIES, WORD, stems

_WHO = re.compile(r"\W*who\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_PRONOUN = re.compile(
    r"\b(?:he|she|the (?:writer|analyst|author|minister|president|official|expert|speaker))\b"
    r"(?P<after>(?:,? \w+){1,3})",
    re.IGNORECASE,
)


def who_is_meant(question: str, quote: Quote) -> tuple[str, Quote] | None:
    """The name that answers "Who …?" when the quote says it of "he", and the sentence naming him.

    "Who called it unlikely?" is answered by "In an interview he called it unlikely" only together
    with the sentence before it that begins with a name. None where the quote names its own subject.
    """
    asked = _WHO.match(question)
    if kind(question) != "who" or asked is None:
        return None
    words = [m[0].lower() for m in WORD.finditer(asked["rest"])]
    deed = next((stems(word) for word in words if word not in AUXILIARIES), None)
    if not deed or not any(
        set(deed) & set(stems(match["after"])) for match in _PRONOUN.finditer(quote.text)
    ):
        return None
    named = naming_sentence(quote.passage.article, quote.start)
    if named is None:
        return None
    name, start, end = named
    article = quote.passage.article
    passage = quote.passage
    if not passage.passage.start <= start < end <= passage.passage.end:
        passage = ScoredPassage(Passage.of(article.id, start, end, ""), article, 0.0)
    return name, Quote(passage, start, end)
