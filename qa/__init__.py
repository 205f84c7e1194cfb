"""Question answering: retriever, answerers, chain, and the surfaces that serve it.

Its names are imported when they are asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

import index as index  # before onnxruntime, whose telemetry it switches off

if TYPE_CHECKING:
    from qa.answer import Answer, Citation, Turn
    from qa.chain import AnswerChain, answer_chain
    from qa.evaluation.run import check_sets
    from qa.request import AnswerRequest
    from qa.retrieval.langchain_retriever import HybridRetriever

__all__ = [
    "Answer",
    "AnswerChain",
    "AnswerRequest",
    "Citation",
    "HybridRetriever",
    "Turn",
    "answer_chain",
    "check_sets",
]

_MODULES = {
    "qa.answer": ("Answer", "Citation", "Turn"),
    "qa.chain": ("AnswerChain", "answer_chain"),
    "qa.evaluation.run": ("check_sets",),
    "qa.request": ("AnswerRequest",),
    "qa.retrieval.langchain_retriever": ("HybridRetriever",),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
