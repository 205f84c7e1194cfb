"""Prints the reader's figures on the development articles; draws the risk–coverage curve.

    python -m benchmarks.reader --data ../shared/data/reading --figure docs/risk-coverage.png

`--float FOLDER` also reads with unquantised graphs (`training.export_reader --float32`).
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from benchmarks.reading import RIGHT, SETTINGS, Case, opened, read_case
from benchmarks.reading_data import Asked, load_development
from index.articles import Article
from index.library import Library
from qa.evaluation.metrics import (
    auroc,
    balanced_accuracy,
    best_over_golds,
    exact_match_score,
    expected_calibration_error,
    f1_score,
    risk_coverage,
)
from qa.reading.onnx_reader import OnnxReader
from qa.reading.reader import Reader, load_reader


def right_paragraph(reader: Reader, articles: Sequence[Article], asked: Sequence[Asked]) -> str:
    """F1 and exact match with the right paragraph given (official SQuAD scores)."""
    f1, exact = [], []
    for question in asked:
        text = articles[question.article].text
        paragraph = text[slice(*question.paragraph)]
        golds = [text[start:end] for start, end in question.golds]
        span = reader.read(question.text, [paragraph])[0].spans[0]
        said = paragraph[span.start : span.end]
        f1.append(best_over_golds(f1_score, said, golds))
        exact.append(best_over_golds(exact_match_score, said, golds))
    return f"F1 {100 * statistics.mean(f1):.1f}  EM {100 * statistics.mean(exact):.1f}"


def share(cases: Sequence[Case], of: Callable[[Case], float]) -> str:
    return f"{100 * statistics.mean(of(case) for case in cases):.1f}"


def end_to_end(own: Sequence[Case]) -> None:
    print("2. end to end, own article")
    print(f"   F1 {share(own, lambda case: case.f1)}")
    print(f"   the quote holds a gold answer at its place {share(own, lambda c: c.quote_hit)} %")
    print(f"   the reader's passage holds one {share(own, lambda c: c.reader_hit)} %")
    print(f"   retrieval's first passage holds one {share(own, lambda c: c.retrieval_hit)} %")
    print(f"   any of the five passages holds one {share(own, lambda c: c.hit)} %")


def refusal(cases: Sequence[Case], threshold: float) -> None:
    sure = {s: [case.confidence for case in cases if case.setting == s] for s in SETTINGS}
    both = [case for case in cases if case.setting != "removed"]
    told = [case.confidence >= threshold for case in both]
    accuracy = balanced_accuracy(told, [case.setting == "own" for case in both])
    error = expected_calibration_error(
        [case.confidence for case in both], [case.f1 >= RIGHT for case in both]
    )
    print(f"3. refusal, threshold {threshold}")
    print(f"   AUROC own / other article {auroc(sure['own'], sure['other']):.3f}")
    print(f"   balanced accuracy {accuracy:.3f}")
    print(f"   AUROC own / gold passages removed {auroc(sure['own'], sure['removed']):.3f}")
    print(f"   expected calibration error {error:.3f} (on the data fitted on; see calibrate)")


def curve(own: Sequence[Case], figure: Path | None) -> None:
    """Risk is 1 - F1 of what is answered, over the questions of the own article."""
    points = risk_coverage([case.confidence for case in own], [case.f1 for case in own])
    print("   coverage  risk (1 - F1)")
    for wanted in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        coverage, risk = min(points, key=lambda point: abs(point[0] - wanted))
        print(f"   {coverage:8.2f}  {risk:.3f}")
    if figure is None:
        return
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    drawn, axes = pyplot.subplots(figsize=(6, 4))
    axes.plot([c for c, _ in points], [r for _, r in points])
    axes.set(
        xlabel="coverage: share of questions answered",
        ylabel="risk: 1 − F1 of the answers",
        xlim=(0, 1),
        ylim=(0, None),
        title="Refusing what the reader is least sure of",
    )
    axes.grid(alpha=0.3)
    drawn.tight_layout()
    drawn.savefig(figure, dpi=150)


def speed(library: Library, articles: Sequence[Article], asked: Sequence[Asked]) -> None:
    process = psutil.Process()
    before = process.memory_info().rss
    reader = load_reader("footnote")
    times = []
    for question in asked:
        began = time.perf_counter()
        read_case(library, reader, articles, question, "own")
        times.append(1000 * (time.perf_counter() - began))
    warm = times[len(times) // 5 :]
    added = (process.memory_info().rss - before) / 2**20
    print("4. cost")
    print(f"   retrieve and read five passages, warm: median {statistics.median(warm):.0f} ms")
    print(f"   memory added by the reader: {added:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of SQuAD-format files")
    parser.add_argument("--float", type=Path, help="folder of the unquantised reader")
    parser.add_argument("--questions", type=int, help="a random sample of so many")
    parser.add_argument("--reader", default="footnote", help="as FOOTNOTE_READER")
    parser.add_argument("--figure", type=Path, help="where to draw the risk–coverage curve")
    parser.add_argument("--json", type=Path, help="where to write each case's outcome")
    arguments = parser.parse_args()
    articles, asked = load_development(arguments.data / "wiki_dev.json")
    asked = random.Random(0).sample(asked, arguments.questions or len(asked))
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), articles) as library:
        for question in asked[:10]:  # the embedding model is loaded and warm
            library.search(question.text, [articles[0].id], 5)
        if arguments.reader == "footnote":
            speed(library, articles, asked[:100])
        reader = load_reader(arguments.reader)
        print(f"1. the right paragraph given, {len(asked)} questions")
        print(f"   {reader.name}: {right_paragraph(reader, articles, asked)}")
        if arguments.float:
            unquantised = OnnxReader(arguments.float)
            print(f"   unquantised: {right_paragraph(unquantised, articles, asked)}")
        cases = [
            read_case(library, reader, articles, question, setting)
            for question in asked
            for setting in SETTINGS
        ]
    own = [case for case in cases if case.setting == "own"]
    end_to_end(own)
    refusal(cases, reader.threshold)
    curve(own, arguments.figure)
    if arguments.json:
        rows = [
            {"id": c.asked.id, "setting": c.setting, "confidence": c.confidence, "f1": c.f1}
            for c in cases
        ]
        arguments.json.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
