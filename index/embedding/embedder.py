"""The embedding model.

The default, all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019), ships with Footnote
and runs on onnxruntime (`index/embedding/minilm.py`); any other model is taken by name or path and
run by sentence-transformers (`index/embedding/sentence_transformer.py`).
"""

import functools
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from index.embedding.minilm import SHA256, MiniLM
from index.embedding.sentence_transformer import SentenceModel

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_BATCH = 32
_QUESTIONS = 256
"""Question vectors remembered: one question is embedded by the library and by the answerer."""

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]
Stretch = tuple[int, int]
"""Where a piece of a text is: (start, end) in code points."""


class Model(Protocol):
    """A loaded model: `MiniLM` or `SentenceModel`. Safe for threads."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def pools_by_mean(self) -> bool:
        """Whether a text's vector is the plain mean of its tokens, so that `tokens` can be used."""
        ...

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """The unit vectors of one batch of texts, shape (texts, dimension)."""
        ...

    def tokens(self, texts: Sequence[str]) -> Iterable[tuple[Vector, Matrix, NDArray[np.int64]]]:
        """Of each text its unit vector; the vectors of its tokens, (tokens, dimension); where in
        the text each of these is in code points, (tokens, 2), an empty place for a token that is
        not of the text."""
        ...


class Embedder(Embeddings):
    """Texts → unit vectors. The model is loaded at the first embedding; safe for threads."""

    def __init__(
        self, name: str, load: Callable[[], Model], fingerprint: str, dimension: int | None
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        """Changes whenever the weights do."""
        self._load = load
        self._dimension = dimension
        self._lock = threading.Lock()
        self._loaded: Model | None = None
        self._questions: OrderedDict[str, tuple[float, ...]] = OrderedDict()

    @property
    def dimension(self) -> int:
        """Length of a vector. Loads the model, unless it is the default one."""
        if self._dimension is None:
            self._dimension = self._model().dimension
        return self._dimension

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Shape (len(texts), dimension), float32, each row of length 1.

        Raises:
            ModelProblem: if the model cannot be loaded.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for batch in _batches(texts):
            vectors[batch] = self._model().vectors([texts[i] for i in batch])
        return vectors

    def embed_in_context(
        self, texts: Sequence[str], stretches: Sequence[Sequence[Stretch]]
    ) -> tuple[Matrix, list[Matrix]]:
        """The vectors of `texts`, and for each text the vectors of stretches of it, as rows.

        Late chunking (Günther et al. 2024, arXiv:2409.04701): a text is read once, and the vector
        of a stretch is the mean of its tokens, which know the text around them. A stretch that
        lies beyond what the model reads gets the vector of its text. A model that does not pool
        by the mean is given each stretch by itself.

        Raises:
            ModelProblem: if the model cannot be loaded.
        """
        if not texts:
            return self.embed(texts), []
        if not self._model().pools_by_mean:
            alone = self.embed(
                [t[a:b] for t, within in zip(texts, stretches, strict=True) for a, b in within]
            )
            ends = np.cumsum([len(within) for within in stretches])
            return self.embed(texts), np.split(alone, ends[:-1])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        parts: list[Matrix] = [vectors[:0]] * len(texts)
        for batch in _batches(texts):
            read = self._model().tokens([texts[i] for i in batch])
            for i, (vector, tokens, offsets) in zip(batch, read, strict=True):
                vectors[i] = vector
                parts[i] = _means(tokens, offsets, stretches[i], vector)
        return vectors, parts

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """As `embed`, of one text; the last questions are remembered."""
        with self._lock:
            known = self._questions.get(text)
        if known is None:
            known = tuple(self.embed([text])[0].tolist())
            with self._lock:
                self._questions[text] = known
                while len(self._questions) > _QUESTIONS:
                    self._questions.popitem(last=False)
        return list(known)

    def _model(self) -> Model:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


@functools.cache
def load_embedder(name: str) -> Embedder:
    """The embedder of that name or path; one object per process, so one model in memory.

    A name that is not known is told at the first embedding.
    """
    if name == DEFAULT_MODEL:
        return Embedder(name, MiniLM, SHA256[:16], MiniLM.dimension)
    return Embedder(name, functools.partial(SentenceModel, name), _fingerprint(name), None)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """The places of the texts in batches of like length, so that padding wastes little."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for i in range(0, len(order), _BATCH):
        yield order[i : i + _BATCH]


def _means(
    tokens: Matrix, offsets: NDArray[np.int64], stretches: Sequence[Stretch], whole: Vector
) -> Matrix:
    """A unit vector for each stretch: the mean of the tokens inside, or `whole` where none is."""
    starts, ends = offsets[:, 0], offsets[:, 1]
    a, b = np.array(stretches, np.int64).reshape(-1, 2).T[:, :, np.newaxis]
    inside = (starts >= a) & (ends <= b) & (ends > starts)
    means = _unit(inside.astype(np.float32) @ tokens)
    means[~inside.any(axis=1)] = whole
    return means


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return unit


def _fingerprint(name: str) -> str:
    """Of a folder: its files' names, sizes and times. Of a name: the name."""
    folder = Path(name)
    if not folder.is_dir():
        return hashlib.sha256(name.encode()).hexdigest()[:16]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    seen = [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]
