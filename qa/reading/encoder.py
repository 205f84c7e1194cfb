"""The reader's network on onnxruntime, in two graphs: the first layers, and the rest.

Each text is a run of its own, on one thread: nothing is padded, and the 8-bit scales of a text
don't depend on which others are read with it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Floats = NDArray[np.float32]

Given = TypeVar("Given")
Made = TypeVar("Made")

FIRST, REST = "first.onnx", "rest.onnx"


@dataclass(frozen=True, slots=True)
class Outputs:
    """What one exit says of one sequence."""

    tokens: Floats
    """(tokens, 3): start, end and relevance."""
    answerable: float


class Encoder:
    """Runs sequences of token ids. Safe to use from several threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Sequences differ in size, and a kept arena would grow to hold the largest.
        options.enable_cpu_mem_arena = False
        self._first, self._rest = (
            onnxruntime.InferenceSession(
                str(folder / name), options, providers=["CPUExecutionProvider"]
            )
            for name in (FIRST, REST)
        )
        self._threads = ThreadPoolExecutor(threads, "reader")

    def skim(self, sequences: Sequence[Sequence[int]]) -> list[tuple[Floats, Outputs]]:
        """Hidden states after the first layers, for `read`, and what can be said by then."""
        return _longest_first(self._threads, self._skim, sequences, [len(ids) for ids in sequences])

    def read(self, hidden: Sequence[Floats]) -> list[Outputs]:
        """What all layers say."""
        sizes = [states.shape[1] for states in hidden]
        return _longest_first(self._threads, self._read, hidden, sizes)

    def support(self, sequences: Sequence[Sequence[int]]) -> list[Floats]:
        """(3,) logits of each: the second text does not say the first, says it, contradicts it."""
        sizes = [len(ids) for ids in sequences]
        return _longest_first(self._threads, self._support, sequences, sizes)

    def _skim(self, ids: Sequence[int]) -> tuple[Floats, Outputs]:
        feed = {"ids": np.asarray([ids], dtype=np.int64)}
        hidden, tokens, answerable = self._first.run(["hidden_out", "tokens", "answerable"], feed)
        return hidden, Outputs(tokens[0], float(answerable[0]))

    def _read(self, hidden: Floats) -> Outputs:
        tokens, answerable = self._rest.run(["tokens", "answerable"], {"hidden": hidden})
        return Outputs(tokens[0], float(answerable[0]))

    def _support(self, ids: Sequence[int]) -> Floats:
        feed = {"ids": np.asarray([ids], dtype=np.int64)}
        (hidden,) = self._first.run(["hidden_out"], feed)
        (logits,) = self._rest.run(["support"], {"hidden": hidden})
        return np.asarray(logits[0], dtype=np.float32)


def _longest_first(
    threads: ThreadPoolExecutor,
    run: Callable[[Given], Made],
    given: Sequence[Given],
    sizes: Sequence[int],
) -> list[Made]:
    """`run` of each, in their order. The longest are begun first: the threads end together."""
    order = sorted(range(len(given)), key=lambda number: -sizes[number])
    begun = {number: threads.submit(run, given[number]) for number in order}
    return [begun[number].result() for number in range(len(given))]
