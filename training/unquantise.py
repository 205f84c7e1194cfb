"""The shipped int8 ONNX file → a checkpoint that a further run can start from.

    python -m training.unquantise --folder qa/reading/model --out runs/shipped.pt

The shipped file is all that is kept of a run. What rounding to 8 bits lost is not regained, except
for the word embeddings, which were frozen: they are those of all-MiniLM-L6-v2.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from training.model import ReaderModel

Array = NDArray[np.float32]
_MODULE = re.compile(r"^/(.+)/(?:MatMul|Gemm)\w*$")


def stored_weights(model: onnx.ModelProto) -> dict[str, Array]:
    """Parameter names of `ReaderModel` → their values, products of scale and integer undone."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights: dict[str, Array] = {
        name: value
        for name, value in stored.items()
        if name.endswith((".weight", ".bias")) and value.dtype == np.float32
    }
    for name in [name for name in stored if name.endswith("_embeddings.weight_quantized")]:
        weights[name.removesuffix("_quantized")] = _restored(
            stored, name.removesuffix("_quantized")
        )
    for node in model.graph.node:
        module = _MODULE.match(node.name)
        if node.op_type == "MatMulInteger" and module:
            # the product's matrix is the transpose of the layer's
            product = _restored(stored, node.input[1].removesuffix("_quantized"))
            weights[module[1].replace("/", ".") + ".weight"] = product.T.copy()
    return weights


def _restored(stored: dict[str, NDArray[np.generic]], name: str) -> Array:
    whole = stored[f"{name}_quantized"].astype(np.float32)
    zero = stored[f"{name}_zero_point"].astype(np.float32)
    restored: Array = (whole - zero) * stored[f"{name}_scale"].astype(np.float32)
    return restored


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the reader's folder")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint to write")
    arguments = parser.parse_args()
    model = ReaderModel()
    weights = stored_weights(onnx.load(str(arguments.folder / "model.onnx")))
    weights.pop("bert.embeddings.word_embeddings.weight")
    found = {name: torch.from_numpy(value.copy()) for name, value in weights.items()}
    lost = model.load_state_dict(found, strict=False)
    assert lost.missing_keys == ["bert.embeddings.word_embeddings.weight"], lost.missing_keys
    assert not lost.unexpected_keys, lost.unexpected_keys
    torch.save({"model": model.state_dict(), "done": 0}, arguments.out)


if __name__ == "__main__":
    main()
