"""A trained reader → the two int8 graphs that ship.

    python -m training.export_reader --network runs/reader/twelve/last.pt --cut 4 --out FOLDER

The encoder is cut at an early exit: `first.onnx` (word embeddings, the first layers, their heads)
reads every passage, `rest.onnx` (the other layers, their heads, support) only the likeliest. With
`--cut 0` there is `first.onnx` alone, with all layers and heads.
"""

import argparse
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from training.network import HEADS, POSITIONS, Exit, ReaderNetwork, buckets
from training.train_reader import load_network

_BY_TOKEN = ("ids", "hidden", "hidden_out", "tokens")
LONGEST = POSITIONS - 2


class Words(nn.Module):
    """Word embeddings with eight bits a number and a scale a word."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-9) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("table", torch.round(weight / scale).to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        table, scale = self.get_buffer("table"), self.get_buffer("scale")
        return table[ids].float() * scale[ids]


class Distances(nn.Module):
    """(1, heads, tokens, tokens): what each distance adds to attention."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        whole = network.distances(buckets(LONGEST)).permute(2, 0, 1)
        # By distance, from -LONGEST + 1 to LONGEST - 1.
        table = torch.cat([whole[:, :, 0].flip(1)[:, :-1], whole[:, 0, :]], dim=1).flip(1)
        self.register_buffer("table", table.contiguous())

    def forward(self, hidden: Tensor) -> Tensor:
        places = torch.arange(hidden.shape[1])
        index = places[:, None] - places[None, :] + LONGEST - 1
        return self.get_buffer("table")[:, index].view(1, HEADS, *index.shape)


class Half(nn.Module):
    """Some layers of the network and the heads of its exit; the first half also embeds."""

    def __init__(self, network: ReaderNetwork, first: int, stop: int) -> None:
        super().__init__()
        self.words = Words(network.words.weight.detach()) if first == 0 else None
        self.places = network.places
        self.norm = network.norm
        self.bias = Distances(network)
        self.layers = network.layers[first:stop]
        self.exit: Exit = network.exits[str(stop)]  # type: ignore[assignment]
        self.dense = network.support_dense if stop == len(network.layers) else None
        self.support = network.support

    def forward(self, read: Tensor) -> tuple[Tensor, ...]:
        hidden = read
        if self.words is not None:
            places = self.places(torch.arange(2, read.shape[1] + 2))
            hidden = self.norm(self.words(read) + places[None])
        bias = self.bias(hidden)
        for layer in self.layers:
            hidden = layer(hidden, bias)
        tokens, answerable = self.exit(hidden)
        if self.dense is None:
            return hidden, tokens, answerable
        return tokens, answerable, self.support(functional.gelu(self.dense(hidden[:, 0])))


def export(half: Half, path: Path, *, float32: bool = False) -> None:
    """Write the half as ONNX: seven-bit weights with a scale per output, what comes in as it comes.

    The heads stay float: they are small, and their logits are compared."""
    embeds, ends = half.words is not None, half.dense is not None
    example = torch.randint(5, 1000, (1, 40)) if embeds else torch.randn(1, 40, 768)
    inputs = "ids" if embeds else "hidden"
    outputs = (
        ["tokens", "answerable", "support"] if ends else ["hidden_out", "tokens", "answerable"]
    )
    with tempfile.TemporaryDirectory() as folder:
        plain = path if float32 else Path(folder) / "plain.onnx"
        torch.onnx.export(
            half.eval(), (example,), str(plain), input_names=[inputs], output_names=outputs,
            dynamic_axes={
                name: {1: "tokens"} for name in (inputs, *outputs) if name in _BY_TOKEN
            },
            opset_version=17, dynamo=False,
        )  # fmt: skip
        if not float32:
            products = [
                node.name
                for node in onnx.load(plain).graph.node
                if node.op_type == "MatMul" and node.name.split("/")[1].startswith("layers")
            ]
            quantize_dynamic(
                plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
                op_types_to_quantize=["MatMul"], nodes_to_quantize=products,
                extra_options={"MatMulConstBOnly": True, "DefaultTensorType": 1},
            )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--cut", type=int, default=4, help="layers of the first graph; 0: all")
    parser.add_argument("--float32", action="store_true", help="not quantised, to compare with")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    network = load_network(arguments.network).eval()
    last = len(network.layers)
    with torch.no_grad():
        cut = arguments.cut or last
        half = Half(network, 0, cut)
        export(half, arguments.out / "first.onnx", float32=arguments.float32)
        if cut < last:
            half = Half(network, cut, last)
            export(half, arguments.out / "rest.onnx", float32=arguments.float32)


if __name__ == "__main__":
    main()
