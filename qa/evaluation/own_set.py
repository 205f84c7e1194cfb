"""The user's own test set in the data folder: what became of thumbs down, and what they wrote."""

import threading
from pathlib import Path

import yaml
from filelock import FileLock

from index.atomic_file import replace_text
from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.case_files import read_entries
from qa.evaluation.cases import Case
from qa.evaluation.set_writing import as_yaml

_HEAD = """\
# Your own test set: `footnote check` asks it too. Edit it as you like.
# `library:ID` is an article of your library (`footnote list`); without it the case is left out.

cases:
"""
_writing = threading.Lock()


def own_set_path(settings: Settings) -> Path:
    return settings.data_dir / "my-test-set.yaml"


def append_case(path: Path, case: Case) -> None:
    """Adds a case at the end of a YAML test set, which is made when it is not there.

    What the file holds already stays as it is, with its comments. It is replaced in one step,
    and writers in other threads and processes wait.

    Raises:
        BadInput: when the file is not a test set, holds a case of that id, or cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _writing, FileLock(path.with_name(f".{path.name}.lock")):
        text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
        if path.exists() and any(
            isinstance(entry.data, dict) and entry.data.get("id") == case.id
            for entry in read_entries(path)[1]
        ):
            raise BadInput(f"{path} already holds a case with the id {case.id!r}.")
        replace_text(path, _with(text, case, path))


def _with(text: str, case: Case, path: Path) -> str:
    root = yaml.compose(text, yaml.SafeLoader)
    key, cases = root.value[-1] if isinstance(root, yaml.MappingNode) else (None, None)
    if key is None or key.value != "cases":
        raise BadInput(f"{path}: `cases:` must be the last part of the file, to add a case to it.")
    if isinstance(cases, yaml.SequenceNode) and cases.flow_style and cases.value:
        raise BadInput(f"{path}: write the cases as a list of lines, to add a case to it.")
    if isinstance(cases, yaml.SequenceNode) and not cases.flow_style:
        indent = " " * cases.start_mark.column
    else:  # `cases:` with nothing or `[]` behind it
        text = text[: key.end_mark.index] + ":\n"
        indent = "  "
    if not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{indent}{line}\n" for line in as_yaml(case).splitlines())
