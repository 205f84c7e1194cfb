"""Any text → the normal form that `index.articles` describes: one line for each block."""

import re
import unicodedata
from collections.abc import Iterator

from index.loading.wrapped_lines import line_width, looks_wrapped, paragraphs

_LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*|\u2029")
_SPACES = re.compile(r"\s+")
_BULLETS = re.compile(r"(?:[-*•·▪‣◦●○■□➢\uf0b7\uf0a7] +)+")
_ORNAMENT = re.compile(r"(?:[-=_*~#+•·] ?){3,}|[•·▪‣◦●○■□➢\uf0b7\uf0a7 ]+")
"""Three marks or more: one or two may be a sign of a formula on a line of its own."""
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_INDENTED = re.compile(r"(?:\t| {2,})\S")
_LONGEST_HEADING = 120

# Not seen, and between two letters they would hide a word from every search: soft hyphen, zero
# width space, word joiner, byte order mark, embeddings and overrides of writing direction,
# interlinear marks, tags. The joiners U+200C and U+200D and the marks U+200E and U+200F stay:
# they carry meaning in Persian, in Indic scripts and in emoji.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060-\u206f\ufeff\u202a-\u202e\ufff9-\ufffc\U000e0000-\U000e007f]"
)
_MANY_MARKS = re.compile(r"[^\w\s]{31,}")
"""Where more than 30 combining marks may follow each other: they are neither letters nor spaces."""
_MOST_MARKS = 30
_JOINER = "\u034f"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODES = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f]")


def normalise(text: str) -> str:
    """The text in normal form; the same text again when it is already.

    Blank lines separate blocks. Single line breaks inside a block are joined where the lines look
    wrapped at a width; elsewhere each line is a block of its own, so that the normal form has no
    single line break. Lone surrogates become U+FFFD; ornaments such as `* * *` are dropped.
    """
    return "\n\n".join(_blocks(_clean_characters(text)))


def xml_characters(text: str) -> str:
    """The text without the characters that XML forbids, written as such or as `&#11;`.

    An HTML page may hold them, but the libraries that read it keep it as XML.
    """
    return _CODES.sub(lambda code: "" if _is_forbidden(code) else code[0], _FORBIDDEN.sub("", text))


def _is_forbidden(code: re.Match[str]) -> bool:
    digits = code[1] or code[2]
    if len(digits) > 7:
        return True
    number = int(digits, 16 if code[1] else 10)
    return number > 0x10FFFF or _FORBIDDEN.fullmatch(chr(number)) is not None


def _clean_characters(text: str) -> str:
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("", _INVISIBLE.sub("", text))
    # Again afterwards, since NFC writes some marks as two.
    return _with_joiners(unicodedata.normalize("NFC", _with_joiners(text)))


def _with_joiners(text: str) -> str:
    """The text with a joiner after every 30 combining marks in a row, which no language writes.

    This is the Stream-Safe Text Format (Unicode Standard Annex 15, section 13). Without it, NFC
    takes minutes for a megabyte of marks: its time grows with the square of the run.
    """
    return _MANY_MARKS.sub(lambda run: _joined(run[0]), text)


def _joined(run: str) -> str:
    parts, marks = [], 0
    for character in run:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            parts.append(_JOINER)
            marks = 1
        parts.append(character)
    return "".join(parts)


def _blocks(text: str) -> Iterator[str]:
    runs = [
        _underlined([line for line in run.split("\n") if line.strip()])
        for run in _BLANK_LINES.split(text)
    ]
    indented = [[bool(_INDENTED.match(line)) for line in run] for run in runs]
    cleaned = [[_clean_line(line) for line in run] for run in runs]
    if not looks_wrapped([[line for line in run if line] for run in cleaned]):
        yield from (line for run in cleaned for line in run if line)
        return
    width = line_width([line for run in cleaned if len(run) > 1 for line in run])
    for run, marks in zip(cleaned, indented, strict=True):
        for part in _cut_at_indents(run, marks):
            joined = paragraphs([line for line in part if line], width)
            # Once more, for a mark on a line of its own that now begins a block.
            yield from filter(None, map(_clean_line, joined))


def _underlined(lines: list[str]) -> list[str]:
    """The lines of a run; one that is underlined with `===` or `---` becomes a heading."""
    found: list[str] = []
    for line in lines:
        underline = _UNDERLINE.fullmatch(line.strip())
        if underline and len(found) == 1 and _may_be_heading(found[0]):
            level = "#" if underline[0][0] == "=" else "##"
            found[0] = f"{level} {found[0].strip()}"
        else:
            found.append(line)
    return found


def _may_be_heading(line: str) -> bool:
    stripped = line.strip()
    return (
        len(stripped) <= _LONGEST_HEADING
        and not stripped.startswith("#")
        and not stripped.endswith((".", "!", ";", ","))
        and any(character.isalnum() for character in stripped)
    )


def _clean_line(line: str) -> str:
    line = _SPACES.sub(" ", line).strip()
    if _ORNAMENT.fullmatch(line):
        return ""
    return _BULLETS.sub("- ", line, count=1) if _BULLETS.match(line) else line


def _cut_at_indents(lines: list[str], indented: list[bool]) -> Iterator[list[str]]:
    """The run in parts: an indented line after one that is not begins a paragraph."""
    start = 0
    in_list = False
    for i in range(1, len(lines)):
        in_list = in_list or lines[i - 1].startswith("- ")
        if indented[i] and not indented[i - 1] and not in_list:
            yield lines[start:i]
            start = i
    yield lines[start:]
