"""A question or an article in a language that the models at work do not know."""

from collections.abc import Sequence

from index.articles import Article
from qa.candidates import CandidateAnswer, Statement
from qa.question.languages import ENGLISH, could_be, english_name, language_of

NAME = "conversation"

WHAT_HELPS = (
    "Footnote's own models know English only. Ask in English about an English article, or set a "
    "chat model (FOOTNOTE_CHAT_MODEL), or an embedding model and a reader that know the language "
    "(FOOTNOTE_EMBEDDING_MODEL and FOOTNOTE_READER)."
)


def foreign_language(question: str, articles: Sequence[Article]) -> CandidateAnswer | None:
    """What can be done about the language, where it is not English; else None.

    The first of the articles is looked at.
    """
    lines = []
    if not could_be(question, ENGLISH):
        lines.append(f"The question seems to be in {english_name(language_of(question))}.")
    if articles and not could_be(articles[0].text, ENGLISH):
        language = english_name(language_of(articles[0].text))
        lines.append(f"The article “{articles[0].title}” seems to be in {language}.")
    if not lines:
        return None
    statements = tuple(Statement(line, ()) for line in (" ".join(lines), WHAT_HELPS))
    return CandidateAnswer("related", statements, None, 1.0, answerer=NAME)
