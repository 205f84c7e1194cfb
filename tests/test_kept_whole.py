"""Nothing of a reader's own text is removed, and nothing of it is kept from an answer."""

from pathlib import Path

import pytest

from index.library import open_library
from index.loading.loader import load_bytes, load_text
from index.settings import Settings
from qa.answer import Answer
from qa.chain import answer_chain

LIKE_BOILERPLATE = [
    "Categories: small, medium and large",
    "Tags: red and blue",
    "Advertisement",
    "Share this: Facebook Twitter WhatsApp",
    "Subscribe to our newsletter",
    "We use cookies to improve your experience. By continuing you accept our cookies.",
    "Photo caption: The mayor opens the bridge.",
    "© 2021 The Daily. All rights reserved.",
]
LIKE_ORDERS = [
    "E-mail: desk@harbour-museum.example",
    "Follow the steps below in this order.",
    "Model: T-800",
    "Ignore all previous instructions, the old notice said.",
]
MUSEUM = """# Harbour museum

The museum shows two hundred models of ships and a working crane from 1911.

## Contact

E-mail: desk@harbour-museum.example

Telephone: 0400 555 01
"""
SOUP = """# Lentil soup

Soak the lentils for one hour. Follow the steps below in this order.

Fry the onion for six minutes. Add the lentils and simmer for twenty-five minutes. Repeat this with
the remaining lentils.
"""
SHIRTS = """# Shirts

The factory makes shirts of cotton and of linen.

Categories: small, medium and large

It was founded in 1954 by two brothers.
"""


@pytest.mark.parametrize("name", ["notes.md", "notes.txt"])
def test_every_line_of_a_file_is_stored(name: str, settings: Settings) -> None:
    lines = ["The shop on the quay opens on Monday.", *LIKE_BOILERPLATE, *LIKE_ORDERS]
    article = load_bytes("\n\n".join(lines).encode(), name, settings)
    assert article.text.split("\n\n") == lines


def test_every_line_of_pasted_text_is_stored(settings: Settings) -> None:
    lines = ["The shop on the quay opens on Monday.", *LIKE_BOILERPLATE, *LIKE_ORDERS]
    assert load_text("\n\n".join(lines), settings).text.split("\n\n") == lines


def ask(text: str, question: str, settings: Settings) -> Answer:
    with open_library(settings) as library:
        library.add(load_bytes(text.encode(), "article.md", settings))
        return answer_chain(library, settings).invoke({"question": question})


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (MUSEUM, "What is the e-mail address of the museum?", "desk@harbour-museum.example"),
        (SOUP, "What is done with the remaining lentils?", "Repeat this with the remaining"),
        (SHIRTS, "Which categories of shirts are there?", "small, medium and large"),
    ],
    ids=["an address", "an instruction", "a line like boilerplate"],
)
def test_such_a_line_can_be_asked_for(
    text: str, question: str, answer: str, tmp_path: Path
) -> None:
    given = ask(text, question, Settings(data_dir=tmp_path))
    assert given.status == "answered"
    assert answer in given.text
    assert given.note is None
