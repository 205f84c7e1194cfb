"""Not, never or no longer put in or taken out; and true negations, so that "not" tells nothing."""

import re
from dataclasses import replace
from random import Random

from training.statements.contrasts import Contrasts
from training.statements.numbers import changed_number
from training.statements.scene import CONTRADICTED, SUPPORTED, Change, Scene

_LIMIT = re.compile(r"\b(?:about|around|over|under|more|less|least|most|up to|nearly|almost)\b")


def negated(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """The mill was not built in 1890."""
    clause = scene.clause
    word = "not"
    if not clause.is_negated and rng.random() < 0.3:
        present = clause.verb in ("is", "are", "has", "have", "can") or clause.do in ("do", "does")
        word = "no longer" if present and rng.random() < 0.5 else "never"
    negation = clause.negation(word)
    return Change(negation, CONTRADICTED, "negated") if negation else None


def truly_negated(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """Of a mill built in 1890: it was not built in 1905. Only where one number excludes another."""
    clause = scene.clause
    if clause.is_negated or clause.lead or not clause.plain:
        return None
    if len(clause.statement().split()) > 16 or _LIMIT.search(clause.rest):
        return None
    if clause.base or clause.verb not in ("is", "are", "was", "were"):
        return None
    wrong = changed_number(replace(scene, clause=clause), rng, contrasts)
    if wrong is None or wrong.clause.subject != clause.subject:
        return None
    negation = wrong.clause.negation()
    return Change(negation, SUPPORTED, "truly negated") if negation else None
