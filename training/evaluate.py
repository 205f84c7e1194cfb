"""Quick development figures during training: F1 with the right paragraph, and answerability.

The full figures come from `benchmarks/reader.py`, which runs the shipped reader itself.
"""

import random
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from qa.evaluation.metrics import auroc, best_over_golds, exact_match_score, f1_score
from training.examples import MAX_QUESTION, Context, Dataset, Example, Question, join
from training.model import BF16, ReaderModel, collate

LENGTH = 384
LONGEST_ANSWER = 30
BATCH = 32


@dataclass(frozen=True)
class Sample:
    """Development questions with their tokens, and for each a paragraph without the answer."""

    data: Dataset
    questions: list[tuple[Question, list[int]]]
    others: list[int]

    @classmethod
    def draw(cls, data: Dataset, tokenizer: Tokenizer, size: int, seed: int) -> "Sample":
        rng = random.Random(seed)
        questions = rng.sample(data.questions, min(size, len(data.questions)))
        others = []
        for question in questions:
            article = data.contexts[question.context].article
            others.append(
                rng.choice(
                    [
                        i
                        for i, c in enumerate(data.contexts)
                        if c.article == article and i != question.context
                    ]
                )
            )
        encoded = [tokenizer.encode(q.text, add_special_tokens=False).ids for q in questions]
        pairs = [(q, ids[:MAX_QUESTION]) for q, ids in zip(questions, encoded, strict=True)]
        return cls(data, pairs, others)


def as_example(ids: list[int], context: Context) -> Example:
    joined, types = join(ids, context.ids[: LENGTH - len(ids) - 3])
    return Example(joined, types, {0: 1.0}, {0: 1.0}, 0, False)


def best_span(
    start: torch.Tensor, end: torch.Tensor, first: int, last: int
) -> tuple[int, int, float]:
    """Best start ≤ end in first..last; the score is the margin over the CLS position."""
    table = start[first : last + 1, None] + end[None, first : last + 1]
    allowed = torch.ones_like(table).triu() - torch.ones_like(table).triu(LONGEST_ANSWER)
    table = table.masked_fill(allowed == 0, -1e4)
    place = int(table.argmax())
    row, column = divmod(place, table.shape[1])
    return row + first, column + first, float(table.max() - start[0] - end[0])


@torch.no_grad()
def predict(
    model: ReaderModel, data: Dataset, pairs: list[tuple[list[int], int]]
) -> list[tuple[str, float, float]]:
    """(answer text, span margin, answerability) of (question tokens, context number) pairs."""
    model.eval()
    results: dict[int, tuple[str, float, float]] = {}
    order = sorted(range(len(pairs)), key=lambda i: len(data.contexts[pairs[i][1]].ids))
    for begin in range(0, len(order), BATCH):
        rows = order[begin : begin + BATCH]
        batch = collate([as_example(pairs[i][0], data.contexts[pairs[i][1]]) for i in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
            starts, ends, answerable = model(batch.ids, batch.mask, batch.types)
        for row, i in enumerate(rows):
            ids, context = pairs[i][0], data.contexts[pairs[i][1]]
            first, last = len(ids) + 2, int(batch.mask[row].sum()) - 2
            s, e, margin = best_span(starts[row].float(), ends[row].float(), first, last)
            text = context.text[context.offsets[s - first][0] : context.offsets[e - first][1]]
            results[i] = (text, margin, float(answerable[row]))
    return [results[i] for i in range(len(pairs))]


def quick_scores(model: ReaderModel, sample: Sample) -> str:
    """F1 and exact match with the right paragraph; AUROC of right against another paragraph."""
    right = predict(model, sample.data, [(ids, q.context) for q, ids in sample.questions])
    pairs = zip(sample.questions, sample.others, strict=True)
    other = predict(model, sample.data, [(ids, index) for (_, ids), index in pairs])
    f1 = exact = 0.0
    for (question, _), (text, _, _) in zip(sample.questions, right, strict=True):
        context = sample.data.contexts[question.context].text
        golds = [context[s:e] for s, e in question.answers]
        f1 += best_over_golds(f1_score, text, golds) / len(right)
        exact += best_over_golds(exact_match_score, text, golds) / len(right)
    margin = auroc([r[1] for r in right], [o[1] for o in other])
    single = auroc([r[2] for r in right], [o[2] for o in other])
    return f"F1 {100 * f1:.1f} EM {100 * exact:.1f} AUROC span {margin:.3f} answerable {single:.3f}"
