"""Write the examples of the support head as JSON lines.

    python -m training.statements.write --data ../shared/data/reading --out runs/support

Writes `train_support.jsonl` and `dev_support.jsonl` (articles that training never sees), each line
{"kind", "statement", "evidence", "label"}: label 1 the evidence says it, 2 it contradicts it, 0 it
does not say it. About half is label 1. The parses are kept in the folder `parses` of `--out`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from training.statements import templates
from training.statements.additions import added_circumstance, added_word
from training.statements.clause import Clause
from training.statements.combined import given_as_reason, half_of_each, joined
from training.statements.contrasts import contrasts, opposite, sibling
from training.statements.material import load, parse
from training.statements.names import changed_name, exchanged, wrong_answer
from training.statements.negation import negated, truly_negated
from training.statements.numbers import changed_date, changed_number, changed_unit
from training.statements.retold import retold
from training.statements.rewording import reworded
from training.statements.scene import CONTRADICTED, SUPPORTED, UNSAID, Change, Scene
from training.statements.strength import changed_strength, limited
from training.statements.truths import truths
from training.statements.unrelated import near_evidence

_LOOSE = ("reddit", "amazon_reviews")
_LONGEST_EVIDENCE = 170
_QUESTIONS, _REWORDED, _TRULY_NEGATED = 0.2, 0.5, 0.04
_RARE = (
    (changed_unit, 0.6),
    (changed_date, 0.6),
    (changed_strength, 0.5),
    (exchanged, 0.7),
    (changed_number, 0.3),
    (changed_name, 0.2),
)
_COMMON = (
    (changed_number, 3.0),
    (changed_name, 2.0),
    (wrong_answer, 2.0),
    (opposite, 1.6),
    (sibling, 1.2),
    (negated, 1.2),
    (added_circumstance, 1.2),
    (added_word, 1.0),
    (limited, 0.5),
)
_COMBINED, _UNRELATED = 0.12, 0.12


def examples(scenes: list[Scene], rng: Random) -> Iterator[dict[str, Any]]:
    """A true example of each scene, and a false one of the same form."""
    beside: dict[int, list[Scene]] = {}
    for scene in scenes:
        beside.setdefault(id(scene.paragraph), []).append(scene)
    for scene in scenes:
        others = [
            other
            for other in beside[id(scene.paragraph)]
            if 0 < abs(other.sentence - scene.sentence) <= 2 and other.clause.plain
        ]
        partner = rng.choice(others) if others else None
        # The same form for both, so that being joined, asked or reworded tells nothing.
        asked, changed = rng.random() < _QUESTIONS, rng.random() < _REWORDED
        two = partner is not None and rng.random() < _COMBINED and scene.clause.plain
        if two and partner is not None:
            yield from _of_two(scene, partner, rng)
            continue
        truth = Change(scene.clause, SUPPORTED, f"true/{_origin(scene)}")
        if rng.random() < _TRULY_NEGATED * 4:
            truth = truly_negated(scene, rng, contrasts()) or truth
        yield _written(truth, scene, asked, changed, rng)
        if rng.random() < _UNRELATED and (evidence := near_evidence(scene, rng)):
            unsaid = Change(scene.clause, UNSAID, "unrelated")
            yield _written(unsaid, scene, asked, changed, rng, evidence)
        elif (false := false_change(scene, rng)) is not None:
            yield _written(false, scene, asked, changed, rng)
            yield from _retold(scene, false, asked, changed, rng)


def _retold(
    scene: Scene, false: Change, asked: bool, changed: bool, rng: Random
) -> Iterator[dict[str, Any]]:
    """The false statement with evidence that says it; and the true one, which is false then."""
    evidence = retold(scene, false.clause.statement())
    if evidence is None:
        return
    true = replace(false, label=SUPPORTED, kind=f"retold/{false.kind}")
    yield _written(true, scene, asked, changed, rng, evidence)
    if false.label == CONTRADICTED or false.kind == "sibling":
        was = replace(false, clause=scene.clause, kind=f"retold/{false.kind}")
        yield _written(was, scene, asked, changed, rng, evidence)
    elif false.kind == "detail" and rng.random() < 0.5:
        kept = Change(scene.clause, SUPPORTED, "true/without detail")
        yield _written(kept, scene, asked, changed, rng, evidence)


def _origin(scene: Scene) -> str:
    return scene.origin.replace("without", "shortened: without")


def false_change(scene: Scene, rng: Random) -> Change | None:
    """One false form of the clause; the rare kinds are tried first, since few sentences fit."""
    for maker, share in rng.sample(_RARE, len(_RARE)):
        if rng.random() < share and (change := maker(scene, rng, contrasts())):
            return change
    left = list(_COMMON)
    while left:
        chosen = rng.choices(left, [weight for _, weight in left])[0]
        left.remove(chosen)
        change = chosen[0](scene, rng, contrasts())
        if change is not None and change.clause.statement() != scene.clause.statement():
            return change
    return None


def _of_two(scene: Scene, partner: Scene, rng: Random) -> Iterator[dict[str, Any]]:
    wide = replace(
        scene,
        first=min(scene.first, partner.sentence),
        last=max(scene.last, partner.sentence),
    )
    both = Change(joined(scene.clause, partner.clause), SUPPORTED, "true/both")
    yield _written(both, wide, False, False, rng)
    way = rng.randrange(3)
    change: Change | None = None
    if way == 0:
        change = half_of_each(wide, partner.clause, rng)
    elif way == 1 and rng.random() < 0.5:
        change = given_as_reason(wide, partner.clause, rng)
    if change is None and (false := false_change(replace(wide, clause=partner.clause), rng)):
        pair: tuple[Clause, Clause] = (scene.clause, false.clause)
        change = Change(joined(*pair), false.label, f"joined/{false.kind}")
    if change is not None:
        yield _written(change, wide, False, False, rng)


def _written(
    change: Change,
    scene: Scene,
    asked: bool,
    changed: bool,
    rng: Random,
    evidence: str | None = None,
) -> dict[str, Any]:
    """The change as an example; `evidence` where it is not the scene's own."""
    shown = scene.evidence if evidence is None else evidence
    text = (change.clause.question() if asked else None) or change.clause.statement()
    return {
        "kind": f"support/{change.kind}",
        "statement": reworded(text, shown, rng) if changed else text,
        "evidence": shown,
        "label": change.label,
        "source": scene.paragraph.source,
    }


def mixed(made: Iterable[dict[str, Any]], most: int, rng: Random) -> list[dict[str, Any]]:
    """Each example once, as many true as others, reviews and posts at most a quarter of either."""
    unique = {(line["statement"], line["evidence"]): line for line in made}
    lines = [line for key, line in unique.items() if len(key[1].split()) <= _LONGEST_EVIDENCE]
    rng.shuffle(lines)
    sides = [[line for line in lines if (line["label"] == 1) == true] for true in (True, False)]
    half = min(most // 2, *(len(side) for side in sides))
    chosen: list[dict[str, Any]] = []
    for side in sides:
        loose = [line for line in side if line["source"] in _LOOSE][: half // 4]
        others = [line for line in side if line["source"] not in _LOOSE]
        chosen += (loose + others)[:half]
    rng.shuffle(chosen)
    return chosen


def save(lines: list[dict[str, Any]], file: Path) -> None:
    """Writes the lines, and prints how many of each kind there are."""
    with file.open("w", encoding="utf-8") as out:
        for line in lines:
            kept = {key: line[key] for key in ("kind", "statement", "evidence", "label")}
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")
    print(file.name, len(lines))
    for kind, count in sorted(Counter(f"{x['kind']} {x['label']}" for x in lines).items()):
        print(f"  {count:6} {kind}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=90_000)
    parser.add_argument("--development", type=int, default=3_000)
    parser.add_argument("--passes", type=int, default=1, help="times that each sentence is changed")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = Random(given.seed)
    material = load(given.data)
    parse(material, given.out / "parses")
    made: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    for _ in range(given.passes):
        scenes = list(truths(material, rng))
        for held_out, lines in made.items():
            lines += examples([s for s in scenes if s.paragraph.development == held_out], rng)
    for name, held_out, most in (
        ("train", False, given.count),
        ("dev", True, given.development),
    ):
        notices = list(templates.examples(most // 18, held_out, rng))
        save(mixed(made[held_out], most, rng) + notices, given.out / f"{name}_support.jsonl")


if __name__ == "__main__":
    main()
