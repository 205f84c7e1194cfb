"""Footnote beside LangChain's plain recipe, as the library grows.

    python -m benchmarks.scale --data ../shared/data/reading --work runs/scale

For each size and way, one process fills a library and another one opens it and asks. Each result
is printed and kept in WORK/results.jsonl when it is there, and the same command goes on from it.
The peer is RecursiveCharacterTextSplitter(1000, 200), the same embedding model, Chroma, k = 4.

The articles are drawn from a few thousand paragraphs, so their vectors are kept between the runs:
embedding and the rest of ingest are timed apart. Seconds are of the processor (all threads), which
other work on the machine stretches less; a question's milliseconds are of both clocks.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.remembered import Remembered
from benchmarks.scale_data import Library, make_library
from index.embedding.embedder import DEFAULT_MODEL, load_embedder
from index.library import open_library
from index.settings import Settings

QUESTIONS = 100
WAYS = ("footnote", "langchain")
COLUMNS = (
    *("articles", "way", "passages", "texts embedded", "a second", "index s", "disk MB"),
    *("start MB", "MB", "p50 ms", "p95 ms", "cpu ms", "answer p50", "cpu ms", "one article p50"),
)


def fill(way: str, library: Library, folder: Path, remembered: Remembered) -> dict[str, Any]:
    """Ingest everything into an empty folder."""
    began = time.process_time()
    passages = _fill_footnote if way == "footnote" else _fill_langchain
    count = passages(library, folder, remembered)
    return {
        "passages": count,
        "embedded": remembered.texts,
        "embedded_per_s": round(remembered.texts / remembered.cpu_s, 1)
        if remembered.texts
        else None,
        "index_s": round(time.process_time() - began - remembered.cpu_s, 1),
        "disk_mb": round(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6, 1),
        "fill_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _fill_footnote(library: Library, folder: Path, remembered: Remembered) -> int:
    embedder = load_embedder(DEFAULT_MODEL)
    embedder.embed_in_context = remembered.embed_in_context  # type: ignore[method-assign]
    with open_library(Settings(data_dir=folder)) as opened:
        return sum(added.passages for added in opened.add_many(library.articles))


def _fill_langchain(library: Library, folder: Path, remembered: Remembered) -> int:
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store = Chroma("plain", embedding_function=remembered, persist_directory=str(folder))  # type: ignore[arg-type]
    count = 0
    for i in range(0, len(library.articles), 300):
        articles = library.articles[i : i + 300]
        documents = splitter.create_documents(
            [article.text for article in articles], [{"id": article.id} for article in articles]
        )
        store.add_documents(documents)
        count += len(documents)
    return count


def ask(way: str, library: Library, folder: Path) -> dict[str, Any]:
    """Ask all questions of a library that another process filled."""
    embedder = load_embedder(DEFAULT_MODEL)
    embedder.embed_query("loads the model before the clock runs")
    before = _resident_mb()
    if way == "langchain":
        from langchain_chroma import Chroma

        store = Chroma("plain", embedding_function=embedder, persist_directory=str(folder))  # type: ignore[arg-type]
        everywhere = _timed(lambda q, _: store.similarity_search(q, k=4), library.questions)
        within = _timed(
            lambda q, id_: store.similarity_search(q, k=4, filter={"id": id_}), library.questions
        )
        return {
            "opened_mb": before,
            "resident_mb": _resident_mb(),
            "everywhere": everywhere,
            "within": within,
        }
    from qa.chain import answer_chain
    from qa.retrieval.passages import retrieve

    settings = Settings(data_dir=folder)
    with open_library(settings) as opened:
        chain = answer_chain(opened, settings)
        chain.invoke({"question": "Loads the reader?"})
        everywhere = _timed(lambda q, _: retrieve(opened, [q], None, 4), library.questions)
        within = _timed(lambda q, id_: retrieve(opened, [q], [id_], 4), library.questions)
        answers = _timed(lambda q, _: chain.invoke({"question": q}), library.questions)
        return {
            "opened_mb": before,
            "resident_mb": _resident_mb(),
            "everywhere": everywhere,
            "within": within,
            "answers": answers,
        }


def _timed(
    search: Callable[[str, str], object], questions: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """Milliseconds of a question: median and 95th percentile of the wall clock, mean of the
    processor. Each question is new to the process."""
    wall, cpu = [], []
    for question, article_id in questions:
        began, spent = time.perf_counter(), time.process_time()
        search(question, article_id)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
    p50, p95 = np.percentile(wall, [50, 95])
    return {"p50": round(p50, 1), "p95": round(p95, 1), "cpu": round(float(np.mean(cpu)), 1)}


def _resident_mb() -> int:
    return int(psutil.Process().memory_info().rss // 2**20)


def _step(arguments: argparse.Namespace, way: str, size: int, step: str) -> dict[str, Any]:
    """One step in a process of its own, so that memory is of that step alone."""
    command = [sys.executable, "-m", "benchmarks.scale", "--step", step, "--way", way]
    command += ["--data", str(arguments.data), "--work", str(arguments.work), "--sizes", str(size)]
    command += ["--distinct", str(arguments.distinct)] if arguments.distinct else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _run_step(arguments: argparse.Namespace) -> dict[str, Any]:
    [size] = arguments.sizes
    library = make_library(arguments.data, size, QUESTIONS, arguments.distinct)
    folder = arguments.work / f"{arguments.way}-{size}"
    if arguments.step == "ask":
        return ask(arguments.way, library, folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    remembered = Remembered(load_embedder(DEFAULT_MODEL), arguments.work / "vectors.db")
    return fill(arguments.way, library, folder, remembered)


def _row(result: dict[str, Any]) -> list[str]:
    answers = result.get("answers", {})
    values = (
        *(result["articles"], result["way"], result["passages"], result["embedded"]),
        *(result["embedded_per_s"], result["index_s"], result["disk_mb"]),
        *(result["opened_mb"], result["resident_mb"]),
        *result["everywhere"].values(),
        *(answers.get("p50"), answers.get("cpu"), result["within"]["p50"]),
    )
    return [
        "" if value is None else f"{value:,}" if not isinstance(value, str) else value
        for value in values
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of SQuAD-format files")
    parser.add_argument("--work", type=Path, default=Path("runs/scale"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1_000, 10_000])
    parser.add_argument("--distinct", type=int, help="draw from so many paragraphs, not from all")
    parser.add_argument("--again", action="store_true", help="ask again what was filled before")
    parser.add_argument("--step", choices=("fill", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(_run_step(arguments)))
        return
    arguments.work.mkdir(parents=True, exist_ok=True)
    kept = arguments.work / "results.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    results = {(r["articles"], r["way"]): r for r in map(json.loads, lines)}
    for size in arguments.sizes:
        for way in WAYS:
            known = results.get((size, way))
            if known and not arguments.again:
                continue
            result = known or _step(arguments, way, size, "fill")
            result |= _step(arguments, way, size, "ask") | {"articles": size, "way": way}
            results[size, way] = result
            line = json.dumps(result)
            print(line, flush=True)
            with kept.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    table = Table(title="Footnote and LangChain's plain recipe")
    for heading in COLUMNS:
        table.add_column(heading, justify="right")
    for size in arguments.sizes:
        for way in WAYS:
            table.add_row(*_row(results[size, way]))
    Console(width=200).print(table)


if __name__ == "__main__":
    main()
