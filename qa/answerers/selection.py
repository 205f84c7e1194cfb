"""Which answerer the settings name: composed here, once, for the chain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import prompts
from index.articles import Article
from index.embedding.embedder import load_embedder
from index.settings import Settings
from qa.answer import Turn
from qa.answerers.extractive import ReaderAnswerer
from qa.answerers.sentence_answerer import SentenceAnswerer
from qa.answerers.summary import overview
from qa.candidates import Answerer, CandidateAnswer
from qa.chat.model import open_chat_model
from qa.question.rewriting import standalone
from qa.reading.reader import load_reader

Understand = Callable[[str, Sequence[Turn]], str]


@dataclass(frozen=True, slots=True)
class Answerers:
    """What the chain needs to understand a question and to answer it."""

    passages: Answerer
    whole: Callable[[Sequence[Article]], CandidateAnswer]
    """Answers a question about the whole of the articles."""
    understand: Understand
    """Question and earlier turns → a question that stands alone."""
    version: str
    """Changes whenever the same passages could be answered differently."""
    prompt_version: str | None
    """Of the prompts that a chat model is sent; None where there is none."""


def open_answerers(settings: Settings) -> Answerers:
    """The answerers that `settings` name.

    Raises:
        ModelProblem: when a model is missing, altered or unknown.
    """
    embedder = load_embedder(settings.embedding_model)
    extractive: Answerer = (
        SentenceAnswerer(embedder)
        if settings.reader == "sentences"
        else ReaderAnswerer(load_reader(settings.reader))
    )
    whole = partial(overview, embedder=embedder)
    model = open_chat_model(settings)
    if model is None:
        return Answerers(extractive, whole, standalone, extractive.name, None)

    from qa.answerers.chat import ChatAnswerer  # half a second: LangChain's messages
    from qa.question.condensing import condense

    words = prompts.load(settings.prompts_dir)
    understand: Understand = standalone
    if settings.chat_condenses:

        def understand(question: str, history: Sequence[Turn]) -> str:
            condensed = condense(model, words, question, history)
            return condensed or standalone(question, history)

    answerer = ChatAnswerer(model, extractive, words, strict=settings.strict)
    held = "strict" if settings.strict else "marked"
    version = f"{answerer.name} over {extractive.name}, prompts {words.version}, {held}"
    return Answerers(answerer, whole, understand, version, words.version)
