"""Questions to start with: made from the article's own sentences, kept when they are answered."""

from threading import Lock

from index.articles import Article
from qa.answer import Answer
from qa.chain import AnswerChain
from qa.evaluation.drafting import answered_cases

SHOWN = 4
TRIES = 16
"""Proposals asked for one article; a long one that answers none of these gets no starters."""


class Starters:
    """Starter questions by article, each checked once by asking it."""

    def __init__(self, chain: AnswerChain) -> None:
        self._chain = chain
        self._known: dict[str, list[str]] = {}
        self._lock = Lock()

    def of(self, article: Article) -> list[str]:
        """At most four questions that this article answers with the sentence they came from."""

        def ask(question: str) -> Answer:
            return self._chain.invoke({"question": question, "article_ids": [article.id]})

        with self._lock:
            if article.id not in self._known:
                drafted = answered_cases(article, ask, SHOWN, TRIES)
                self._known[article.id] = [one.case.question for one in drafted]
            return self._known[article.id]
