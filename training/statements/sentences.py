"""A sentence as clauses that it says: whole, shortened, and what hangs on its subject.

"The mill (now a museum), which Ada Holm built in 1890, stands near Soleby." gives
"The mill stands near Soleby." and "Ada Holm built the mill in 1890." is left to the questions.
What is left out never changes whether the rest is true: conditions, limits and quotations stay.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from training.statements.clause import Clause, with_finite
from training.statements.derived import (
    SUBJECT,
    active_to_passive,
    apposition,
    asides,
    finite_verb,
    passive_to_active,
    relatives,
    second_verb,
)
from training.statements.pieces import (
    child,
    is_contiguous,
    lower_start,
    root_of,
    subtree,
    text_of,
)

_SAFE_TAILS = frozenset(
    ["although", "though", "while", "because", "since", "as", "whereas", "after", "before"]
)
_SAFE_PLACES = frozenset(["in", "on", "at", "during", "after", "since", "near"])
_LIMIT = re.compile(
    r"\b(?:only|all|every|each|most|no|not|n't|never|any|few|none|neither|unless|until|if|without|"
    r"except|first|last|best|rarely|seldom|hardly|\w+est|perhaps|maybe|may|might|could|would)\b",
    re.I,
)
_LEADING = frozenset(["prep", "advmod", "npadvmod", "advcl", "cc", "punct"])
_PASSING = frozenset(
    ["also", "then", "later", "subsequently", "eventually", "finally", "thus", "therefore"]
)
_HEDGED_LEAD = re.compile(
    r"\b(?:according|if|unless|only|never|rarely|hardly|seldom|without|perhaps|maybe|allegedly|"
    r"supposedly|reportedly|theory|not|no|until|contrary|instead|unlike|except|besides|sometimes|"
    r"often|usually|generally|possibly|probably)\b",
    re.I,
)


def clauses(doc: Doc) -> list[tuple[str, Clause]]:
    """(how it was made, clause) of a parsed sentence; empty where its form is not a plain one."""
    if not 5 <= len(doc) <= 60 or re.search(r"[\"“”?!*|\[\]#]|^\W|''|[:;]", doc.text):
        return []
    root = root_of(doc)
    if root is None:
        return []
    made: list[tuple[str, Clause | None]] = []
    subject = child(root, *SUBJECT)
    if subject is None or subject.i > root.i:
        return []
    for name, left_out in _shortenings(doc, root):
        clause = _around(doc, root, subject, left_out)
        made.append((name, clause))
        if clause and clause.lead and _may_go(doc, clause.lead):
            made.append(("without lead", replace(clause, lead="")))
            if name == "whole" and len(clause.lead.split()) < 6:
                tail = re.sub(r"[,;]$", "", clause.lead)
                made.append(("reordered", _moved(doc, clause, tail)))
    made += [("second verb", second_verb(doc, root, subject))]
    made += [("apposition", apposition(doc, root, subject))]
    made += [("relative", clause) for clause in relatives(doc)]
    made += [("passive", passive_to_active(doc, root, subject))]
    made += [("active", active_to_passive(doc, root, subject))]
    return [(name, c) for name, c in made if c and _is_good(c)]


_CUT_OFF = re.compile(r" (?:and|or|at|of|in|on|to|with|for|by|from|the|a)$")


def _may_go(doc: Doc, lead: str) -> bool:
    subordinate = doc[0].tag_ in ("WRB", "IN") and doc[0].dep_ in ("mark", "advmod")
    return not _HEDGED_LEAD.search(lead) and (lead.endswith(",") or not subordinate)


def _is_good(clause: Clause) -> bool:
    words = clause.statement().split()
    return 4 <= len(words) <= 35 and bool(clause.rest) and not _CUT_OFF.search(clause.rest)


def _shortenings(doc: Doc, root: Token) -> Iterator[tuple[str, set[int]]]:
    yield "whole", set()
    aside = asides(doc)
    if aside:
        yield "without asides", aside
    tail = _tail(root)
    if tail:
        yield "without tail", tail
        if aside:
            yield "without both", aside | tail


def _tail(root: Token) -> set[int]:
    """A clause or a place or time at the end whose loss leaves the rest true."""
    doc = root.doc
    last = max(t.i for t in root.subtree if t.pos_ != "PUNCT")
    for token in root.children:
        words = subtree(token)
        if token.i < root.i or last not in words or not is_contiguous(words):
            continue
        before = {min(words) - 1} if doc[min(words) - 1].text in (",", ";") else set()
        if token.dep_ == "advcl":
            mark = child(token, "mark")
            if mark is not None and mark.lower_ in _SAFE_TAILS and min(words) == mark.i:
                return words | before
        if token.dep_ == "conj" and child(token, "nsubj", "nsubjpass") is not None:
            links = {t.i for t in root.children if t.dep_ == "cc" and t.i < min(words)}
            if len(links) == 1 and doc[max(links)].lower_ in ("and", "but"):
                return set(range(max(links), max(words) + 1))
        if token.dep_ == "prep" and token.lower_ in _SAFE_PLACES and root.lemma_ != "be":
            held = child(token, "pobj")
            full = any(t.dep_ in ("dobj", "attr", "agent", "acomp") for t in root.children)
            known = held is not None and held.ent_type_ in ("DATE", "TIME", "GPE", "LOC", "FAC")
            if known and (full or root.tag_ == "VBN") and not _LIMIT.search(doc.text):
                return words | before
    return set()


def _around(doc: Doc, verb: Token, subject: Token, left_out: set[int]) -> Clause | None:
    finite = finite_verb(verb)
    words = subtree(subject)
    if finite is None or not is_contiguous(words) or max(words) >= finite.i:
        return None
    between = [doc[i] for i in range(max(words) + 1, finite.i) if i not in left_out]
    if any(t.lower_ not in _PASSING and t.text != "," for t in between):
        return None
    if any(t.i < min(words) and t.dep_ not in _LEADING for t in verb.children):
        return None
    lead_words = [i for i in range(min(words)) if i not in left_out]
    if lead_words and doc[lead_words[0]].dep_ == "cc":
        lead_words = lead_words[1:]
    lead = text_of(doc, lead_words)
    if lead:
        lead = lower_start(doc, lead, lead_words[0])
        lead += "," if doc[min(words) - 1].text == "," else ""
    name = lower_start(doc, text_of(doc, words - left_out), min(words))
    if "," in name and doc[finite.i - 1].text == ",":
        name += ","
    end = len(doc) - (doc[-1].text in ".;")
    rest = text_of(doc, (i for i in range(finite.i + 1, end) if i not in left_out))
    clause = with_finite(
        name, finite.text, finite.tag_, finite.lemma_, rest, finite is not verb, lead
    )
    goes_on = any(t.dep_ == "conj" and t.i not in left_out for t in verb.children)
    return replace(clause, plain=False) if clause and goes_on else clause


def _moved(doc: Doc, clause: Clause, tail: str) -> Clause | None:
    """In 1890, the mill burned down. → The mill burned down in 1890."""
    if doc[0].dep_ not in ("prep", "npadvmod") or "," in clause.rest or doc[0].lower_ == "as":
        return None
    return replace(clause, lead="", rest=f"{clause.rest} {tail}")
