"""A cache that cannot be read is reported, and made again from the database."""

from collections.abc import Iterator
from contextlib import contextmanager


class CacheDamaged(Exception):
    """Vectors or BM25 cannot be read, or hold something else than was written.

    Never shown to a person: the library makes the cache again from the articles.
    """


@contextmanager
def reported_as_damage(what: str) -> Iterator[None]:
    """Turn any failure of `what` inside the block into `CacheDamaged`.

    Chroma and tantivy are Rust underneath: what they meet in a garbage file surfaces as their own
    errors, as ValueError or OSError, or as a panic, which pyo3 derives from BaseException.
    """
    try:
        yield
    except CacheDamaged:
        raise
    except Exception as error:
        raise CacheDamaged(f"{what}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise CacheDamaged(f"{what}: {error}") from error
