"""One answer as HTML: a headline, statements with footnotes, the sources folded under them."""

import re

from qa.answer import Answer, Citation
from qa.answerers.yes_no import NO, YES
from ui.render.article_views import ArticleViews
from ui.render.escape import attribute, text

_MARKS = re.compile(r"\s*(?:\[\d+\])+$")
NEAREST = 3
_SAID = (YES, NO)
"""Said of a statement, and no part of a quote."""
_SURE: tuple[tuple[float, str], ...] = (
    (0.75, "Very likely right"),
    (0.5, "Likely right"),
    (0.3, "Unsure"),
    (0, "Doubtful"),
)
"""Of 1,439 held-out questions (`training.calibrate`), 93 % of the answers from 0.75 on are right,
70 % of those from 0.5 to there, 49 % of those from the threshold, 0.27, to 0.5."""


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
    related = answer.status == "related"
    sources = "".join(_source(citation, answer, views) for citation in answer.citations)
    sources = sources and f'<ol class="fn-sources" aria-label="Sources">{sources}</ol>'
    nearest = _nearest(answer, views) if related and not answer.citations else ""
    return (
        f'<div class="fn-answer{" fn-related" if related else ""}">{understood}'
        f"{_headline(answer)}{render_statements(answer)}{note}{sources}{nearest}"
        f"{_confidence(answer) if whole and not related else ''}</div>"
    )


def answer_with_quotes(answer: Answer, views: ArticleViews) -> str:
    """The answer as text to be pasted elsewhere: what it says, its quotes, where they stand."""
    said = [answer.short_answer] if answer.short_answer else []
    quotes = [
        f"[{c.n}] “{c.quote}” ({', '.join(dict.fromkeys((c.title, _where(c, views))))})"
        for c in answer.citations
    ]
    return "\n\n".join([*said, answer.text, "\n".join(quotes)]).strip()


def confidence_in_words(confidence: float) -> str:
    """How sure Footnote is, in a word that a person would use."""
    return next(words for least, words in _SURE if confidence >= least)


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
        '<details class="fn-confidence"><summary><span class="fn-meter" aria-hidden="true">'
        f'<span style="width:{share}%"></span></span>{confidence_in_words(answer.confidence)}'
        f"</summary><p>Of answers of which Footnote is as sure as of this one, "
        f"{percent(answer.confidence)} are right, by questions that it had not seen before. "
        "The quotes are the article's own words either way.</p></details>"
    )


def _headline(answer: Answer) -> str:
    """The few words that answer, unless the only statement is no more than they are."""
    short = answer.short_answer
    if not short or _bare(short) == _bare(_MARKS.sub("", answer.text)):
        return ""
    return f'<p class="fn-short"><strong>{text(_whole_words(short, answer))}</strong></p>'


def _whole_words(short: str, answer: Answer) -> str:
    """`short` to the ends of the words that it cuts, where a quote has it only inside of words.

    No word is cut to three letters, so that no “No” becomes “North”.
    """
    quotes = "\n".join(citation.quote for citation in answer.citations)
    if len(short) <= 3 or re.search(rf"(?<!\w){re.escape(short)}(?!\w)", quotes):
        return short
    found = re.search(rf"\w*{re.escape(short)}\w*", quotes)
    return found[0] if found else short


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def render_statements(answer: Answer) -> str:
    """Each statement once; more than two, which are a summary or several answers, as a list."""
    citations = {citation.n: citation for citation in answer.citations}
    statements = list(dict.fromkeys(answer.text.split("\n\n")))
    shown = [_statement(statement, citations) for statement in statements]
    if len(shown) > 2 and all(_MARKS.search(statement) for statement in statements):
        return f"<ul>{''.join(f'<li>{statement}</li>' for statement in shown)}</ul>"
    return "".join(f"<p>{statement}</p>" for statement in shown)


def _statement(statement: str, citations: dict[int, Citation]) -> str:
    marks = _MARKS.search(statement)
    if not marks:
        return text(statement)
    numbers = [int(n) for n in re.findall(r"\d+", marks[0])]
    buttons = "".join(_footnote(citations[n]) for n in numbers if n in citations)
    # Held to the last word: a number alone on a line belongs to nothing.
    before, space, last = statement[: marks.start()].rpartition(" ")
    return f'{text(before + space)}<span class="fn-held">{text(last)}&nbsp;{buttons}</span>'


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


def _source(citation: Citation, answer: Answer, views: ArticleViews) -> str:
    """Folded to where the quote stands; unfolded it shows the quote, which leads to the place."""
    quote, short = text(citation.quote), answer.short_answer
    if short and short not in _SAID and short in citation.quote:
        before, _, after = citation.quote.partition(short)
        quote = f"{text(before)}<mark>{text(short)}</mark>{text(after)}"
    several = len({other.article_id for other in answer.citations}) > 1
    where = _where(citation, views)
    if several and where != citation.title:
        where = f"{citation.title} › {where}"
    place = _place(citation.article_id, citation.start, citation.end)
    return (
        f'<li><details><summary><b>{citation.n}</b> · <cite title="{attribute(citation.title)}">'
        f"{text(where)}</cite></summary>"
        f'<button type="button" class="fn-quote" {place}>“{quote}”</button></details></li>'
    )


def _where(citation: Citation, views: ArticleViews) -> str:
    """The section, or the title where there is none, and the page."""
    section = views.section(citation.article_id, citation.start) or citation.title
    return f"{section} (page {citation.page})" if citation.page else section


def _refusal(
    answer: Answer,
    article_ids: tuple[str, ...] | None,
    views: ArticleViews,
    understood: str,
    note: str,
) -> str:
    return (
        f'<div class="fn-answer fn-refused"><p class="fn-short"><strong>{text(answer.text)}'
        f"</strong></p>{understood}<p>Nothing in {views.named(article_ids)} answers this "
        f"question.</p>{note}{_nearest(answer, views)}</div>"
    )


def _nearest(answer: Answer, views: ArticleViews) -> str:
    titles = {id_: title for title, id_ in views.choices()}
    several = len({passage.article_id for passage in answer.passages}) > 1

    def where(article_id: str, start: int) -> str:
        section, title = views.section(article_id, start), titles[article_id]
        if not section or section == title:
            return title
        return f"{title} › {section}" if several else section

    items = "".join(
        f"<li><cite>{text(where(p.article_id, p.start))}</cite>"
        f'<button type="button" class="fn-quote fn-passage" '
        f"{_place(p.article_id, p.start, p.end)}>{text(p.text)}</button></li>"
        for p in answer.passages[:NEAREST]
        if p.article_id in titles
    )
    if not items:
        return ""
    return (
        '<details class="fn-nearest"><summary>The nearest that it says</summary>'
        f'<ul aria-label="Nearest passages">{items}</ul></details>'
    )
