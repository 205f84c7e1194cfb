"""Which sentences of the passages speak of what is asked about."""

import itertools

from index.articles import Article
from index.passages import split
from qa.answerers.relevant import MOST, Sentence, helpful, in_order, naming, sentences, speaking_of
from qa.candidates import Quote, ScoredPassage
from qa.reading.reader import Reading, Relevance

TEXT = """# Two schools

## Teachers

The Oak School is led by Lars Eide. He has taught music for thirty years. The Hill School is led by
Nora Bakke.

## Holidays

Both are closed in July. The Oak School is closed in March too.
"""
ARTICLE = Article.of(TEXT.replace("by\nNora", "by Nora").strip(), "Two schools", "test")
PASSAGES = [ScoredPassage(passage, ARTICLE, 1.0) for passage in split(ARTICLE)]
UNREAD = Reading((), 0.0, 0.0)


def told() -> list[Sentence]:
    return sentences(PASSAGES, [UNREAD] * len(PASSAGES))


def texts(quotes: list[Quote]) -> list[str]:
    return [quote.text for quote in quotes]


def test_a_sentence_that_looks_back_goes_with_the_one_before_it() -> None:
    assert texts(in_order(speaking_of(["lars eide"], told(), together=False))) == [
        "The Oak School is led by Lars Eide.",
        "He has taught music for thirty years.",
    ]


def test_of_two_topics_each_is_told_about() -> None:
    first_two = speaking_of(["lars eide", "nora bakke"], told(), together=False)[:2]
    assert texts(first_two) == [
        "The Oak School is led by Lars Eide.",
        "The Hill School is led by Nora Bakke.",
    ]


def test_where_one_of_the_topics_is_not_spoken_of_nothing_is() -> None:
    assert speaking_of(["oak school", "hill school"], told(), together=False)
    assert speaking_of(["oak school", "lake school"], told(), together=False) == []
    assert speaking_of(["lars eide", "pupils"], told(), together=False) == []
    assert speaking_of([], told(), together=False) == []
    assert speaking_of(["the"], told(), together=False) == []


def test_what_names_a_thing_in_full_comes_first() -> None:
    assert texts(speaking_of(["oak school"], told(), together=False))[:2] == [
        "The Oak School is led by Lars Eide.",
        "The Oak School is closed in March too.",
    ]


def test_topics_asked_about_together_are_spoken_of_in_one_passage() -> None:
    assert speaking_of(["lars eide", "music"], told(), together=True)
    assert speaking_of(["lars eide", "july"], told(), together=False)
    assert speaking_of(["lars eide", "july"], told(), together=True) == []


def test_a_heading_speaks_for_what_is_under_it() -> None:
    assert texts(in_order(speaking_of(["holidays"], told(), together=False))) == [
        "Both are closed in July.",
        "The Oak School is closed in March too.",
    ]


def test_only_what_is_named_in_full_is_mentioned() -> None:
    assert texts(naming(["Nora Bakke"], told())) == ["The Hill School is led by Nora Bakke."]
    assert naming(["Nora Eide"], told()) == []
    assert naming([], told()) == []


def test_what_helps_is_told_once_and_in_the_order_of_the_article() -> None:
    first, *_ = PASSAGES
    reading = Reading((), 0.0, 0.0, (Relevance(0, 20, 0.4), Relevance(36, 60, 0.9)))
    read = sentences([first, first], [reading, reading])
    assert len(read) == 2
    assert [quote.start - first.passage.start for quote in helpful(read, 0.3)] == [36, 0]
    assert [quote.start - first.passage.start for quote in in_order(helpful(read, 0.3))] == [0, 36]
    assert helpful(read, 0.95) == []


def test_at_most_six_are_told_and_none_overlaps_another() -> None:
    first, *_ = PASSAGES
    start = first.passage.start
    pieces = [Quote(first, start + n, start + n + 2) for n in range(20)]
    kept = in_order(pieces)
    assert len(kept) == MOST
    assert all(a.end <= b.start for a, b in itertools.pairwise(kept))
