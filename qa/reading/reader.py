"""A question and passages → where the answer is, and how sure that is.

`load_reader("footnote")` is the reader that ships with the project (`models/reader`, see its
model card); any other name is an extractive question answering model of Hugging Face.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.reading.spans import Span

SHIPPED = "footnote"
FOLDER = Path(__file__).parent / "model"
SPANS = 5
"""Spans told of each passage, for questions that ask for several things."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one passage."""

    spans: tuple[Span, ...]
    """Offsets in the passage's text; best first, without overlaps; empty for an empty passage."""
    answerable: float
    """Logit that the answer is here; comparable across the passages of a question."""
    confidence: float
    """Probability that the best span answers; of one question's passages, the best answerable one
    has its calibrated confidence and the others at most that."""


class Reader(Protocol):
    """Reads passages for a question."""

    @property
    def name(self) -> str: ...

    @property
    def threshold(self) -> float:
        """The least confidence of an answer; below it, the question is refused."""
        ...

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """A reading of each passage, in their order, which is retrieval's: the best first."""
        ...


def load_reader(name: str) -> Reader:
    """The reader of that name.

    Raises:
        ModelProblem: when its files are missing, altered or unknown.
    """
    if name == SHIPPED:
        from qa.reading.onnx_reader import OnnxReader

        return OnnxReader(FOLDER)
    from qa.reading.huggingface_reader import HuggingFaceReader

    return HuggingFaceReader(name)
