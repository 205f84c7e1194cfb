"""Imports point downwards: from the surfaces to the chain, its parts, and the articles below."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    ("ui",),
    ("qa.__init__",),
    ("qa.cli",),
    ("qa.http",),
    ("qa.records",),
    ("qa.evaluation",),
    ("qa.chain",),
    ("qa.steps",),
    ("qa.answerers",),
    ("qa.retrieval",),
    ("qa.question",),
    ("qa.chat", "qa.footnotes"),
    ("qa.reading",),
    ("qa.candidates", "qa.events", "qa.request"),
    ("qa.text", "qa.answer", "qa.observability"),
    ("prompts",),
    ("index",),
)
"""A file imports from its own room and from those on lines below its own, and from no other."""
OPENERS = {"qa.reading.reader"}
"""The one circle that is left: `load_reader` stands beside the Protocol that its readers import."""
READ_PROMPTS = {"prompts", "qa.question", "qa.chat", "qa.answerers"}


def modules() -> dict[str, Path]:
    paths = [p for top in ("ui", "qa", "prompts", "index") for p in (ROOT / top).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


MODULES = modules()


@cache
def imports_of(module: str) -> frozenset[str]:
    """The modules of this project that a module imports, also within its functions."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found for name in named if (found := _module(name)) and found != module)


def _module(name: str) -> str | None:
    """`qa.text.words` → `qa.text`; `index.sample.X` → `index.sample.__init__`."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        for found in (".".join(parts[:end]), ".".join([*parts[:end], "__init__"])):
            if found in MODULES:
                return found
    return None


def room(module: str) -> str:
    top, *below = module.split(".")
    return f"{top}.{below[0]}" if top == "qa" else top


def layer(module: str) -> int:
    return next(n for n, rooms in enumerate(LAYERS) if room(module) in rooms)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_from_its_own_room_and_those_below(module: str) -> None:
    assert room(module) in {room for rooms in LAYERS for room in rooms}, "give it a line in LAYERS"
    allowed = {
        other
        for other in imports_of(module)
        if room(other) == room(module) or layer(other) > layer(module)
    }
    assert imports_of(module) - allowed == set()
    if room(module) not in READ_PROMPTS:
        assert not {other for other in imports_of(module) if room(other) == "prompts"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    finished: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " → ".join([*above, module])
        if module not in finished:
            for other in sorted(imports_of(module) if module not in OPENERS else ()):
                visit(other, (*above, module))
            finished.add(module)

    for module in MODULES:
        visit(module, ())
