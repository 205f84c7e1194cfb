"""A conversation as HTML: each question, its answer, and what can be done with it."""

from collections.abc import Sequence

from ui.exchange import Exchange
from ui.render.answer import answer_with_quotes, render_answer
from ui.render.article_views import ArticleViews
from ui.render.escape import attribute, text

_THUMB = (
    '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2 9h3v8H2zM7 17V9l4-7c1.6 0 2.3 1.2 '
    '2 2.6L12.3 8H16c1.3 0 2.2 1.2 1.9 2.4l-1.3 5.2c-.2.8-1 1.4-1.9 1.4z"/></svg>'
)


def render_conversation(
    exchanges: Sequence[Exchange],
    conversation_id: str,
    views: ArticleViews,
    wanted: str = "",
    notice: str = "",
) -> str:
    """The whole conversation, or a welcome while nothing was asked.

    `wanted` is the id of the answer that a link leads to, `notice` a sentence to show above all.
    """
    turns = "".join(
        _exchange(n, exchange, conversation_id, views) for n, exchange in enumerate(exchanges, 1)
    )
    told = f'<p class="fn-problem" role="alert">{text(notice)}</p>' if notice else ""
    return (
        '<div class="fn-scroll" role="region" aria-label="Conversation" tabindex="0" '
        f'data-conversation="{attribute(conversation_id)}" data-wanted="{attribute(wanted)}">'
        f"{told}{turns or _WELCOME}</div>"
    )


_WELCOME = (
    '<div class="fn-welcome"><h2>What would you like to know?</h2>'
    "<p>Every statement of an answer carries a footnote: a quote from the article, word for word. "
    "When the article does not say, you are told so.</p></div>"
)


def _exchange(n: int, exchange: Exchange, conversation_id: str, views: ArticleViews) -> str:
    body = ""
    if exchange.answer:
        body = render_answer(exchange.answer, exchange.article_ids, views, bool(exchange.answer_id))
    if exchange.problem:
        body += f'<p class="fn-problem" role="alert">{text(exchange.problem)}</p>'
    if exchange.doing:
        body += f'<p class="fn-doing">{text(exchange.doing)}</p>'
    else:
        body += _actions(exchange, conversation_id, views)
    anchor = f' id="answer-{attribute(exchange.answer_id)}"' if exchange.answer_id else ""
    return (
        f'<section class="fn-exchange"{anchor} aria-label="Question {n}">'
        f'<h2 class="fn-question">{text(exchange.question)}</h2>{body}</section>'
    )


def _actions(exchange: Exchange, conversation_id: str, views: ArticleViews) -> str:
    about = (
        f'data-answer="{attribute(exchange.answer_id or "")}" '
        f'data-question="{attribute(exchange.question)}"'
    )

    def button(action: str, face: str, hint: str, state: str = "") -> str:
        return (
            f'<button type="button" data-do="{action}" {about} title="{hint}"{state}>'
            f"{face}</button>"
        )

    rating = exchange.given.rating if exchange.given else ""
    parts = []
    if exchange.answer and exchange.answer_id:
        link = f"/?c={conversation_id}&a={exchange.answer_id}"
        copied = attribute(answer_with_quotes(exchange.answer, views))
        parts += [
            button("up", f"{_THUMB}Right", "This answer is right", _pressed(rating == "up")),
            button("down", f"{_THUMB}Wrong", "This answer is wrong", _pressed(rating == "down")),
            button("copy", "Copy", "Copy the answer with its quotes", f' data-text="{copied}"'),
            f'<a href="{attribute(link)}" data-do="link" title="Copy the link to this answer">'
            "Link</a>",
            _export(conversation_id, exchange.answer_id),
        ]
    parts += [
        button("ask", "Ask again", "Ask this question again"),
        button("edit", "Edit", "Change this question and ask it"),
    ]
    return f'<div class="fn-actions">{"".join(parts)}</div>{_correction(exchange, about)}'


def _export(conversation_id: str, answer_id: str) -> str:
    """One answer to be kept elsewhere. A browser makes a PDF of what it prints."""
    url = attribute(f"/v1/conversations/{conversation_id}/export?answer_id={answer_id}")
    return (
        '<details class="fn-menu"><summary title="Keep this answer elsewhere">Export</summary><div>'
        f'<a href="{url}&amp;format=markdown" download>Markdown</a>'
        f'<a href="{url}&amp;format=receipt" download>Receipt, for <code>footnote verify</code></a>'
        '<button type="button" data-do="print">Print, or save as PDF</button></div></details>'
    )


def _pressed(yes: bool) -> str:
    return f' aria-pressed="{str(yes).lower()}"'


def _correction(exchange: Exchange, about: str) -> str:
    """What is asked after a thumb down, and what became of it."""
    if exchange.given is None or exchange.given.rating != "down":
        return ""
    if exchange.given.corrected:
        return (
            '<p class="fn-corrected" role="status">Thank you. This question is now in your own '
            "test set, and the next <code>footnote check</code> asks it.</p>"
        )
    absent = ""
    if exchange.answer and exchange.answer.status == "answered":
        absent = f'<button type="button" data-do="absent" {about}>It is not in the article</button>'
    return (
        '<div class="fn-correct" role="group" aria-label="What is right?">'
        "<p><strong>What is right?</strong> Your correction becomes a case of your own test set."
        f'</p><button type="button" data-do="pick" {about}>Mark the right sentence</button>'
        f"{absent}</div>"
    )
