"""Prompt files → `Prompts`: texts with `$variables` that were checked when they were loaded.

A `$` that is meant as a dollar sign is written `$$` (`string.Template`).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from string import Template

from index.errors import BadInput

SHIPPED = Path(__file__).parent

VARIABLES = {
    "answer_rules": frozenset({"boundary", "refusal"}),
    "answer_question": frozenset({"boundary", "sentences", "question"}),
    "condense_rules": frozenset({"boundary"}),
    "condense_question": frozenset({"boundary", "history", "question"}),
}
"""Each prompt and the variables that its text must use, no more and no fewer."""

MAX_PROMPT_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text of one file. A value is put in as it is: a `$` inside it means nothing."""

    text: str

    def fill(self, **values: str) -> str:
        """The text with every variable replaced.

        Raises:
            KeyError: when a variable has no value; a bug of the caller.
        """
        return Template(self.text).substitute(values)


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts in use."""

    answer_rules: Prompt
    answer_question: Prompt
    condense_rules: Prompt
    condense_question: Prompt
    version: str
    """16 hex digits of the SHA-256 over the texts in use."""


def load(overrides: Path | None = None) -> Prompts:
    """The shipped prompts, each replaced by the file of the same name in `overrides`, if any.

    Raises:
        BadInput: naming the folder or the file that cannot be used, and why.
    """
    if overrides is not None:
        _check_folder(overrides)
    prompts = {name: _prompt(name, overrides) for name in VARIABLES}
    texts = "\0".join(f"{name}\0{prompts[name].text}" for name in sorted(prompts))
    return Prompts(**prompts, version=hashlib.sha256(texts.encode()).hexdigest()[:16])


def _check_folder(overrides: Path) -> None:
    if not overrides.is_dir():
        raise BadInput(
            f"The prompts folder {overrides} is not there: FOOTNOTE_PROMPTS_DIR names it."
        )
    names = ", ".join(f"{name}.md" for name in VARIABLES)
    for path in sorted(overrides.glob("*.md")):
        if path.stem not in VARIABLES:  # a misspelt name would silently change nothing
            raise BadInput(f"{path} is no prompt of Footnote: the prompts are {names}.")


def _prompt(name: str, overrides: Path | None) -> Prompt:
    path = SHIPPED / f"{name}.md"
    if overrides is not None and (overrides / path.name).is_file():
        path = overrides / path.name
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The prompt {path} cannot be read as UTF-8 text.") from error
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise BadInput(f"The prompt {path} is longer than {MAX_PROMPT_CHARACTERS:,} characters.")
    template = Template(text)
    if not template.is_valid():
        raise BadInput(f"The prompt {path} has a `$` without a variable: write `$$` for a dollar.")
    used, wanted = set(template.get_identifiers()), VARIABLES[name]
    if unknown := sorted(used - wanted):
        allowed = ", ".join(f"${v}" for v in sorted(wanted))
        raise BadInput(f"The prompt {path} uses ${unknown[0]}, which is none of {allowed}.")
    if missing := sorted(wanted - used):
        raise BadInput(f"The prompt {path} must use ${missing[0]}.")
    return Prompt(text)
