"""A look at Chroma's HNSW files before native code trusts them.

Chroma notices a file that is missing or too short, but follows whatever links stand in it, so that
garbage ends the process with a segmentation fault, where nothing can be caught. The layout is that
of hnswlib (`saveIndex`), split into four files: fields of the header one after the other, and for
each element of level 0 a count, links (element numbers), its vector and its label.
"""

import struct
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.storage.damage import CacheDamaged

_HEADER = struct.Struct("<iQQQQQQiIQQQdQ")
_VERSION = 1
_FILES = ("header.bin", "data_level0.bin", "link_lists.bin")
_CHANGED = "Chroma's HNSW files do not hold what was written"
_COUNT = 4
"""Bytes of a list before its links: how many there are (2), a mark of deletion (1), nothing (1)."""
_LINK = 4


def check_hnsw_files(folder: Path) -> None:
    """Go through all links of the indexes in a Chroma folder: none may lead outside.

    A version of Chroma that writes them otherwise would have its indexes made again at every start;
    a test of this project opens a library of that size twice.

    Half a second for 100,000 passages on a busy machine, and nothing while the files stay the same.

    Raises:
        CacheDamaged: if a link or a size is not one that hnswlib writes.
    """
    for header in folder.glob("*/header.bin"):
        try:
            _check_index(header, tuple(_stamp(header.with_name(name)) for name in _FILES))
        except (OSError, struct.error) as error:  # a file is missing, or ends too early
            raise CacheDamaged(_CHANGED) from error


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=8)  # files that have not changed are read once; a failure is not remembered
def _check_index(path: Path, stamps: tuple[tuple[int, int], ...]) -> None:
    header = path.read_bytes()
    _demand(len(header) == _HEADER.size)
    version, _, room, elements, size, label_at, vector_at, top, entry, most_above, most, *_ = (
        _HEADER.unpack(header)
    )
    _demand(version == _VERSION and elements <= room)
    _demand(most < 2**16 and most_above < 2**16)
    _demand(vector_at == _COUNT + _LINK * most and vector_at <= label_at <= size - 8)
    if not elements:
        return
    _demand(entry < elements)
    _check_level_0(path.with_name("data_level0.bin"), elements, size, most)
    levels = _check_above(path.with_name("link_lists.bin"), elements, most_above)
    _demand(levels[entry] == top)


def _check_level_0(path: Path, elements: int, size: int, most: int) -> None:
    _demand(path.stat().st_size >= elements * size)
    rows = np.memmap(path, np.uint8, "r", shape=(elements, size))
    lists = np.ascontiguousarray(rows[:, : _COUNT + _LINK * most])
    counts = lists[:, :2].copy().view(np.uint16)
    links = lists[:, _COUNT:].copy().view(np.uint32)
    _demand(bool((counts <= most).all()))
    used = np.arange(most) < counts
    _demand(bool((links[used] < elements).all()))


def _check_above(path: Path, elements: int, most: int) -> list[int]:
    """The level of each element, after the links of the levels above 0 were looked at."""
    data = path.read_bytes()
    size = _COUNT + _LINK * most
    at, levels, linked = 0, [], list[tuple[int, int]]()
    for _ in range(elements):
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
        _demand(length % size == 0 and at + length <= len(data))
        levels.append(length // size)
        for level in range(1, length // size + 1):
            (count,) = struct.unpack_from("<H", data, at)
            _demand(count <= most)
            links = struct.unpack_from(f"<{count}I", data, at + _COUNT)
            linked += [(link, level) for link in links]
            at += size
    _demand(all(link < elements and levels[link] >= level for link, level in linked))
    return levels


def _demand(holds: bool) -> None:
    if not holds:
        raise CacheDamaged(_CHANGED)
