"""The index caches in the data folder: a folder for each generation, and the manifest beside."""

import shutil
import uuid
from pathlib import Path

from index.storage.generation import Generation
from index.storage.lexical import LexicalIndex
from index.storage.manifest import Manifest, read_manifest, write_manifest
from index.storage.vectors import Vectors


class FolderCaches:
    """See `Caches`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def manifest(self) -> Manifest | None:
        return read_manifest(self.folder)

    def make_current(self, manifest: Manifest) -> None:
        write_manifest(self.folder, manifest)

    def create(self) -> Generation:
        name = uuid.uuid4().hex
        folder = self.folder / name
        folder.mkdir(parents=True)
        return Generation(
            name,
            Vectors(folder / "chroma", create=True),
            LexicalIndex(folder / "bm25", create=True),
        )

    def open(self, name: str, before: Generation | None = None) -> Generation:
        if before:
            # Closed first: Chroma would share one state between two clients of a folder.
            before.close()
        lexical = LexicalIndex(self.folder / name / "bm25")
        return Generation(name, Vectors(self.folder / name / "chroma"), lexical)

    def count_passages(self, name: str) -> int:
        """How many passages a generation holds. Opens BM25 alone: Chroma writes when it is opened.

        Raises:
            CacheDamaged: if it cannot be read.
        """
        return LexicalIndex(self.folder / name / "bm25").count()

    def others(self, current: str) -> list[str]:
        return [p.name for p in self.folder.iterdir() if p.is_dir() and p.name != current]

    def delete(self, name: str) -> None:
        """On POSIX, what a reader has open of it stays readable; elsewhere, files that are open
        are left for a later start."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def close(self) -> None:
        """Nothing is shared."""
