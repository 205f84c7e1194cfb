"""What every maker of synthetic examples shares: an example, marks in a text, questions as typed.

A maker writes its passage with marks around what can be asked for and around each sentence
(`mark`), and `unmark` turns that into the plain passage and the character spans, so that no span
is ever searched for.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass

Span = tuple[int, int]

_OPEN, _NAME_END, _CLOSE = "\ue000", "\ue001", "\ue002"
SENTENCE = "sentence"


@dataclass(frozen=True)
class Example:
    """A question about a passage; spans are characters, and `answers` is empty if there is none."""

    kind: str
    passage: str
    question: str
    answers: tuple[Span, ...]
    relevant: tuple[Span, ...]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class Marked:
    """A plain passage and where the marked things stand in it."""

    text: str
    spans: dict[str, list[Span]]

    def sentences_with(self, answers: Iterable[Span]) -> list[Span]:
        """The sentences (rows, lines) that hold one of the spans."""
        return sorted(
            {
                (start, end)
                for start, end in self.spans.get(SENTENCE, [])
                for a, b in answers
                if start <= a and b <= end
            }
        )

    def example(
        self, kind: str, question: str, answers: Iterable[Span] = (), told: Iterable[Span] = ()
    ) -> Example:
        """An example of this passage; relevant is where `told`, or else the answers, stand."""
        ordered = tuple(sorted(set(answers)))
        relevant = self.sentences_with(told or ordered)
        return Example(kind, self.text, question, ordered, tuple(relevant))


def mark(name: str, text: str) -> str:
    """Put a mark of this name around the text; marks may lie in each other."""
    return f"{_OPEN}{name}{_NAME_END}{text}{_CLOSE}"


def sentence(text: str) -> str:
    return mark(SENTENCE, text)


def unmark(marked: str) -> Marked:
    """Take the marks out of a text.

    >>> unmark("It is " + mark("age", "31") + ".").spans
    {'age': [(6, 8)]}
    """
    plain: list[str] = []
    length = 0
    opened: list[tuple[str, int]] = []
    spans: dict[str, list[Span]] = defaultdict(list)
    at = 0
    while at < len(marked):
        character = marked[at]
        if character == _OPEN:
            end = marked.index(_NAME_END, at)
            opened.append((marked[at + 1 : end], length))
            at = end
        elif character == _CLOSE:
            name, start = opened.pop()
            spans[name].append((start, length))
        else:
            plain.append(character)
            length += 1
        at += 1
    return Marked("".join(plain), dict(spans))


def capital(text: str) -> str:
    """The text with its first visible letter as a capital; marks may stand before it."""
    at = 0
    while at < len(text) and text[at] == _OPEN:
        at = text.index(_NAME_END, at) + 1
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


_POLITE = re.compile(r"^(Can you (name|tell me|list)|Do you know) ")
_ARTICLES = frozenset({"the", "a", "an"})
_AUXILIARIES = frozenset({"is", "are", "was", "were", "does", "do", "did", "has", "have"})


def as_typed(question: str, rng: random.Random) -> str:
    """The question as typed into a search box: no mark, few small words, mostly lower case."""
    words = _POLITE.sub("", question.rstrip("?")).split()
    start = [word for word in words[:4] if word.lower() not in _AUXILIARIES]
    if rng.random() < 0.6:
        words = start + words[4:]
    kept = [word for word in words if word.lower() not in _ARTICLES] or words
    if rng.random() < 0.3 and kept[0].lower() in {"what", "which"} and kept[1:2] != ["of"]:
        kept = kept[1:]
        if kept and kept[0].lower() in _AUXILIARIES:
            kept = kept[1:]
    text = " ".join(kept if len(kept) > 2 else words)
    return text.lower() if rng.random() < 0.8 else text


def asked(question: str, rng: random.Random, typed: str = "") -> str:
    """The question with a capital, or, one time in four, as typed (as `typed` if that is given)."""
    if rng.random() < 0.25:
        if typed and rng.random() < 0.5:
            return typed.lower() if rng.random() < 0.8 else typed
        return as_typed(question, rng)
    return capital(question)


def spread(examples: list[Example], count: int, rng: random.Random) -> list[Example]:
    """So many of the examples, of as many kinds as there are."""
    rest = rng.sample(examples, len(examples))
    chosen: list[Example] = []
    while rest and len(chosen) < count:
        seen: set[str] = set()
        for example in list(rest):
            if example.kind not in seen and len(chosen) < count:
                seen.add(example.kind)
                chosen.append(example)
                rest.remove(example)
    return chosen
