"""The default embedding model: the same vectors from onnxruntime and from sentence-transformers."""

import random
import threading

import numpy as np
import pytest

from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, Embedder, default_folder, load_embedder
from index.embedding.minilm import GRAPH, POSITIONS
from index.embedding.sentence_transformer import SentenceModel
from index.passages import embedding_text, sentence_stretches, split
from index.sample import BUNDLED_ARTICLE
from training.embedding_graph import graph

ARTICLE = Article.of(BUNDLED_ARTICLE.read_text(encoding="utf-8"), "Bundled", "bundled.md")
ODD = [
    "",
    " ",
    "a",
    "İstanbul’da 5½ km, naïve façade — 漢字かな交じり文 🏳️‍🌈",
    "ﷺ شلوم שלום \u0301\u0301 \u200b\ufeff",
    "word " * 2_000,
    "x" * 5_000,
    "".join(chr(random.Random(7).randrange(32, 0x2FFF)) for _ in range(300)),
]


@pytest.fixture(scope="module")
def ours() -> Embedder:
    return load_embedder(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def reference() -> Embedder:
    """sentence-transformers on torch."""
    model = SentenceModel(str(default_folder()), POSITIONS)
    return Embedder("reference", lambda: model, "", None)


@pytest.mark.parametrize("n", [1, 5, 40])
def test_vectors_are_those_of_sentence_transformers(
    ours: Embedder, reference: Embedder, n: int
) -> None:
    texts = [*ODD, *(embedding_text(ARTICLE, passage) for passage in split(ARTICLE))][:n]
    assert np.abs(ours.embed(texts) - reference.embed(texts)).max() < 1e-4
    assert np.allclose(np.linalg.norm(ours.embed(texts), axis=1), 1, atol=1e-5)


def test_so_are_those_of_sentences_in_their_passages(ours: Embedder, reference: Embedder) -> None:
    passages = split(ARTICLE)
    texts = [*(embedding_text(ARTICLE, passage) for passage in passages), *ODD]
    within = [sentence_stretches(ARTICLE, passage) for passage in passages]
    stretches = [*within, *([(0, len(text))] for text in ODD)]
    whole, sentences = ours.embed_in_context(texts, stretches)
    expected, expected_sentences = reference.embed_in_context(texts, stretches)
    assert np.abs(whole - expected).max() < 1e-4
    for mine, theirs in zip(sentences, expected_sentences, strict=True):
        assert np.abs(mine - theirs).max() < 1e-4


def test_a_text_has_the_same_vector_in_any_company(ours: Embedder) -> None:
    texts = ["The loaf is baked for an hour.", "Tin.", "word " * 400]
    alone = np.concatenate([ours.embed([text]) for text in texts])
    assert np.abs(ours.embed(texts) - alone).max() < 1e-5
    assert ours.embed([]).shape == (0, 384)


def test_threads_embed_at_the_same_time(ours: Embedder) -> None:
    texts = [f"Line {i} of the tram opened in March." for i in range(16)]
    expected = ours.embed(texts)
    found = np.zeros_like(expected)

    def embed(i: int) -> None:
        found[i] = ours.embed([texts[i]])[0]

    threads = [threading.Thread(target=embed, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.abs(found - expected).max() < 1e-5


def test_the_graph_in_the_package_is_the_one_that_its_script_writes() -> None:
    assert GRAPH.read_bytes() == graph().SerializeToString(deterministic=True)
