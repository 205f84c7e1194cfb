"""`footnote doctor`: versions, models, indexes, and what would be rebuilt. Changes nothing."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import monotonic

from index.embedding.embedder import load_embedder
from index.errors import FootnoteError, NotFound
from index.settings import Settings, user_file
from index.storage.inspection import inspect_library
from qa.answerers.selection import open_answerers
from qa.chat.model import open_chat_model

PACKAGES = ("footnote-qa", "langchain", "chromadb", "tantivy", "onnxruntime", "gradio")
FOR_OTHER_MODELS = ("sentence-transformers", "torch")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `fine` is false where something needs a person."""

    subject: str
    text: str
    fine: bool = True


def findings(settings: Settings) -> Iterator[Finding]:
    """What is installed, whether the models are what they should be, how the library stands."""
    yield Finding("python", platform.python_version())
    there = "" if user_file().exists() else ", which is not there"
    yield Finding("your settings", f"{user_file()}{there}")
    for package in PACKAGES:
        try:
            yield Finding(package, version(package))
        except PackageNotFoundError:
            yield Finding(package, "is not installed", fine=False)
    for package in FOR_OTHER_MODELS:
        try:
            yield Finding(package, version(package))
        except PackageNotFoundError:
            yield Finding(package, "is not installed: only models of your own need it")
    try:
        embedder = load_embedder(settings.embedding_model)
        embedder.embed_query("Does it run?")
        yield Finding("embedding model", f"{embedder.name}, weights {embedder.fingerprint}")
    except FootnoteError as error:
        yield Finding("embedding model", str(error), fine=False)
    try:
        yield Finding("answerer", open_answerers(settings).version)
    except FootnoteError as error:
        yield Finding("answerer", str(error), fine=False)
    yield from _chat_model(settings)
    yield from _library(settings)


def _chat_model(settings: Settings) -> Iterator[Finding]:
    """Whether the chat model, where one is set, says a word when it is asked for one."""
    try:
        model = open_chat_model(settings)
        if model is None:
            return
        from langchain_core.messages import HumanMessage  # half a second: only with a chat model

        began = monotonic()
        said = "".join(model.reply([HumanMessage("Say one word: yes")])).strip()
        seconds = f"{monotonic() - began:.1f} s"
    except FootnoteError as error:
        yield Finding("chat model", str(error), fine=False)
        return
    if said:
        yield Finding("chat model", f"{model.name} answered after {seconds}: {_shown(said)}")
    else:
        yield Finding("chat model", f"{model.name} answered nothing after {seconds}.", fine=False)


def _shown(said: str) -> str:
    return repr(said if len(said) <= 40 else f"{said[:40]}…")


def _library(settings: Settings) -> Iterator[Finding]:
    try:
        state = inspect_library(settings)
    except NotFound as error:
        yield Finding("library", str(error))
        return
    except FootnoteError as error:
        yield Finding("library", str(error), fine=False)
        return
    yield Finding("library", f"{state.articles} articles in {state.database}")
    yield Finding(
        "indexes",
        f"{state.passages} passages, {state.vectors} vectors, {state.lexical} in BM25, "
        f"generation {state.generation}",
    )
    for reason in state.to_rebuild:
        yield Finding("would be rebuilt", reason)
    for article_id in state.to_repair:
        yield Finding("would be repaired", article_id)
