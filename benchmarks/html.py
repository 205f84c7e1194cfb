"""The article of a page: Footnote beside trafilatura as it comes, against texts by people.

    python -m benchmarks.html FOLDER

FOLDER is a clone of scrapinghub/article-extraction-benchmark: 181 pages of news and what a person
took for the article of each. As there, runs of four words are compared, and precision and recall
are means over the pages.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean

from trafilatura import extract

from index.loading.html import read_html

_RUN = 4
_WORD = re.compile(r"\w+")


def by_footnote(page: str) -> str:
    """What Footnote stores of the page."""
    found = read_html(page)
    return "\n".join(found.blocks) if found else ""


def by_trafilatura(page: str) -> str:
    """What trafilatura gives as it comes."""
    return extract(page) or ""


EXTRACTORS: dict[str, Callable[[str], str]] = {
    "Footnote": by_footnote,
    "trafilatura as it comes": by_trafilatura,
}


def precision_and_recall(given: str, right: str) -> tuple[float, float]:
    """Of the runs of words given, and of those that are right; (1, 1) where both hold none.

    >>> precision_and_recall("a b c d e", "a b c d")
    (0.5, 1.0)
    """
    ours, theirs = _runs(given), _runs(right)
    same = (ours & theirs).total()
    if not ours or not theirs:
        return (1.0, 1.0) if ours == theirs else (0.0, 0.0)
    return same / ours.total(), same / theirs.total()


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(zip(*(words[i:] for i in range(_RUN)), strict=False))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    print(f"{len(truth)} pages")
    print("| | precision | recall | F1 |\n|---|---|---|---|")
    for name, extractor in EXTRACTORS.items():
        scores = []
        for key, of_page in truth.items():
            data = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
            scores.append(
                precision_and_recall(extractor(data.decode("utf-8")), of_page["articleBody"])
            )
        precision, recall = (mean(column) for column in zip(*scores, strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        print(f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")


if __name__ == "__main__":
    main()
