"""What a person names on the command line → the files that are meant."""

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.loading.file_types import ENDINGS, suffix


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, and what it is called as the source of an article."""

    path: Path
    source: str


def files_of(name: str) -> list[FoundFile]:
    """The file of this name, all files in the folder of this name, or those a pattern matches.

    Of a folder, hidden files and those of kinds that are not read are left out. Their sources are
    their paths from the folder on, so that two files of the same name are told apart.
    """
    path = Path(name)
    if path.is_dir():
        return [FoundFile(file, _source(path, file)) for file in _inside(path)]
    if not path.exists() and glob.has_magic(name):
        matches = sorted(Path(match) for match in glob.glob(name, recursive=True))
        return [FoundFile(file, file.as_posix()) for file in matches if file.is_file()]
    return [FoundFile(path, path.name)]


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and suffix(name) in ENDINGS:
                yield Path(place, name)


def _source(folder: Path, file: Path) -> str:
    return (Path(folder.resolve().name) / file.relative_to(folder)).as_posix()
