"""An embedder that looks up what it embedded in an earlier run, and times what it did not."""

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedding.embedder import Embedder, Matrix, Stretch


class Remembered:
    """Wraps the two methods that ingest calls. `texts` and the seconds count real embedding."""

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self.texts = 0
        self.wall_s = self.cpu_s = 0.0
        self._real = embedder
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, rows BLOB)")
        self._embed_in_context = embedder.embed_in_context

    def embed_in_context(
        self, texts: Sequence[str], stretches: Sequence[Sequence[Stretch]]
    ) -> tuple[Matrix, list[Matrix]]:
        """As the embedder's."""
        keys = [_key(text, within) for text, within in zip(texts, stretches, strict=True)]
        known = self._known(keys)
        if new := [i for i, key in enumerate(keys) if key not in known]:
            wall, cpu = time.perf_counter(), time.process_time()
            vectors, parts = self._embed_in_context(
                [texts[i] for i in new], [stretches[i] for i in new]
            )
            self._count(len(new), wall, cpu)
            for i, vector, rows in zip(new, vectors, parts, strict=True):
                known[keys[i]] = np.vstack([vector, rows])
            self._remember({keys[i]: known[keys[i]] for i in new})
        return np.stack([known[key][0] for key in keys]), [known[key][1:] for key in keys]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As the embedder's."""
        keys = [_key(text, ()) for text in texts]
        known = self._known(keys)
        if new := [i for i, key in enumerate(keys) if key not in known]:
            wall, cpu = time.perf_counter(), time.process_time()
            vectors = self._real.embed([texts[i] for i in new])
            self._count(len(new), wall, cpu)
            fresh = {keys[i]: vector[np.newaxis] for i, vector in zip(new, vectors, strict=True)}
            self._remember(fresh)
            known |= fresh
        return [known[key][0].tolist() for key in keys]

    def embed_query(self, text: str) -> list[float]:
        """As the embedder's; nothing is remembered."""
        return self._real.embed_query(text)

    def _known(self, keys: Sequence[str]) -> dict[str, Matrix]:
        found = {}
        for key in dict.fromkeys(keys):
            row = self._db.execute("SELECT rows FROM vectors WHERE key = ?", (key,)).fetchone()
            if row:
                found[key] = np.frombuffer(row[0], np.float32).reshape(-1, self._real.dimension)
        return found

    def _remember(self, rows: dict[str, Matrix]) -> None:
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(key, np.ascontiguousarray(m, np.float32).tobytes()) for key, m in rows.items()],
            )

    def _count(self, texts: int, wall: float, cpu: float) -> None:
        self.texts += texts
        self.wall_s += time.perf_counter() - wall
        self.cpu_s += time.process_time() - cpu


def _key(text: str, stretches: Sequence[Stretch]) -> str:
    return hashlib.sha256(repr((text, list(stretches))).encode()).hexdigest()
