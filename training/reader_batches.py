"""Examples → token sequences → batches, drawn anew each epoch.

A pair is `<s> question </s></s> [context </s>] passage </s>`. Long passages are cut to a window
that holds an answer at a random place and begins at a sentence, as retrieved passages do. All
annotators' answers are kept as a soft target: the share of annotators who chose a token.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.example import ReadingExample, SupportExample
from training.network import END, MASK, PAD, START

LENGTHS = (96, 128, 160, 200, 256)
"""A pair's most tokens, drawn anew each time."""
QUESTION, CONTEXT, STATEMENT = 48, 32, 96
CHUNK = 6000
"""Examples sorted by length at a time."""

DRAWN = {
    "wiki_dev": 2.0, "reddit": 1.0, "amazon_reviews": 1.0, "fairytale": 2.0, "natural": 5.0,
    "sentences": 0.4, "web_tables": 1.0, "parallel": 1.0, "forms": 1.0, "tables": 1.0,
}  # fmt: skip
"""How often an example of a source is drawn in an epoch."""
SHARE = {
    "asked": 1.0, "elsewhere": 0.15, "without": 0.3, "swapped-name": 0.6, "swapped-year": 0.8,
    "swapped-number": 0.8, "swapped-word": 0.5, "counterfactual": 0.5, "counterfactual-not": 0.5,
}  # fmt: skip
"""On it, the share of a kind; those that are not named are drawn whole."""


@dataclass(frozen=True, slots=True)
class Passage:
    ids: list[int]
    offsets: list[tuple[int, int]]
    starts: list[int]
    """Tokens that begin a sentence, or a row."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One sequence and its targets; positions are of the sequence."""

    ids: list[int]
    allowed: tuple[int, int]
    """Where spans may be: the passage's first token and the one after its last."""
    start: dict[int, float]
    end: dict[int, float]
    relevant: list[tuple[int, int]]
    answerable: bool
    group: int
    support: int
    """A label of the support head; -1 for a reading example, whose other targets count."""


@dataclass(frozen=True)
class Batch:
    ids: Tensor
    mask: Tensor
    allowed: Tensor
    start: Tensor
    end: Tensor
    relevance: Tensor
    answerable: Tensor
    group: Tensor
    support: Tensor

    def to(self, device: str) -> "Batch":
        names = [field.name for field in fields(self)]
        return Batch(*(getattr(self, name).to(device, non_blocking=True) for name in names))


class Encoded:
    """All texts of a set of examples, tokenised once."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        reading: Sequence[ReadingExample],
        support: Sequence[SupportExample] = (),
    ) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.reading, self.support = reading, support
        texts = dict.fromkeys(
            [e.passage for e in reading] + [e.context for e in reading]
            + [e.question for e in reading]
            + [e.statement for e in support] + [e.evidence for e in support]
        )  # fmt: skip
        listed = list(texts)
        encodings = tokenizer.encode_batch(listed, add_special_tokens=False)
        self._ids = {text: e.ids for text, e in zip(listed, encodings, strict=True)}
        passages = {e.passage for e in reading}
        self._passages = {
            text: Passage(e.ids, e.offsets, _sentence_starts(text, e.offsets))
            for text, e in zip(listed, encodings, strict=True)
            if text in passages
        }

    def pair(self, number: int, rng: random.Random, group: int, length: int | None) -> Pair:
        """A reading example; with `length` None as it is read in use, whole and without noise."""
        example = self.reading[number]
        passage = self._passages[example.passage]
        question = self._ids[example.question][:QUESTION]
        context = self._ids[example.context][:CONTEXT]
        if length is not None:
            if example.kind.endswith(_LOOSE):
                question = _noisy(rng, question)
            context = context if rng.random() < 0.6 else []
        spans = [_tokens(passage, answer) for answer in example.answers]
        room = (length or 500) - len(question) - len(context) - 5
        first, last = rng.choice(spans) if spans else _anywhere(rng, passage)
        room = max(room, last - first + 1)
        begin, stop = _window(rng, passage, room, first, last)
        kept = [(s, e) for s, e in spans if begin <= s and e < stop]
        ids = passage.ids[begin:stop]
        if length is not None:
            ids = _masked(rng, ids, {i - begin for s, e in kept for i in range(s, e + 1)})
        before = [START, *question, END, END, *context, *([END] if context else [])]
        shift = len(before) - begin
        relevant = [_tokens(passage, stretch) for stretch in example.relevant]
        start: dict[int, float] = defaultdict(float)
        end: dict[int, float] = defaultdict(float)
        for s, e in kept:
            start[s + shift] += 1 / len(kept)
            end[e + shift] += 1 / len(kept)
        return Pair(
            [*before, *ids, END],
            (len(before), len(before) + len(ids)),
            dict(start) or {0: 1.0},
            dict(end) or {0: 1.0},
            [(max(s, begin) + shift, min(e + 1, stop) + shift) for s, e in relevant
             if s < stop and e >= begin],
            bool(kept),
            group,
            -1,
        )  # fmt: skip

    def support_pair(self, number: int) -> Pair:
        example = self.support[number]
        statement = self._ids[example.statement][:STATEMENT]
        evidence = self._ids[example.evidence][:256]
        ids = [START, *statement, END, END, *evidence, END]
        return Pair(ids, (1, 1), {0: 1.0}, {0: 1.0}, [], False, -1, example.label)

    def text(self, number: int, first: int, last: int) -> str:
        """The passage's text from its token `first` to its token `last`."""
        passage = self.reading[number].passage
        offsets = self._passages[passage].offsets
        return passage[offsets[first][0] : offsets[last][1]]

    def size(self, number: int) -> int:
        example = self.reading[number]
        return len(self._ids[example.passage]) + len(self._ids[example.question])


def epoch(
    encoded: Encoded, seed: int, tokens: int, support_share: float, part: int = 0, parts: int = 1
) -> Iterator[Batch]:
    """The batches of an epoch, or of the `part`-th of its `parts`; their lengths are alike."""
    rng = random.Random(seed)
    groups: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(encoded.reading):
        source, kind = example.kind.split("/")[:2]
        times = DRAWN[source] * (SHARE.get(kind, 1.0) if source not in _MADE else 1.0)
        for _ in range(int(times) + (rng.random() < times % 1)):
            groups[example.group].append(number)
    order = list(groups.values())
    rng.shuffle(order)
    supported = rng.sample(range(len(encoded.support)), int(support_share * len(encoded.support)))
    own = random.Random(f"{seed}/{part}")
    order, supported = order[part::parts], supported[part::parts]
    chunks = max(1, sum(map(len, order)) // CHUNK)
    for chunk in range(chunks):
        pairs: list[list[Pair]] = []
        for group, members in enumerate(order[chunk::chunks]):
            length = own.choice(LENGTHS)
            pairs.append([encoded.pair(number, own, group, length) for number in members])
        pairs += [[encoded.support_pair(number)] for number in supported[chunk::chunks]]
        yield from batches(pairs, tokens, own)


_MADE = frozenset({"parallel", "forms", "tables", "web_tables"})


def batches(groups: list[list[Pair]], tokens: int, rng: random.Random) -> Iterator[Batch]:
    """Batches of at most `tokens` tokens, padding counted; a group is never divided."""
    groups.sort(key=lambda group: max(len(pair.ids) for pair in group))
    packed: list[list[Pair]] = [[]]
    for group in groups:
        widest = max(len(pair.ids) for pair in group)
        if packed[-1] and (len(packed[-1]) + len(group)) * widest > tokens:
            packed.append([])
        packed[-1] += group
    rng.shuffle(packed)
    for pairs in packed:
        yield collate(pairs)


def collate(pairs: Sequence[Pair]) -> Batch:
    """One padded batch; the width is a multiple of eight."""
    width = -(-max(len(pair.ids) for pair in pairs) // 8) * 8
    shape = (len(pairs), width)
    ids = torch.full(shape, PAD)
    mask = torch.zeros(shape, dtype=torch.long)
    allowed = torch.zeros(shape, dtype=torch.bool)
    start, end, relevance = (torch.zeros(shape) for _ in range(3))
    for row, pair in enumerate(pairs):
        size = len(pair.ids)
        ids[row, :size] = torch.tensor(pair.ids)
        mask[row, :size] = 1
        allowed[row, pair.allowed[0] : pair.allowed[1]] = True
        for place, share in pair.start.items():
            start[row, place] = share
        for place, share in pair.end.items():
            end[row, place] = share
        for first, stop in pair.relevant:
            relevance[row, first:stop] = 1
    return Batch(
        ids, mask, allowed, start, end, relevance,
        torch.tensor([float(pair.answerable) for pair in pairs]),
        torch.tensor([pair.group for pair in pairs]),
        torch.tensor([pair.support for pair in pairs]),
    )  # fmt: skip


def _sentence_starts(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Tokens after the end of a sentence or of a line, roughly: windows may begin there."""
    starts = [0] if offsets else []
    for i in range(1, len(offsets)):
        between = text[offsets[i - 1][1] - 1 : offsets[i][0]]
        if "\n" in between or (between[:1] in ".!?" and len(between) > 1):
            starts.append(i)
    return starts


def _tokens(passage: Passage, stretch: tuple[int, int]) -> tuple[int, int]:
    """First and last token that share a character with the stretch."""
    inside = [i for i, (s, e) in enumerate(passage.offsets) if e > stretch[0] and s < stretch[1]]
    return inside[0], inside[-1]


def _anywhere(rng: random.Random, passage: Passage) -> tuple[int, int]:
    first = rng.choice(passage.starts)
    return first, first


def _window(
    rng: random.Random, passage: Passage, room: int, first: int, last: int
) -> tuple[int, int]:
    """At most `room` tokens that hold first..last, on sentence borders where they can be."""
    size = len(passage.ids)
    if size <= room:
        return 0, size
    starts = [s for s in passage.starts if s <= first and last < s + room]
    begin = rng.choice(starts) if starts else rng.randint(max(0, last + 1 - room), first)
    stop = min(begin + room, size)
    borders = [s for s in passage.starts if last < s <= stop]
    return begin, stop if stop == size or not borders else borders[-1]


def _noisy(rng: random.Random, question: list[int]) -> list[int]:
    """Some questions lose a token, have one hidden, or end without their question mark."""
    ids = list(question)
    if len(ids) > 5 and rng.random() < 0.15:
        del ids[rng.randrange(len(ids))]
    if len(ids) > 5 and rng.random() < 0.1:
        ids[rng.randrange(len(ids))] = MASK
    if len(ids) > 3 and ids[-1] == _QUESTION_MARK and rng.random() < 0.25:
        ids.pop()
    return ids


_LOOSE = ("/asked", "/elsewhere", "/without")
"""Kinds that stay what they are when a word of the question is lost; near misses may not."""
_QUESTION_MARK = 1033
"""The id of "?"."""


def _masked(rng: random.Random, ids: list[int], keep: set[int]) -> list[int]:
    """Word drop: in a third of the passages, about one token in sixteen is hidden."""
    if rng.random() < 0.67:
        return ids
    return [MASK if i not in keep and rng.random() < 0.06 else t for i, t in enumerate(ids)]
