"""The evidence told as a false statement has it, so that the statement is true after all.

Without these, a reader could tell false statements by their form alone: most that have "not",
"only" or an unneeded detail would be false ones.
"""

import re

from training.statements.scene import Scene


def retold(scene: Scene, changed: str) -> str | None:
    """The scene's evidence with the same words changed in its sentence as in the statement; None
    where the sentence has them in another form, twice, or another sentence has them too."""
    words, new_words = scene.clause.statement()[:-1].split(), changed[:-1].split()
    start = 0
    while start < min(len(words), len(new_words)) and words[start] == new_words[start]:
        start += 1
    end = 0
    most = min(len(words), len(new_words)) - start
    while end < most and words[-1 - end] == new_words[-1 - end]:
        end += 1
    old = " ".join(words[start : len(words) - end])
    new = " ".join(new_words[start : len(new_words) - end])
    if not new:
        return None
    sentence = scene.paragraph.sentences[scene.sentence]
    if old:
        told = _once(sentence, old, new) if _count(scene.evidence, old) == 1 else None
    else:
        before = " ".join(words[max(0, start - 2) : start])
        after = " ".join(words[start : start + 2])
        told = _once(sentence, before, f"{before} {new}") if start > 1 else None
        told = told or (_once(sentence, after, f"{new} {after}") if end > 1 else None)
    if told is None:
        return None
    shown = list(scene.paragraph.sentences)
    shown[scene.sentence] = told
    return " ".join(shown[scene.first : scene.last + 1])


def _pattern(words: str) -> str:
    return rf"(?<!\w){re.escape(words)}(?!\w)"


def _count(text: str, words: str) -> int:
    return len(re.findall(_pattern(words), text, re.I))


def _once(sentence: str, old: str, new: str) -> str | None:
    if _count(sentence, old) != 1:
        return None
    place = re.search(_pattern(old), sentence, re.I)
    assert place is not None
    if place.start() == 0:
        new = new[:1].upper() + new[1:]
    return sentence[: place.start()] + new + sentence[place.end() :]
