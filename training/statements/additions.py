"""A place, time, reason, adjective or adverb added that the evidence does not have."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import yaml

from training.statements.clause import with_articles
from training.statements.contrasts import Contrasts
from training.statements.pieces import child, is_contiguous, subtree, text_of
from training.statements.scene import UNSAID, Change, Scene, has_word, overlap

_FILE = Path(__file__).parents[1] / "data" / "details.yaml"
_PREPOSITIONS = frozenset(
    [
        "in",
        "on",
        "at",
        "with",
        "for",
        "after",
        "before",
        "during",
        "near",
        "from",
        "because",
        "despite",
    ]
)
_DETERMINED = re.compile(r"\b(the|his|her|its|their|a|an) ([a-z]{3,})\b")


@cache
def _details() -> dict[str, list[str]]:
    data: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return data


def added_circumstance(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """... in the north of the country; half of them from other paragraphs of the article."""
    clause = scene.clause
    if len(clause.statement().split()) > 24:
        return None
    past = clause.verb in ("was", "were", "had") or clause.do == "did"
    detail = _borrowed(scene, rng) if rng.random() < 0.5 else None
    if detail is None:
        detail = rng.choice(_details()["past" if past else "present"])
    if overlap(detail, scene.evidence) > 0.34:
        return None
    return Change(replace(clause, rest=f"{clause.rest} {detail}"), UNSAID, "detail")


def _borrowed(scene: Scene, rng: Random) -> str | None:
    """An adverbial that hangs on the main verb of a sentence elsewhere in the article."""
    for paragraph in rng.sample(scene.article, min(4, len(scene.article))):
        shown = range(scene.first, scene.last + 1) if paragraph is scene.paragraph else ()
        parses = [doc for i, doc in enumerate(paragraph.parses) if i not in shown]
        for doc in rng.sample(parses, min(4, len(parses))):
            for token in doc:
                if token.dep_ != "prep" or token.lower_ not in _PREPOSITIONS:
                    continue
                words = subtree(token)
                if token.head.dep_ == "ROOT" and token.i > token.head.i and len(words) <= 6:
                    held = child(token, "pobj")
                    if held is not None and held.pos_ != "PRON" and is_contiguous(words):
                        return text_of(doc, words)
    return None


def added_word(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """the mill → the wooden mill; was built → was secretly built."""
    clause, evidence = scene.clause, scene.evidence
    if rng.random() < 0.35 and not clause.is_negated:
        adverb = rng.choice(_details()["adverbs"])
        if has_word(evidence, adverb):
            return None
        if clause.base:
            added = replace(clause, verb=f"{adverb} {clause.verb}", base="", do="", plain=False)
            return Change(added, UNSAID, "detail")
        if re.match(r"\w+(?:ed|en|ing)\b", clause.rest):
            return Change(replace(clause, rest=f"{adverb} {clause.rest}"), UNSAID, "detail")
        return None
    heads = scene.paragraph.nouns
    others = rng.sample(scene.article, min(5, len(scene.article)))
    adjectives = set().union(*(p.adjectives for p in others))
    own = sorted(adjectives - {"other", "same", "such", "many", "several", "certain", "most"})
    options = own if own and rng.random() < 0.5 else _details()["adjectives"]
    adjective = rng.choice(options)
    if has_word(evidence, adjective):
        return None
    for piece in ("rest", "subject"):
        text = getattr(clause, piece)
        found = [m for m in _DETERMINED.finditer(text) if m[2] in heads]
        if found:
            match = rng.choice(found)
            if re.match(r" (?:of|and|or)\b", text[match.end() :]) and rng.random() < 0.5:
                continue
            new = f"{text[: match.start(2)]}{adjective} {text[match.start(2) :]}"
            changed = replace(clause, **{piece: new})
            return Change(with_articles(changed, adjective), UNSAID, "detail")
    return None
