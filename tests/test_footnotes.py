"""Quotes true by construction: whatever is drafted, `article.text[start:end] == quote`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article, Passage
from index.library import open_library
from index.settings import Settings
from qa.answer import Answer, Citation
from qa.candidates import Quote, ScoredPassage, Statement
from qa.footnotes import QuoteMismatch, number, verify

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


def passage_of(text: str) -> ScoredPassage:
    article = Article.of(text, "A title", "a source")
    return ScoredPassage(Passage.of(article.id, 0, len(text), ""), article, 1.0)


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    """One to five statements, each resting on stretches of one to three articles."""
    passages = [passage_of(text) for text in draw(st.lists(ANY_TEXT, min_size=1, max_size=3))]

    def quote() -> Quote:
        passage = draw(st.sampled_from(passages))
        start = draw(st.integers(0, len(passage.article.text) - 1))
        return Quote(passage, start, draw(st.integers(start + 1, len(passage.article.text))))

    return [
        Statement(draw(ANY_TEXT), tuple(quote() for _ in range(draw(st.integers(0, 3)))))
        for _ in range(draw(st.integers(1, 5)))
    ]


@given(statements())
def test_every_quote_is_the_article_at_its_place(drafted: list[Statement]) -> None:
    articles = {q.passage.article.id: q.passage.article for s in drafted for q in s.quotes}
    for statement in number(drafted):
        for citation in statement.new:
            text = articles[citation.article_id].text
            assert text[citation.start : citation.end] == citation.quote


@given(statements())
def test_numbers_run_from_one_in_the_order_of_first_use(drafted: list[Statement]) -> None:
    numbers = [citation.n for statement in number(drafted) for citation in statement.new]
    assert numbers == list(range(1, len(numbers) + 1))


@given(statements())
def test_every_statement_ends_with_the_numbers_of_its_own_quotes(drafted: list[Statement]) -> None:
    footnoted = number(drafted)
    place_of = {
        c.n: (c.article_id, c.start, c.end) for statement in footnoted for c in statement.new
    }
    for statement, shown in zip(drafted, footnoted, strict=True):
        places = {(q.passage.article.id, q.start, q.end) for q in statement.quotes}
        marks = [n for n, place in place_of.items() if place in places]
        assert all(f"[{n}]" in shown.text[len(statement.text) :] for n in marks)


def test_the_same_place_has_one_number() -> None:
    passage = passage_of("Tin is a metal. It is soft.")
    first, again = Quote(passage, 0, 15), Quote(passage, 0, 15)
    footnoted = number([Statement("Tin is a metal.", (first,)), Statement("A metal.", (again,))])
    assert [statement.text for statement in footnoted] == ["Tin is a metal. [1]", "A metal. [1]"]
    assert len(footnoted[0].new) == 1
    assert footnoted[1].new == ()


def answer_quoting(citation: Citation) -> Answer:
    return Answer(
        question="?",
        standalone_question="?",
        status="answered",
        text="Tin is soft. [1]",
        short_answer=None,
        confidence=0.9,
        citations=(citation,),
        passages=(),
        answerer="test",
        latency_ms={},
        fingerprint="0",
    )


@pytest.mark.parametrize(
    ("quote", "start", "end"),
    [
        ("copper “Tin” 🪙", 3, 17),
        ("opper “tin” 🪙 ", 3, 17),
        ("copper “tin” 🪙", 4, 18),
        ("copper “tin” 🪙", 2, 17),
        ("copper “tin” 🪙", 300, 314),
    ],
    ids=["an altered quote", "the next place", "one on", "one before", "past the end"],
)
def test_a_quote_that_is_not_stored_at_its_place_never_leaves(
    quote: str, start: int, end: int, settings: Settings
) -> None:
    text = "Of copper “tin” 🪙 and zinc. Éa."
    with open_library(settings) as library:
        article = library.add(Article.of(text, "t", "s")).article
        true = Citation(
            n=1,
            article_id=article.id,
            title="t",
            source="s",
            passage_id="p",
            quote="copper “tin” 🪙",
            start=3,
            end=17,
        )
        assert verify(answer_quoting(true), library).citations == (true,)
        wrong = true.model_copy(update={"quote": quote, "start": start, "end": end})
        with pytest.raises(QuoteMismatch, match=f"{article.id} from {start} to {end}"):
            verify(answer_quoting(wrong), library)
        library.remove(article.id)
        assert verify(answer_quoting(wrong), library).citations == (wrong,)


def test_an_answer_without_a_citation_cannot_be_made() -> None:
    fields = answer_quoting(
        Citation(
            n=1, article_id="a", title="t", source="s", passage_id="p", quote="q", start=0, end=1
        )
    ).model_dump()
    with pytest.raises(ValueError, match="at least one citation"):
        Answer.model_validate(fields | {"citations": ()})
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        Answer.model_validate(fields | {"citations": [fields["citations"][0] | {"n": 2}]})
