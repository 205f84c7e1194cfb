"""Fetch the reading data from its public sources and rewrite it into SQuAD's format.

    python -m training.fetch_reading_data READING

Writes `wiki_dev.json`, `reddit.json`, `amazon_reviews.json`, `fairytale.json`, `natural.json` and
`sentences.json` into the folder READING, which the other scripts take as `--data`. `--from FOLDER`
reads the sources from a folder instead of the network, each at the path of its address.
"""

import argparse
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import httpx

from training.reading_sources import Article, Files, natural, sentences, stories, whole, wiki

_GITHUB = "https://raw.githubusercontent.com/"
_SHIFTS = _GITHUB + "modestyachts/squadshifts-website/master/datasets/"
_QAMR = _GITHUB + "uwnlp/qamr/master/data/"


@dataclass(frozen=True, slots=True)
class Source:
    """A public data set: what it is, under which licence, where, and how it is rewritten."""

    paper: str
    licence: str
    addresses: tuple[str, ...]
    rewrite: Callable[[Files], list[Article]]
    inside: tuple[str, ...] = ()
    """Of an archive, the folders whose files are read."""


_MILLER = "Miller, Krauth, Recht and Schmidt, ICML 2020: the effect of natural distribution shift"
SOURCES = {
    "wiki_dev": Source(_MILLER, "CC BY 4.0", (_SHIFTS + "new_wiki_v1.0.json",), wiki),
    "reddit": Source(_MILLER, "CC BY 4.0", (_SHIFTS + "reddit_v1.0.json",), whole),
    "amazon_reviews": Source(_MILLER, "CC BY 4.0", (_SHIFTS + "amazon_reviews_v1.0.json",), whole),
    "fairytale": Source(
        "Xu et al., ACL 2022: FairytaleQA",
        "Apache-2.0",
        ("https://github.com/uci-soe/FairytaleQAData/archive/refs/heads/main.zip",),
        stories,
        (
            "data-by-train-split/questions/train",
            "data-by-train-split/section-stories/train",
        ),
    ),
    "natural": Source(
        "Lamm et al., TACL 2021: QED, from Natural Questions and Wikipedia",
        "CC BY-SA 3.0",
        (_GITHUB + "google-research-datasets/QED/master/qed-dev.jsonlines",),
        natural,
    ),
    "sentences": Source(
        "Michael, Stanovsky, He, Dagan and Zettlemoyer, NAACL 2018: QAMR",
        "MIT",
        tuple(
            _QAMR + name for name in ("filtered/dev.tsv", "filtered/test.tsv", "wiki-sentences.tsv")
        ),
        sentences,
    ),
}


def fetched(source: Source, folder: Path | None) -> Files:
    """The texts of a source's files, by the ends of their paths."""
    files: dict[str, str] = {}
    for address in source.addresses:
        data = _read(address, folder)
        if address.endswith(".zip"):
            files |= _unpacked(data, source.inside)
        else:
            files[address] = data.decode("utf-8")
    return files


def _read(address: str, folder: Path | None) -> bytes:
    if folder is not None:
        return (folder / PurePosixPath(httpx.URL(address).path).relative_to("/")).read_bytes()
    response = httpx.get(address, follow_redirects=True, timeout=60)
    response.raise_for_status()
    return response.content


def _unpacked(data: bytes, inside: tuple[str, ...]) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: archive.read(name).decode("utf-8-sig")
            for name in archive.namelist()
            if PurePosixPath(*PurePosixPath(name).parts[1:-1]) in map(PurePosixPath, inside)
            and name.endswith(".csv")
        }


def main() -> None:
    """Write the files, and say what is in each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reading", type=Path)
    parser.add_argument("--from", type=Path, dest="folder")
    arguments = parser.parse_args()
    arguments.reading.mkdir(parents=True, exist_ok=True)
    for name, source in SOURCES.items():
        articles = source.rewrite(fetched(source, arguments.folder))
        path = arguments.reading / f"{name}.json"
        path.write_text(json.dumps({"version": "1.0", "data": articles}), encoding="utf-8")
        asked = sum(len(p["qas"]) for article in articles for p in article["paragraphs"])
        print(f"{path}: {len(articles)} articles, {asked} questions ({source.licence})")


if __name__ == "__main__":
    main()
