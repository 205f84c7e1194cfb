"""Questions that a passage nearly answers, made by program from questions that it does answer.

* Swap: another name, year, number or contrasting word in the question ("captain" → "engineer").
  Entity and antonym swaps make better unanswerable questions than learned generators do (Gautam,
  Zhang and Klakow 2023); the kinds are those that Rajpurkar, Jia and Liang (2018) found in people's
  unanswerable questions.
* Counterfactual: another name or year in the sentence of the passage that answers. The question is
  then unanswerable, though all it speaks of is still there; asked of the other name, it is
  answered.
* Without: the passage without the sentences that answer.
"""

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from training.example import ReadingExample, Stretch
from training.reading_files import Paragraph, Question, touching

NAME = re.compile(
    r"\b[A-Z][\w’'-]*[a-z][\w’'-]*(?:(?: (?:of|the|de|von|van|al|and))?"
    r" [A-Z][\w’'-]*[a-z][\w’'-]*)*|\b[A-Z]{2,6}\b"
)
YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-4][0-9]\b")
NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w/-]|[.,]\d)")
_WORD = re.compile(r"[A-Za-z]+")
_OPENS = frozenset(
    """
    what who whom whose which when where why how is are was were do does did has have
    had can could will would should may might if in on at by for from to of the a an
    according during after before besides under with about as name i
    """.split()  # noqa: SIM905 (one word after another reads better)
)
_LEFT_ALONE = frozenset(
    """
    many much more less long old tall high big take takes took taken taking get gets got
    make made do go goes come comes came end ends ended now then give gives gave given
    name
    """.split()  # noqa: SIM905 (one word after another reads better)
)
"""In a question these are often part of "how many", "take place" and the like."""


@dataclass(frozen=True)
class Contrasts:
    """Words that make another question in the place of a word: opposites and siblings."""

    others: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path) -> "Contrasts":
        """From `contrasts.yaml`, whose head describes it."""
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        others: dict[str, list[str]] = defaultdict(list)
        for one, other in raw["opposites"]:
            for word, opposite in zip(one, other, strict=False):
                others[word.lower()].append(opposite)
                others[opposite.lower()].append(word)
        for group in raw["siblings"]:
            for word in group["words"]:
                others[word.lower()] += [w for w in group["words"] if w != word]
        return cls({w: tuple(found) for w, found in others.items() if w not in _LEFT_ALONE})


def names(text: str) -> list[re.Match[str]]:
    """Capitalised names; not a question word or the like that only opens a sentence."""
    found = []
    for match in NAME.finditer(text):
        if match[0].split()[0].lower() in _OPENS:
            continue
        found.append(match)
    return found


def known_names(text: str) -> list[str]:
    """Names in the middle of a sentence; a capital that only opens one may be any word's."""
    found = []
    for match in names(text):
        before = text[: match.start()].rstrip()
        if before and before[-1] not in ".!?:;\"“”'‘’*>\n)]-•":
            found.append(match[0])
    return found


def swapped(
    rng: random.Random,
    question: str,
    passage: str,
    known: Sequence[str],
    contrasts: Contrasts,
) -> tuple[str, str] | None:
    """(kind, question) with one thing exchanged for one that the passage does not have."""
    lowered = passage.lower()
    tries = ["name", "year", "number", "word", "word"]
    rng.shuffle(tries)
    for kind in tries:
        changed = {
            "name": _other_name,
            "year": _other_year,
            "number": _other_number,
            "word": _other_word,
        }[kind](rng, question, lowered, known, contrasts)
        if changed is not None and changed != question:
            return kind, changed
    return None


def _replaced(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]


def _other_name(
    rng: random.Random, question: str, passage: str, known: Sequence[str], _: Contrasts
) -> str | None:
    found = [m for m in names(question) if m[0].lower() in passage]
    fresh = [n for n in known if n.lower() not in passage and n.lower() not in question.lower()]
    if not found or not fresh:
        return None
    match = rng.choice(found)
    alike = [n for n in fresh if len(n.split()) == len(match[0].split())] or fresh
    return _replaced(question, match, rng.choice(alike))


def _other_year(
    rng: random.Random, question: str, passage: str, _: Sequence[str], __: Contrasts
) -> str | None:
    found = list(YEAR.finditer(question))
    if not found:
        return None
    match = rng.choice(found)
    near = [str(int(match[0]) + d) for d in (-20, -10, -5, -3, -2, -1, 1, 2, 3, 4, 5, 10, 20)]
    fresh = [year for year in near if year not in passage]
    return _replaced(question, match, rng.choice(fresh)) if fresh else None


def _other_number(
    rng: random.Random, question: str, passage: str, _: Sequence[str], __: Contrasts
) -> str | None:
    found = [m for m in NUMBER.finditer(question) if not YEAR.fullmatch(m[0])]
    if not found:
        return None
    match = rng.choice(found)
    value = float(match[0].replace(",", ""))
    near = [value + 1, value - 1, value + 2, value * 2, value * 10, value + 5, value / 2]
    fresh = [f"{n:,.0f}" for n in near if n > 0 and n == int(n) and f"{n:,.0f}" not in passage]
    return _replaced(question, match, rng.choice(fresh)) if fresh else None


def _other_word(
    rng: random.Random, question: str, passage: str, _: Sequence[str], contrasts: Contrasts
) -> str | None:
    found = [m for m in _WORD.finditer(question) if m[0].lower() in contrasts.others]
    rng.shuffle(found)
    for match in found:
        fresh = [w for w in contrasts.others[match[0].lower()] if w.lower() not in passage]
        if fresh:
            other = rng.choice(fresh)
            return _replaced(
                question, match, other.capitalize() if match[0][0].isupper() else other
            )
    return None


def counterfactual(
    rng: random.Random,
    question: Question,
    paragraph: Paragraph,
    known: Sequence[str],
) -> list[ReadingExample]:
    """The changed passage with the question as it was (unanswerable) and as changed (answered)."""
    sentences = touching(paragraph.sentences, question.answers)
    if len(sentences) != 1:
        return []
    (begin, end), text = sentences[0], paragraph.text
    sentence = text[begin:end]
    pair = _exchange(rng, question, paragraph, sentence, known)
    if pair is None:
        return []
    old, new = pair
    places = [m.start() for m in re.finditer(rf"\b{re.escape(old)}\b", sentence)]
    changed = re.sub(rf"\b{re.escape(old)}\b", lambda _: new, sentence)
    passage = text[:begin] + changed + text[end:]

    def moved(place: int) -> int:
        if place <= begin:
            return place
        before = sum(1 for p in places if begin + p + len(old) <= place)
        return place + before * (len(new) - len(old))

    answers = tuple((moved(start), moved(stop)) for start, stop in question.answers)
    wanted = [text[start:stop] for start, stop in question.answers]
    if [passage[start:stop] for start, stop in answers] != wanted:
        return []
    asked = re.sub(rf"\b{re.escape(old)}\b", lambda _: new, question.text)
    group = f"counterfactual:{question.id}"
    kind = f"{paragraph.source}/counterfactual"
    relevant = ((begin, begin + len(changed)),)
    return [
        ReadingExample(f"{kind}-not", paragraph.title, passage, question.text, (), (), group + "-"),
        ReadingExample(kind, paragraph.title, passage, asked, answers, relevant, group + "+"),
    ]


def _exchange(
    rng: random.Random,
    question: Question,
    paragraph: Paragraph,
    sentence: str,
    known: Sequence[str],
) -> tuple[str, str] | None:
    """A name or year of the question and of the sentence, outside of the answer, and another."""
    answers = [paragraph.text[start:stop] for start, stop in question.answers]
    found = [
        m[0]
        for m in (*names(question.text), *YEAR.finditer(question.text))
        if re.search(rf"\b{re.escape(m[0])}\b", sentence)
        and not any(m[0] in answer or answer in m[0] for answer in answers)
        and m[0] not in paragraph.title
    ]
    if not found:
        return None
    old = rng.choice(found)
    if YEAR.fullmatch(old):
        fresh = [str(int(old) + d) for d in (-10, -4, -2, -1, 1, 2, 3, 7)]
        fresh = [year for year in fresh if year not in paragraph.text]
    else:
        size = len(old.split())
        fresh = [n for n in known if n not in paragraph.text and len(n.split()) == size]
    return (old, rng.choice(fresh)) if fresh else None


def without_answer(question: Question, paragraph: Paragraph) -> ReadingExample | None:
    """The passage without the sentences that answer, if it then no longer holds an answer."""
    gone = touching(paragraph.sentences, question.answers)
    kept: list[Stretch] = [s for s in paragraph.sentences if s not in gone]
    text = " ".join(paragraph.text[start:end] for start, end in kept)
    lowered = text.lower()
    answers = {paragraph.text[start:end].lower() for start, end in question.answers}
    if len(text) < 80 or any(answer in lowered for answer in answers):
        return None
    kind = f"{paragraph.source}/without"
    group = f"without:{question.id}"
    return ReadingExample(kind, paragraph.title, text, question.text, (), (), group)
