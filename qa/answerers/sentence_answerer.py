"""Answers without a trained reader: the sentence, or the few, that match the question best.

Confidence is a logistic of the best sentence's features (`qa/answerers/sentence_scoring.py`),
fitted by `training/fit_sentence_confidence.py` on 1,594 questions of 16 Wikipedia articles, each
asked of its own article, of another one, and of its own without the passages that answer. On 780
questions of 8 further articles the first sentence holds the answer 0.81 of the time (it is in the
five passages 0.96 of the time); own and other articles are told apart with a balanced accuracy of
0.95 at the threshold (AUC 0.99), own and own without the answer with 0.76 (AUC 0.89); the
Brier score of the confidence is 0.10.
"""

import math
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from qa.answerers.sentence_scoring import (
    FEATURES,
    NAMED_WITHIN,
    Scored,
    Sentence,
    is_caption,
    name_first,
    prescored,
    sentences_of,
    with_similarity,
)
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement
from qa.question import answer_type
from qa.question.intent import QuestionKind, keywords, kind
from qa.text import stems, words

CONFIDENCE = dict(zip(FEATURES, (3.65, 2.29, 1.03, 4.45, 0.64, 1.68), strict=True))
CONFIDENCE_AT_ZERO = -6.79
THRESHOLD = 0.25
"""Under this confidence the answer is a refusal."""

_EMBEDDED = 12
"""Sentences compared by embedding for one question; the rest keep a similarity of 0."""
_SEVERAL = 4
"""At most so many sentences in an answer."""
_NEAR_THE_BEST = 0.8
"""A further sentence must have this share of the best one's score."""
_ENUMERATES = re.compile(
    r"(?:The |A )?(?:two|three|four|five|six|several|these|those|both|among them"
    r"|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|another|one|other|also"
    r"|finally|lastly|last|next|further|in addition|moreover|besides)\b",
    re.IGNORECASE,
)


class SentenceAnswerer:
    """Quotes the sentences that answer, or refuses. Safe to use from several threads."""

    name = "sentences"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def candidates(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        """One draft: whole sentences of the passages, in the order of the article.

        Below `THRESHOLD` it has no statements and status `not_in_article`; its confidence is
        that of the sentence that was not good enough.
        """
        ranked = self.rank(question, passages)
        if not ranked:
            yield CandidateAnswer("not_in_article", (), None, 0.0)
            return
        best = ranked[0]
        confidence = confidence_of(best.features)
        if confidence < THRESHOLD:
            yield CandidateAnswer("not_in_article", (), None, confidence)
            return
        wanted = kind(question)
        sentences = sentences_of(passages)
        named = _who_is_meant(best.sentence, sentences)
        if named is not None and wanted != "who" and not _names_in(question, named.text):
            named = None
        closer = _closer(wanted, question, best.sentence, sentences)
        chosen = _chosen(wanted, ranked, sentences, [s for s in (named, closer) if s])
        short = _short_answer(wanted, question, closer or best.sentence, named)
        statements = tuple(Statement(s.text, (Quote(s.passage, s.start, s.end),)) for s in chosen)
        yield CandidateAnswer("answered", statements, short, confidence)

    def rank(self, question: str, passages: Sequence[ScoredPassage]) -> list[Scored]:
        """The sentences of the passages, best first."""
        ranked = prescored(question, passages)
        if not ranked:
            return []
        near, rest = ranked[:_EMBEDDED], ranked[_EMBEDDED:]
        asked = np.asarray(self._embedder.embed_query(question), dtype=np.float32)
        vectors = self._embedded([candidate.sentence for candidate in near])
        asked /= np.linalg.norm(asked) or 1.0
        compared = [
            with_similarity(candidate, float(vector @ asked))
            for candidate, vector in zip(near, vectors, strict=True)
        ]
        return sorted(compared, key=lambda candidate: -candidate.score) + rest

    def _embedded(self, sentences: Sequence[Sentence]) -> list[NDArray[np.float32]]:
        """Unit vectors of the sentences; those that were not seen lately, in one batch."""
        texts = [sentence.in_context for sentence in sentences]
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            found = np.asarray(self._embedder.embed_documents(new), dtype=np.float32)
            found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
            known.update(zip(new, found, strict=True))
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > 4_096:
                self._vectors.popitem(last=False)
        return [known[text] for text in texts]


def confidence_of(features: Sequence[float]) -> float:
    """Probability that the best sentence answers, from its features in the order of `FEATURES`."""
    z = CONFIDENCE_AT_ZERO + sum(w * f for w, f in zip(CONFIDENCE.values(), features, strict=True))
    return 1 / (1 + math.exp(-z))


def _chosen(
    wanted: QuestionKind,
    ranked: Sequence[Scored],
    sentences: Sequence[Sentence],
    also: Sequence[Sentence],
) -> list[Sentence]:
    """The sentences of the answer, in the order of the article."""
    best = ranked[0].sentence
    chosen = {best.place: best}
    if wanted in ("list", "why"):
        enough = ranked[0].score * (_NEAR_THE_BEST if wanted == "list" else 0.9)
        for candidate in ranked[1:]:
            if candidate.score >= enough and len(chosen) < _SEVERAL:
                chosen.setdefault(candidate.sentence.place, candidate.sentence)
    listing = wanted == "list"
    for sentence in _continuing(best, sentences, listing) if wanted != "when" else ():
        if len(chosen) < _SEVERAL:
            chosen[sentence.place] = sentence
    for sentence in also:
        chosen[sentence.place] = sentence
    article = best.passage.article.id
    return sorted(chosen.values(), key=lambda s: (s.passage.article.id != article, s.place))


def _continuing(best: Sentence, sentences: Sequence[Sentence], listing: bool) -> list[Sentence]:
    """The sentences right after `best` that go on counting: "The first is …", "Second, …"."""
    after = [s for s in sentences if s.passage is best.passage and s.start > best.start]
    run: list[Sentence] = []
    for sentence in sorted(after, key=lambda s: s.start):
        if not _ENUMERATES.match(sentence.text):
            break
        run.append(sentence)
    # One "another …" after a sentence is ordinary prose; a first and a second are a list.
    return run if listing or len(run) > 1 or (run and _ENUMERATES.match(best.text)) else []


def _closer(
    wanted: QuestionKind, question: str, best: Sentence, sentences: Sequence[Sentence]
) -> Sentence | None:
    """The sentence after `best` that gives the date or the quantity for just what is asked for.

    "Missiles would need 7 minutes to reach Moscow. A hypersonic missile would need 5." Asked of
    hypersonic missiles, the first matches best, and the second has the word that makes the
    difference.
    """
    if wanted not in ("when", "how many"):
        return None
    asked, said = set(keywords(question)), set(stems(best.text))
    for sentence in sentences:
        terms = set(stems(sentence.text))
        if (
            sentence.passage is best.passage
            and sentence.before == best.text
            and not (asked.isdisjoint(terms & said) or asked.isdisjoint(terms - said))
        ):
            return sentence if answer_type.fits(wanted, question, sentence.text) == 1 else None
    return None


def _who_is_meant(best: Sentence, sentences: Sequence[Sentence]) -> Sentence | None:
    """The nearest sentence before one that begins with "He …" or "The writer …" that begins
    with the name of somebody or something."""
    if not best.looks_back:
        return None
    before = [
        s
        for s in sentences
        if s.passage.article.id == best.passage.article.id
        and best.start - NAMED_WITHIN < s.start < best.start
        and not is_caption(s.text)
        and name_first(s.text)
    ]
    return max(before, key=lambda s: s.start, default=None)


def _names_in(question: str, text: str) -> bool:
    """Whether a name of the question is in the text."""
    asked = {word for m in answer_type.NAME.finditer(question[1:]) for word in words(m[0])}
    return not asked.isdisjoint(words(text))


def _short_answer(
    wanted: QuestionKind, question: str, best: Sentence, named: Sentence | None
) -> str | None:
    """The few words that answer, where the sentence leaves no choice; `None` otherwise."""
    found: list[str] = []
    if wanted == "when":
        found = answer_type.dates(question, best.text)
    elif wanted == "how many":
        found = answer_type.quantities(question, best.text, sure=True)
    elif wanted == "who":
        begins = name_first(best.text)
        if surname := answer_type.person_asked_about(question):
            found = [text for text in [answer_type.described(surname, best.text)] if text]
        elif named is not None:
            found = [name for name in [name_first(named.text)] if name]
        elif begins and not _names_in(question, begins):
            found = [begins]
        else:
            found = answer_type.names(question, best.text)
    distinct = list(dict.fromkeys(found))
    return distinct[0].strip() if len(distinct) == 1 else None
