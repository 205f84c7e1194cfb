"""One answer as HTML: footnotes that can be clicked, the sources under it, or a refusal."""

import re

from qa.answer import Answer, Citation
from qa.answerers.yes_no import NO, YES
from ui.render.article_views import ArticleViews
from ui.render.escape import attribute, text

_MARKS = re.compile(r"(?:\[\d+\])+$")
NEAREST = 3


def render_answer(
    answer: Answer, article_ids: tuple[str, ...] | None, views: ArticleViews, whole: bool
) -> str:
    """The answer to a question that was asked of `article_ids`; `whole` once nothing follows."""
    understood = ""
    if answer.standalone_question != answer.question:
        understood = (
            '<p class="fn-understood"><span>Understood as:</span> '
            f"{text(answer.standalone_question)}</p>"
        )
    note = f'<p class="fn-note" role="note">{text(answer.note)}</p>' if answer.note else ""
    if answer.status == "not_in_article":
        return _refusal(answer, article_ids, views, understood, note)
    citations = {citation.n: citation for citation in answer.citations}
    statements = "".join(
        f"<p>{_statement(statement, citations)}</p>" for statement in answer.text.split("\n\n")
    )
    sources = "".join(
        _source(citation, answer.short_answer, views.section(citation.article_id, citation.start))
        for citation in answer.citations
    )
    related = " fn-related" if answer.status == "related" else ""
    sources = sources and f'<ol class="fn-sources" aria-label="Sources">{sources}</ol>'
    return (
        f'<div class="fn-answer{related}">{understood}{_short(answer)}{statements}{note}{sources}'
        f"{_confidence(answer) if whole and not related else ''}</div>"
    )


def confidence_in_words(confidence: float) -> str:
    """How sure Footnote is, in a word that a person would use."""
    for least, word in ((0.85, "Very likely right"), (0.6, "Likely right"), (0.35, "Unsure")):
        if confidence >= least:
            return word
    return "Doubtful"


def percent(confidence: float) -> str:
    """Never a certainty: no model is that sure.

    >>> percent(0.9991), percent(0.42), percent(0.001)
    ('over 99 %', '42 %', 'under 1 %')
    """
    if confidence > 0.99:
        return "over 99 %"
    return f"{confidence:.0%}".replace("%", " %") if confidence >= 0.01 else "under 1 %"


def _confidence(answer: Answer) -> str:
    share = round(answer.confidence * 100)
    return (
        f'<p class="fn-confidence"><span class="fn-meter" aria-hidden="true">'
        f'<span style="width:{share}%"></span></span>'
        f"{confidence_in_words(answer.confidence)} ({percent(answer.confidence)})</p>"
    )


def _short(answer: Answer) -> str:
    if not answer.short_answer:
        return ""
    return f'<p class="fn-short"><strong>{text(answer.short_answer)}</strong></p>'


def _statement(statement: str, citations: dict[int, Citation]) -> str:
    marks = _MARKS.search(statement)
    if not marks:
        return text(statement)
    numbers = [int(n) for n in re.findall(r"\d+", marks[0])]
    buttons = "".join(_footnote(citations[n]) for n in numbers if n in citations)
    return f"{text(statement[: marks.start()].rstrip())}&nbsp;{buttons}"


def _place(article_id: str, start: int, end: int) -> str:
    return (
        f'data-do="show" data-article="{attribute(article_id)}" '
        f'data-start="{start}" data-end="{end}"'
    )


def _footnote(citation: Citation) -> str:
    return (
        '<button type="button" class="fn-mark" '
        f"{_place(citation.article_id, citation.start, citation.end)} "
        f'data-quote="{attribute(citation.quote)}" '
        f'aria-label="Footnote {citation.n}">{citation.n}</button>'
    )


def _source(citation: Citation, short_answer: str | None, section: str) -> str:
    quote = text(citation.quote)
    if short_answer and short_answer not in (YES, NO) and short_answer in citation.quote:
        before, _, after = citation.quote.partition(short_answer)
        quote = f"{text(before)}<mark>{text(short_answer)}</mark>{text(after)}"
    place = _place(citation.article_id, citation.start, citation.end)
    page = f", page {citation.page}" if citation.page else ""
    return (
        f'<li value="{citation.n}"><cite>{_where(citation.title, section)}{page}</cite>'
        f'<button type="button" class="fn-quote" {place}>“{quote}”</button></li>'
    )


def _where(title: str, section: str) -> str:
    """Title and section; a section that repeats the title says nothing."""
    return f"{text(title)}" + (f" › {text(section)}" if section and section != title else "")


def _refusal(
    answer: Answer,
    article_ids: tuple[str, ...] | None,
    views: ArticleViews,
    understood: str,
    note: str,
) -> str:
    asked = "this question." if understood else f"<q>{text(answer.standalone_question)}</q>"
    return (
        f'<div class="fn-answer fn-refused"><p class="fn-short"><strong>{text(answer.text)}'
        f"</strong></p>{understood}<p>Nothing in {views.named(article_ids)} answers {asked}</p>"
        f"{note}{_nearest(answer, views)}</div>"
    )


def _nearest(answer: Answer, views: ArticleViews) -> str:
    titles = {id_: title for title, id_ in views.choices()}
    several = len({passage.article_id for passage in answer.passages}) > 1

    def where(article_id: str, start: int) -> str:
        section = views.section(article_id, start)
        return _where(titles[article_id], section) if several or not section else text(section)

    items = "".join(
        f"<li><cite>{where(p.article_id, p.start)}</cite>"
        f'<button type="button" class="fn-quote fn-passage" '
        f"{_place(p.article_id, p.start, p.end)}>{text(p.text)}</button></li>"
        for p in answer.passages[:NEAREST]
        if p.article_id in titles
    )
    if not items:
        return ""
    return (
        '<div class="fn-nearest"><h3>The nearest that it says</h3>'
        f'<ul aria-label="Nearest passages">{items}</ul></div>'
    )
