"""The guide to an article: what is known of it, what it is about, and what it answers."""

from collections.abc import Sequence

from index.articles import Article
from qa.answer import Answer
from qa.answerers.article_facts import article_fact
from ui.render.answer import render_statements
from ui.render.article import headings
from ui.render.escape import attribute, text
from ui.render.lists import counted

_WORDS_A_MINUTE = 230
ANSWERS = "Questions that this article answers"


def render_guide(
    article: Article, summary: Answer | None = None, questions: Sequence[str] | None = None
) -> str:
    """What is still being made shows as a shape of it."""
    about = '<div class="fn-skeleton" aria-hidden="true"><i></i><i></i><i></i></div>'
    if summary:
        about = f'<div class="fn-about">{render_statements(summary)}</div>'
        if not summary.citations:
            about = ""
    offered = ""
    if questions is None:
        offered = '<div class="fn-skeleton" aria-hidden="true"><i></i><i></i></div>'
    elif questions:
        offered = render_questions(questions, article.id, ANSWERS)
    return (
        f'<section class="fn-guide" data-article="{attribute(article.id)}" '
        f'aria-label="Guide to the article"><h2>{text(article.title)}</h2>'
        f'<p class="fn-soft">{text(_facts(article))}</p>{about}{offered}</section>'
    )


def render_questions(questions: Sequence[str], article_id: str, heading: str) -> str:
    """Questions that an article is known to answer, to be asked with a click."""
    buttons = "".join(
        f'<li><button type="button" data-do="ask" data-question="{attribute(question)}" '
        f'title="{attribute(question)}">{text(question)}</button></li>'
        for question in questions
    )
    return buttons and (
        f'<section class="fn-starters" data-article="{attribute(article_id)}">'
        f"<h3>{heading}</h3><ul>{buttons}</ul></section>"
    )


def _facts(article: Article) -> str:
    facts = []
    if author := article_fact("author", article):
        facts.append(f"By {author.short_answer}")
    if date := article_fact("date", article):
        facts.append(str(date.short_answer))
    words = len(article.text.split())
    minutes = max(1, round(words / _WORDS_A_MINUTE))
    facts.append(f"{counted(words, 'word')}, {counted(minutes, 'minute')} to read")
    if article.pages:
        facts.append(counted(len(article.pages), "page"))
    sections = sum(level > 2 for level, _, _ in headings(article.text))
    if sections:
        facts.append(counted(sections, "section"))
    return " · ".join(facts)
