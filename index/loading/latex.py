r"""LaTeX → its text, through pylatexenc; `\section` becomes a heading, `tabular` rows."""

import re
from collections.abc import Callable
from typing import Any

from index.loading.blocks import Extract, heading, one_line
from index.loading.normal_form import normalise
from index.loading.tables import plain_rows

_LOOKS = re.compile(r"\\(?:documentclass|begin\{document\})")
_LEVELS = {
    "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5,
}  # fmt: skip
_FRONT = ("title", "author", "date")
_TABLES = ("tabular", "tabular*", "tabularx", "longtable")
_LEFT_OUT = (
    "label", "ref", "eqref", "autoref", "cref", "pageref", "cite", "citep", "citet", "maketitle",
)  # fmt: skip
_RULES = ("hline", "toprule", "midrule", "bottomrule", "cline", "cmidrule")


def looks_like_latex(text: str) -> bool:
    """Whether a text is the source of a LaTeX document."""
    return _LOOKS.search(text[:20_000]) is not None


def read_latex(text: str) -> Extract:
    """The words of a document, formulas as readable text; comments and commands are left out."""
    from pylatexenc.latex2text import (
        EnvironmentTextSpec,
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    front: dict[str, str] = {}
    context = get_default_latex_context_db()
    context.add_context_category(
        "footnote",
        macros=[
            *(MacroTextSpec(name, _heading(level)) for name, level in _LEVELS.items()),
            *(MacroTextSpec(name, _kept(front, name)) for name in _FRONT),
            *(MacroTextSpec(name, "") for name in _LEFT_OUT),
            MacroTextSpec("item", "\n\n- "),
            MacroTextSpec("footnote", _note),
            MacroTextSpec("caption", "\n\n%s\n\n"),
            MacroTextSpec("and", ", "),
        ],
        environments=[EnvironmentTextSpec(name, _table) for name in _TABLES],
        prepend=True,
    )
    body = LatexNodes2Text(latex_context=context, keep_comments=False).latex_to_text(text)
    title, author, date = (front.get(name, "") for name in _FRONT)
    blocks = [heading(1, title)] if title else []
    blocks += filter(None, normalise(body).split("\n\n"))
    facts = (("Author", author), ("Date", date))
    return Extract(blocks, title or None, facts=tuple(fact for fact in facts if fact[1]))


def _argument(node: Any, texts: Any) -> str:
    """The last argument of a command as text: those before it are optional."""
    arguments = [n for n in (node.nodeargd.argnlist if node.nodeargd else []) if n is not None]
    return one_line(texts.nodelist_to_text(arguments[-1:])).replace(" ,", ",")


def _heading(level: int) -> Callable[[Any, Any], str]:
    def write(node: Any, l2tobj: Any) -> str:
        return f"\n\n{heading(level, _argument(node, l2tobj))}\n\n"

    return write


def _note(node: Any, l2tobj: Any) -> str:
    return f" ({_argument(node, l2tobj)})"


def _kept(front: dict[str, str], name: str) -> Callable[[Any, Any], str]:
    def keep(node: Any, l2tobj: Any) -> str:
        front[name] = _argument(node, l2tobj)
        return ""

    return keep


def _table(node: Any, l2tobj: Any) -> str:
    rows: list[list[list[Any]]] = [[[]]]
    for child in node.nodelist:
        name = getattr(child, "macroname", None)
        if getattr(child, "specials_chars", None) == "&":
            rows[-1].append([])
        elif name == "\\":
            rows.append([[]])
        elif name not in _RULES:
            rows[-1][-1].append(child)
    texts = [[one_line(l2tobj.nodelist_to_text(cell)) for cell in row] for row in rows]
    return "\n\n" + "\n\n".join(plain_rows(texts)) + "\n\n"
