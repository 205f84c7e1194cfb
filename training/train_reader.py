"""Train the reader: a long night on two CPU cores, twenty minutes on one large GPU.

    python -m training.train_reader --examples runs/reader --start MPNET --out runs/reader/twelve
    python -m training.train_reader --examples runs/reader --start MPNET --out runs/reader/six \\
        --layers 0 2 4 6 8 10 --exits 3 --teacher runs/reader/twelve/last.pt

Seeded; writes a checkpoint every few minutes and goes on from it with `--resume`. Word embeddings
are frozen and there is no dropout: word drop, lost question words and random windows regularise
instead. What is kept is a running mean of the weights (Polyak and Juditsky 1992).
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training.example import read_reading, read_support
from training.network import ReaderNetwork, load_mpnet
from training.reader_batches import Batch, Encoded, epoch
from training.reader_loss import loss
from training.reader_scores import sample, scores

WARM = 0.06
"""Share of the training in which the rate rises; then it falls to nothing."""
MEAN = 0.998


class Epochs(IterableDataset[Batch]):
    """All batches of `count` epochs from `first` on; worker processes share each epoch."""

    def __init__(
        self, encoded: Encoded, seed: int, tokens: int, support: float, first: int, count: int
    ) -> None:
        self._drawn = encoded, seed, tokens, support
        self._epochs = range(first, first + count)

    def __iter__(self) -> Iterator[Batch]:
        encoded, seed, tokens, support = self._drawn
        worker = get_worker_info()
        part, parts = (worker.id, worker.num_workers) if worker else (0, 1)
        for number in self._epochs:
            yield from epoch(encoded, seed + number, tokens, support, part, parts)


def encoded_examples(folder: Path, part: str, support: str, tokenizer: Tokenizer) -> Encoded:
    return Encoded(
        tokenizer,
        list(read_reading(folder / f"{part}.jsonl.gz")),
        list(read_support(folder / f"{support}.jsonl.gz")),
    )


def optimiser(network: ReaderNetwork, rate: float, fused: bool) -> torch.optim.AdamW:
    heads = [*network.exits.parameters(), *network.support_dense.parameters()]
    heads += [*network.support.parameters()]
    known = {id(parameter) for parameter in heads}
    body = [p for p in network.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": body, "peak": rate}, {"params": heads, "peak": 3 * rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=fused)


def load_network(path: Path) -> ReaderNetwork:
    """A network that training saved."""
    saved = torch.load(path, weights_only=True, map_location="cpu")
    network = ReaderNetwork(saved["layers"], tuple(saved["exits"]))
    network.load_state_dict(saved["network"])
    return network


class Mean:
    """A running mean of the weights that are trained."""

    def __init__(self, network: ReaderNetwork) -> None:
        self._weights = {
            name: parameter.detach().clone()
            for name, parameter in network.named_parameters()
            if parameter.requires_grad
        }

    @torch.no_grad()
    def update(self, network: ReaderNetwork, step: int) -> None:
        keep = min(MEAN, (1 + step) / (10 + step))
        own = dict(network.named_parameters())
        names = list(self._weights)
        torch._foreach_lerp_(
            [self._weights[name] for name in names],
            [own[name].detach() for name in names],
            1 - keep,
        )

    def state(self, network: ReaderNetwork) -> dict[str, torch.Tensor]:
        return network.state_dict() | self._weights


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(arguments.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(arguments.start / "tokenizer.json"))
    encoded = encoded_examples(arguments.examples, "train", "support", tokenizer)
    held_out = encoded_examples(arguments.examples, "development", "support-development", tokenizer)
    chosen = sample(held_out, arguments.sample)
    print(f"{len(encoded.reading)} + {len(encoded.support)} examples", flush=True)

    which = tuple(arguments.layers) or tuple(range(12))
    if arguments.go_on:
        network = load_network(arguments.go_on)
    else:
        network = ReaderNetwork(len(which), tuple(arguments.exits))
        load_mpnet(network, arguments.start / "model.safetensors", which)
    teacher = None
    if arguments.teacher:
        teacher = load_network(arguments.teacher).to(device).eval()
        if arguments.from_teacher:
            _copy_layers(network, teacher, which)
    network.to(device).train()
    mean = Mean(network)
    updates = optimiser(network, arguments.rate, fused=device == "cuda")
    done, spent, first = 0, 0.0, 0
    checkpoint = arguments.out / "checkpoint.pt"
    if arguments.resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=device)
        network.load_state_dict(state["network"])
        updates.load_state_dict(state["updates"])
        mean._weights = state["mean"]
        done, spent, first = state["done"], state["spent"], state["epoch"] + 1
    print(f"{arguments.steps} steps on {device}, from step {done}", flush=True)

    begun, seen, parts = time.monotonic(), 0, dict[str, float]()
    saved_at = last = begun

    def save() -> None:
        state = {
            "network": network.state_dict(), "updates": updates.state_dict(),
            "mean": mean._weights, "done": done, "spent": spent, "epoch": first,
        }  # fmt: skip
        torch.save(state, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)

    data = Epochs(encoded, arguments.seed + first, arguments.tokens, arguments.support, first, 1000)
    loader = DataLoader(
        data, batch_size=None, num_workers=arguments.workers, pin_memory=device == "cuda",
        prefetch_factor=8 if arguments.workers else None,
    )  # fmt: skip
    for batch in loader:
        spent += time.monotonic() - last
        last = time.monotonic()
        progress = max(done / arguments.steps, spent / arguments.seconds)
        if progress >= 1:
            break
        for group in updates.param_groups:
            group["lr"] = group["peak"] * min(progress / WARM + 0.01, (1 - progress) / (1 - WARM))
        network.quantise(progress >= arguments.quantised_from)
        found = loss(network, batch.to(device), teacher)
        found.total.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        updates.step()
        updates.zero_grad()
        mean.update(network, done)
        done, seen = done + 1, seen + len(batch.ids)
        parts = {n: 0.98 * parts.get(n, v) + 0.02 * v for n, v in found.parts.items()} | {
            n: v for n, v in parts.items() if n not in found.parts
        }
        if done % arguments.show == 0:
            speed = seen / (time.monotonic() - begun)
            shown = " ".join(f"{name} {value:.3f}" for name, value in sorted(parts.items()))
            print(f"step {done} {shown} {speed:.0f}/s", flush=True)
        if time.monotonic() - saved_at > arguments.save_seconds:
            save()
            saved_at = time.monotonic()
    save()
    exits = sorted(int(name) for name in network.exits)
    kept = {"layers": exits[-1], "exits": exits[:-1], "done": done}
    torch.save(kept | {"network": mean.state(network)}, arguments.out / "last.pt")
    trained = {key: value.clone() for key, value in network.state_dict().items()}
    averaged = mean.state(network)
    tries = (("as trained", trained, True), ("mean", averaged, False), ("shipped", averaged, True))
    for name, weights, quantised in tries:
        network.load_state_dict(weights)
        network.quantise(quantised)
        figures = scores(network, held_out, chosen, device)
        (arguments.out / f"scores-{name.replace(' ', '-')}.json").write_text(json.dumps(figures))
        print(f"step {done}, {name}")
        for source, row in figures.items():
            print(f"  {source:24}", " ".join(f"{k} {v:.3f}" for k, v in row.items()), flush=True)


@torch.no_grad()
def _copy_layers(network: ReaderNetwork, teacher: ReaderNetwork, which: tuple[int, ...]) -> None:
    """Start the student from the teacher's own layers, and from the heads that stood after them."""
    for own, number in zip(network.layers, which, strict=True):
        own.load_state_dict(teacher.layers[number].state_dict())
    for name in ("words", "places", "norm", "support_dense", "support"):
        getattr(network, name).load_state_dict(getattr(teacher, name).state_dict())
    last = str(len(teacher.layers))
    for name, heads in network.exits.items():
        after = str(which[int(name) - 1] + 1)
        same = teacher.exits[after if after in teacher.exits else last]
        heads.load_state_dict(same.state_dict())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, required=True, help="from prepare_reader")
    parser.add_argument("--start", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--layers", type=int, nargs="*", default=[], help="of MPNet; all if none")
    parser.add_argument("--exits", type=int, nargs="*", default=[4, 8])
    parser.add_argument("--go-on", type=Path, help="a trained reader to train further")
    parser.add_argument("--teacher", type=Path, help="a trained reader to learn from")
    parser.add_argument("--from-teacher", action="store_true", help="and to start from")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=1e9, help="of training, at most")
    parser.add_argument(
        "--quantised-from", type=float, default=0.5, help="share of the steps before rounding"
    )
    parser.add_argument("--tokens", type=int, default=32_768, help="in a batch")
    parser.add_argument("--rate", type=float, default=8e-5, help="peak learning rate")
    parser.add_argument("--support", type=float, default=0.5, help="share of it in an epoch")
    parser.add_argument("--sample", type=int, default=400, help="development examples of a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches")
    parser.add_argument("--show", type=int, default=50)
    parser.add_argument("--save-seconds", type=float, default=300)
    parser.add_argument("--resume", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
