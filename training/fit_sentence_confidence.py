"""Fits the few numbers of the sentence answerer: how it ranks, how sure it is, where it refuses.

    python -m training.fit_sentence_confidence wiki_dev.json

On a SQuAD-format file, the first 16 articles fit and the rest check. A question is asked three
times, each time with the five best passages (dense + 0.8 × BM25-like, z-scored): of its own
article, of the next one ("far"), and of its own without the passages that hold a gold answer
("near": a question on the subject that the article does not answer, but for a few).

The ranking has the weights that most often put a sentence with the answer first; the confidence
is a logistic over the best sentence of all three (does it hold the answer?), the own article
weighing as much as the other two; the threshold has the best balanced accuracy in telling
answerable questions from the other two.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index.articles import Article, Passage
from index.embedding.embedder import load_embedder
from index.passages import embedding_text, split
from index.settings import Settings
from qa.answerers.sentence_answerer import SentenceAnswerer
from qa.answerers.sentence_scoring import FEATURES, Scored, sentences_of
from qa.candidates import ScoredPassage
from qa.question.intent import keywords
from qa.text import stems

Floats = NDArray[np.float64]
READ = 5
"""Passages."""
START = (3.1, 1.0, 0.55, 3.0, 0.3, 0.1)
"""Where the search for the ranking begins: close to the weights in use, so it repeats them."""
FITTED = 16
"""Articles from the top of the file that fit; the rest only check."""


@dataclass(frozen=True)
class Question:
    text: str
    gold: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Asked:
    """A question with the ranked sentences of the three times that it is asked."""

    gold: frozenset[tuple[int, int]]
    own: list[Scored]
    far: list[Scored]
    near: list[Scored]

    def answers(self, candidate: Scored) -> bool:
        sentence = candidate.sentence
        return any(sentence.start <= start and end <= sentence.end for start, end in self.gold)


def read(path: Path) -> list[tuple[Article, list[Question]]]:
    """The articles of a SQuAD-format file, paragraphs joined by blank lines, with questions."""
    articles = []
    for entry in json.loads(path.read_text())["data"]:
        text, questions = "", []
        for paragraph in entry["paragraphs"]:
            text += "\n\n" if text else ""
            for qa in paragraph["qas"]:
                spans = (
                    (len(text) + a["answer_start"], len(text) + a["answer_start"] + len(a["text"]))
                    for a in qa["answers"]
                )
                questions.append(Question(qa["question"].strip(), frozenset(spans)))
            text += paragraph["context"]
        title = entry.get("title", "").replace("_", " ")
        articles.append((Article.of(text, title, str(path)), questions))
    return articles


class Passages:
    """The passages of one article, to be searched in memory."""

    def __init__(self, article: Article, embedder: Embeddings) -> None:
        self.article = article
        self.passages = split(article)
        texts = [embedding_text(article, passage) for passage in self.passages]
        self.vectors = np.asarray(embedder.embed_documents(texts))
        whole = [self._scored(i, 0.0) for i in range(len(self.passages))]
        embedder.embed_documents([s.in_context for s in sentences_of(whole)])  # in large batches
        self.stems = [stems(text) for text in texts]

    def best(self, question: str, vector: Floats) -> list[ScoredPassage]:
        """All passages, best first."""
        scores = _z(self.vectors @ vector) + 0.8 * _z(self._lexical(question))
        return [self._scored(int(i), float(scores[i])) for i in np.argsort(-scores)]

    def _scored(self, i: int, score: float) -> ScoredPassage:
        passage: Passage = self.passages[i]
        return ScoredPassage(passage, self.article, score)

    def _lexical(self, question: str) -> Floats:
        scores = np.zeros(len(self.passages))
        for term in keywords(question):
            counts = np.array([found.count(term) for found in self.stems], dtype=float)
            holding = np.count_nonzero(counts)
            weight = np.log(1 + (len(counts) - holding + 0.5) / (holding + 0.5))
            scores += weight * counts * 2.2 / (counts + 1.2)
        return scores


def _z(scores: Floats) -> Floats:
    return (scores - scores.mean()) / (scores.std() or 1.0)


def ask(
    articles: list[tuple[Article, list[Question]]], embedder: Embeddings, per_article: int
) -> list[list[Asked]]:
    """Of each article, its questions asked; at most `per_article`, evenly spread."""
    searched = [Passages(article, embedder) for article, _ in articles]
    answerer = SentenceAnswerer(embedder)
    asked = []
    for own, (_, questions) in enumerate(articles):
        other = (own + 1) % len(articles)
        step = max(1, len(questions) // per_article)
        rows = []
        embedder.embed_documents([question.text for question in questions[::step][:per_article]])
        for question in questions[::step][:per_article]:
            vector = np.asarray(embedder.embed_query(question.text))
            found = searched[own].best(question.text, vector)
            near = [p for p in found if not _holds(p.passage, question)]
            far = searched[other].best(question.text, vector)
            ranked = [answerer.rank(question.text, p[:READ]) for p in (found, far, near)]
            rows.append(Asked(question.gold, *ranked))
        asked.append(rows)
        print(f"article {own + 1} of {len(articles)}", flush=True)
    return asked


class Remembering(Embeddings):
    """The embedder, each text embedded once."""

    def __init__(self, embedder: Embeddings) -> None:
        self._embedder = embedder
        self._known: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.embed_documents(new), strict=True))
        return [self._known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _holds(passage: Passage, question: Question) -> bool:
    return any(passage.start < end and start < passage.end for start, end in question.gold)


def rank_again(candidates: list[Scored], weights: Floats) -> list[Scored]:
    return sorted(candidates, key=lambda c: -float(np.dot(c.features, weights)))


def fit_ranking(asked: list[Asked]) -> Floats:
    """Weights that put a sentence that holds the answer first most often.

    Coordinate search. (A conditional logit over the same sentences was
    0.02 worse on both halves: it spends itself on sentences that are never first.)
    """
    rows = [
        (np.array([c.features for c in row.own]), np.array([row.answers(c) for c in row.own]))
        for row in asked
        if row.own
    ]

    def first(weights: Floats) -> float:
        return float(np.mean([holding[np.argmax(x @ weights)] for x, holding in rows]))

    weights = np.array(START)
    best = first(weights)
    for step in (0.5, 0.25, 0.1):
        for i in [*range(len(FEATURES))] * 3:
            for change in (-step, step):
                trial = weights.copy()
                trial[i] = max(0.0, trial[i] + change)
                if (reached := first(trial)) > best + 0.001:
                    weights, best = trial, reached
    return weights.round(2)


def best_of(
    asked: list[Asked], weights: Floats
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.str_]]:
    """Features of the best sentences, whether each holds the answer, and of which time it is."""
    features, right, times = [], [], []
    for row in asked:
        for name, candidates in (("own", row.own), ("far", row.far), ("near", row.near)):
            if candidates:
                best = rank_again(candidates, weights)[0]
                features.append(best.features)
                right.append(name == "own" and row.answers(best))
                times.append(name)
    return np.array(features), np.array(right), np.array(times)


def balanced_accuracy(confidence: Floats, times: NDArray[np.str_], threshold: float) -> float:
    """Mean of: own article answered; far refused, near refused (together as much as own)."""
    said = confidence >= threshold
    others = [1 - said[times == name].mean() for name in ("far", "near") if (times == name).any()]
    return float((said[times == "own"].mean() + np.mean(others)) / 2)


def report(name: str, asked: list[Asked], weights: Floats, model: Any, threshold: float) -> None:
    x, right, times = best_of(asked, weights)
    confidence = model.predict_proba(x)[:, 1]
    held = np.mean([any(row.answers(c) for c in row.own) for row in asked])
    before = np.mean([bool(row.own) and row.answers(row.own[0]) for row in asked])
    print(
        f"{name}: {len(asked)} questions; first sentence holds the answer "
        f"{right[times == 'own'].mean():.3f} (weights in use {before:.3f}; the five passages "
        f"{held:.3f}); Brier {np.mean((confidence - right) ** 2):.3f}"
    )
    for other in ("far", "near"):
        pair = times != ("near" if other == "far" else "far")
        auc = roc_auc_score(times[pair] == "own", confidence[pair])
        print(f"  own against {other}: AUC {auc:.3f}", end="; balanced accuracy")
        for at in (threshold, 0.15, 0.25, 0.35, 0.5):
            print(
                f" {balanced_accuracy(confidence[pair], times[pair], at):.3f} at {at:.2f}", end=""
            )
        print()
    bins = np.minimum((confidence * 5).astype(int), 4)
    for i in range(5):
        if (inside := bins == i).any():
            print(
                f"  said {i / 5:.1f} to {(i + 1) / 5:.1f}: right {right[inside].mean():.2f} "
                f"({inside.sum()} answers)"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--per-article", type=int, default=100)
    options = parser.parse_args()
    embedder = Remembering(load_embedder(Settings().embedding_model))
    asked = ask(read(options.file), embedder, options.per_article)
    fitted = [row for rows in asked[:FITTED] for row in rows]
    checked = [row for rows in asked[FITTED:] for row in rows]

    ranking = fit_ranking(fitted)
    x, right, times = best_of(fitted, ranking)
    weight = np.where(times == "own", 1.0, 0.5)
    model = LogisticRegression(C=10.0, max_iter=1000).fit(x, right, sample_weight=weight)
    confidence = model.predict_proba(x)[:, 1]
    thresholds = np.linspace(0.05, 0.95, 91)
    scores = [balanced_accuracy(confidence, times, t) for t in thresholds]
    threshold = float(thresholds[int(np.argmax(scores))])
    print(f"RANKING = {tuple(map(float, ranking))}")
    print(f"CONFIDENCE = {tuple(map(float, model.coef_[0].round(2)))}")
    print(f"CONFIDENCE_AT_ZERO = {model.intercept_[0]:.2f}\nTHRESHOLD = {threshold:.2f}")
    for name, rows in (("fitted", fitted), ("checked", checked)):
        if rows:
            report(name, rows, ranking, model, threshold)


if __name__ == "__main__":
    main()
