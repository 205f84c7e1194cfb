"""Figures on the development examples while the reader trains, for each exit and source.

F1 and exact match with the right passage; AUROC of "answerable" between what is answered and what
is not; the share of the unanswerable refused when 95 % of the answerable are kept.
"""

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch

from qa.evaluation.metrics import auroc, best_over_golds, exact_match_score, f1_score
from training.network import ReaderNetwork, half_precision
from training.reader_batches import Encoded, Pair, collate
from training.reader_loss import span_logits

LONGEST_ANSWER = 30
_AT_ONCE = 64


def sample(encoded: Encoded, most: int, seed: int = 0) -> list[int]:
    """Numbers of examples: of each kind at most so many."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(encoded.reading):
        kinds["/".join(example.kind.split("/")[:2])].append(number)
    rng = random.Random(seed)
    return [n for found in kinds.values() for n in rng.sample(found, min(most, len(found)))]


@torch.no_grad()
def scores(
    network: ReaderNetwork, encoded: Encoded, chosen: Sequence[int], device: str
) -> dict[str, dict[str, float]]:
    """`{"12 wiki_dev": {"f1": …}}`: figures by exit and source, and of support by kind."""
    network.eval()
    rng = random.Random(0)
    rows: dict[str, list[tuple[bool, float, float, float]]] = defaultdict(list)
    order = sorted(chosen, key=encoded.size)
    for begin in range(0, len(order), _AT_ONCE):
        numbers = order[begin : begin + _AT_ONCE]
        pairs = [encoded.pair(n, rng, 0, None) for n in numbers]
        batch = collate(pairs).to(device)
        with half_precision(device):
            exits, _ = network(batch.ids, batch.mask)
        for exit_, logits in exits.items():
            start = span_logits(logits.start, batch).cpu()
            end = span_logits(logits.end, batch).cpu()
            for row, (number, pair) in enumerate(zip(numbers, pairs, strict=True)):
                f1, exact = _right(encoded, number, pair, start[row], end[row])
                source = encoded.reading[number].kind.split("/")[0]
                found = (pair.answerable, float(logits.answerable[row]), f1, exact)
                rows[f"{exit_} {source}"].append(found)
    figures = {name: _figures(found) for name, found in sorted(rows.items())}
    return figures | support_scores(network, encoded, device)


def _right(
    encoded: Encoded, number: int, pair: Pair, start: torch.Tensor, end: torch.Tensor
) -> tuple[float, float]:
    example = encoded.reading[number]
    if not example.answers:
        return 0.0, 0.0
    first, stop = pair.allowed
    table = start[first:stop, None] + end[None, first:stop]
    fits = torch.ones_like(table).triu() - torch.ones_like(table).triu(LONGEST_ANSWER)
    place = int(table.masked_fill(fits == 0, -1e9).argmax())
    s, e = divmod(place, table.shape[1])
    text = encoded.text(number, s, e)
    golds = [example.passage[a:b] for a, b in example.answers]
    return best_over_golds(f1_score, text, golds), best_over_golds(exact_match_score, text, golds)


def _figures(found: Sequence[tuple[bool, float, float, float]]) -> dict[str, float]:
    yes = [row for row in found if row[0]]
    no = [row for row in found if not row[0]]
    figures = {
        "n": float(len(found)),
        "f1": float(np.mean([row[2] for row in yes])) if yes else float("nan"),
        "exact": float(np.mean([row[3] for row in yes])) if yes else float("nan"),
    }
    if yes and no:
        cut = float(np.quantile([row[1] for row in yes], 0.05))
        figures["auroc"] = auroc([row[1] for row in yes], [row[1] for row in no])
        figures["refused"] = float(np.mean([row[1] < cut for row in no]))
    return figures


@torch.no_grad()
def support_scores(
    network: ReaderNetwork, encoded: Encoded, device: str
) -> dict[str, dict[str, float]]:
    """Of each kind: the accuracy of "the evidence says it", and AUROC of the same."""
    found: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for begin in range(0, len(encoded.support), _AT_ONCE):
        numbers = range(begin, min(begin + _AT_ONCE, len(encoded.support)))
        batch = collate([encoded.support_pair(n) for n in numbers]).to(device)
        with half_precision(device):
            _, support = network(batch.ids, batch.mask)
        says = support.softmax(-1)[:, 1].tolist()
        for number, probability in zip(numbers, says, strict=True):
            example = encoded.support[number]
            for name in ("support", example.kind):
                found[name].append((example.label == 1, probability))
    return {name: _support_figures(rows) for name, rows in sorted(found.items())}


def _support_figures(rows: Sequence[tuple[bool, float]]) -> dict[str, float]:
    yes, no = [p for known, p in rows if known], [p for known, p in rows if not known]
    right = sum((p >= 0.5) == known for known, p in rows) / len(rows)
    figures = {"n": float(len(rows)), "accuracy": right}
    return figures | ({"auroc": auroc(yes, no)} if yes and no else {})
