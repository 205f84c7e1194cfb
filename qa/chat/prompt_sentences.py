"""Passages → numbered sentences, the only form in which a chat model sees an article."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from qa.candidates import Quote, ScoredPassage
from qa.chat.prompt_text import as_data

_CITATION_IN_ARTICLE = re.compile(r"\s*\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence that the model sees: `article.text[start:end]`, in code points."""

    n: int
    passage: ScoredPassage
    start: int
    end: int
    heading: str
    """The headings above it as the model sees them; empty where there are none."""

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class PromptSentences:
    """The sentences of one request by their numbers, 1, 2, 3 …"""

    sentences: tuple[NumberedSentence, ...]

    def block(self) -> str:
        """What goes into the prompt: headings as they change, then `[n] sentence` lines."""
        lines: list[str] = []
        above: tuple[str, str] | None = None
        for sentence in self.sentences:
            place = (sentence.passage.article.id, sentence.heading)
            if place != above:
                above = place
                lines.append(f"Section: {sentence.heading}" if sentence.heading else "Section")
            lines.append(f"[{sentence.n}] {as_data(_without_citations(sentence.text))}")
        return "\n".join(lines)

    def evidence(self, numbers: Sequence[int], *, headed: bool) -> str:
        """These sentences in one line, without citations of the article's own; `headed`: after the
        headings above them, which may name what they call "it"."""
        chosen = [self.sentences[n - 1] for n in sorted(set(numbers))]
        headings = dict.fromkeys(s.heading for s in chosen if s.heading and headed)
        return " ".join(
            [*(f"{h}." for h in headings), *(_without_citations(s.text) for s in chosen)]
        )

    def quotes(self, numbers: Sequence[int]) -> tuple[Quote, ...]:
        """The quotes of these numbers in order; neighbours in one paragraph become one quote."""
        quotes: list[Quote] = []
        for n in sorted(set(numbers)):
            sentence = self.sentences[n - 1]
            article = sentence.passage.article
            if quotes and quotes[-1].passage.article.id == article.id:
                gap = article.text[quotes[-1].end : sentence.start]
                if quotes[-1].end <= sentence.start and not gap.strip() and "\n\n" not in gap:
                    quotes[-1] = Quote(quotes[-1].passage, quotes[-1].start, sentence.end)
                    continue
            quotes.append(Quote(sentence.passage, sentence.start, sentence.end))
        return tuple(quotes)


def number_sentences(passages: Sequence[ScoredPassage]) -> PromptSentences:
    """The sentences of the passages, best passage first, each place in an article once."""
    sentences: list[NumberedSentence] = []
    seen: set[tuple[str, int]] = set()
    for passage in passages:
        heading = as_data(passage.passage.heading)
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            place = (passage.article.id, passage.passage.start + start)
            if text.startswith("#"):
                heading = as_data(text)
                continue
            if place in seen or not any(character.isalnum() for character in text):
                continue
            seen.add(place)
            n = len(sentences) + 1
            end_in_article = passage.passage.start + end
            sentences.append(NumberedSentence(n, passage, place[1], end_in_article, heading))
    return PromptSentences(tuple(sentences))


def boundary(texts: Sequence[str]) -> str:
    """A line that ends the data: random for each request, so that no article can write it."""
    while True:
        token = f"-----{secrets.token_hex(4)}-----"
        if not any(token in text for text in texts):
            return token


def _without_citations(text: str) -> str:
    # A scientific or encyclopedic text's own "[12]" would be taken for our numbers.
    return _CITATION_IN_ARTICLE.sub("", text) or text
