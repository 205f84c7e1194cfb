"""A question and passages → where the answer is, and how sure that is.

`load_reader("footnote")` is the reader that ships with the project (`models/reader`, see its
model card); any other name is an extractive question answering model of Hugging Face.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
_BATCH_TOKENS = 8192
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

    def __init__(self, folder: Path, threads: int = 2, model: str = "model.onnx") -> None:
        self._config = _read_config(folder)
        for file, expected in self._config.sha256.items():
            _check(folder / file, expected)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        vocabulary = self._tokenizer.get_vocab()
        self._cls, self._sep = vocabulary[_CLS], vocabulary[_SEP]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin while they wait gain nothing here and starve what else is running.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Batches differ in size, and a kept arena would grow to hold the largest.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / model), options, providers=["CPUExecutionProvider"]
        )

    @property
    def threshold(self) -> float:
        return self._config.threshold

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """All passages in one padded batch; a long one in overlapping windows."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
        windows = list(self._windows(passages, self._config.window - len(asked) - 3))
        spans: list[list[Span]] = [[] for _ in passages]
        answerable = [_NO_ANSWER] * len(passages)
        for batch in _batches(windows, len(asked) + 3):
            starts, ends, logits = self._run(asked, batch)
            for row, window in enumerate(batch):
                first = len(asked) + 2
                inside = slice(first, first + len(window.ids))
                null = float(starts[row, 0] + ends[row, 0])
                spans[window.passage] += best_spans(
                    passages[window.passage],
                    window.offsets,
                    starts[row, inside],
                    ends[row, inside],
                    null,
                    SPANS,
                )
                answerable[window.passage] = max(answerable[window.passage], float(logits[row]))
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

    def _run(self, asked: list[int], batch: list[Window]) -> tuple[Floats, Floats, Floats]:
        width = len(asked) + 3 + max(len(window.ids) for window in batch)
        ids, mask, types = (np.zeros((len(batch), width), dtype=np.int64) for _ in range(3))
        for row, window in enumerate(batch):
            tokens = [self._cls, *asked, self._sep, *window.ids, self._sep]
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
            types[row, len(asked) + 2 : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        start, end, answerable = self._session.run(["start", "end", "answerable"], feed)
        return start, end, answerable


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


def _batches(windows: list[Window], more: int) -> Iterator[list[Window]]:
    """All at once, unless there are so many that memory would suffer; lengths alike together."""
    windows = sorted(windows, key=lambda window: len(window.ids))
    batch: list[Window] = []
    for window in windows:
        if batch and (len(batch) + 1) * (len(window.ids) + more) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _id(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ModelProblem(f"The reader's tokenizer has no {token}: reinstall Footnote.")
    return found


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
