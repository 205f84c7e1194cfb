"""What is said to Footnote itself: a greeting, thanks, a question about what it does."""

from collections.abc import Sequence
from typing import Literal

from index.articles import Article
from qa.candidates import CandidateAnswer, Statement

SmallTalk = Literal["greeting", "thanks", "help"]
NAME = "conversation"
"""The answerer of what is not answered from an article."""
OFFERED = 3
"""Questions to go on with."""

_OPENINGS = {
    "greeting": "Hello! Ask me anything about {it}.",
    "thanks": "You are welcome. Ask me more about {it} whenever you like.",
    "help": "I am Footnote. I answer questions about {it}, and every statement carries a quote "
    "with its place; where nothing answers, I say so. I can also sum it up, or go on when you "
    "say “tell me more”.",
}
_EMPTY = "There is no article yet: add one, then ask me about it."
_FOR_INSTANCE = "For example:"
_OF_ANY_ARTICLE = (
    "What is the article about?",
    "Sum it up in three sentences.",
    "How long is the article?",
)


def small_talk(kind: SmallTalk, articles: Sequence[Article]) -> CandidateAnswer:
    """A friendly line that names the article, and three questions that it can answer."""
    if not articles:
        opening = _OPENINGS[kind].format(it="an article of yours")
        return _said([opening, _EMPTY])
    first = f"“{articles[0].title}”"
    it = first if len(articles) == 1 else f"your {len(articles)} articles, such as {first}"
    questions = [f"- {question}" for question in offered_questions(articles[0])]
    return _said([_OPENINGS[kind].format(it=it), _FOR_INSTANCE, *questions])


def offered_questions(article: Article) -> list[str]:
    """Questions about the sections of the article, filled up with those of any article."""
    headings = [
        line.lstrip("#").strip() for line in article.text.splitlines() if line.startswith("##")
    ]
    about = [f"What does it say about “{heading}”?" for heading in dict.fromkeys(headings)]
    return [*about[: OFFERED - 1], *_OF_ANY_ARTICLE][:OFFERED]


def _said(lines: Sequence[str]) -> CandidateAnswer:
    statements = tuple(Statement(line, ()) for line in lines)
    return CandidateAnswer("related", statements, None, 1.0, answerer=NAME)
