"""all-MiniLM-L6-v2 on onnxruntime: the vectors of sentence-transformers without its imports.

Importing sentence-transformers (torch, transformers, scikit-learn, pandas) costs 5 to 6 seconds of
processor time in each process, more than all else that a question from the command line needs.
The graph (`training/embedding_graph.py`) has no weights in it; they are mapped from the package's
own file. Both ways give the same vectors (`tests/test_embedding.py`), in the same time a text.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

GRAPH = Path(__file__).parent / "models" / "all-MiniLM-L6-v2.onnx"
VOCABULARY, POSITIONS = 30_522, 512
HIDDEN, FEED_FORWARD = 384, 1_536
LAYERS, HEADS = 6, 12

Matrix = NDArray[np.float32]


class MiniLM:
    """The model of one folder, on all cores. Safe for threads."""

    dimension = HIDDEN
    pools_by_mean = True

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(POSITIONS)
        self._tokenizer.enable_padding()
        weights = _weights(folder / "model.safetensors")
        options = onnxruntime.SessionOptions()
        options.add_external_initializers(
            list(weights),
            [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in weights.values()],
        )
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # As in `qa/reading/reader.py`: no spinning, and no arena that keeps
        # the size of the largest batch.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(GRAPH), options, providers=["CPUExecutionProvider"]
        )

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """The unit vectors of a batch of texts, shape (texts, 384)."""
        return self.tokens(texts)[0]

    def tokens(self, texts: Sequence[str]) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
        """See `Model.tokens`. A text's vector is the mean of its tokens, padding left out."""
        encodings = self._tokenizer.encode_batch(list(texts))
        ids = np.array([encoding.ids for encoding in encodings], np.int32)
        mask = np.array([encoding.attention_mask for encoding in encodings], np.int32)
        [tokens] = self._session.run(["tokens"], {"input_ids": ids, "attention_mask": mask})
        sums = np.einsum("btd,bt->bd", tokens, mask.astype(np.float32))
        vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors, tokens, np.array([encoding.offsets for encoding in encodings], np.int64)


def _weights(path: Path) -> dict[str, Matrix]:
    """The initializers of the graph, from the names and the layout of the published weights."""
    stored = _safetensors(path)
    made = {
        "words": stored["embeddings.word_embeddings.weight"],
        # Every token is of the first segment, so its vector is added once and for all.
        "positions": stored["embeddings.position_embeddings.weight"]
        + stored["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": stored["embeddings.LayerNorm.weight"],
        "norm.bias": stored["embeddings.LayerNorm.bias"],
    }
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}."
        heads = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
        made[f"{n}.attend.weight"] = np.concatenate([stored[f"{h}.weight"].T for h in heads], 1)
        made[f"{n}.attend.bias"] = np.concatenate([stored[f"{h}.bias"] for h in heads])
        for name, at in (
            ("attended", "attention.output.dense"),
            ("wide", "intermediate.dense"),
            ("narrow", "output.dense"),
        ):
            made[f"{n}.{name}.weight"] = stored[f"{layer}{at}.weight"].T
            made[f"{n}.{name}.bias"] = stored[f"{layer}{at}.bias"]
        for name, at in (("attended", "attention.output"), ("narrow", "output")):
            for part in ("weight", "bias"):
                made[f"{n}.{name}.norm.{part}"] = stored[f"{layer}{at}.LayerNorm.{part}"]
    return {name: np.ascontiguousarray(array) for name, array in made.items()}


def _safetensors(path: Path) -> dict[str, Matrix]:
    """The float32 tensors of the file, mapped and not copied."""
    data = np.memmap(path, np.uint8, "r")
    size = int(data[:8].view(np.uint64)[0])
    header = json.loads(data[8 : 8 + size].tobytes())
    tensors = {}
    for name, about in header.items():
        if about.get("dtype") == "F32":
            start, end = about["data_offsets"]
            flat = data[8 + size + start : 8 + size + end].view(np.float32)
            tensors[name] = flat.reshape(about["shape"])
    return tensors
