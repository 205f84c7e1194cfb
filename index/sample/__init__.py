"""The article that comes with the installation, so that a new library is not empty."""

from pathlib import Path

from index.articles import Article
from index.library import Library
from index.loading.loader import load_file
from index.settings import Settings

BUNDLED_ARTICLE = Path(__file__).parent / "security-guarantees.md"


def add_sample(library: Library, settings: Settings) -> Article | None:
    """Adds the bundled article to a library that holds nothing; None where it holds something."""
    if library.article_ids():
        return None
    return library.add(load_file(BUNDLED_ARTICLE, settings)).article
