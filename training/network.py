"""The reader's network: MPNet (Song et al., NeurIPS 2020) with exits and a few linear heads.

Written out here, and not taken from `transformers`, so that the encoder can be cut in two at an
exit and exported; `tests/test_reader_network.py` compares it with theirs.

* Span: two logits a token; the first position stands for "not in this passage" (Devlin et al.
  2019, the SQuAD 2.0 set-up).
* Relevance: a logit a token, that its sentence helps to answer (Provence: Chirkova et al., ICLR
  2025).
* Answerable: one logit from the first position, trained per passage and across the passages of one
  question (Clark and Gardner 2018), so that passages can be compared.
* Support: from the first position, whether the second text says the first (0 no, 1 yes, 2 the
  opposite).

Span, relevance and answerable stand at each exit: after a few layers, to choose what the others
read, and after all of them.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional


def half_precision(device: str) -> torch.autocast:
    """bf16 where the processor has it; elsewhere emulating it takes longer than float32."""
    known = device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(device, dtype=torch.bfloat16, enabled=known)


WIDTH, HEADS, FEED, VOCABULARY, POSITIONS = 768, 12, 3072, 30527, 514
BUCKETS, FARTHEST = 32, 128
START, PAD, END, MASK = 0, 1, 2, 30526
"""Ids of `<s>`, `<pad>`, `</s>` and `<mask>`."""
EPSILON = 1e-5


WEIGHT_LEVELS = 63
"""Weights ship with seven bits: with eight, processors without VNNI add up two products in sixteen
bits and overflow, and answers would depend on the machine (correlation of the start logits with
float32 over 12 layers, on AVX2: 0.11 with eight bits, 0.89 with seven, before training for it)."""


class Product(nn.Linear):
    """A matrix product that can be trained as it will be computed, on whole numbers.

    Rounding is passed over by the gradient (straight-through; Jacob et al., CVPR 2018). Weights
    have a scale for each output, what comes in has one for each text, as onnxruntime does it.
    """

    quantised = False

    def forward(self, read: Tensor) -> Tensor:
        if not self.quantised:
            return super().forward(read)
        scale = self.weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-8) / WEIGHT_LEVELS
        rounded = torch.round(self.weight.detach() / scale) * scale
        weight = self.weight + (rounded - self.weight.detach())
        return functional.linear(read + _rounding(read.detach()), weight, self.bias)


def _rounding(read: Tensor) -> Tensor:
    """What eight bits add to each number: those of a text are put on 256 levels."""
    exact = read.float()
    low = exact.amin((1, 2), keepdim=True).clamp(max=0)
    high = exact.amax((1, 2), keepdim=True).clamp(min=0)
    step = ((high - low) / 255).clamp(min=1e-9)
    zero = torch.round(-low / step)
    levels = (torch.round(exact / step) + zero).clamp(0, 255) - zero
    return (levels * step - exact).to(read.dtype)


class Layer(nn.Module):
    """One encoder layer, normalised after each part."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (Product(WIDTH, WIDTH) for _ in range(4))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.wide = Product(WIDTH, FEED)
        self.narrow = Product(FEED, WIDTH)
        self.last_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """`hidden` (texts, tokens, 768); `bias` is added to the attention logits."""
        shape = (hidden.shape[0], hidden.shape[1], HEADS, WIDTH // HEADS)
        q, k, v = (part(hidden).view(shape).transpose(1, 2) for part in (self.q, self.k, self.v))
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        hidden = self.norm(hidden + self.o(seen.transpose(1, 2).flatten(2)))
        return self.last_norm(hidden + self.narrow(functional.gelu(self.wide(hidden))))


class Exit(nn.Module):
    """The heads of one exit."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Linear(WIDTH, 3)
        self.dense = nn.Linear(WIDTH, WIDTH)
        self.answerable = nn.Linear(WIDTH, 1)

    def forward(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """(texts, tokens, 3): start, end, relevance; (texts,): answerable."""
        pooled = functional.gelu(self.dense(hidden[:, 0]))
        return self.tokens(hidden), self.answerable(pooled)[..., 0]


@dataclass(frozen=True)
class Logits:
    start: Tensor
    end: Tensor
    relevance: Tensor
    answerable: Tensor


class ReaderNetwork(nn.Module):
    """Token ids in; the logits of each exit and of support out."""

    def __init__(self, layers: int, exits: tuple[int, ...]) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH, padding_idx=PAD)
        self.places = nn.Embedding(POSITIONS, WIDTH, padding_idx=PAD)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.distances = nn.Embedding(BUCKETS, HEADS)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.exits = nn.ModuleDict({str(exit_): Exit() for exit_ in (*exits, layers)})
        self.support_dense = nn.Linear(WIDTH, WIDTH)
        self.support = nn.Linear(WIDTH, 3)
        for head in (*self.exits.modules(), self.support_dense, self.support):
            if isinstance(head, nn.Linear):
                nn.init.normal_(head.weight, std=0.02)
                nn.init.zeros_(head.bias)
        self.words.weight.requires_grad_(False)
        self.distances.weight.requires_grad_(False)

    def quantise(self, on: bool = True) -> None:
        """Whether the layers compute as the shipped graphs will."""
        for part in self.modules():
            if isinstance(part, Product):
                part.quantised = on

    def embed(self, ids: Tensor) -> Tensor:
        """What the first layer reads; padding, if any, is at the end."""
        places = torch.arange(2, ids.shape[1] + 2, device=ids.device)
        return self.norm(self.words(ids) + self.places(places)[None])

    def bias(self, length: int) -> Tensor:
        """(1, heads, tokens, tokens): what each distance adds to attention."""
        return self.distances(buckets(length, self.distances.weight.device)).permute(2, 0, 1)[None]

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[dict[int, Logits], Tensor]:
        hidden = self.embed(ids)
        padding = torch.zeros_like(mask, dtype=torch.float32).masked_fill(mask == 0, -1e4)
        bias = self.bias(ids.shape[1]) + padding[:, None, None, :]
        if torch.is_autocast_enabled(ids.device.type):
            bias = bias.to(torch.bfloat16)
        found: dict[int, Logits] = {}
        for number, layer in enumerate(self.layers, start=1):
            hidden = layer(hidden, bias)
            if str(number) in self.exits:
                tokens, answerable = self.exits[str(number)](hidden)
                start, end, relevance = tokens.float().unbind(-1)
                found[number] = Logits(start, end, relevance, answerable.float())
        support = self.support(functional.gelu(self.support_dense(hidden[:, 0])))
        return found, support.float()


def buckets(length: int, device: torch.device | None = None) -> Tensor:
    """(tokens, tokens): the bucket of each distance, as T5 counts them."""
    places = torch.arange(length, device=device)
    distance = places[:, None] - places[None, :]
    half, exact = BUCKETS // 2, BUCKETS // 4
    far = distance.abs()
    ratio = torch.log(far.clamp(min=1).float() / exact) / torch.log(torch.tensor(FARTHEST / exact))
    large = (exact + (ratio * (half - exact)).long()).clamp(max=half - 1)
    return (distance < 0).long() * half + torch.where(far < exact, far, large)


def load_mpnet(network: ReaderNetwork, weights: Path, which: tuple[int, ...] | None = None) -> None:
    """Fill the encoder from a `model.safetensors` of MPNet; `which` of its layers, all if None."""
    saved = load_file(weights)
    names = {
        "words": "embeddings.word_embeddings",
        "places": "embeddings.position_embeddings",
        "norm": "embeddings.LayerNorm",
        "distances": "encoder.relative_attention_bias",
    }
    parts = {
        **{f"{part}": f"attention.attn.{part}" for part in "qkvo"},
        "norm": "attention.LayerNorm",
        "wide": "intermediate.dense",
        "narrow": "output.dense",
        "last_norm": "output.LayerNorm",
    }
    for number, layer in enumerate(which or range(len(network.layers))):
        for ours, theirs in parts.items():
            names[f"layers.{number}.{ours}"] = f"encoder.layer.{layer}.{theirs}"
    own = network.state_dict()
    for ours, theirs in names.items():
        for kind in ("weight", "bias"):
            if f"{theirs}.{kind}" in saved:
                own[f"{ours}.{kind}"].copy_(saved[f"{theirs}.{kind}"])
