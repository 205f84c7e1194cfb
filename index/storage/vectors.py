"""The vectors of the passages, in Chroma: embedded, persistent, without telemetry.

A cache of what the embedding model says about the articles; nothing else keeps the vectors.

Measured with Chroma 1.5.9 at 20,000 vectors: `get` by id takes 0.6 ms for 25 vectors and 8 ms
for 500, an unfiltered query 1 ms, a query with a `where` filter 8 ms (40 to 57 ms at 100,000).
So the vectors of a few articles are fetched by id and scored exactly, and a filter is used only
for a scope too large for that. With the HNSW parameters below, recall@10 against brute force was
0.9996 over 5,865 real passages (0.992 with Chroma's defaults), at 0.8 ms a query.
"""

import base64
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.storage.damage import CacheDamaged, reported_as_damage
from index.storage.hnsw_files import check_hnsw_files

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

Matrix = NDArray[np.float32]
"""A unit vector in each row."""
Vector = NDArray[np.float32]

_COLLECTION = "passages"
_HNSW: "CreateCollectionConfiguration" = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 16, "ef_search": 200}
}


class Vectors:
    """One Chroma collection in a folder of its own. Safe for several threads."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the vectors in `folder`, or create them there.

        Raises:
            CacheDamaged: if there is nothing readable and `create` is not set.
        """
        import chromadb  # 0.5 s: only where it is needed
        from chromadb.config import Settings

        if not create and not (folder / "chroma.sqlite3").is_file():
            raise CacheDamaged(f"there is no Chroma database in {folder}")
        check_hnsw_files(folder)
        with reported_as_damage("Chroma"):
            # Any: the declared type of a client lacks `close`.
            client: Any = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        self._open(client, _COLLECTION, create=create)

    def _open(self, client: Any, name: str, *, create: bool) -> None:
        self._client = client
        try:
            with self._reported():
                self._collection: Collection = (
                    # Without embedding_function=None Chroma attaches one that downloads a model.
                    client.create_collection(name, embedding_function=None, configuration=_HNSW)
                    if create
                    else client.get_collection(name, embedding_function=None)
                )
                self._batch: int = client.get_max_batch_size()
        except BaseException:
            self.close()
            raise

    def _reported(self) -> AbstractContextManager[None]:
        """What the failures of Chroma inside the block are turned into."""
        return reported_as_damage("Chroma")

    def add(
        self,
        ids: Sequence[str],
        article_ids: Sequence[str],
        vectors: Matrix,
        sentences: Sequence[Matrix],
    ) -> None:
        """Store unit vectors under passage ids; what was stored under these ids is replaced.

        `sentences` holds a matrix for each passage, with the unit vector of a sentence in each row.
        """
        with self._reported():
            for i in range(0, len(ids), self._batch):
                part = list(ids[i : i + self._batch])
                # `add` would keep an old vector in silence; `upsert` is many times slower.
                if present := self._collection.get(ids=part, include=[])["ids"]:
                    self._collection.delete(ids=present)
                self._collection.add(
                    ids=part,
                    embeddings=vectors[i : i + self._batch],
                    metadatas=[
                        {"article_id": article_id, "sentences": _packed(rows)}
                        for article_id, rows in zip(
                            article_ids[i : i + self._batch],
                            sentences[i : i + self._batch],
                            strict=True,
                        )
                    ],
                )

    def remove(self, ids: Sequence[str]) -> None:
        """Remove these passages; those that are not there are passed over."""
        with self._reported():
            for i in range(0, len(ids), self._batch):
                self._collection.delete(ids=list(ids[i : i + self._batch]))

    def get(self, ids: Sequence[str]) -> Matrix:
        """The vectors of these passages, a row for each id in the order given.

        Raises:
            CacheDamaged: if one is missing or is not the unit vector that was written.
        """
        if not ids:
            return np.empty((0, 0), np.float32)
        with self._reported():
            found = self._collection.get(ids=list(ids), include=["embeddings"])
            rows = {id_: row for row, id_ in enumerate(found["ids"])}
            if missing := [id_ for id_ in ids if id_ not in rows]:
                raise CacheDamaged(f"Chroma: no vector of passage {missing[0]}")
            vectors = np.asarray(found["embeddings"], np.float32)[[rows[id_] for id_ in ids]]
        # Chroma has no checksums; garbage in its files shows in the lengths.
        if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
            raise CacheDamaged("Chroma: a vector is not what was written")
        return vectors

    def closest_sentences(self, ids: Sequence[str], vector: Vector) -> list[float]:
        """For each of these passages, the highest cosine of `vector` and one of its sentences.

        Raises:
            CacheDamaged: if the vectors of one are missing or not readable.
        """
        if not ids:
            return []
        with self._reported():
            found = self._collection.get(ids=list(ids), include=["metadatas"])
            stored = dict(zip(found["ids"], found["metadatas"] or (), strict=True))
            rows, starts = _unpacked([stored[id_]["sentences"] for id_ in ids], len(vector))
            cosines = rows @ vector / np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
            best: list[float] = np.clip(np.maximum.reduceat(cosines, starts), -1, 1).tolist()
        return best

    def nearest(
        self, vector: Vector, n: int, article_ids: Sequence[str] | None = None
    ) -> list[str]:
        """The ids of the `n` passages nearest to `vector` by cosine, best first (approximate)."""
        where: Any = None if article_ids is None else {"article_id": {"$in": list(article_ids)}}
        with self._reported():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=n, where=where, include=[]
            )
            return found["ids"][0]

    def count(self) -> int:
        """How many passages there are."""
        with self._reported():
            return self._collection.count()

    def ids(self) -> list[str]:
        """The ids of all passages."""
        with self._reported():
            return self._collection.get(include=[])["ids"]

    def close(self) -> None:
        """Release the files."""
        self._client.close()


def _packed(rows: Matrix) -> str:
    """The rows in 8 bits a number, 0.5 KB a sentence; their lengths are not kept.

    Chroma has one vector a row and no bytes in its metadata. As rows of their own the sentences
    would make the collection five times as large, and a search through it slower.
    """
    largest = float(np.abs(rows).max(initial=1e-9))
    return base64.b64encode(np.rint(rows * (127 / largest)).astype(np.int8).tobytes()).decode()


def _unpacked(packed: Sequence[Any], dimension: int) -> tuple[Matrix, NDArray[np.intp]]:
    """The rows of all of them, not of unit length; and the number of each one's first row."""
    decoded = [base64.b64decode(each, validate=True) for each in packed]
    sizes = [len(each) for each in decoded]
    if any(size == 0 or size % dimension for size in sizes):
        raise CacheDamaged("Chroma: a passage without the vectors of its sentences")
    rows = np.frombuffer(b"".join(decoded), np.int8).reshape(-1, dimension).astype(np.float32)
    return rows, np.cumsum([0, *sizes[:-1]]) // dimension
