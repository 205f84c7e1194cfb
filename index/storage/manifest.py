"""Which generation of the index caches is current, and what it was made with.

The manifest is compared by ourselves: Chroma's `get_or_create_collection` keeps the metadata of
an existing collection in silence, whatever is asked for.
"""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from index.storage.damage import CacheDamaged

LAYOUT_VERSION = 2
"""Raised when the caches are laid out differently: HNSW parameters, BM25 fields or analysis."""


class Recipe(BaseModel):
    """All that decides what the caches of an article hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    embedding_model: str
    embedding_fingerprint: str
    dimension: int
    chunker: str
    layout: int = LAYOUT_VERSION

    def differences(self, wanted: "Recipe") -> list[str]:
        """What differs from `wanted`, in words; empty when the caches can be used."""
        return [
            f"{name.replace('_', ' ')} was {before}, is {after}"
            for name in type(self).model_fields
            if (before := getattr(self, name)) != (after := getattr(wanted, name))
        ]


class Manifest(BaseModel):
    """The content of `manifest.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: str
    made_with: Recipe


def read_manifest(caches: Path) -> Manifest | None:
    """The manifest in the folder `caches`, or None where there is none.

    Raises:
        CacheDamaged: if it is there and does not hold what was written.
    """
    try:
        manifest = Manifest.model_validate_json((caches / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise CacheDamaged("the manifest of the indexes is not readable") from error
    if not manifest.generation.isalnum():  # it names a folder
        raise CacheDamaged("the manifest of the indexes names no generation")
    return manifest


def write_manifest(caches: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step: whoever reads it sees the old one or the new one."""
    draft = caches / "manifest.json.new"
    with draft.open("wb") as file:
        file.write(manifest.model_dump_json(indent=2).encode())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(caches / "manifest.json")
    if os.name == "posix":  # the rename itself is only on the disk once the folder is
        folder = os.open(caches, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
