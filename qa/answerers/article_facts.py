"""Title, date and length of an article: what is known of it without reading for an answer."""

import re
from collections.abc import Iterator
from typing import Literal

from index.articles import Article, Passage
from index.sentences import sentence_spans
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement

Fact = Literal["title", "author", "date", "length"]

_HEAD = 6
"""Paragraphs in which an article may say who wrote it and when."""
_DATELINE = 80
"""Characters of a line that only dates the article."""
_WORDS_A_MINUTE = 230
"""Reading silently (Brysbaert 2019: 238 words a minute for non-fiction)."""

_BYLINE = re.compile(r"\W*(?:by|written by|author:)\s+(?P<name>[^\n,|]{3,60}?)\W*$", re.IGNORECASE)


def article_fact(fact: Fact, article: Article) -> CandidateAnswer | None:
    """The answer with its place, or None where the article does not show it: then it is read."""
    return {"title": _title, "author": _author, "date": _date, "length": _length}[fact](article)


def _title(article: Article) -> CandidateAnswer | None:
    start = article.text.find(article.title)
    if start < 0:
        return None
    quote = _quote(article, start, start + len(article.title))
    return _answer(f"The title is “{article.title}”.", article.title, quote)


def _author(article: Article) -> CandidateAnswer | None:
    for start, end in _head(article):
        byline = _BYLINE.match(article.text[start:end])
        if byline:
            return _answer(article.text[start:end], byline["name"], _quote(article, start, end))
    return None


def _date(article: Article) -> CandidateAnswer | None:
    from dateparser.search import search_dates  # 0.3 s: only where it is asked

    for start, end in _head(article):
        line = article.text[start:end]
        if len(line) > _DATELINE or line.startswith("#") or not any(c.isdigit() for c in line):
            continue
        found = search_dates(line, languages=["en"], settings={"REQUIRE_PARTS": ["year"]})
        if found:
            return _answer(line, str(found[0][0]), _quote(article, start, end))
    return None


def _length(article: Article) -> CandidateAnswer | None:
    sentences = [
        (start, end)
        for start, end in sentence_spans(article.text)
        if not article.text.startswith("#", start)
    ]
    if not sentences:
        return None
    words = len(article.text.split())
    minutes = max(1, round(words / _WORDS_A_MINUTE))
    paragraphs = sum(not block.startswith("#") for block in article.text.split("\n\n"))
    text = (
        f"The article has {words:,} words in {_counted(paragraphs, 'paragraph')}, about "
        f"{_counted(minutes, 'minute')} to read, from its first sentence to its last."
    )
    ends = dict.fromkeys((sentences[0], sentences[-1]))
    return _answer(text, f"{words:,} words", *(_quote(article, *place) for place in ends))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _head(article: Article) -> Iterator[tuple[int, int]]:
    """The first paragraphs, without the marks of emphasis around them."""
    start = 0
    for block in article.text.split("\n\n")[:_HEAD]:
        bare = block.strip("*_ \n")
        at = article.text.index(bare, start)
        yield at, at + len(bare)
        start = at + len(bare)


def _quote(article: Article, start: int, end: int) -> Quote:
    passage = Passage.of(article.id, start, end, "")
    return Quote(ScoredPassage(passage, article, 1.0), start, end)


def _answer(text: str, short: str, *quotes: Quote) -> CandidateAnswer:
    return CandidateAnswer("answered", (Statement(text, quotes),), short, 0.95, answerer="article")
