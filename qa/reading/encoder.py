"""The reader's network on onnxruntime, in two graphs: the first layers, and the rest.

Each text is a run of its own: nothing is padded, and the 8-bit scales of a text don't depend on
which others are read with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FIRST, REST = "first.onnx", "rest.onnx"


@dataclass(frozen=True, slots=True)
class Outputs:
    """What one exit says of one sequence."""

    tokens: Floats
    """(tokens, 3): start, end and relevance."""
    answerable: float


class Encoder:
    """Runs sequences of token ids, each on all `threads`. Safe to use from several threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A thread that waits by spinning takes a core from whoever else has work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Sequences differ in size, and a kept arena would grow to hold the largest.
        options.enable_cpu_mem_arena = False
        self._first, self._rest = (
            onnxruntime.InferenceSession(
                str(folder / name), options, providers=["CPUExecutionProvider"]
            )
            for name in (FIRST, REST)
        )

    def skim(self, ids: Sequence[int]) -> tuple[Floats, Outputs]:
        """Hidden states after the first layers, for `read`, and what can be said by then."""
        feed = {"ids": np.asarray([ids], dtype=np.int64)}
        hidden, tokens, answerable = self._first.run(["hidden_out", "tokens", "answerable"], feed)
        return hidden, Outputs(tokens[0], float(answerable[0]))

    def read(self, hidden: Floats) -> Outputs:
        """What all layers say."""
        tokens, answerable = self._rest.run(["tokens", "answerable"], {"hidden": hidden})
        return Outputs(tokens[0], float(answerable[0]))

    def support(self, ids: Sequence[int]) -> Floats:
        """(3,) logits: the second text does not say the first, says it, contradicts it."""
        feed = {"ids": np.asarray([ids], dtype=np.int64)}
        (hidden,) = self._first.run(["hidden_out"], feed)
        (logits,) = self._rest.run(["support"], {"hidden": hidden})
        return np.asarray(logits[0], dtype=np.float32)
