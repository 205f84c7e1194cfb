"""Questions and answers as HTML: footnotes that can be clicked, and sources under each answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answer import Answer, Citation
from ui.escape import attribute, text

_MARKS = re.compile(r"(?:\[\d+\])+$")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question on the page and what came of it."""

    question: str
    answer: Answer | None = None
    """None while it is being worked on, or when it was stopped or failed."""
    answer_id: str | None = None
    doing: str = ""
    """What is being done now, for as long as there is no answer."""
    problem: str = ""
    rating: str = ""


SectionOf = Callable[[Citation], str]


def render_conversation(
    exchanges: Sequence[Exchange], starters: Sequence[str], section_of: SectionOf
) -> str:
    """The whole conversation, or starter questions while there is none."""
    if not exchanges:
        return _welcome(starters)
    turns = (
        _exchange(position, exchange, section_of) for position, exchange in enumerate(exchanges)
    )
    return (
        f'<div class="fn-conversation" role="log" aria-label="Conversation">{"".join(turns)}</div>'
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


def _welcome(starters: Sequence[str]) -> str:
    if not starters:
        return '<div class="fn-welcome"><p>Add an article, then ask about it.</p></div>'
    buttons = "".join(
        f'<li><button type="button" data-do="ask" data-question="{attribute(question)}">'
        f"{text(question)}</button></li>"
        for question in starters
    )
    return (
        '<div class="fn-welcome"><p>Ask in plain language. Every statement of an answer carries '
        f"a quote from the article. For example:</p><ul>{buttons}</ul></div>"
    )


def _exchange(position: int, exchange: Exchange, section_of: SectionOf) -> str:
    if exchange.problem:
        body = f'<div class="fn-problem" role="alert">{text(exchange.problem)}</div>'
    elif exchange.answer is None:
        body = f'<div class="fn-doing" role="status">{text(exchange.doing)}</div>'
    else:
        body = _answer(exchange.answer, section_of) + _actions(position, exchange)
    anchor = f' id="answer-{attribute(exchange.answer_id)}"' if exchange.answer_id else ""
    return (
        f'<section class="fn-exchange"{anchor} aria-label="Question {position + 1}">'
        f'<p class="fn-question">{text(exchange.question)}</p>{body}</section>'
    )


def _answer(answer: Answer, section_of: SectionOf) -> str:
    understood = ""
    if answer.standalone_question != answer.question:
        understood = (
            f'<p class="fn-understood">Understood as: {text(answer.standalone_question)}</p>'
        )
    note = f'<p class="fn-note" role="note">{text(answer.note)}</p>' if answer.note else ""
    if answer.status == "not_in_article":
        return (
            f'<div class="fn-answer fn-refused">{understood}<p>{text(answer.text)}</p>{note}'
            f"{_nearest(answer)}</div>"
        )
    citations = {citation.n: citation for citation in answer.citations}
    statements = "".join(
        f"<p>{_statement(statement, citations)}</p>" for statement in answer.text.split("\n\n")
    )
    sources = "".join(
        _source(citation, answer.short_answer, section_of(citation))
        for citation in answer.citations
    )
    sure = f"{confidence_in_words(answer.confidence)} ({percent(answer.confidence)})"
    return (
        f'<div class="fn-answer">{understood}{_short(answer)}{statements}{note}'
        f'<ol class="fn-sources" aria-label="Sources">{sources}</ol>'
        f'<p class="fn-confidence">{sure}</p></div>'
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


def _place(citation: Citation) -> str:
    return (
        f'data-do="show" data-article="{attribute(citation.article_id)}" '
        f'data-start="{citation.start}" data-end="{citation.end}"'
    )


def _footnote(citation: Citation) -> str:
    return (
        f'<button type="button" class="fn-mark" {_place(citation)} '
        f'title="{attribute(citation.quote)}" '
        f'aria-label="Footnote {citation.n}: {attribute(citation.quote)}">{citation.n}</button>'
    )


def _source(citation: Citation, short_answer: str | None, section: str) -> str:
    quote = text(citation.quote)
    if short_answer and short_answer in citation.quote:
        before, _, after = citation.quote.partition(short_answer)
        quote = f"{text(before)}<mark>{text(short_answer)}</mark>{text(after)}"
    where = f"{text(citation.title)}" + (f" › {text(section)}" if section else "")
    return (
        f'<li value="{citation.n}"><cite>{where}</cite>'
        f'<button type="button" class="fn-quote" {_place(citation)}>“{quote}”</button></li>'
    )


def _nearest(answer: Answer) -> str:
    if not answer.passages:
        return ""
    items = "".join(
        f'<li><button type="button" class="fn-quote" data-do="show" '
        f'data-article="{attribute(p.article_id)}" data-start="{p.start}" data-end="{p.end}">'
        f"{text(p.text)}</button></li>"
        for p in answer.passages[:3]
    )
    return (
        '<details class="fn-nearest"><summary>The nearest passages</summary>'
        f"<ul>{items}</ul></details>"
    )


def _actions(position: int, exchange: Exchange) -> str:
    def button(action: str, label: str, face: str, pressed: bool | None = None) -> str:
        state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
        return (
            f'<button type="button" data-do="{action}" data-position="{position}" '
            f'title="{label}" aria-label="{label}"{state}>{face}</button>'
        )

    return (
        '<div class="fn-actions">'
        + button("up", "Right answer", "Right", exchange.rating == "up")
        + button("down", "Wrong answer", "Wrong", exchange.rating == "down")
        + button("retry", "Ask this question again", "Ask again")
        + button("edit", "Edit the question", "Edit")
        + "</div>"
    )
