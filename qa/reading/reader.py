"""A question and passages → where the answer is, and how sure that is.

`load_reader("footnote")` is the reader that ships with the project (`model`, see its model card);
any other name is an extractive question answering model of Hugging Face.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.reading.spans import Span

if TYPE_CHECKING:
    from qa.reading.onnx_reader import OnnxReader

SHIPPED = "footnote"
FOLDER = Path(__file__).parent / "model"
SPANS = 5
"""Spans told of each passage, for questions that ask for several things."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """A sentence of a passage, `text[start:end]`, and how likely it helps to answer."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one passage."""

    spans: tuple[Span, ...]
    """Offsets in the passage's text; best first, without overlaps. Empty for an empty passage, and
    for one that was only looked through."""
    answerable: float
    """Logit that the answer is here; comparable across the passages of a question."""
    confidence: float
    """Probability that the best span answers; of one question's passages, the best answerable one
    has its calibrated confidence and the others at most that."""
    sentences: tuple[Relevance, ...] = ()
    """Every sentence of the passage, in order; empty where the passage was not looked at, and
    from a reader that does not tell."""


@dataclass(frozen=True, slots=True)
class Support:
    """Probabilities that a text says a statement (or answers a yes/no question with yes), and that
    it says the opposite (or answers no)."""

    supported: float
    contradicted: float


class Reader(Protocol):
    """Reads passages for a question."""

    @property
    def name(self) -> str: ...

    @property
    def threshold(self) -> float:
        """The least confidence of an answer; below it, the question is refused."""
        ...

    def read(
        self,
        question: str,
        passages: Sequence[str],
        contexts: Sequence[str] | None = None,
        *,
        thorough: bool = False,
    ) -> list[Reading]:
        """A reading of each passage, in their order, which is retrieval's: the best first.

        `contexts` says of each where it stands: title, headings. Nothing of it can be an answer.
        A reader may leave passages out once one answers, unless it is to be `thorough`.
        """
        ...


def load_reader(name: str) -> Reader:
    """The reader of that name.

    Raises:
        ModelProblem: when its files are missing, altered or unknown.
    """
    if name == SHIPPED:
        return shipped_reader()
    from qa.reading.huggingface_reader import HuggingFaceReader

    return HuggingFaceReader(name)


@cache
def shipped_reader() -> "OnnxReader":
    """The reader that ships with the project; it also tells whether texts support a statement.

    Loaded once in a process: its files are 118 MB, and it is safe to share.

    Raises:
        ModelProblem: when its files are missing or altered.
    """
    from qa.reading.onnx_reader import OnnxReader

    return OnnxReader(FOLDER)
