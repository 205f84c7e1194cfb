"""A question and its answer as a clause in people's own wording.

"Who founded the club?" + "Jane Roe": Jane Roe founded the club.
"When was the mill built?" + "1890": The mill was built in 1890.
"How many pupils does the school have?" + "310": The school has 310 pupils.

A question whose form is not one of these, or whose answer does not fit, gives None.
"""

import re
from dataclasses import replace

from lemminflect import getAllLemmas, getInflection
from spacy.tokens import Doc, Token

from training.statements.answers import PlacedAnswer, adverbial
from training.statements.clause import AUXILIARIES, Clause, full_verb, plural_verb, with_finite
from training.statements.parts import TIMES, QuestionParts, nominal, question_parts
from training.statements.pieces import child, is_contiguous, root_of, subtree, text_of

_PLACES = frozenset(
    ["city", "country", "place", "state", "region", "area", "location", "continent"]
)
_TENSE = {"did": "VBD", "does": "VBZ", "do": "VBP"}
_UNCLEAR = re.compile(r"\b(?:whose|following|example|according|one of|mean|happen\w*|else)\b", re.I)


def clause(doc: Doc, answer: PlacedAnswer) -> Clause | None:
    """The clause that a parsed question and its answer make together."""
    asked = question_parts(doc)
    if asked is None or _UNCLEAR.search(doc.text) or answer.text.count('"') % 2:
        return None
    made = _made(doc, asked, answer)
    if made is None or made.subject.lower() in made.rest.lower():
        return None
    return made


def _made(doc: Doc, asked: QuestionParts, answer: PlacedAnswer) -> Clause | None:
    if asked.verb.lower_ not in AUXILIARIES:
        return _of_subject(asked, answer)
    root = root_of(doc)
    if root is None or root.i < asked.verb.i:
        return None
    subject = child(root, "nsubj", "nsubjpass", "expl")
    if subject is not None and subject.i < asked.verb.i:
        return _of_subject(asked, answer)
    if root.i == asked.verb.i:
        return _of_copula(asked, subject, answer)
    return _turned_round(asked, root, subject, answer) if subject is not None else None


def _of_subject(asked: QuestionParts, answer: PlacedAnswer) -> Clause | None:
    subject = nominal(asked, answer)
    if subject is None or asked.preposition or asked.word in ("when", "where", "why", "whom"):
        return None
    if subject.lower() in ("him", "her", "them", "me", "us"):
        return None
    token = asked.verb
    following = asked.doc[token.i + 1]
    if token.lower_ in _TENSE and following.lower_ not in ("not", "n't"):
        return None
    if token.dep_ in ("aux", "auxpass") and following.tag_ not in ("VB", "VBN", "VBG", "RB"):
        return None  # "What will the writer do?", taken for a subject
    if asked.word == "how" and token.pos_ == "AUX" and following.tag_ in ("DT", "PRP", "NNP"):
        return None
    if token.pos_ == "AUX" and asked.doc[asked.end - 1].tag_ == "IN":
        return None  # "Which city was he from?"
    if token.lemma_ == "be" and asked.words.root.lower_ in (
        "kind",
        "type",
        "sort",
        "color",
        "colour",
    ):
        return None
    plural = answer.is_plural or (asked.word == "how" and not answer.text.startswith("1 "))
    verb = plural_verb(token.lower_, token.tag_, token.lemma_) if plural else token.lower_
    tag = "VBP" if plural and token.tag_ == "VBZ" else token.tag_
    is_auxiliary = token.lower_ in AUXILIARIES and token.dep_ in ("aux", "auxpass")
    rest = asked.text(token.i + 1)
    made = with_finite(subject, verb, tag, token.lemma_, rest, is_auxiliary) if rest else None
    goes_on = any(t.dep_ == "conj" and t.pos_ == "VERB" for t in asked.doc[token.i :])
    return replace(made, plain=False) if made and goes_on else made


def _of_copula(asked: QuestionParts, subject: Token | None, answer: PlacedAnswer) -> Clause | None:
    """What is the capital of X? How old is X? Where is X?"""
    after = asked.verb.i + 1
    if asked.verb.lower_ not in ("is", "are", "was", "were") or asked.preposition:
        return None
    words = subtree(subject) if subject is not None else set(range(after, asked.end))
    words = {i for i in words if i < asked.end}
    if not is_contiguous(words) or min(words) != after:
        return None
    if any(asked.doc[i].dep_ in ("acl", "advcl") for i in words):
        return None  # "Who was the author talking to?", taken for a noun phrase
    if asked.doc[asked.end - 1].tag_ == "IN":
        return None
    tail = asked.text(max(words) + 1)
    if asked.word == "how":
        if len(asked.words) != 2 or asked.words[1].lower_ not in (
            ["old", "tall", "long", "wide", "deep", "high", "big", "heavy", "far", "large"]
        ):
            return None
        measure = asked.words[1].lower_
        told: str | None = answer.text
        if measure not in ("big", "heavy", "far", "large") and measure not in answer.text:
            told = f"{answer.text} {measure}"
        if answer.is_number:
            told = f"{answer.text} years old" if measure == "old" else None
    elif asked.word in ("when", "where", "why"):
        told = adverbial(answer, asked.word)
    else:
        fits = answer.is_noun_phrase or (asked.noun and answer.span.root.pos_ == "ADJ")
        told = answer.text if fits else None
    if told is None:
        return None
    return Clause(text_of(asked.doc, words), asked.verb.lower_, f"{told} {tail}".strip())


def _turned_round(
    asked: QuestionParts, root: Token, subject: Token, answer: PlacedAnswer
) -> Clause | None:
    """When was the mill built? How many pupils does the school have?"""
    auxiliary = asked.verb.lower_
    words = subtree(subject)
    if not is_contiguous(words) or min(words) != asked.verb.i + 1 or max(words) >= root.i:
        return None
    start = max(words) + 1
    if asked.doc[start].tag_ == "IN" or any(t.dep_ == "conj" for t in root.children):
        return None
    place, told = _place(asked, root, answer)
    if told is None:
        return None
    before, after = asked.text(start, place), asked.text(place)
    name = text_of(asked.doc, words)
    if auxiliary not in _TENSE or asked.doc[start].i != root.i:
        if auxiliary in _TENSE and asked.doc[start].lower_ not in ("not", "n't"):
            return None
        rest = re.sub(r"^n['’]t\b", "not", f"{before} {told} {after}").strip()
        return Clause(name, auxiliary, re.sub(r"\s+", " ", rest))
    if root.lemma_ == "do" and asked.word == "what":
        return _deed(asked, name, root, answer)
    base = root.lower_
    if base != root.lemma_ or child(root, "neg") is not None:
        return None
    rest = f"{asked.text(start + 1, max(place, start + 1))} {told} {after}"
    return full_verb(name, base, _TENSE[auxiliary], re.sub(r"\s+", " ", rest).strip())


def _place(asked: QuestionParts, root: Token, answer: PlacedAnswer) -> tuple[int, str | None]:
    """Before which word of the question the answer goes, and with which words."""
    head = asked.words.root
    word = asked.word
    last = asked.doc[asked.end - 1]
    if last.tag_ == "IN" and word not in ("when", "where", "why", "how"):
        return asked.end, nominal(asked, answer)  # "What was it made of?"
    if last.tag_ == "VBG" and last.i != root.i:
        return asked.end, None
    if asked.preposition:
        named = nominal(asked, answer)
        return asked.end, f"{asked.preposition} {named}" if named else None
    if word in ("when", "where", "why"):
        if asked.doc[asked.end - 1].tag_ == "IN":
            return asked.end, answer.text
        return asked.end, adverbial(answer, word)
    if word == "how" and len(asked.words) == 1:
        if root.lemma_ == "feel" and answer.span.root.pos_ in ("ADJ", "VERB"):
            return root.i + 1, answer.text
        return asked.end, adverbial(answer, word)
    if word == "how" and asked.words[1].lower_ not in ("many", "much"):
        if asked.words[1].lower_ == "long" and re.match(r"\d|an? |one|two|three", answer.text):
            return asked.end, f"for {answer.text}"
        return asked.end, None
    if head.lower_ in TIMES | _PLACES and head.dep_ not in ("dobj", "pobj"):
        return asked.end, adverbial(answer, "when" if head.lower_ in TIMES else "where")
    verb = head.head
    if verb.i < asked.verb.i or head.dep_ not in ("dobj", "pobj", "attr", "oprd", "dative"):
        return asked.end, None
    particle = child(verb, "prt")
    return (particle or verb).i + 1, nominal(asked, answer)


def _deed(asked: QuestionParts, name: str, root: Token, answer: PlacedAnswer) -> Clause | None:
    """What did the miller do with the flour? + "sold it": The miller sold it."""
    if asked.verb.lower_ != "did" or answer.span[0].tag_ != "VBD" or root.i + 1 < asked.end - 8:
        return None
    first, _, others = answer.text.partition(" ")
    lemmas = getAllLemmas(first, upos="VERB").get("VERB", ())
    base = next((x for x in lemmas if first in getInflection(x, "VBD")), None)
    tail = asked.text(root.i + 1)
    if base is None or not others or tail.startswith(("with ", "to ", "for ")):
        return None
    return Clause(name, first, f"{others} {tail}".strip(), base, "did")
