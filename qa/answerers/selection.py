"""Which answerer the settings name: composed here, once, for the chain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import prompts
from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder
from index.settings import Settings
from qa.answer import Turn
from qa.answerers.continuation import continuation
from qa.answerers.extractive import ReaderAnswerer
from qa.answerers.summary import summary
from qa.candidates import Answerer, CandidateAnswer, ScoredPassage
from qa.chat.model import open_chat_model
from qa.question.intents import Intent, intent_of
from qa.question.rewriting import standalone
from qa.reading.reader import SHIPPED, load_reader, shipped_reader

Continuation = Callable[
    [str, Sequence[Turn], Sequence[ScoredPassage], Sequence[Article]], CandidateAnswer
]
"""The last question, the turns, the passages found for it, the articles → how it goes on."""
Understand = Callable[[str, Sequence[Turn]], str]


@dataclass(frozen=True, slots=True)
class Answerers:
    """What the chain needs to understand a question and to answer it."""

    passages: Answerer
    intent: Callable[[str], Intent]
    summary: Callable[[str, Sequence[Article]], CandidateAnswer]
    """Sums the articles up in as many sentences as the question asks for."""
    continuation: Continuation
    understand: Understand
    """Question and earlier turns → a question that stands alone."""
    version: str
    """Changes whenever the same passages could be answered differently."""
    prompt_version: str | None
    """Of the prompts that a chat model is sent; None where there is none."""
    only_english: bool
    """Whether nothing but the models that ship with the project answers."""


def _by_reader(settings: Settings, embedder: Embedder) -> ReaderAnswerer:
    if settings.reader == SHIPPED:
        reader = shipped_reader()
        return ReaderAnswerer(reader, embedder, judge=reader)
    return ReaderAnswerer(load_reader(settings.reader), embedder)


def open_answerers(settings: Settings) -> Answerers:
    """The answerers that `settings` name.

    Raises:
        ModelProblem: when a model is missing, altered or unknown.
    """
    embedder = load_embedder(settings.embedding_model)
    # What a message wants is told by the model that the examples' limits were chosen for.
    by_example = load_embedder(DEFAULT_MODEL)
    extractive = _by_reader(settings, by_example)
    whole = partial(summary, embedder=embedder)
    intent = partial(intent_of, embedder=by_example)
    more = partial(continuation, embedder=embedder)
    model = open_chat_model(settings)
    if model is None:
        only_english = settings.embedding_model == DEFAULT_MODEL or settings.reader == SHIPPED
        name = extractive.name
        return Answerers(extractive, intent, whole, more, standalone, name, None, only_english)

    from qa.answerers.chat import ChatAnswerer  # half a second: LangChain's messages
    from qa.question.condensing import condense

    words = prompts.load(settings.prompts_dir)
    understand: Understand = standalone
    if settings.chat_condenses:

        def understand(question: str, history: Sequence[Turn]) -> str:
            condensed = condense(model, words, question, history)
            return condensed or standalone(question, history)

    score = shipped_reader().support
    answerer = ChatAnswerer(model, extractive, words, score, strict=settings.strict)
    held = "strict" if settings.strict else "marked"
    version = f"{answerer.name} over {extractive.name}, prompts {words.version}, {held}"
    return Answerers(answerer, intent, whole, more, understand, version, words.version, False)
