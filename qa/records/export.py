"""A conversation as a document: Markdown with footnotes."""

import re
from collections.abc import Sequence

from qa.answer import Answer, Citation
from qa.footnotes import marks
from qa.records.conversations import Conversation, StoredAnswer

# What could begin markup, HTML or a link: an article's text is not to be trusted with either.
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~!]")
_LINE_MARKUP = re.compile(r"^(\s*\d*)([#+\-=.)])", re.MULTILINE)


def to_markdown(conversation: Conversation) -> str:
    """The conversation with every quote as a footnote (`[^2-1]`: first quote of the second answer).

    Nothing that came from an article, a title or a question is read as markup.
    """
    title = _line(conversation.title) or "Conversation"
    parts = [f"# {title}"]
    for i, stored in enumerate(conversation.answers, start=1):
        parts += _exchange(i, stored)
    parts += _definitions(conversation.answers)
    return "\n\n".join(parts) + "\n"


def _exchange(i: int, stored: StoredAnswer) -> list[str]:
    answer = stored.answer
    parts = [f"## {_line(answer.question)}"]
    if answer.standalone_question != answer.question:
        parts.append(f"*Understood as: {_line(answer.standalone_question)}*")
    parts.append(_with_footnotes(i, answer))
    if answer.note:
        parts.append(f"*Note: {_line(answer.note)}*")
    if answer.status == "answered":
        parts.append(f"*Confidence: {answer.confidence:.0%}*")
    return parts


def _with_footnotes(i: int, answer: Answer) -> str:
    pieces, at = [], 0
    for mark in marks(answer):
        pieces += [_text(answer.text[at : mark.start]), f"[^{i}-{mark.n}]"]
        at = mark.end
    return "".join([*pieces, _text(answer.text[at:])])


def _definitions(answers: Sequence[StoredAnswer]) -> list[str]:
    return [
        f"[^{i}-{citation.n}]: {_source(citation)}"
        for i, stored in enumerate(answers, start=1)
        for citation in stored.answer.citations
    ]


def _source(citation: Citation) -> str:
    source = "" if citation.source == citation.title else f" ({_line(citation.source)})"
    return f"“{_line(citation.quote)}” — *{_line(citation.title)}*{source}, {citation.place}."


def _text(text: str) -> str:
    return _LINE_MARKUP.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", text))


def _line(text: str) -> str:
    """The text on one line: a line break would end a heading or a footnote."""
    return _text(" ".join(text.split()))
