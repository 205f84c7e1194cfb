"""A question and passages → where the answer is, and how sure that is.

`load_reader("footnote")` is the reader that ships with the project (`models/reader`, see its
model card); any other name is an extractive question answering model of Hugging Face.
"""

import hashlib
import json
import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.errors import ModelProblem
from qa.spans import Floats, Span, best_spans

SHIPPED = "footnote"
FOLDER = Path(__file__).parent / "models" / "reader"
SPANS = 5
"""Spans told of each passage, for questions that ask for several things."""

_CLS, _SEP = "[CLS]", "[SEP]"
_QUESTION = 64
"""Tokens of the question that are read."""
_NO_ANSWER = -20.0


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
        return OnnxReader(FOLDER)
    from qa.huggingface_reader import HuggingFaceReader

    return HuggingFaceReader(name)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression on what was read (Platt 1999); `training.calibrate` fits it.

    The features are the best passage's answerability, its best span's score, how far the next
    passage's answerability is behind, and its place as retrieval ranked it, 0 for the first.
    """

    answerable: float
    span: float
    lead: float
    intercept: float
    rank: float = 0.0

    def confidence(self, answerable: float, span: float, lead: float, rank: int) -> float:
        z = (
            self.answerable * answerable
            + self.span * span
            + self.lead * min(lead, MOST_LEAD)
            - self.rank * rank
            + self.intercept
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


MOST_LEAD = 5.0
"""A longer lead over the next passage tells nothing more."""


@dataclass(frozen=True, slots=True)
class Config:
    """`config.json` of a reader's folder."""

    sha256: dict[str, str]
    window: int
    overlap: int
    threshold: float
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage that is read at once: tokens and their offsets."""

    passage: int
    ids: list[int]
    offsets: list[tuple[int, int]]


class OnnxReader:
    """The shipped reader, on onnxruntime. Safe to use from several threads."""

    name = SHIPPED

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._config = _read_config(folder)
        for file, expected in self._config.sha256.items():
            _check(folder / file, expected)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        vocabulary = self._tokenizer.get_vocab()
        self._cls, self._sep = vocabulary[_CLS], vocabulary[_SEP]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Windows differ in size, and a kept arena would grow to hold the largest.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._threads = ThreadPoolExecutor(threads or os.cpu_count(), "reader")

    @property
    def threshold(self) -> float:
        return self._config.threshold

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """All passages side by side; a long one in overlapping windows.

        Each window is a run of its own, on one thread: nothing is padded, and the 8-bit scales of
        a passage don't depend on which others are read with it.
        """
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
        windows = list(self._windows(passages, self._config.window - len(asked) - 3))
        windows.sort(key=lambda window: -len(window.ids))  # so that the threads end together
        spans: list[list[Span]] = [[] for _ in passages]
        answerable = [_NO_ANSWER] * len(passages)
        for window, (starts, ends, logit) in zip(
            windows, self._threads.map(partial(self._run, asked), windows), strict=True
        ):
            first = len(asked) + 2
            inside = slice(first, first + len(window.ids))
            spans[window.passage] += best_spans(
                passages[window.passage],
                window.offsets,
                starts[inside],
                ends[inside],
                float(starts[0] + ends[0]),
                SPANS,
            )
            answerable[window.passage] = max(answerable[window.passage], logit)
        return calibrated(self._config.calibration, [apart(found) for found in spans], answerable)

    def _windows(self, passages: Sequence[str], room: int) -> Iterator[Window]:
        encodings = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
        for number, encoding in enumerate(encodings):
            size = len(encoding.ids)
            for begin in range(0, size, room - self._config.overlap):
                end = min(begin + room, size)
                yield Window(number, encoding.ids[begin:end], encoding.offsets[begin:end])
                if end == size:
                    break

    def _run(self, asked: list[int], window: Window) -> tuple[Floats, Floats, float]:
        """Start and end logits of each token, and the logit that the answer is here."""
        ids = np.array([[self._cls, *asked, self._sep, *window.ids, self._sep]], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, len(asked) + 2 :] = 1
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        start, end, answerable = self._session.run(["start", "end", "answerable"], feed)
        return start[0], end[0], float(answerable[0])


def calibrated(
    calibration: Calibration, spans: Sequence[Sequence[Span]], answerable: Sequence[float]
) -> list[Reading]:
    """The readings of one question, with their confidences."""
    readings = []
    for number, (found, logit) in enumerate(zip(spans, answerable, strict=True)):
        others = [other for n, other in enumerate(answerable) if n != number]
        lead = logit - max(others, default=logit - MOST_LEAD)
        confidence = calibration.confidence(logit, found[0].score, lead, number) if found else 0.0
        readings.append(Reading(tuple(found), logit, confidence))
    return readings


def apart(spans: Sequence[Span]) -> list[Span]:
    """The best of the spans that do not overlap, best first."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda s: -s.score):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return chosen[:SPANS]


def _read_config(folder: Path) -> Config:
    try:
        raw = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return Config(**{**raw, "calibration": Calibration(**raw["calibration"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelProblem(f"The reader's {folder / 'config.json'} cannot be read.") from error


def _check(path: Path, expected: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelProblem(f"The reader's file {path} is missing.") from error
    if found != expected:
        raise ModelProblem(f"The reader's file {path} was altered: reinstall Footnote.")
