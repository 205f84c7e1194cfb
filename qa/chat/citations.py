"""A chat model's text, as it streams → plain sentences with the numbers that they cite.

Models cite before or after the full stop, once or several times, in round numbers or ranges, and
wrap what they say in Markdown, HTML or a "thinking" block. Everything but the words is taken off
here; whether the words are true to what they cite is for `support` to say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.sentences import sentence_spans
from qa.chat.prompt_text import visible

LONGEST_SENTENCE = 1_500
"""Characters after which an unfinished sentence is given up; nothing of it is released."""

MOST_CITED = 8
"""A sentence that cites more than so many numbers is not pinned to anything: it cites none."""

_LOOKAHEAD = 12
"""Characters that must follow a sentence before it is taken as ended: `[1]`, `"` or the rest of
an abbreviation may still belong to it."""
_STOPS = ".,;:!?"
_STEP = 12
"""New characters after which the text is looked at again; every token would be too often."""
_SPACES = re.compile(r"[^\S\n]{2,}")
_LONGEST_WAIT = 6_000
"""Characters that may wait for a sentence to end; a model that repeats a mark sends more."""
_LONGEST_TAIL = 1_000
"""Characters at the end of a text that `_OPEN_TAIL` may match."""

_NUMBERS = r"\d{1,4}(?:\s*(?:,|;|&|–|—|-|‑|and|to)\s*\^?#?\d{1,4})*"
_CITATION = re.compile(
    r"(?<![^\S\n])[^\S\n]*+[\[【［〔]{1,2}\s*+(?:\^|#|sentences?|sources?|s|nos?\.?|refs?\.?)?\s*"
    rf"(?P<numbers>{_NUMBERS})\s*(?:†[^\]】］〕]{{0,80}})?\s*[\]】］〕]{{1,2}}"
    r"(?:\((?:[^()\s]|\([^()]*\))*\))?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*(?:–|—|-|‑|to)\s*#?(\d+)")
_OPEN_TAIL = re.compile(
    r"(?:!?[\[【［〔][^\]】］〕\n]{0,300}+|\]\([^)\n]{0,600}+|[\]】］〕!]|<[^<>]{0,300}+|[\w.+-]*+:?/{0,2})$"
)
_BLOCK = re.compile(
    r"<(think|thinking|reasoning|script|style)\b[^>]*>.*?</\1\s*>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)
_OPEN_BLOCK = re.compile(r"<(?:think|thinking|reasoning|script|style)\b|<!--", re.IGNORECASE)
_OPEN_CITATION = re.compile(r"[\[【［〔][^\]】］〕]{0,60}\Z")
_LINE_MARK = re.compile(
    r"^[ \t]*(?:>[ \t]*)*(?:[-*+•·–—]|\(?\d{1,2}[.)](?=\s)|#{1,6})?[ \t]+|^[ \t>]+"
)
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_=|:+][ \t]*){3,}$", re.MULTILINE)
_DEFINITION = re.compile(r"^[ \t]*\[[^\]\n]+\]:[^\n]*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
_IMAGE_OR_LINK = re.compile(
    r"!?\[([^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|(\[[^\]\n]*\]))"
)
_ADDRESS = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]{1,15}://|mailto:|data:|javascript:|www\.)[^\s<>]*>?"
    r"|\b(?:[\w-]+\.)+[a-z]{2,}/[^\s<>]*|\b[\w.+-]+@[\w-]+\.[\w.-]+",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)|`+|~~|\\(?=[^\w\s])")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One sentence in plain text on one line, without its citations."""

    text: str
    numbers: tuple[int, ...]
    """As cited, in order, without repetition; they need not exist."""


def cited_sentences(pieces: Iterable[str]) -> Iterator[CitedSentence]:
    """The sentences of a streamed text, each as soon as it is certain where it ends.

    When `pieces` raises, what was not finished is lost and the error goes on to the caller.
    """
    waiting, looked_at = "", 0
    too_long = False
    for piece in pieces:
        waiting += piece.encode("utf-8", "ignore").decode()  # half a surrogate pair is no text
        if "\n" not in piece and len(waiting) < looked_at + max(_STEP, len(waiting) // 12):
            continue
        waiting = _emptied(_without_blocks(_SPACES.sub(" ", waiting)))
        cut = _last_start(_certain(waiting))
        if cut:
            yield from _parsed(waiting[:cut])[too_long:]
            waiting, too_long = waiting[cut:], False
        elif len(_certain(waiting)) > LONGEST_SENTENCE:
            # The rest of a sentence could say the opposite of the whole: it goes too.
            waiting, too_long = "", True
        if not waiting.strip():
            waiting = ""
        elif len(waiting) > _LONGEST_WAIT:
            waiting, too_long = "", True
        looked_at = len(waiting)
    rest = _without_blocks(waiting, ended=True)
    yield from _parsed(_OPEN_CITATION.sub("", rest))[too_long:]


def _certain(waiting: str) -> str:
    """Without the end of it that may yet turn out to be markup, a link, a number or a fence."""
    open_block = _OPEN_BLOCK.search(waiting)
    certain = waiting[: open_block.start()] if open_block else waiting
    open_tail = _OPEN_TAIL.search(certain, max(0, len(certain) - _LONGEST_TAIL))
    certain = certain[: open_tail.start()] if open_tail else certain
    if certain.count("```") % 2:  # the fence may still close; its text is read all the same
        certain = certain[: certain.rindex("```")]
    return certain


def _emptied(text: str) -> str:
    """The text with what a block that is still open holds left out, save for what may close it: a
    model may think for long, and all of it would be looked at again and again."""
    opened = _OPEN_BLOCK.search(text)
    if opened is None or len(text) - opened.end() <= _LOOKAHEAD:
        return text
    return text[: opened.end()] + (">" if opened[0] != "<!--" else "") + text[-_LOOKAHEAD:]


def _last_start(text: str) -> int:
    """Where the last sentence that may still go on begins; 0 when that is the whole."""
    bare, places = _without_citations(text)
    for start, _ in reversed(_spans(bare)[1:]):
        if len(bare) - start >= _LOOKAHEAD:
            line = bare.rfind("\n", 0, start)
            # Where a line begins with a citation, that goes with the line's text.
            begins_line = line >= 0 and not any(c.isalnum() for c in bare[line:start])
            if begins_line and bare[line:].lstrip()[0] not in _STOPS:
                return places[line] + 1
            return places[start]
    return 0


def _without_citations(text: str) -> tuple[str, list[int]]:
    """The text with citations taken out, and for each of its characters its place in `text`."""
    bare: list[str] = []
    places: list[int] = []
    last = 0
    for citation in _CITATION.finditer(text):
        bare.append(text[last : citation.start()])
        places.extend(range(last, citation.start()))
        last = citation.end()
    bare.append(text[last:])
    places.extend(range(last, len(text) + 1))
    return "".join(bare), places


def _spans(text: str) -> list[tuple[int, int]]:
    """Sentences, none of which goes across a line break unless the next line goes on in it."""
    lines = re.sub(r"\n(?=[ \t]*[^\W\d_A-ZÀ-Þ])(?![ \t]*\n)", " ", text)
    spans = []
    start = 0
    for line in lines.split("\n"):
        spans += [(start + a, start + b) for a, b in sentence_spans(line)]
        start += len(line) + 1
    return spans


def _parsed(text: str) -> list[CitedSentence]:
    text = _plain_lines(text)
    bare, cited = "", []  # (place in `bare`, numbers)
    last = 0
    for citation in _CITATION.finditer(text):
        bare += text[last : citation.start()]
        cited.append((len(bare), _numbers(citation["numbers"])))
        last = citation.end()
    bare += text[last:]
    spans = [(a, b) for a, b in _spans(bare) if any(c.isalnum() for c in bare[a:b])]
    numbers: list[list[int]] = [[] for _ in spans]
    for place, found in cited:
        if spans:
            numbers[_owner(bare, place, spans)] += found
    sentences = []
    for (start, end), found in zip(spans, numbers, strict=True):
        plain = _plain(bare[start:end])
        unique = tuple(dict.fromkeys(found))
        if 0 < len(plain) <= LONGEST_SENTENCE:
            sentences.append(CitedSentence(plain, unique if len(unique) <= MOST_CITED else ()))
    return sentences


def _owner(bare: str, place: int, spans: list[tuple[int, int]]) -> int:
    """Which sentence a citation at `place` belongs to: the one whose text stands before it.

    At the start of a line with more text on it, the citation belongs to that text.
    """
    line = bare[bare.rfind("\n", 0, place) + 1 : place]
    rest = bare[place:].split("\n", 1)[0]
    before = [i for i, (start, _) in enumerate(spans) if start < place]
    after = [i for i, (start, _) in enumerate(spans) if start >= place]
    begins_line = not any(c.isalnum() for c in line) and rest.lstrip()[:1] not in {*_STOPS}
    if begins_line and any(c.isalnum() for c in rest) and after:
        return after[0]
    return before[-1] if before else after[0]


def _numbers(cited: str) -> list[int]:
    numbers: list[int] = []
    for part in re.split(r"\s*(?:,|;|&|\band\b)\s*", cited, flags=re.IGNORECASE):
        both = _RANGE.search(part)
        if both:
            first, last = int(both[1]), int(both[2])
            # A range is cut where it is longer than a sentence may cite anyway.
            numbers += range(first, min(last, first + MOST_CITED) + 1)
        elif digits := re.search(r"\d+", part):
            numbers.append(int(digits[0]))
    return numbers


def _without_blocks(text: str, *, ended: bool = False) -> str:
    """Without thinking, scripts, comments, tags, pictures and the targets of links.

    One that is still open is left as it is, or dropped with all after it when the text has ended.
    """
    text = _BLOCK.sub(" ", text)
    if ended and (open_block := _OPEN_BLOCK.search(text)):
        text = text[: open_block.start()]
    before, after = text, ""
    if open_block := _OPEN_BLOCK.search(text):
        before, after = text[: open_block.start()], text[open_block.start() :]
    return _IMAGE_OR_LINK.sub(_link_text, _TAG.sub("", before)) + after


def _link_text(link: re.Match[str]) -> str:
    if link[0].startswith("!"):
        return ""
    return f"[{link[1]}]{link[2] or ''}" if _CITATION.fullmatch(f"[{link[1]}]") else link[1]


def _plain_lines(text: str) -> str:
    for pattern in (_FENCE, _RULE, _DEFINITION):
        text = pattern.sub("", text)
    return "\n".join(_LINE_MARK.sub("", line) for line in text.split("\n"))


def _plain(sentence: str) -> str:
    """One line without links, markup or characters that cannot be seen."""
    text = _ADDRESS.sub("", _TAG.sub("", sentence))
    text = re.sub(r"[\[\]【】［］〔〕]", "", _MARKS.sub("", visible_text(text)))
    text = re.sub(r"\s+([.,;:!?…])", r"\1", " ".join(text.replace("|", " ").split()))
    return re.sub(r"\(\s*\)", "", text).strip(" \t*_#>-–—")


def visible_text(text: str) -> str:
    """`visible`, but with the joiners that Persian and Indic scripts need between letters."""
    return "".join(c if c in "\u200c\u200d" else visible(c) for c in text)
