"""The table of the README: the default on public sets, LangChain's plain recipe beside it.

    python -m benchmarks.public wiki_dev.json amazon_reviews.json --sample 400

Of each file the last `--articles` articles. The shipped reader trained on all of these sets but the
last eight articles of wiki_dev.json. Every question is asked of its own article; then every second
one of its own article without the paragraph that answers, where to refuse is right. The peer
splits, embeds and searches (`benchmarks.retrieval`); without a language model it has no answer to
score.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reading_data import load_development
from benchmarks.retrieval import Tally, footnote, plain_recipe
from index.settings import Settings
from qa.evaluation.report import Summary
from qa.evaluation.squad import SquadPlan, Unanswerable
from qa.evaluation.squad_run import run_squad

HEADINGS = (
    "set",
    "questions",
    "right passage first, Footnote",
    "the peer",
    "among five, Footnote",
    "the peer",
    "F1 of the answer",
    "citation precision / recall",
    "refused where the answer was removed",
)


def retrieval(file: Path, articles: int, sample: int | None) -> tuple[Tally, Tally]:
    """Footnote's and the peer's, over the same questions."""
    loaded, asked = load_development(file, articles)
    if sample and sample < len(asked):
        asked = random.Random(0).sample(asked, sample)
    ours, peer = Tally(), Tally()
    for number, article in enumerate(loaded):
        own = [question for question in asked if question.article == number]
        if own:
            footnote(article, own, ours)
            plain_recipe(article, own, peer)
    return ours, peer


def answers(
    file: Path, articles: int, sample: int | None, unanswerable: Unanswerable | None = None
) -> Summary:
    """The scores of `footnote check --squad` over the same articles."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / file.name
        last.write_text(json.dumps(raw | {"data": raw["data"][-articles:]}), encoding="utf-8")
        plan = SquadPlan(last, "article", sample, 0, unanswerable)
        return run_squad(plan, Settings(data_dir=Path(folder) / "data")).overall


def hits(tally: Tally, most: int) -> str:
    return f"{sum(0 < rank <= most for rank in tally.ranks) / len(tally.ranks):.3f}"


def row(file: Path, articles: int, sample: int | None) -> Sequence[str]:
    ours, peer = retrieval(file, articles, sample)
    own = answers(file, articles, sample)
    removed = answers(file, articles, sample, "removed")
    return [
        file.stem,
        f"{len(ours.ranks):,}",
        hits(ours, 1),
        hits(peer, 1),
        hits(ours, 5),
        hits(peer, 5),
        f"{own.f1 or 0:.3f}",
        f"{own.citation_precision or 0:.2f} / {own.citation_recall or 0:.2f}",
        f"{removed.refusal_recall or 0:.2f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", help="files in SQuAD's format")
    parser.add_argument("--articles", type=int, default=24, help="so many, from the end")
    parser.add_argument("--sample", type=int, help="questions asked, drawn with a fixed seed")
    options = parser.parse_args()
    rows = [row(file, options.articles, options.sample) for file in options.files]
    for cells in (HEADINGS, ["---"] * len(HEADINGS), *rows):
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
