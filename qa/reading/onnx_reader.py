"""The reader that ships with the project, on onnxruntime: see `models/reader/MODEL_CARD.md`."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from index.errors import ModelProblem
from qa.reading.calibration import Calibration, calibrated
from qa.reading.reader import SHIPPED, SPANS, Reading
from qa.reading.second_look import Logits, Window, second_look
from qa.reading.spans import Span, apart, best_spans

_CLS, _SEP = "[CLS]", "[SEP]"
_QUESTION = 64
"""Tokens of the question that are read."""
_NO_ANSWER = -20.0


@dataclass(frozen=True, slots=True)
class Config:
    """`config.json` of a reader's folder."""

    sha256: dict[str, str]
    window: int
    overlap: int
    threshold: float
    calibration: Calibration


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
        """All passages side by side, a long one in overlapping windows; then the best again.

        Each window is a run of its own, on one thread: nothing is padded, and the 8-bit scales of
        a passage don't depend on which others are read with it.
        """
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
        tokens = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
        logits, answerable = self._first_look(asked, tokens)
        spans = [
            best_spans(text, encoding.offsets, found[0], found[1], SPANS)
            for text, encoding, found in zip(passages, tokens, logits, strict=True)
        ]
        readings = calibrated(self._config.calibration, spans, answerable)
        best = max(range(len(readings)), key=lambda n: readings[n].confidence, default=None)
        if best is not None and readings[best].spans:
            ids, offsets = tokens[best].ids, tokens[best].offsets

            def alone(windows: Sequence[Window]) -> list[Logits]:
                return [found for found, _ in self._run_all(asked, [ids[b:e] for b, e in windows])]

            room = self._room(asked)
            span = second_look(passages[best], offsets, logits[best], room, alone)
            readings[best] = _with_first(readings[best], span)
        return readings

    def _first_look(
        self, asked: list[int], passages: Sequence[Encoding]
    ) -> tuple[list[Logits], list[float]]:
        """For each passage the logits of its tokens, and that the answer is in it."""
        windows = [
            (number, window)
            for number, encoding in enumerate(passages)
            for window in _windows(len(encoding.ids), self._room(asked), self._config.overlap)
        ]
        windows.sort(key=lambda each: each[1][0] - each[1][1])  # so that the threads end together
        runs = self._run_all(asked, [passages[n].ids[begin:stop] for n, (begin, stop) in windows])
        logits = [np.full((2, len(encoding.ids)), -np.inf, np.float32) for encoding in passages]
        answerable = [_NO_ANSWER] * len(passages)
        for (number, (begin, stop)), (found, logit) in zip(windows, runs, strict=True):
            read = logits[number][:, begin:stop]
            np.maximum(read, found, out=read)
            answerable[number] = max(answerable[number], logit)
        return logits, answerable

    def _room(self, asked: list[int]) -> int:
        """Tokens of a passage that are read at once."""
        return self._config.window - len(asked) - 3

    def _run_all(
        self, asked: list[int], stretches: Sequence[list[int]]
    ) -> Iterator[tuple[Logits, float]]:
        return self._threads.map(partial(self._run, asked), stretches)

    def _run(self, asked: list[int], read: list[int]) -> tuple[Logits, float]:
        """Logits of the tokens read, and the logit that the answer is there."""
        ids = np.array([[self._cls, *asked, self._sep, *read, self._sep]], dtype=np.int64)
        first = len(asked) + 2
        types = np.zeros_like(ids)
        types[0, first:] = 1
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        start, end, answerable = self._session.run(["start", "end", "answerable"], feed)
        both = np.concatenate([start, end])
        return both[:, first : first + len(read)] - both[:, :1], float(answerable[0])


def _with_first(reading: Reading, span: Span | None) -> Reading:
    """The reading with that span in the first place, and with the score of the one it replaces."""
    if span is None:
        return reading
    first = replace(span, score=reading.spans[0].score)
    return replace(reading, spans=tuple(apart([first, *reading.spans], SPANS)))


def _windows(size: int, room: int, overlap: int) -> Iterator[Window]:
    """`size` tokens, no more than `room` at once."""
    for begin in range(0, size, room - overlap):
        yield begin, min(begin + room, size)
        if begin + room >= size:
            break


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
