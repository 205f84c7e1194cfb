"""Two sentences made one: truly joined, joined with a false half, or half of each."""

import re
from dataclasses import replace
from random import Random

from training.statements.clause import Clause
from training.statements.scene import UNSAID, Change, Scene, overlap, stems

_ANAPHOR = re.compile(
    r"(?:the|this|these|that|those|both|such|he|she|it|they|there|who|i|we|you) ?[a-z]*$", re.I
)
"""A subject that may well be another name for what the next sentence speaks of."""
_REASON = ("because", "which is why", "so that")


def middle(clause: Clause) -> str:
    """The clause as it stands after "and"."""
    return " ".join(x for x in (clause.lead, clause.subject, clause.verb, clause.rest) if x)


def joined(one: Clause, other: Clause, link: str = ", and") -> Clause:
    """Both clauses as one: "A, and B"."""
    return replace(one, rest=f"{one.rest}{link} {middle(other)}", plain=False)


def half_of_each(scene: Scene, other: Clause, rng: Random) -> Change | None:
    """The subject of one sentence with what another says of its own subject."""
    one = scene.clause
    same_number = one.verb == other.verb or (one.do and one.do == other.do)
    past = {one.do or one.verb, other.do or other.verb} <= {"did", "had"}
    if not (same_number or past) or not one.plain or not other.plain:
        return None
    if _ANAPHOR.match(other.subject) or _ANAPHOR.match(one.subject):
        return None
    if (
        stems(one.subject) & (stems(other.subject) | stems(other.rest))
        or overlap(other.rest, middle(one)) > 0.3
    ):
        return None
    mixed = replace(other, subject=one.subject, lead="")
    return Change(mixed, UNSAID, "half of each")


def given_as_reason(scene: Scene, other: Clause, rng: Random) -> Change | None:
    """Both halves are true; that one is the reason for the other is not told."""
    if re.search(r"\b(?:because|so|since|therefore|thus|why|due|for|after)\b", scene.evidence):
        return None
    if not scene.clause.plain or not other.plain or len(middle(other).split()) > 14:
        return None
    link = rng.choice(_REASON)
    mark = ", " if link == "which is why" else " "
    return Change(joined(scene.clause, other, f"{mark}{link}"), UNSAID, "reason")
