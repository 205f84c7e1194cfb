"""The default model, all-MiniLM-L6-v2 in eight bits, on onnxruntime.

Importing sentence-transformers (torch, transformers, scikit-learn) costs 5 to 6 seconds of
processor time in each process, more than all else that a question from the command line needs. So
its exporter wrote the graph (`training/export_embedding.py`), and `tests/test_embedding.py`
compares the two.
"""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelProblem

FOLDER = Path(__file__).parent / "model"
SHA256 = "130c953c94dd94be355a5efcd52bb5808298c65574474451c206a03dda5f09a8"
"""Of `model.onnx`."""
POSITIONS = 512
"""Tokens of a text that are read."""

Matrix = NDArray[np.float32]


class MiniLM:
    """Reads each text by itself, a text on each core, so that nothing is padded and a text has the
    same vectors whatever is read with it. Safe for threads."""

    dimension = 384
    pools_by_mean = True

    def __init__(self, folder: Path = FOLDER) -> None:
        """Raises ModelProblem if the files are missing or altered."""
        graph = folder / "model.onnx"
        try:
            weights = graph.read_bytes()
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the tokenizer's errors have no type of their own
            raise ModelProblem(f"The embedding model in {folder} is missing: {_MEND}") from error
        if hashlib.sha256(weights).hexdigest() != SHA256:
            raise ModelProblem(f"The embedding model {graph} was altered: {_MEND}")
        self._tokenizer.enable_truncation(POSITIONS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # An arena would keep the size of the longest text.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "embedding")

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """The unit vectors of the texts, shape (texts, 384)."""
        return np.stack([vector for vector, _, _ in self.tokens(texts)])

    def tokens(self, texts: Sequence[str]) -> list[tuple[Matrix, Matrix, NDArray[np.int64]]]:
        """See `Model.tokens`."""
        encodings = self._tokenizer.encode_batch(list(texts))
        if len(encodings) == 1:
            return [self._read(encodings[0])]
        return list(self._threads.map(self._read, encodings))

    def _read(self, encoding: Encoding) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
        ids = np.array([encoding.ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        feed["token_type_ids"] = np.zeros_like(ids)
        tokens = self._session.run(["last_hidden_state"], feed)[0][0]
        sums = tokens.sum(axis=0)
        return sums / np.linalg.norm(sums), tokens, np.array(encoding.offsets, np.int64)


_MEND = "install Footnote again, or name another model with FOOTNOTE_EMBEDDING_MODEL."
