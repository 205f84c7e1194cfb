"""Another name, an answer from elsewhere, or subject and object exchanged."""

import re
from dataclasses import replace
from random import Random

from spacy.tokens import Span

from training.statements.contrasts import Contrasts
from training.statements.scene import CONTRADICTED, UNSAID, Change, Scene, are_joined, has_word

_NAMES = ("PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "WORK_OF_ART", "PRODUCT")
_SYMMETRIC = re.compile(
    r"\b(?:meet|met|marry|married|join\w*|fought|fight|play\w*|resemble\w*|border\w*|"
    r"like|similar|between|same|equal\w*|called|named|known|becam?e|and|or)\b"
)


def _clean(entity: Span) -> str:
    return re.sub(r"(?:['’]s|['’])$", "", re.sub(r"^the ", "", entity.text, flags=re.I)).strip()


def _known(entities: list[Span], text: str) -> list[Span]:
    return [e for e in entities if e.label_ in _NAMES and has_word(text, _clean(e))]


def changed_name(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """A name of the clause becomes another name of its kind, of the evidence or the article."""
    text, evidence = scene.clause.statement(), scene.evidence
    own = _known(scene.shown_entities(), text)
    rng.shuffle(own)
    near = scene.shown_entities() if rng.random() < 0.6 else scene.paragraph_entities()
    others = rng.sample(scene.article, min(3, len(scene.article)))
    far = [e for p in others for es in p.entities for e in es]
    for old in own:
        for candidates in (near, far):
            for new in rng.sample(candidates, len(candidates)):
                if new.label_ == old.label_ and _differs(_clean(old), _clean(new), text, evidence):
                    clause = scene.clause.swapped(_clean(old), _clean(new))
                    if clause is not None:
                        return Change(clause, CONTRADICTED, "name")
    return None


def _differs(old: str, new: str, text: str, evidence: str) -> bool:
    """Not another form of the same name, nor one of a list of which both are true."""
    words, others = set(old.lower().split()), set(new.lower().split())
    shares = words & others or old.lower() in new.lower() or new.lower() in old.lower()
    short = "".join(w[0] for w in old.split() if w[0].isupper()) == new.replace(".", "")
    if shares or short or len(new) < 2 or has_word(text, new) or not new[0].isalnum():
        return False
    return not (has_word(evidence, new) and are_joined(evidence, old, new))


def exchanged(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """Ada hired Bo. → Bo hired Ada."""
    clause = scene.clause
    if _SYMMETRIC.search(f"{clause.verb} {clause.rest}") or not clause.plain:
        return None
    entities = [_clean(e) for e in scene.shown_entities() if e.label_ in ("PERSON", "ORG", "GPE")]
    before = [e for e in entities if clause.subject in (e, f"the {e}")]
    after = [
        e
        for e in entities
        if re.search(rf"^(?:(?:not )?\w+ by )?(?:the )?{re.escape(e)}(?!\w|['’])", clause.rest)
    ]
    is_deed = bool(clause.base) or " by " in clause.rest
    if not before or not after or not is_deed or before[0] in after[0] or after[0] in before[0]:
        return None
    rest = re.sub(
        rf"(?:the )?{re.escape(after[0])}", lambda _: clause.subject, clause.rest, count=1
    )
    return Change(replace(clause, subject=after[0], rest=rest), CONTRADICTED, "exchanged")


def wrong_answer(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """In the place of the answer, something of the same type from the same passage."""
    answer, text, evidence = scene.answer, scene.clause.statement(), scene.evidence
    if not answer:
        return None
    label = next((e.label_ for e in scene.shown_entities() if _clean(e) in answer), "")
    if label in _NAMES or label in ("DATE", "MONEY", "QUANTITY", "PERCENT", "TIME"):
        options = [_clean(e) for e in scene.paragraph_entities() if e.label_ == label]
        kind = CONTRADICTED
    else:
        plural = answer.split()[-1].endswith("s")
        chunks = [c for doc in scene.paragraph.parses for c in doc.noun_chunks]
        options = [
            c.text if c[0].tag_ in ("NNP", "NNPS") else c.text[:1].lower() + c.text[1:]
            for c in chunks
            if c.root.pos_ in ("NOUN", "PROPN")
            and (c.root.tag_ in ("NNS", "NNPS")) == plural
            and c[0].pos_ in ("DET", "PROPN", "NOUN", "ADJ")
        ]
        kind = UNSAID
    for new in rng.sample(options, len(options)):
        if _differs(answer, new, text, evidence) and '"' not in new:
            clause = scene.clause.swapped(answer, new)
            if clause is not None:
                return Change(clause, kind, "wrong answer")
    return None
