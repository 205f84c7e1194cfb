"""What a question asks for, whatever it asks about."""

import pytest

from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder
from qa.question.forms import AskedFor, Form, asked_for


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(DEFAULT_MODEL)


@pytest.mark.parametrize(
    ("question", "form", "topics"),
    [
        ("Tell me about Marie Curie.", "about", ("marie curie",)),
        ("Could you tell me something about the budget?", "about", ("budget",)),
        ("What does the text say on pensions?", "about", ("pensions",)),
        ("Compare the opinions of Alvarez and Chen", "compare", ("alvarez", "chen")),
        ("What is the difference between a lease and a loan?", "compare", ("lease", "loan")),
        ("Is Portugal mentioned?", "mention", ("portugal",)),
        ("Does the article mention volcanoes?", "mention", ("volcanoes",)),
    ],
)
def test_what_is_asked_about_is_told_from_how_it_is_asked(
    question: str, form: Form, topics: tuple[str, ...], embedder: Embedder
) -> None:
    assert asked_for(question, embedder) == AskedFor(form, topics)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Why did the strike end?", "open"),
        ("How do I replace the battery?", "open"),
        ("What do the nurses want?", "open"),
        ("List the countries of the alliance", "open"),
        ("Which metals are in the alloy?", "open"),
        ("Was the bridge repaired?", "yes-no"),
        ("Can I return the device?", "yes-no"),
        ("Do whales sleep?", "yes-no"),
        ("Who is the captain of the Boreas?", "fact"),
        ("Who is France's finance minister?", "fact"),
        ("When did the strike end?", "fact"),
        ("How long is the tunnel?", "fact"),
        ("How many pupils has the Hill School?", "fact"),
        ("Where was she born?", "fact"),
        ("What is the melting point of tin?", "fact"),
        ("What does the red lamp mean?", "fact"),
        ("", "fact"),
        ("?!", "fact"),
        ("why " * 500, "fact"),
    ],
)
def test_the_form_is_that_of_the_closest_example(
    question: str, form: Form, embedder: Embedder
) -> None:
    assert asked_for(question, embedder).form == form
