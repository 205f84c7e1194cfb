"""A true statement shown other sentences that share its words and do not say it."""

from random import Random

from training.statements.numbers import NUMBER
from training.statements.scene import Scene, has_word, overlap


def near_evidence(scene: Scene, rng: Random) -> str | None:
    """The one to three sentences of the article that share most words with the clause, but lack
    its answer, or a number or name of it. None where the article has none such."""
    text = scene.clause.statement()
    marks = [m[0] for m in NUMBER.finditer(text)]
    marks += [e.text for e in scene.shown_entities() if has_word(text, e.text)]
    if scene.answer:
        marks = [scene.answer]
    if not marks:
        return None
    best: tuple[float, str] = (0.0, "")
    for paragraph in rng.sample(scene.article, min(6, len(scene.article))):
        size = rng.randint(1, 3)
        for start in range(0, len(paragraph.sentences), 2):
            end = min(start + size, len(paragraph.sentences))
            if paragraph is scene.paragraph and start <= scene.last and end > scene.first:
                continue
            shown = " ".join(paragraph.sentences[start:end])
            lacking = [mark for mark in marks if not has_word(shown, mark)]
            if len(lacking) == len(marks) or (lacking and scene.answer):
                score = overlap(text, shown)
                if best[0] < score < 0.8:
                    best = (score, shown)
    return best[1] if best[0] >= 0.2 else None
