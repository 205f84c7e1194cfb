"""Every true clause of the material, with the sentences that say it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from training.statements.answers import placed
from training.statements.clause import Clause
from training.statements.material import Material, Paragraph
from training.statements.questions import clause as clause_of_question
from training.statements.scene import Scene, overlap
from training.statements.sentences import clauses as clauses_of_sentence

_LEAST_OVERLAP = 0.5
_PRONOUN = re.compile(
    r"(?:he|she|it|they|this|that|these|those|i|we|you|his|her|their|its|my)\b", re.I
)
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|we|us|our|you|your)\b")


def truths(material: Material, rng: Random) -> Iterator[Scene]:
    """Scenes with a true clause each, those of questions first."""
    articles = material.by_article()
    for question, doc in zip(material.questions, material.parsed_questions, strict=True):
        paragraph = material.paragraphs[question.paragraph]
        answer = placed(question, paragraph)
        clause = clause_of_question(doc, answer) if answer else None
        if answer is None or clause is None or _FIRST_PERSON.search(clause.statement()):
            continue
        scene = _scene(
            clause, paragraph, articles[paragraph.article], answer.sentence, "question", rng
        )
        wide = _with_enough_words(scene, answer.text)
        if wide is not None:
            yield wide
    for paragraph in material.paragraphs:
        for number, doc in enumerate(paragraph.parses):
            for name, clause in clauses_of_sentence(doc):
                text = clause.statement()
                if _FIRST_PERSON.search(text) or (
                    _PRONOUN.match(clause.subject) and rng.random() < 0.75
                ):
                    continue
                yield _scene(clause, paragraph, articles[paragraph.article], number, name, rng)


def _scene(
    clause: Clause,
    paragraph: Paragraph,
    article: list[Paragraph],
    sentence: int,
    origin: str,
    rng: Random,
) -> Scene:
    """With none to three neighbours of the sentence shown."""
    shown = rng.choice([0, 0, 0, 1, 1, 2, 3])
    first = max(0, sentence - rng.randint(0, shown))
    last = min(len(paragraph.sentences) - 1, first + shown)
    return Scene(clause, paragraph, article, sentence, first, max(last, sentence), origin)


def _with_enough_words(scene: Scene, answer: str) -> Scene | None:
    """The scene with sentences before it added until they share half of the words; None where
    even then they do not: the question speaks of something told elsewhere."""
    text = scene.clause.statement()
    for first in range(scene.first, max(-1, scene.first - 3), -1):
        wider = replace(scene, first=first, answer=answer)
        if overlap(text, wider.evidence) >= _LEAST_OVERLAP:
            return wider
    return None
