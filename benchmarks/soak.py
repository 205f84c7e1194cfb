"""A long day of a service: questions, and articles that come and go. Do memory and handles stay?

    python -m benchmarks.soak                               # 1,000 questions, 200 cycles
    python -m benchmarks.soak --questions 50 --cycles 20

Everything runs in one process over the parts of the service: the library, the chain, and the
conversations that keep each answer. A cycle adds an article that was not there before, asks about
it, and removes it again. The first fifth is for warming up (models, pools, allocator) and is not
judged. The verdict compares the second half of what is left with the first.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from index.library import Library, open_library
from index.loading.loader import load_file, load_text
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.chain import AnswerChain, answer_chain
from qa.records.conversations import Conversations

QUESTIONS = (
    "How long would a missile need to reach Moscow?",
    "What did the president say about NATO?",
    "Who met in Geneva?",
    "What is this article about?",
    "Who won the football cup?",
    "Which metal did keeper number {n} polish?",
)
MOST_GROWTH = {"memory_mb": 20.0, "files": 2.0, "threads": 2.0, "folder_mb": 2.0}
"""What the medians of the two halves may differ by, for each measure of a `Sample`."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The process at one moment."""

    step: int
    memory_mb: float
    """Resident memory."""
    files: int
    """Open file descriptors: files, sockets, pipes."""
    threads: int
    folder_mb: float
    """Of the data folder."""


def soak(
    library: Library, chain: AnswerChain, folder: Path, questions: int, cycles: int, every: int
) -> Iterator[Sample]:
    """Do it all, spread evenly, and look at the process after every `every` steps."""
    conversations = Conversations(library.database)
    steps = max(questions, cycles)
    settings = Settings(data_dir=folder)
    for step in range(1, steps + 1):
        n = step * cycles // steps
        if n > (step - 1) * cycles // steps:
            added = library.add(load_text(article(n), settings, title=f"Lighthouse {n}")).article
            answer = chain.invoke(
                {"question": QUESTIONS[-1].format(n=n), "article_ids": (added.id,)}
            )
            if answer.status != "answered":
                raise SystemExit(f"Lighthouse {n} was not found: {answer.text}")
            library.remove(added.id)
        if step * questions // steps > (step - 1) * questions // steps:
            answer = chain.invoke({"question": QUESTIONS[step % (len(QUESTIONS) - 1)]})
            conversation = conversations.create().id
            conversations.append(conversation, answer, None)
            conversations.delete(conversation)
        if step % every == 0:
            yield sample(step, folder)


def article(n: int) -> str:
    """A small article that no other number has."""
    return "\n\n".join(
        [
            f"# Lighthouse {n}",
            f"The keeper of lighthouse number {n} was Marta Lind. Keeper number {n} polished the "
            f"brass of the lamp every morning, {n % 7 + 2} hours long.",
            *(f"In the year {1800 + n % 90 + i} a storm broke {n + i} panes." for i in range(20)),
        ]
    )


def sample(step: int, folder: Path) -> Sample:
    gc.collect()
    process = psutil.Process()
    bytes_ = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Sample(
        step,
        process.memory_info().rss / 1e6,
        process.num_fds(),
        process.num_threads(),
        bytes_ / 1e6,
    )


def verdict(samples: list[Sample]) -> tuple[list[str], bool]:
    """A line about each measure: the medians of both halves after the warm-up; whether all stay."""
    judged = samples[max(1, len(samples) // 5) :]
    first, last = judged[: len(judged) // 2], judged[len(judged) // 2 :]
    lines, flat = [], True
    for measure, most in MOST_GROWTH.items():
        before, after = (
            statistics.median(getattr(s, measure) for s in half) for half in (first, last)
        )
        grown = after - before > most
        flat = flat and not grown
        lines.append(
            f"{measure}: {before:.1f}, then {after:.1f}, "
            + (f"grown by more than {most:g}" if grown else f"flat within {most:g}")
        )
    return lines, flat


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--every", type=int, help="Steps between samples; by default a twentieth.")
    options = parser.parse_args()
    if min(options.questions, options.cycles) < 20:
        parser.error("--questions and --cycles must be 20 or more, or nothing can be judged")
    every = options.every or max(1, max(options.questions, options.cycles) // 20)
    samples: list[Sample] = []
    began = time.monotonic()
    with TemporaryDirectory() as name:
        settings = Settings(data_dir=Path(name))
        with open_library(settings) as library:
            library.add(load_file(BUNDLED_ARTICLE, settings))
            chain = answer_chain(library, settings)
            print("  step  memory MB  files  threads  folder MB  seconds")
            for s in soak(library, chain, Path(name), options.questions, options.cycles, every):
                samples.append(s)
                print(
                    f"{s.step:>6}  {s.memory_mb:>9.1f}  {s.files:>5}  {s.threads:>7}  "
                    f"{s.folder_mb:>9.1f}  {time.monotonic() - began:>7.0f}",
                    flush=True,
                )
    lines, flat = verdict(samples)
    print("\n".join(lines))
    sys.exit(0 if flat else 1)


if __name__ == "__main__":
    main()
