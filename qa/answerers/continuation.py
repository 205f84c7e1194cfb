""" "Tell me more": what follows the last answer in its article, and what else is close to it."""

from collections.abc import Iterator, Sequence

from index.articles import Article, Passage
from index.embedding.embedder import Embedder
from index.sentences import sentence_spans
from qa.answer import Turn
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement

FOLLOWING = 2
"""Sentences after the last quoted one."""
MOST = 5
CLOSE = 0.35
"""Cosine from which a sentence is close to a question."""

GOES_ON = "The article goes on:"
NOTHING_MORE = "The article says nothing more about this."


def continuation(
    question: str,
    history: Sequence[Turn],
    passages: Sequence[ScoredPassage],
    articles: Sequence[Article],
    embedder: Embedder,
) -> CandidateAnswer:
    """The sentences after the last one that was quoted, then those of the passages that are close
    to `question`, the last that was asked; in the order of the article, none shown before.
    """
    shown = "\n".join(turn.content for turn in history if turn.role == "assistant")
    quotes = [*_following(shown, articles), *_close(question, passages, embedder)]
    new = [q for q in {(q.passage.article.id, q.start): q for q in quotes}.values()
           if q.text not in shown][:MOST]  # fmt: skip
    if not new:
        return CandidateAnswer("related", (Statement(NOTHING_MORE, ()),), None, 0.5)
    new.sort(key=lambda quote: (quote.passage.article.id, quote.start))
    statements = [Statement(GOES_ON, ()), *(Statement(quote.text, (quote,)) for quote in new)]
    return CandidateAnswer("related", tuple(statements), None, 0.5)


def _following(shown: str, articles: Sequence[Article]) -> list[Quote]:
    """The sentences after the last one that was shown word for word, in its article."""
    last, following = -1, list[Quote]()
    for article in articles:
        sentences = list(_sentences(article, 0, len(article.text)))
        for number, quote in enumerate(sentences):
            at = shown.rfind(quote.text)
            if at > last:
                last, following = at, sentences[number + 1 : number + 1 + FOLLOWING]
    return following


def _close(question: str, passages: Sequence[ScoredPassage], embedder: Embedder) -> list[Quote]:
    """The sentences of the passages that are close to the question, the closest first."""
    quotes = [
        quote
        for passage in passages
        for quote in _sentences(passage.article, passage.passage.start, passage.passage.end)
    ]
    if not quotes:
        return []
    asked, *vectors = embedder.embed([question, *(quote.text for quote in quotes)])
    likeness = [float(vector @ asked) for vector in vectors]
    order = sorted(range(len(quotes)), key=lambda n: -likeness[n])
    return [quotes[n] for n in order if likeness[n] >= CLOSE]


def _sentences(article: Article, first: int, last: int) -> Iterator[Quote]:
    """The sentences between two places of an article, headings aside."""
    for start, end in sentence_spans(article.text[first:last]):
        if not article.text.startswith("#", first + start):
            passage = Passage.of(article.id, first + start, first + end, "")
            yield Quote(ScoredPassage(passage, article, 1.0), first + start, first + end)
