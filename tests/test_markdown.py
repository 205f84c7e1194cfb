"""Markdown keeps its words and loses its marks."""

import pytest

from index.loading.loader import load_bytes, load_file, load_text
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings


def blocks(markdown: str, settings: Settings) -> list[str]:
    return load_bytes(markdown.encode(), "notes.md", settings).text.split("\n\n")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# One *two* `three`\ntext", ["# One two three", "text"]),
        ("Setext\n------\ntext", ["## Setext", "text"]),
        ("Some **bold**, _italic_ and [a link](http://x.org).", ["Some bold, italic and a link."]),
        ("lines of\none paragraph", ["lines of one paragraph"]),
        ("hard\\\nbreak", ["hard", "break"]),
        (r"\*star\* &amp; snake_case_word 2 * 3 * 4", ["*star* & snake_case_word 2 * 3 * 4"]),
        ("*Photo caption: Ministers meet.*", ["Photo caption: Ministers meet."]),
        ("![The mayor](x.jpg)", ["The mayor"]),
        ("![The mayor](x.jpg)\n*At the town hall*", ["At the town hall"]),
        ("text ![The mayor](x.jpg) more", ["text more", "The mayor"]),
        ("text\n\n![IMG_1.jpg](x.jpg)", ["text"]),
        ("text <!-- secret --> more\n\n<!-- a\nb -->", ["text more"]),
        ("- a\n- b **c**\n\n1. x\n2. y", ["- a", "- b c", "1. x", "2. y"]),
        ("- a\n  1. x\n     - z\n- b", ["- a", "1. x", "- z", "- b"]),
        ("> quoted *it*\n> on", ["quoted it on"]),
        ("```python\n# no heading\ny = 1\n```", ["no heading", "y = 1"]),
        ("| A | B |\n|---|---|\n| 1 | **2** |\n| 3 |  |", ["A: 1; B: 2", "A: 3"]),
        ("<figure><img><figcaption>In Rome</figcaption></figure>", ["In Rome"]),
        ("<div>Some <b>HTML</b></div>\n\ntext<br>more", ["Some HTML", "text", "more"]),
        ("before\n\n***\n\nafter", ["before", "after"]),
        ("---\ntitle: A: B\ntags: [x\n---\ntext", ["text"]),
    ],
)
def test_markdown_becomes_plain(markdown: str, expected: list[str], settings: Settings) -> None:
    assert blocks(markdown, settings) == expected


def test_the_title_is_the_front_matters_or_the_first_heading(settings: Settings) -> None:
    with_front = b'---\ntitle: "Talks: a *guide*"\n---\n# Heading\n\ntext'
    assert load_bytes(with_front, "x.md", settings).title == "Talks: a *guide*"
    assert load_bytes(b"intro\n\n# Heading\n\ntext", "x.md", settings).title == "Heading"
    assert (
        load_bytes(b"A whole paragraph.\n\nAnother.", "my-notes.md", settings).title == "my-notes"
    )


def test_pasted_markdown_is_recognised(settings: Settings) -> None:
    pasted = "# Talks\n\nThey are **late**."
    assert load_text(pasted, settings).text == "# Talks\n\nThey are late."
    assert load_text("Costs rose by 5 * 3 * 2 and snake_case_", settings).text == (
        "Costs rose by 5 * 3 * 2 and snake_case_"
    )


def test_the_bundled_article(settings: Settings) -> None:
    article = load_file(BUNDLED_ARTICLE, settings)
    assert article.title == (
        "Security guarantees: will talks settle the Moscow–NATO crisis, or just move it elsewhere?"
    )
    assert article.source == "security-guarantees.md"
    found = article.text.split("\n\n")
    assert found[:2] == [f"# {article.title}", "Moscow, December 2021"]
    assert [block for block in found if block.startswith("## ")] == [
        "## No preconditions",
        "## What Moscow asks for",
        "## No more members from the former Soviet republics",
        "## How the analysts see it",
        "## The China factor",
        "## A slow retreat, if any",
        "## The draft and the warning",
    ]
    assert sum(block.startswith("Photo caption: Andrei Ontikov") for block in found) == 1
    assert "*" not in article.text
    original = BUNDLED_ARTICLE.read_text(encoding="utf-8")
    assert article.text == original.replace("*", "").strip()
