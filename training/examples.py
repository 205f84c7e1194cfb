"""SQuAD-format files → token sequences for training the reader.

An example is `[CLS] question [SEP] passage [SEP]`. Long paragraphs are cut to a window that
starts at a sentence and holds the sampled answer at a random place, as retrieved passages do.
All annotators' answers are kept as a soft target: the share of annotators who chose a token.
"""

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

FILES = ("wiki_dev", "reddit", "amazon_reviews", "sentences")
DEV_ARTICLES = 8  # the last articles of wiki_dev are development, never trained on
MAX_QUESTION = 40
CLS, SEP, MASK = 101, 102, 103

_SENTENCE_START = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Context:
    text: str
    source: str
    article: int
    ids: list[int]
    offsets: list[tuple[int, int]]
    starts: list[int]
    """Indices of the tokens that begin a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    context: int
    answers: tuple[tuple[int, int], ...]
    """Character spans of the annotators' answers in the context."""


@dataclass(frozen=True, slots=True)
class Example:
    ids: list[int]
    types: list[int]
    start: dict[int, float]
    """Position → share of the annotators; `{0: 1.0}` (the CLS position) where there is none."""
    end: dict[int, float]
    group: int
    answerable: bool


@dataclass(frozen=True)
class Dataset:
    contexts: list[Context]
    questions: list[Question]


def encode_context(tokenizer: Tokenizer, text: str, source: str, article: int) -> Context:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    breaks = [0, *(m.end() for m in _SENTENCE_START.finditer(text))]
    starts, token = [], 0
    for place in breaks:
        while token < len(encoding.offsets) and encoding.offsets[token][0] < place:
            token += 1
        if token < len(encoding.offsets) and token not in starts[-1:]:
            starts.append(token)
    return Context(text, source, article, encoding.ids, encoding.offsets, starts)


def load(folder: Path, tokenizer: Tokenizer, *, development: bool) -> Dataset:
    """The training part of all files, or the development articles of wiki_dev."""
    contexts: list[Context] = []
    questions: list[Question] = []
    for source in ("wiki_dev",) if development else FILES:
        articles = json.loads((folder / f"{source}.json").read_text())["data"]
        for number, article in enumerate(articles):
            held_out = source == "wiki_dev" and number >= len(articles) - DEV_ARTICLES
            if held_out != development:
                continue
            for paragraph in article["paragraphs"]:
                contexts.append(encode_context(tokenizer, paragraph["context"], source, number))
                for qa in paragraph["qas"]:
                    spans = tuple(
                        (a["answer_start"], a["answer_start"] + len(a["text"]))
                        for a in qa["answers"]
                    )
                    if spans:
                        questions.append(
                            Question(qa["id"], qa["question"], len(contexts) - 1, spans)
                        )
    return Dataset(contexts, questions)


def token_span(context: Context, span: tuple[int, int]) -> tuple[int, int]:
    """First and last token that share a character with the span."""
    inside = [i for i, (s, e) in enumerate(context.offsets) if e > span[0] and s < span[1]]
    return inside[0], inside[-1]


def window(
    rng: random.Random, context: Context, room: int, first: int, last: int
) -> tuple[int, int]:
    """A stretch of at most `room` tokens that holds first..last, on sentence borders if it can."""
    size = len(context.ids)
    if size <= room:
        return 0, size
    starts = [s for s in context.starts if s <= first and last < s + room]
    begin = rng.choice(starts) if starts else rng.randint(max(0, last + 1 - room), first)
    end = min(begin + room, size)
    borders = [s for s in context.starts if last < s <= end]
    return begin, end if end == size or not borders else borders[-1]


def noisy_question(rng: random.Random, text: str) -> str:
    """Some questions lose a word, get a typo or lose their question mark."""
    words = text.split()
    if rng.random() < 0.25 and len(words) > 4:
        del words[rng.randrange(len(words))]
    if rng.random() < 0.2:
        place = rng.randrange(len(words))
        word = words[place]
        if len(word) > 4:
            i = rng.randrange(1, len(word) - 2)
            words[place] = rng.choice(
                (
                    word[:i] + word[i + 1] + word[i] + word[i + 2 :],
                    word[:i] + word[i + 1 :],
                    word[:i] + word[i] + word[i:],
                )
            )
    text = " ".join(words)
    return text.rstrip("? ") if rng.random() < 0.3 else text


def join(question: list[int], passage: list[int]) -> tuple[list[int], list[int]]:
    """`[CLS] question [SEP] passage [SEP]` and its token types."""
    ids = [CLS, *question, SEP, *passage, SEP]
    return ids, [0] * (len(question) + 2) + [1] * (len(passage) + 1)


class Maker:
    """Examples from a data set, drawn anew each time with the given generator."""

    def __init__(self, data: Dataset, tokenizer: Tokenizer, rng: random.Random) -> None:
        self.data, self.tokenizer, self.rng = data, tokenizer, rng

    def question(self, question: Question) -> list[int]:
        text = noisy_question(self.rng, question.text)
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids[:MAX_QUESTION]

    def positive(self, question: Question, ids: list[int], length: int, group: int) -> Example:
        context = self.data.contexts[question.context]
        spans = [token_span(context, span) for span in question.answers]
        first, last = self.rng.choice(spans)
        room = max(length - len(ids) - 3, last - first + 1)
        begin, end = window(self.rng, context, room, first, last)
        kept = [(s, e) for s, e in spans if begin <= s and e < end]
        shift = len(ids) + 2 - begin
        start: dict[int, float] = {}
        stop: dict[int, float] = {}
        for s, e in kept:
            start[s + shift] = start.get(s + shift, 0.0) + 1 / len(kept)
            stop[e + shift] = stop.get(e + shift, 0.0) + 1 / len(kept)
        covered = {i - begin for s, e in kept for i in range(s, e + 1)}
        passage = self._masked(context.ids[begin:end], covered)
        joined, types = join(ids, passage)
        return Example(joined, types, start, stop, group, True)

    def negative(self, context_index: int, ids: list[int], length: int, group: int) -> Example:
        context = self.data.contexts[context_index]
        first = self.rng.choice(context.starts)
        begin, end = window(self.rng, context, length - len(ids) - 3, first, first)
        joined, types = join(ids, self._masked(context.ids[begin:end], set()))
        return Example(joined, types, {0: 1.0}, {0: 1.0}, group, False)

    def _masked(self, passage: list[int], keep: set[int]) -> list[int]:
        """Word drop: in half of the passages, about one token in sixteen becomes [MASK]."""
        if self.rng.random() < 0.5:
            return passage
        return [
            MASK if i not in keep and self.rng.random() < 0.06 else token
            for i, token in enumerate(passage)
        ]
