"""What the shipped retriever and a reader make of the development questions.

Each question is asked of its own article, of another one, and of its own article with every
passage left out that shares a character with a gold answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.reading_data import Asked, Stretch, holds, touches
from index.articles import Article
from index.library import Library, open_library
from index.passages import reading_context
from index.sentences import sentence_spans
from index.settings import Settings
from qa.candidates import ScoredPassage
from qa.evaluation.metrics import best_over_golds, f1_score
from qa.reading.reader import Reader, Reading
from qa.retrieval.passages import retrieve

Setting = Literal["own", "other", "removed"]
SETTINGS: tuple[Setting, ...] = ("own", "other", "removed")
READ = 5
_ALL = 10_000
RIGHT = 0.5
"""An answer of this F1 counts as right where a yes or no is needed."""


@dataclass(frozen=True)
class Case:
    """One question in one setting, read."""

    asked: Asked
    setting: Setting
    article: Article
    passages: list[Stretch]
    readings: list[Reading]

    @property
    def golds(self) -> list[Stretch]:
        """None outside of the question's own article."""
        return list(self.asked.golds) if self.setting == "own" else []

    @property
    def best(self) -> int | None:
        """The passage that answers: that of the highest confidence."""
        numbers = [n for n, reading in enumerate(self.readings) if reading.spans]
        return max(numbers, key=lambda n: self.readings[n].confidence, default=None)

    @property
    def confidence(self) -> float:
        return 0.0 if self.best is None else self.readings[self.best].confidence

    @property
    def span(self) -> Stretch | None:
        """The answer, by its place in the article."""
        if self.best is None:
            return None
        span, offset = self.readings[self.best].spans[0], self.passages[self.best][0]
        return offset + span.start, offset + span.end

    @property
    def f1(self) -> float:
        """0 where nothing is right; the refusals are counted elsewhere."""
        if self.span is None or not self.golds:
            return 0.0
        texts = [self.article.text[start:end] for start, end in self.golds]
        return best_over_golds(f1_score, self.article.text[self.span[0] : self.span[1]], texts)

    @property
    def quote(self) -> Stretch | None:
        """The sentences around the answer, as they are cited."""
        if self.span is None or self.best is None:
            return None
        offset, end = self.passages[self.best]
        around = [
            (offset + s, offset + e)
            for s, e in sentence_spans(self.article.text[offset:end])
            if offset + s < self.span[1] and self.span[0] < offset + e
        ]
        return min([self.span[0], *(s for s, _ in around)]), max(
            [self.span[1], *(e for _, e in around)]
        )

    @property
    def quote_hit(self) -> bool:
        return self.quote is not None and holds(self.quote, self.golds)

    @property
    def reader_hit(self) -> bool:
        return self.best is not None and holds(self.passages[self.best], self.golds)

    @property
    def retrieval_hit(self) -> bool:
        return bool(self.passages) and holds(self.passages[0], self.golds)

    @property
    def hit(self) -> bool:
        """Whether any passage read holds a gold answer."""
        return any(holds(passage, self.golds) for passage in self.passages)


def opened(folder: Path, articles: Sequence[Article]) -> Library:
    library = open_library(Settings(data_dir=folder))
    library.add_many(articles)
    return library


def read_case(
    library: Library,
    reader: Reader,
    articles: Sequence[Article],
    asked: Asked,
    setting: Setting,
) -> Case:
    """Retrieve and read; "other" is the article three further on."""
    number = (asked.article + 3) % len(articles) if setting == "other" else asked.article
    article = articles[number]
    wanted = _ALL if setting == "removed" else READ
    ranked: list[ScoredPassage] = retrieve(library, [asked.text], [article.id], wanted)
    if setting == "removed":
        ranked = [s for s in ranked if not touches((s.passage.start, s.passage.end), asked.golds)]
    ranked = ranked[:READ]
    contexts = [reading_context(article, scored.passage) for scored in ranked]
    readings = reader.read(asked.text, [scored.text for scored in ranked], contexts)
    places = [(scored.passage.start, scored.passage.end) for scored in ranked]
    return Case(asked, setting, article, places, readings)
