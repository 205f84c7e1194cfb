"""Made stronger or weaker: some → all, may → must, about → exactly, "only" or "always" put in."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import yaml

from training.statements.contrasts import Contrasts
from training.statements.scene import UNSAID, Change, Scene, has_word

_FILE = Path(__file__).parents[1] / "data" / "strength.yaml"


@cache
def _data() -> dict[str, list[list[str]]]:
    data: dict[str, list[list[str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return data


def same_strength() -> list[tuple[str, str]]:
    """Pairs of phrases that say the same."""
    return [(a, b) for a, b in _data()["same"]]


def changed_strength(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """A phrase of the table `changed` of strength.yaml becomes what stands beside it."""
    text = scene.clause.statement()
    rows = [row for row in _data()["changed"] if has_word(text, row[0])]
    rng.shuffle(rows)
    # The longest phrase counts: "almost all" is not an "all".
    rows.sort(key=lambda row: -len(row[0].split()))
    for old, new, label in rows:
        if not has_word(scene.evidence, old) or (
            has_word(scene.evidence, new) and new not in ("may", "must", "can", "will")
        ):
            continue
        if old in ("about", "around", "over", "nearly", "almost", "up to") and not re.search(
            rf"\b{old} \W?(?:\d|two|three|four|five|six|ten|half|a )", text, re.I
        ):
            continue  # "a book about bees"
        if old == "most" and not re.search(r"(?<!the )(?<!one of )\bmost [a-z]+s\b", text, re.I):
            continue  # "the most expensive"
        if old == "all" and not re.search(r"(?<!at )\ball [a-z]+s\b", text, re.I):
            continue  # "not at all", "all the trees"
        if old == "only" and re.search(
            r"\b(?:the|an?|my|our|his|her|its|their) only\b", text, re.I
        ):
            continue
        if old in ("may", "might", "could", "can", "should", "must", "will"):
            if scene.clause.verb != old:
                continue
            return Change(replace(scene.clause, verb=str(new)), int(label), "strength")
        clause = scene.clause.swapped(old, str(new))
        if clause is not None:
            return Change(clause, int(label), "strength")
    return None


def limited(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """ "only" or "always" put in, or "all" before a bare plural: more than the evidence says."""
    clause = scene.clause
    if clause.is_negated or not clause.plain:
        return None
    habitual = clause.verb in ("is", "are") or clause.do in ("do", "does")
    word = rng.choice(["only", "always"]) if habitual else "only"
    if has_word(scene.evidence, word) or has_word(scene.evidence, "all"):
        return None
    bare_plural = re.fullmatch(r"[a-z]+s", clause.subject) and clause.verb in ("are", "have")
    if bare_plural and rng.random() < 0.5:
        return Change(replace(clause, subject=f"all {clause.subject}"), UNSAID, "limited")
    if clause.base:
        if word == "only" and not re.match(r"(?:in|on|at|to|\d|the|a|his|her|for)\b", clause.rest):
            return None
        return Change(
            replace(clause, verb=f"{word} {clause.verb}", base="", do="", plain=False),
            UNSAID,
            "limited",
        )
    return Change(replace(clause, rest=f"{word} {clause.rest}"), UNSAID, "limited")
