"""The table of formats in the documentation is true: a file of each kind is read."""

import pytest
from formats_table import KINDS, PAGE, Kind, table

from index.loading.loader import load_bytes
from index.settings import Settings


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_file_keeps_what_the_table_says(kind: Kind, settings: Settings) -> None:
    article = load_bytes(kind.data(), f"sample{kind.ending.partition(',')[0]}", settings)
    for words in kind.words:
        assert words in article.text
    for words in kind.left_out:
        assert words not in article.text
    assert len(article.pages) == kind.pages


@pytest.mark.parametrize("kind", [*KINDS[3:4], *KINDS[5:11]], ids=lambda kind: kind.name)
def test_the_kind_is_told_by_the_content(kind: Kind, settings: Settings) -> None:
    data = kind.data()
    assert load_bytes(data, "no-ending", settings).text == load_bytes(data, "a.txt", settings).text


def test_the_documentation_has_this_table() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")
