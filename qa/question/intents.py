"""What a message wants: an answer from the article, or something of Footnote or of the whole.

The kind is that of the closest example in `intents.yaml` (a nearest neighbour; the examples of
`question` are what keeps ordinary questions out of the other kinds).
"""

from typing import Literal, cast

from index.embedding.embedder import Embedder
from qa.question.examples import closest

Intent = Literal[
    "greeting", "thanks", "help", "more", "summary", "title", "author", "date", "length", "question"
]

CLOSE = 0.55
"""Cosine from which a message counts as one of an example's kind; below it, it is a question."""
LONGEST = 120
"""A longer message, in characters, is a question."""


def intent_of(message: str, embedder: Embedder) -> Intent:
    """The kind of a message.

    Raises:
        ModelProblem: when the embedding model cannot be loaded.
    """
    if len(message) > LONGEST or not any(character.isalpha() for character in message):
        return "question"
    kind, likeness = closest(message, "intents", embedder)
    return cast(Intent, kind) if likeness >= CLOSE else "question"
