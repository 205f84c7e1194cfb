"""What a sentence says beside its main clause, and its passive and active forms."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lemminflect import getInflection
from spacy.tokens import Doc, Token

from training.statements.clause import Clause, full_verb, with_finite
from training.statements.pieces import child, is_contiguous, lower_start, subtree, text_of

FINITE = ("VBD", "VBZ", "VBP", "MD")
SUBJECT = ("nsubj", "nsubjpass", "expl")


def finite_verb(verb: Token) -> Token | None:
    """The word that carries the tense: the first auxiliary, or the verb itself."""
    auxiliaries = [t for t in verb.children if t.dep_ in ("aux", "auxpass") and t.i < verb.i]
    first = auxiliaries[0] if auxiliaries else verb
    return first if first.tag_ in FINITE else None


def asides(doc: Doc) -> set[int]:
    """Parentheses, and appositions and relative clauses between commas."""
    left_out: set[int] = set()
    opened: int | None = None
    for token in doc:
        if token.text == "(":
            opened = token.i
        elif token.text == ")" and opened is not None:
            left_out |= set(range(opened, token.i + 1))
            opened = None
        elif token.dep_ in ("appos", "relcl") and token.i > token.head.i:
            words = subtree(token)
            first, last = min(words), max(words)
            after = doc[last + 1].text if last + 1 < len(doc) else ""
            if is_contiguous(words) and doc[first - 1].text == "," and after in (",", "."):
                left_out |= words | ({last + 1} if after == "," else set())
    return left_out


def second_verb(doc: Doc, root: Token, subject: Token) -> Clause | None:
    """The mill opened in 1890 and closed in 1905. → The mill closed in 1905."""
    verb = child(root, "conj")
    if verb is None or child(verb, *SUBJECT) is not None or verb.i < root.i:
        return None
    words = subtree(subject)
    name = lower_start(doc, text_of(doc, words - asides(doc)), min(words))
    own, first = finite_verb(verb), finite_verb(root)
    inner = subtree(verb)
    if not is_contiguous(inner) or not is_contiguous(words):
        return None
    if own is not None and verb.pos_ in ("VERB", "AUX") and own.i == min(inner):
        rest = text_of(doc, (i for i in inner if i > own.i))
        return with_finite(name, own.text, own.tag_, own.lemma_, rest, own is not verb)
    shares = first is not None and first is not root and verb.tag_ == root.tag_ == "VBN"
    if shares and first is not None and verb.i == min(inner) and first.lower_ in ("was", "were"):
        return Clause(name, first.lower_, text_of(doc, inner))
    return None


def apposition(doc: Doc, root: Token, subject: Token) -> Clause | None:
    """Ada Holm, the captain of the Aurora, ... → Ada Holm was the captain of the Aurora."""
    beside = child(subject, "appos")
    if beside is None or subject.tag_ != "NNP" or beside.pos_ not in ("NOUN", "PROPN"):
        return None
    words = subtree(beside)
    first = doc[min(words)]
    if first.lower_ not in ("a", "an", "the") or doc[first.i - 1].text != ",":
        return None
    named = {i for i in subtree(subject) if i < first.i - 1}
    verb = "was" if root.tag_ in ("VBD", "VBN") else "is"
    if not is_contiguous(named) or not is_contiguous(words) or "," in text_of(doc, words):
        return None
    return Clause(lower_start(doc, text_of(doc, named), min(named)), verb, text_of(doc, words))


def relatives(doc: Doc) -> Iterator[Clause]:
    """..., who built the mill in 1890, ... → Ada Holm built the mill in 1890."""
    for verb in doc:
        pronoun = child(verb, "nsubj", "nsubjpass") if verb.dep_ == "relcl" else None
        if pronoun is None or pronoun.lower_ not in ("who", "which") or verb.head.tag_ != "NNP":
            continue
        words = subtree(verb)
        finite = finite_verb(verb)
        if finite is None or min(words) != pronoun.i or doc[pronoun.i - 1].text != ",":
            continue
        named = {i for i in subtree(verb.head) if i < pronoun.i - 1}
        if not is_contiguous(named) or not is_contiguous(words) or finite.i != pronoun.i + 1:
            continue
        name = lower_start(doc, text_of(doc, named), min(named))
        if "," in name:
            continue
        rest = text_of(doc, (i for i in words if i > finite.i))
        clause = with_finite(
            name, finite.text, finite.tag_, finite.lemma_, rest, finite is not verb
        )
        if clause:
            goes_on = child(verb, "conj") is not None
            yield replace(clause, plain=False) if goes_on else clause


def passive_to_active(doc: Doc, root: Token, subject: Token) -> Clause | None:
    """The mill was built by Ada Holm in 1890. → Ada Holm built the mill in 1890."""
    agent, finite = child(root, "agent"), finite_verb(root)
    if agent is None or finite is None or finite.lower_ not in ("was", "were"):
        return None
    maker, words = child(agent, "pobj"), subtree(subject)
    if maker is None or maker.pos_ == "PRON" or subject.pos_ == "PRON" or root.i != finite.i + 1:
        return None
    inner, by = subtree(maker), subtree(agent)
    if (
        not is_contiguous(by)
        or not is_contiguous(words)
        or min(words) != 0
        or "conj" in {t.dep_ for t in root.children}
        or min(by) != root.i + 1
    ):
        return None
    passive = lower_start(doc, text_of(doc, words), min(words))
    after = text_of(doc, range(max(by) + 1, len(doc) - 1))
    if after.startswith((",", "and")) or "," in passive:
        return None
    return full_verb(text_of(doc, inner), root.lemma_, "VBD", f"{passive} {after}".strip())


def active_to_passive(doc: Doc, root: Token, subject: Token) -> Clause | None:
    """Ada Holm built the mill in 1890. → The mill was built by Ada Holm in 1890."""
    patient = child(root, "dobj")
    if root.tag_ != "VBD" or patient is None or "PRON" in (patient.pos_, subject.pos_):
        return None
    words, inner = subtree(subject), subtree(patient)
    plain = {t.dep_ for t in root.children} <= {"nsubj", "dobj", "prep", "punct", "npadvmod"}
    if not plain or min(words) != 0 or max(words) != root.i - 1 or min(inner) != root.i + 1:
        return None
    if not is_contiguous(inner) or root.lemma_ in ("have", "become", "lack", "resemble", "cost"):
        return None
    plural = patient.tag_ in ("NNS", "NNPS") or child(patient, "conj") is not None
    participle = getInflection(root.lemma_, "VBN")
    if not participle or re.search(r"\b(?:his|her|their|its|own)\b", text_of(doc, inner)):
        return None
    name = lower_start(doc, text_of(doc, words), 0)
    after = text_of(doc, range(max(inner) + 1, len(doc) - 1))
    rest = f"{participle[0]} by {name} {after}".strip()
    return Clause(text_of(doc, inner), "were" if plural else "was", rest)
