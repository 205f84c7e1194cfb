"""What the reader's training minimises."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.network import Logits, ReaderNetwork, half_precision
from training.reader_batches import Batch

ANSWERABLE, ACROSS, RELEVANCE, SUPPORT = 0.5, 0.5, 0.5, 0.6
EARLY = 0.3
"""Weight of an early exit beside the last."""
IMPOSSIBLE = -1e4


@dataclass(frozen=True)
class Loss:
    total: Tensor
    parts: dict[str, float]


def loss(network: ReaderNetwork, batch: Batch, teacher: ReaderNetwork | None = None) -> Loss:
    """With a teacher, the last exit also learns to say what the teacher says of a reading."""
    device = batch.ids.device.type
    with half_precision(device):
        exits, support = network(batch.ids, batch.mask)
    reading = batch.support < 0
    last = max(exits)
    parts: dict[str, Tensor] = {}
    total = torch.zeros((), device=batch.ids.device)
    if bool(reading.any()):
        for number, logits in exits.items():
            found = _reading(logits, batch, reading)
            weight = 1.0 if number == last else EARLY
            total = total + weight * sum(found.values(), start=torch.zeros_like(total))
            parts |= {f"{name}{number}": value for name, value in found.items()}
    if bool((~reading).any()):
        parts["support"] = functional.cross_entropy(support[~reading], batch.support[~reading])
        total = total + SUPPORT * parts["support"] * (~reading).float().mean() * 2
    if teacher is not None:
        with torch.no_grad(), half_precision(device):
            taught, _ = teacher(batch.ids, batch.mask)
        parts["teacher"] = _distilled(exits[last], taught[max(taught)], batch, reading)
        total = total + parts["teacher"]
    return Loss(total, {name: float(value.detach()) for name, value in parts.items()})


def _reading(logits: Logits, batch: Batch, reading: Tensor) -> dict[str, Tensor]:
    known = batch.answerable[reading]
    answerable = logits.answerable[reading]
    spans = [
        -(target * torch.log_softmax(span_logits(scores, batch), dim=-1)).sum(-1)[reading].mean()
        for scores, target in ((logits.start, batch.start), (logits.end, batch.end))
    ]
    inside = batch.allowed & reading[:, None]
    single = functional.binary_cross_entropy_with_logits(answerable, known)
    relevance = functional.binary_cross_entropy_with_logits(
        logits.relevance[inside], batch.relevance[inside]
    )
    return {
        "span": (spans[0] + spans[1]) / 2,
        "answerable": ANSWERABLE * single,
        "across": ACROSS * _across(answerable, known, batch.group[reading]),
        "relevance": RELEVANCE * relevance,
    }


def span_logits(scores: Tensor, batch: Batch) -> Tensor:
    """The logits of the passage's tokens and of the first position; the others are impossible."""
    allowed = batch.allowed.clone()
    allowed[:, 0] = True
    return scores.masked_fill(~allowed, IMPOSSIBLE)


def _across(logits: Tensor, known: Tensor, groups: Tensor) -> Tensor:
    """Softmax across one question's passages and a constant 0 for "none of them"."""
    _, rows = torch.unique(groups, return_inverse=True)
    size = int(rows.max()) + 1
    columns = torch.arange(len(logits), device=logits.device)
    table = torch.full((size, len(logits) + 1), IMPOSSIBLE, device=logits.device)
    table[:, -1] = 0.0
    table = table.index_put((rows, columns), logits)
    right = torch.zeros_like(table).index_put((rows, columns), known)
    right[:, -1] = (right.sum(1) == 0).float()
    right = right / right.sum(1, keepdim=True)
    return -(right * torch.log_softmax(table, dim=-1)).sum(-1).mean()


def _distilled(own: Logits, taught: Logits, batch: Batch, reading: Tensor) -> Tensor:
    """Hinton, Vinyals and Dean 2015, over spans, answerability and relevance."""
    if not bool(reading.any()):
        return torch.zeros((), device=batch.ids.device)
    spans = [
        _divergence(span_logits(a, batch), span_logits(b, batch), reading)
        for a, b in ((own.start, taught.start), (own.end, taught.end))
    ]
    inside = batch.allowed & reading[:, None]
    relevance = functional.binary_cross_entropy_with_logits(
        own.relevance[inside], taught.relevance[inside].sigmoid()
    )
    answerable = functional.mse_loss(own.answerable[reading], taught.answerable[reading])
    return (spans[0] + spans[1]) / 2 + 0.1 * answerable + RELEVANCE * relevance


def _divergence(own: Tensor, taught: Tensor, rows: Tensor) -> Tensor:
    if not bool(rows.any()):
        return torch.zeros((), device=own.device)
    log, wanted = torch.log_softmax(own[rows], -1), torch.log_softmax(taught[rows], -1)
    return functional.kl_div(log, wanted, log_target=True, reduction="batchmean")
