"""The reader that ships with the project: see `model/MODEL_CARD.md`.

The passage that retrieval ranks first is read by all layers. Where it does not settle the
question, the first layers skim the others, and the likeliest of them is read by all.
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
    """Passages of a question that are read by all layers, at most."""
    settled: float
    """With this confidence in the first passage, the others are not looked at."""
    rank: float
    """What a place further down in retrieval's order takes from the logit of a skimmed passage."""
    threshold: float
    calibration: Calibration


@dataclass(slots=True)
class _Passage:
    """One passage on its way: its tokens and what its windows gave, nothing at first."""

    text: str
    encoding: Encoding
    before: list[int]
    """The ids in front of every window: the question, and where the passage stands."""
    windows: list[Window]
    hidden: list[Floats] = field(default_factory=list)
    outputs: list[Outputs] = field(default_factory=list)

    @property
    def answerable(self) -> float:
        return max((output.answerable for output in self.outputs), default=_NO_ANSWER)


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
        self,
        question: str,
        passages: Sequence[str],
        contexts: Sequence[str] | None = None,
        *,
        thorough: bool = False,
    ) -> list[Reading]:
        """As of `Reader`; a long passage is read in overlapping windows."""
        asked = self._ids(question)[:QUESTION]
        found = self._tokenized(asked, passages, contexts or [""] * len(passages))
        config = self._config
        self._skim(found[:1])
        spans = {n: self._read(each) for n, each in enumerate(found[:1])}
        if thorough or not self._settled(found, spans):
            self._skim(found[1:])
            likely = [each.answerable - config.rank * place for place, each in enumerate(found)]
            others = sorted(range(1, len(found)), key=lambda n: -likely[n])
            spans |= {n: self._read(found[n]) for n in others[: config.read - 1]}
        return calibrated(
            config.calibration,
            [spans.get(number, []) for number in range(len(found))],
            [each.answerable if n in spans else _NO_ANSWER for n, each in enumerate(found)],
            [_sentences(each) for each in found],
        )

    def support(self, statement: str, evidence: Sequence[str]) -> list[Support]:
        """Whether each text says the statement; it may also be a question for yes or no."""
        said = self._ids(statement)[:STATEMENT]
        texts = self._tokenizer.encode_batch(list(evidence), add_special_tokens=False)
        found = []
        for text in texts:
            pair = [START, *said, END, END, *text.ids[:EVIDENCE], END]
            logits = self._encoder.support(pair)
            shares = np.exp(logits - logits.max())
            shares /= shares.sum()
            found.append(Support(float(shares[1]), float(shares[2])))
        return found

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _tokenized(
        self, asked: list[int], passages: Sequence[str], contexts: Sequence[str]
    ) -> list[_Passage]:
        encodings = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
        found = []
        for text, encoding, context in zip(passages, encodings, contexts, strict=True):
            told = self._ids(context)[:CONTEXT] if context else []
            before = [START, *asked, END, END, *told, *([END] if told else [])]
            room = self._config.window - len(before) - 1
            windows = list(_windows(len(encoding.ids), room, self._config.overlap))
            found.append(_Passage(text, encoding, before, windows))
        return found

    def _skim(self, passages: Sequence[_Passage]) -> None:
        for each in passages:
            for begin, end in each.windows:
                ids = [*each.before, *each.encoding.ids[begin:end], END]
                hidden, outputs = self._encoder.skim(ids)
                each.hidden.append(hidden)
                each.outputs.append(outputs)

    def _read(self, each: _Passage) -> list[Span]:
        """Its best spans, by all layers."""
        each.outputs = [self._encoder.read(hidden) for hidden in each.hidden]
        start, end, _ = _token_logits(each)
        return best_spans(each.text, each.encoding.offsets, start, end, SPANS)

    def _settled(self, passages: Sequence[_Passage], spans: dict[int, list[Span]]) -> bool:
        """Whether the first passage answers so clearly that the others need no look."""
        if not spans.get(0):
            return False
        sure = self._config.calibration.confidence(passages[0].answerable, spans[0][0].score, 0, 0)
        return sure >= self._config.settled


def _token_logits(each: _Passage) -> Floats:
    """(3, tokens): start and end, each less that of "not here", and relevance; the highest where
    windows overlap."""
    logits = np.full((3, len(each.encoding.ids)), -np.inf, np.float32)
    first = len(each.before)
    for (begin, stop), outputs in zip(each.windows, each.outputs, strict=True):
        found = outputs.tokens[first : first + stop - begin].T.copy()
        found[:2] -= outputs.tokens[0, :2, None]
        np.maximum(logits[:, begin:stop], found, out=logits[:, begin:stop])
    return logits


def _sentences(each: _Passage) -> tuple[Relevance, ...]:
    """A sentence's logit is the mean of its tokens'; none of a passage that was not looked at."""
    if not each.outputs:
        return ()
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
