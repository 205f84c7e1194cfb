"""The reader that ships with the project: see `model/MODEL_CARD.md`.

Every passage is skimmed by the first layers; those that seem likeliest are read by all of them.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelProblem
from index.sentences import sentence_spans
from qa.reading.calibration import Calibration, calibrated
from qa.reading.encoder import Encoder, Outputs
from qa.reading.reader import SHIPPED, SPANS, Reading, Relevance, Support
from qa.reading.spans import Span, best_spans

Floats = NDArray[np.float32]
Window = tuple[int, int]
"""Of a passage's tokens, the first and the one after the last."""

START, END = 0, 2
"""Ids of `<s>` and `</s>`. A pair is `<s> first </s></s> [context </s>] second </s>`."""
QUESTION, CONTEXT, STATEMENT, EVIDENCE = 64, 32, 96, 300
"""Tokens read of each, at most."""
_NO_ANSWER = -20.0


@dataclass(frozen=True, slots=True)
class Config:
    """`config.json` of a reader's folder."""

    sha256: dict[str, str]
    window: int
    overlap: int
    read: int
    """Passages of a question that are read by all layers."""
    rank: float
    """What a place further down in retrieval's order takes from the logit of a skimmed passage."""
    threshold: float
    calibration: Calibration


@dataclass(slots=True)
class _Skimmed:
    """One passage on its way: its tokens and what its windows gave."""

    text: str
    encoding: Encoding
    windows: list[Window]
    first: list[int]
    """Of each window, where in its sequence the passage begins."""
    hidden: list[Floats] = field(default_factory=list)
    outputs: list[Outputs] = field(default_factory=list)


class OnnxReader:
    """Safe to use from several threads."""

    name = SHIPPED

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._config = _read_config(folder)
        for file, expected in self._config.sha256.items():
            _check(folder / file, expected)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._encoder = Encoder(folder, threads or os.cpu_count() or 1)

    @property
    def threshold(self) -> float:
        return self._config.threshold

    def read(
        self, question: str, passages: Sequence[str], contexts: Sequence[str] | None = None
    ) -> list[Reading]:
        """As of `Reader`; a long passage is read in overlapping windows."""
        asked = self._ids(question)[:QUESTION]
        skimmed = self._skim(asked, passages, contexts or [""] * len(passages))
        likely = [
            max((output.answerable for output in each.outputs), default=_NO_ANSWER)
            - self._config.rank * place
            for place, each in enumerate(skimmed)
        ]
        chosen = sorted(range(len(skimmed)), key=lambda n: -likely[n])[: self._config.read]
        hidden = [states for n in chosen for states in skimmed[n].hidden]
        outputs = iter(self._encoder.read(hidden))
        spans: list[list[Span]] = [[] for _ in skimmed]
        answerable = [_NO_ANSWER] * len(skimmed)
        for number in chosen:
            each = skimmed[number]
            each.outputs = [next(outputs) for _ in each.hidden]
            logits = _token_logits(each)
            offsets = each.encoding.offsets
            spans[number] = best_spans(each.text, offsets, logits[0], logits[1], SPANS)
            answerable[number] = max((o.answerable for o in each.outputs), default=_NO_ANSWER)
        sentences = [_sentences(each) for each in skimmed]
        return calibrated(self._config.calibration, spans, answerable, sentences)

    def support(self, statement: str, evidence: Sequence[str]) -> list[Support]:
        """Whether each text says the statement; it may also be a question for yes or no."""
        said = self._ids(statement)[:STATEMENT]
        texts = self._tokenizer.encode_batch(list(evidence), add_special_tokens=False)
        pairs = [[START, *said, END, END, *text.ids[:EVIDENCE], END] for text in texts]
        found = []
        for logits in self._encoder.support(pairs):
            shares = np.exp(logits - logits.max())
            shares /= shares.sum()
            found.append(Support(float(shares[1]), float(shares[2])))
        return found

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _skim(
        self, asked: list[int], passages: Sequence[str], contexts: Sequence[str]
    ) -> list[_Skimmed]:
        encodings = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
        skimmed: list[_Skimmed] = []
        sequences: list[list[int]] = []
        for text, encoding, context in zip(passages, encodings, contexts, strict=True):
            told = self._ids(context)[:CONTEXT] if context else []
            before = [START, *asked, END, END, *told, *([END] if told else [])]
            room = self._config.window - len(before) - 1
            windows = list(_windows(len(encoding.ids), room, self._config.overlap))
            skimmed.append(_Skimmed(text, encoding, windows, [len(before)] * len(windows)))
            sequences += [[*before, *encoding.ids[b:e], END] for b, e in windows]
        found = iter(self._encoder.skim(sequences))
        for each in skimmed:
            for _ in each.windows:
                hidden, outputs = next(found)
                each.hidden.append(hidden)
                each.outputs.append(outputs)
        return skimmed


def _token_logits(each: _Skimmed) -> Floats:
    """(3, tokens): start and end, each less that of "not here", and relevance; the highest where
    windows overlap."""
    logits = np.full((3, len(each.encoding.ids)), -np.inf, np.float32)
    for (begin, stop), first, outputs in zip(each.windows, each.first, each.outputs, strict=True):
        found = outputs.tokens[first : first + stop - begin].T.copy()
        found[:2] -= outputs.tokens[0, :2, None]
        np.maximum(logits[:, begin:stop], found, out=logits[:, begin:stop])
    return logits


def _sentences(each: _Skimmed) -> tuple[Relevance, ...]:
    """A sentence's logit is the mean of its tokens'."""
    relevance = _token_logits(each)[2]
    starts = np.array([start for start, _ in each.encoding.offsets])
    found = []
    for start, end in sentence_spans(each.text):
        own = relevance[np.searchsorted(starts, start) : np.searchsorted(starts, end)]
        logit = float(own.mean()) if len(own) else _NO_ANSWER
        found.append(Relevance(start, end, 1 / (1 + float(np.exp(-logit)))))
    return tuple(found)


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
