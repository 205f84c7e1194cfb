"""Articles, their passages, and the indexes that find them.

Its names are imported when they are asked for, so that no command waits for what it does not use.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

# onnxruntime's builds for Linux and macOS report their use to Microsoft unless this is set before
# they are imported, natively, where no guard of Python's sees it (onnxruntime/Privacy.md).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from index.articles import Article, Passage
    from index.embedding.embedder import Embedder, load_embedder
    from index.errors import FootnoteError
    from index.library import Library, open_library
    from index.loading.loader import load_file, load_text
    from index.sample import add_sample
    from index.settings import Settings, read_settings

__all__ = [
    "Article",
    "Embedder",
    "FootnoteError",
    "Library",
    "Passage",
    "Settings",
    "add_sample",
    "load_embedder",
    "load_file",
    "load_text",
    "open_library",
    "read_settings",
]

_MODULES = {
    "index.articles": ("Article", "Passage"),
    "index.embedding.embedder": ("Embedder", "load_embedder"),
    "index.errors": ("FootnoteError",),
    "index.library": ("Library", "open_library"),
    "index.loading.loader": ("load_file", "load_text"),
    "index.sample": ("add_sample",),
    "index.settings": ("Settings", "read_settings"),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
