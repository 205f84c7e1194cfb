"""The public data sets that the reader was trained on, rewritten into SQuAD's format.

Each function takes the files of a set as its authors publish them, and gives the articles.
"""

import csv
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Article = dict[str, Any]
Files = Mapping[str, str]
"""The texts of files, by their paths."""

_HALF_OF_WIKI = 24
"""Articles; the others are held out."""
_HALF_OF_NATURAL = 0.5
_PENN = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}",
}  # fmt: skip
"""How the Penn Treebank writes brackets; quotation marks it writes as `` and ''."""
_SPACES = (
    (re.compile(r" ([,.;:!?%)\]}]|'s\b|''|'t|'re|'ve|'d|'m|n't)"), r"\1"),
    (re.compile(r"([(\[{]|``) "), r"\1"),
    (re.compile(r"(?<=\w) - (?=\w)"), "-"),
)
"""What tokenisation pulled apart."""


def wiki(files: Files) -> list[Article]:
    """Half of the new Wikipedia set of SquadShifts, which is in SQuAD's format already."""
    return _squad(files)[:_HALF_OF_WIKI]


def whole(files: Files) -> list[Article]:
    """A set of SquadShifts as it is."""
    return _squad(files)


def _squad(files: Files) -> list[Article]:
    [text] = files.values()
    articles: list[Article] = json.loads(text)["data"]
    return articles


def natural(files: Files) -> list[Article]:
    """Half of the development part of QED: a question as typed, and the paragraph that answers."""
    [text] = files.values()
    rows = [json.loads(line) for line in text.splitlines()]
    random.Random(5).shuffle(rows)
    return [_natural(row) for row in rows[: int(_HALF_OF_NATURAL * len(rows))]]


def _natural(row: dict[str, Any]) -> Article:
    tokens = row["paragraph_text"]
    spans = dict.fromkeys(
        (span["start"], span["end"]) for marked in row["original_nq_answers"] for span in marked
    )
    context = joined(tokens).strip()
    answers = [
        {"text": text, "answer_start": start}
        for first, last in spans
        if (text := joined(tokens[first:last]).strip())
        and (start := _near(context, text, len(joined(tokens[:first])))) is not None
    ]
    question = {"id": f"qed{row['example_id']}", "question": row["question_text"]}
    return _article(row["title_text"], [(context, [question | {"answers": answers}])])


def stories(files: Files) -> list[Article]:
    """The training part of FairytaleQA: the questions whose answer stands in their section."""
    return [
        _article(name.replace("-", " "), _sections(name, files[path], files[questions]))
        for path in sorted(files)
        if (name := _name(path, "-story.csv"))
        and (questions := _sibling(files, f"/{name}-questions.csv"))
    ]


def _sections(name: str, story: str, questions: str) -> Iterator[tuple[str, list[Any]]]:
    asked = list(csv.DictReader(questions.splitlines()))
    for row in csv.DictReader(_lines(story)):
        context = " ".join(row["text"].split())
        found = []
        for question in asked:
            answers = [
                {"text": context[at : at + len(answer)], "answer_start": at}
                for number in range(1, 7)
                if (answer := (question[f"answer{number}"] or "").strip().rstrip("."))
                and (at := context.lower().find(answer.lower())) >= 0
            ]
            if question["cor_section"] == row["section"] and answers:
                found.append(
                    {
                        "id": f"fairy-{name}-{question['question_id']}",
                        "question": question["question"],
                        "answers": answers,
                    }
                )
        if found:
            yield context, found


def sentences(files: Files) -> list[Article]:
    """The development and test parts of QAMR: many short questions on each sentence.

    An answer is given as the numbers of its words; those that are not in one piece are left out.
    """
    tokens = {
        name: [_PENN.get(token, token) for token in sentence.split(" ")]
        for line in files[_sibling(files, "wiki-sentences.tsv")].splitlines()
        for name, _, sentence in [line.partition("\t")]
    }
    asked: dict[str, list[Any]] = {}
    for path in sorted(files):
        for line in files[path].splitlines() if path.endswith(("dev.tsv", "test.tsv")) else ():
            row = line.split("\t")
            marked = [judged.partition(":")[2] for judged in row[7:9]]
            answers = [_in_one_piece(tokens[row[0]], marks) for marks in marked]
            if all(answers):
                questions = asked.setdefault(row[0], [])
                questions.append(
                    {
                        "id": f"{row[0]}:0:{len(questions)}",
                        "question": row[5],
                        "answers": answers,
                    }
                )
    articles: dict[str, list[Any]] = {}
    for name, questions in asked.items():
        title = ":".join(name.split(":")[:3])  # kind, collection and article
        articles.setdefault(title, []).append((_sentence(tokens[name]), questions))
    return [_article(title, paragraphs) for title, paragraphs in articles.items()]


def _in_one_piece(words: list[str], marks: str) -> dict[str, Any] | None:
    numbers = [int(number) for number in marks.split()]
    if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
        return None
    text = _sentence(words[numbers[0] : numbers[-1] + 1])
    start = _near(_sentence(words), text, len(_sentence(words[: numbers[0]])))
    return None if start is None else {"text": text, "answer_start": start}


def _sentence(words: list[str]) -> str:
    return joined(" ".join(words)).replace("``", '"').replace("''", '"')


def joined(tokens: str) -> str:
    """The text without the spaces that tokenisation put in.

    >>> joined("Wells 's hope ( 1905 ) , a well - known idea .")
    "Wells's hope (1905), a well-known idea."
    """
    for pattern, replacement in _SPACES:
        tokens = pattern.sub(replacement, tokens)
    return tokens


def _near(context: str, text: str, place: int) -> int | None:
    """Where the text stands in the context, of several places the one nearest to this."""
    found = [match.start() for match in re.finditer(re.escape(text), context)]
    return min(found, key=lambda start: abs(start - place)) if found else None


def _article(title: str, paragraphs: Iterable[tuple[str, list[Any]]]) -> Article:
    return {
        "title": title,
        "paragraphs": [{"context": context, "qas": asked} for context, asked in paragraphs],
    }


def _name(path: str, ending: str) -> str:
    return path.rpartition("/")[2].removesuffix(ending) if path.endswith(ending) else ""


def _sibling(files: Files, ending: str) -> str:
    return next((path for path in files if path.endswith(ending)), "")


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
