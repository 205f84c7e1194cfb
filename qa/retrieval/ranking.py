"""How well passages fit a question: a weighted sum of a few features, each standardised.

The features that need an index come with the `Candidate`s; the others are counted in the text of
the candidates. `training/fit_fusion.py` fitted the weights.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.library import Candidate
from index.sentences import sentence_spans
from qa.question.intent import keywords
from qa.retrieval.abbreviations import with_long_forms
from qa.text import FUNCTION_WORDS, stems

WEIGHTS = {
    "meaning": 1.22,
    "letters": 0.30,
    "wording": 0.20,
    "wording_of_sentence": 0.33,
    "pairs": 0.22,
    "answer": 0.33,
}
"""`meaning`: the highest cosine of the question and a sentence of the passage. The next four are
BM25 of the passage or of its best sentence: `letters` over the character 4-grams of the words that
carry meaning, which finds other forms and misspellings of a word; `wording` over the character
5-grams of the whole question, across words (McNamee and Mayfield, "Character N-Gram Tokenization
for European Language Text Retrieval", 2004); `pairs` over pairs of neighbouring stems. `answer`:
the most that one sentence has of the question's keywords, weighted by idf. Whether a sentence holds
the kind of thing that is asked for (a date, a name) was counted once: of 4,458 questions hit@1 was
0.8867 with it and 0.8876 without, hit@5 0.9794 and 0.9789."""

_LEXICAL_WEIGHT = 0.8  # beside the cosine, in the first choice

Scores = NDArray[np.float64]

_WORD = re.compile(r"\w+")
_CARDINALS_TEXT = """three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen"""
_ORDINALS_TEXT = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"""
_SPELLINGS = {word: str(n) for n, word in enumerate(_CARDINALS_TEXT.split(), 3)} | {
    f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}": word
    for n, word in enumerate(_ORDINALS_TEXT.split(), 1)
}
"""One spelling of numbers: 13 for "thirteen", and "first" for 1st."""


def first_choice(candidates: Sequence[Candidate], n: int) -> list[Candidate]:
    """The `n` best candidates by the scores of the indexes alone, best first."""
    meaning = standardised([candidate.sentence for candidate in candidates])
    lexical = standardised([candidate.lexical for candidate in candidates])
    order = np.argsort(-(meaning + _LEXICAL_WEIGHT * lexical), kind="stable")
    return [candidates[i] for i in order[:n]]


def fused(question: str, candidates: Sequence[Candidate], texts: Sequence[str]) -> Scores:
    """The score of each candidate, whose text stands at the same place in `texts`."""
    weights = np.array(list(WEIGHTS.values()))
    scores: Scores = weights @ features(question, candidates, texts)
    return scores


def features(question: str, candidates: Sequence[Candidate], texts: Sequence[str]) -> Scores:
    """The standardised features, a row for each of `WEIGHTS` and a column for each candidate."""
    question = with_long_forms(question, texts)
    plain = [_plain(text) for text in texts]
    stemmed = [_stemmed(text) for text in texts]
    sentences = [_sentences(text) for text in texts]
    asked = _plain(question)
    wording = _windows(asked, 5)
    rows: list[Sequence[float] | Scores] = [
        [candidate.sentence for candidate in candidates],
        _bm25(_letters(asked), plain),
        _bm25(wording, plain),
        _best(lambda all_: _bm25(wording, [_plain(one) for one in all_]), sentences),
        _bm25(_pairs(_stemmed(question)), stemmed),
        _best(lambda all_: _answering(question, all_, stemmed), sentences),
    ]
    return np.stack([standardised(row) for row in rows])


def standardised(scores: Sequence[float] | Scores) -> Scores:
    """The scores with mean 0 and deviation 1; all 0 where they are all the same."""
    values = np.asarray(scores, np.float64)
    if not len(values):
        return values
    deviation = values.std()
    standard: Scores = (values - values.mean()) / (deviation if deviation > 1e-9 else 1.0)
    return standard


def _bm25(terms: Sequence[str], texts: Sequence[str]) -> Scores:
    """BM25 (k1 = 1.2, b = 0.75) of stretches of characters, counted where they stand."""
    terms = list(dict.fromkeys(terms))
    if not terms:
        return np.zeros(len(texts))
    counts = np.array([[text.count(term) for term in terms] for text in texts], np.float64)
    lengths = np.array([len(text) for text in texts], np.float64)
    damped = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())[:, np.newaxis]
    scores: Scores = (counts * 2.2 / (counts + damped)) @ _idf(counts > 0)
    return scores


def _idf(holds: NDArray[np.bool_]) -> Scores:
    """Robertson and Spärck Jones's weight of each column; a row for each text."""
    holding = holds.sum(axis=0)
    weights: Scores = np.log1p((len(holds) - holding + 0.5) / (holding + 0.5))
    return weights


def _answering(question: str, sentences: Sequence[str], passages: Sequence[str]) -> Scores:
    """For each sentence, its share of the question's keywords."""
    asked = [f" {_SPELLINGS.get(stem, stem)} " for stem in keywords(question)]
    if not asked:
        return np.zeros(len(sentences))
    weights = _idf(np.array([[stem in passage for stem in asked] for passage in passages]))
    scores = np.zeros(len(sentences))
    for i, sentence in enumerate(sentences):
        stemmed = _stemmed(sentence)
        scores[i] = sum(w for w, stem in zip(weights, asked, strict=True) if stem in stemmed)
    shares: Scores = scores / weights.sum()
    return shares


def _best(
    score: Callable[[Sequence[str]], Scores], sentences: Sequence[Sequence[str]]
) -> list[float]:
    """The highest score of a sentence of each passage, all sentences scored together."""
    scores = score([one for within in sentences for one in within])
    ends = np.cumsum([len(within) for within in sentences])
    return [float(part.max(initial=0.0)) for part in np.split(scores, ends[:-1])]


def _letters(plain: str) -> list[str]:
    """The 4-grams of each word that is not a function word, its borders included."""
    words = [word for word in plain.split() if word not in FUNCTION_WORDS]
    return [gram for word in words for gram in _windows(f" {word} ", 4)]


def _windows(text: str, length: int) -> list[str]:
    return [text[i : i + length] for i in range(max(1, len(text) - length + 1))]


def _pairs(stemmed: str) -> list[str]:
    words = stemmed.split()
    return [f" {first} {second} " for first, second in itertools.pairwise(words)]


@lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    """Lower case, without accents and punctuation, one space around each word."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return f" {' '.join(_SPELLINGS.get(word, word) for word in _WORD.findall(bare))} "


@lru_cache(maxsize=16_384)
def _stemmed(text: str) -> str:
    """The stems of the content words, one space around each."""
    return f" {' '.join(_SPELLINGS.get(stem, stem) for stem in stems(text))} "


@lru_cache(maxsize=4_096)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentence_spans(text))
