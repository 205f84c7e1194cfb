import numpy as np
import pytest

from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder
from qa.question.examples import SETS, examples, vectors_file
from qa.question.intents import Intent, intent_of


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(DEFAULT_MODEL)


@pytest.mark.parametrize(
    ("intent", "message"),
    [
        ("greeting", "hello"),
        ("greeting", "Hey!"),
        ("greeting", "good afternoon"),
        ("greeting", "Hello, how are you today?"),
        ("thanks", "thanks"),
        ("thanks", "Thank you so much!"),
        ("thanks", "Perfect, thanks."),
        ("thanks", "bye"),
        ("help", "help"),
        ("help", "what can you do?"),
        ("help", "Who are you"),
        ("help", "How can I use you?"),
        ("help", "Which questions can I ask?"),
        ("help", "Are you ChatGPT?"),
        ("more", "tell me more"),
        ("more", "Tell me more about it."),
        ("more", "keep going"),
        ("more", "any more details?"),
        ("summary", "What is it about?"),
        ("summary", "What's this article about?"),
        ("summary", "Summarise the article in three sentences"),
        ("summary", "Can you summarise this for me?"),
        ("summary", "tl;dr"),
        ("summary", "What is the main idea of the story?"),
        ("summary", "Give me the key points of this article"),
        ("summary", "Tell me what this article is about"),
        ("summary", "What topics does the article cover?"),
        ("title", "What is the title of the article?"),
        ("author", "Who wrote the article?"),
        ("author", "Who wrote this paper?"),
        ("date", "When was the article written?"),
        ("date", "publication date?"),
        ("length", "How long is the article?"),
        ("length", "word count"),
    ],
)
def test_what_is_not_asked_of_the_text_is_told_by_closeness(
    intent: Intent, message: str, embedder: Embedder
) -> None:
    assert intent_of(message, embedder) == intent


@pytest.mark.parametrize(
    "message",
    [
        "What is the article of the treaty about?",
        "What are the main points of the draft treaty?",
        "Summarise the draft treaty",
        "What does this article say about China?",
        "What is the topic of the talks?",
        "What is the charter about?",
        "Does the article mention Georgia?",
        "Give me the main points of Ryabkov's speech",
        "Overview of missile systems",
        "What happened?",
        "Who wrote the letter?",
        "When was the charter signed?",
        "How long is the wall?",
        "What can NATO do?",
        "Who helped the refugees in 1956?",
        "Why did she thank him?",
        "Tell me more about the second guarantee",
        "",
        "?",
        "the " * 5_000,
    ],
)
def test_a_question_about_something_in_the_article_is_a_question(
    message: str, embedder: Embedder
) -> None:
    assert intent_of(message, embedder) == "question"


@pytest.mark.parametrize("name", SETS)
def test_the_stored_vectors_are_those_of_the_examples(name: str, embedder: Embedder) -> None:
    """After a change of the examples: `python -m qa.question.examples`."""
    kinds, texts = examples(name)
    stored = np.load(vectors_file(name))
    assert len(stored) == len(kinds)
    assert np.abs(stored - embedder.embed(texts)).max() < 0.01


@pytest.mark.parametrize("name", SETS)
def test_no_example_is_in_two_kinds(name: str) -> None:
    _, texts = examples(name)
    assert len(texts) == len(set(texts))
