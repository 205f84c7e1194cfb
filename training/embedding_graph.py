"""Writes `index/embedding/models/all-MiniLM-L6-v2.onnx`: the default model without weights.

    python -m training.embedding_graph

The graph is BERT (Devlin et al. 2019) with six layers, in the fused operators of onnxruntime. Its
initializers are only named: `index/embedding/minilm.py` gives them to onnxruntime from the
weights of the installed package, so that the file has a few kilobytes, and neither torch nor a
second copy of the weights is needed to embed.
"""

from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

from index.embedding.minilm import FEED_FORWARD, GRAPH, HEADS, HIDDEN, LAYERS, POSITIONS, VOCABULARY

_EPSILON = 1e-12
_MICROSOFT = "com.microsoft"


def graph() -> ModelProto:
    """`input_ids` and `attention_mask`, int32 (batch, tokens) → `tokens` (batch, tokens, 384)."""
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["embedded"]),
        helper.make_node("Shape", ["input_ids"], ["length"], start=1, end=2),
        helper.make_node("Slice", ["positions", "zero", "length"], ["placed"]),
        helper.make_node("Add", ["embedded", "placed"], ["sum"]),
        helper.make_node(
            "LayerNormalization", ["sum", "norm.weight", "norm.bias"], ["in.0"], epsilon=_EPSILON
        ),
    ]
    shapes: dict[str, tuple[int, ...]] = {
        "words": (VOCABULARY, HIDDEN),
        "positions": (POSITIONS, HIDDEN),
        "norm.weight": (HIDDEN,),
        "norm.bias": (HIDDEN,),
    }
    for n in range(LAYERS):
        nodes += _layer(n)
        shapes |= {
            f"{n}.attend.weight": (HIDDEN, 3 * HIDDEN),
            f"{n}.attend.bias": (3 * HIDDEN,),
            f"{n}.attended.weight": (HIDDEN, HIDDEN),
            f"{n}.attended.bias": (HIDDEN,),
            f"{n}.attended.norm.weight": (HIDDEN,),
            f"{n}.attended.norm.bias": (HIDDEN,),
            f"{n}.wide.weight": (HIDDEN, FEED_FORWARD),
            f"{n}.wide.bias": (FEED_FORWARD,),
            f"{n}.narrow.weight": (FEED_FORWARD, HIDDEN),
            f"{n}.narrow.bias": (HIDDEN,),
            f"{n}.narrow.norm.weight": (HIDDEN,),
            f"{n}.narrow.norm.bias": (HIDDEN,),
        }
    numbers = ["batch", "tokens"]
    return helper.make_model(
        helper.make_graph(
            nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info("input_ids", TensorProto.INT32, numbers),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT32, numbers),
            ],
            [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [*numbers, HIDDEN])],
            [
                helper.make_tensor("zero", TensorProto.INT64, [1], [0]),
                *(_elsewhere(name, shape) for name, shape in shapes.items()),
            ],
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=8,
        producer_name="footnote",
    )


def _layer(n: int) -> list[NodeProto]:
    last = n == LAYERS - 1
    return [
        helper.make_node(
            "Attention",
            [f"in.{n}", f"{n}.attend.weight", f"{n}.attend.bias", "attention_mask"],
            [f"{n}.heads"],
            domain=_MICROSOFT,
            num_heads=HEADS,
            mask_filter_value=-3.0e38,
        ),
        helper.make_node("MatMul", [f"{n}.heads", f"{n}.attended.weight"], [f"{n}.mixed"]),
        _add_and_norm(f"{n}.mixed", f"in.{n}", f"{n}.attended", f"{n}.middle"),
        helper.make_node("MatMul", [f"{n}.middle", f"{n}.wide.weight"], [f"{n}.widened"]),
        helper.make_node(
            "BiasGelu", [f"{n}.widened", f"{n}.wide.bias"], [f"{n}.active"], domain=_MICROSOFT
        ),
        helper.make_node("MatMul", [f"{n}.active", f"{n}.narrow.weight"], [f"{n}.narrowed"]),
        _add_and_norm(
            f"{n}.narrowed", f"{n}.middle", f"{n}.narrow", "tokens" if last else f"in.{n + 1}"
        ),
    ]


def _add_and_norm(new: str, old: str, weights: str, out: str) -> NodeProto:
    norm = f"{weights}.norm"
    return helper.make_node(
        "SkipLayerNormalization",
        [new, old, f"{norm}.weight", f"{norm}.bias", f"{weights}.bias"],
        [out],
        domain=_MICROSOFT,
        epsilon=_EPSILON,
    )


def _elsewhere(name: str, shape: tuple[int, ...]) -> TensorProto:
    """An initializer whose numbers onnxruntime is given when it opens the graph."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="given-at-opening")
    return tensor


def main() -> None:
    model = graph()
    path = Path(GRAPH)
    path.write_bytes(model.SerializeToString(deterministic=True))
    print(f"{path}: {path.stat().st_size / 1e3:.1f} kB")


if __name__ == "__main__":
    main()
