"""`Article` → `Passage`s: whole paragraphs where they fit, whole sentences where they don't."""

import re
from collections.abc import Iterator

from index.articles import Article, Passage
from index.loading.tables import is_table_row
from index.sentences import sentence_spans

CHUNKER_VERSION = "4"
"""Part of the index manifest: raise it with every change of where passages begin
or end, or of what is embedded of them."""

LONGEST = 1050
"""Characters of a passage at most; about 230 tokens, which the embedding model reads whole."""

_LOOKS_BACK = re.compile(
    r"[\"“‘'*(]*(?:he|she|it|they|his|her|its|their|this|that|these|those|both|such)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(#{1,6}) +(.*)")
_FACT = re.compile(r"(?:\d+(?:\.\d+)*[.)]?\s+)?+[^\d@]*[\d@].*")
"""A heading that says something: a figure behind the number of the section, an address."""

Span = tuple[int, int]


def looks_back(text: str) -> bool:
    """Whether a text begins with a word for what was spoken of before it ("He added …")."""
    return _LOOKS_BACK.match(text) is not None


def split(article: Article) -> list[Passage]:
    """The passages of an article, in order.

    A passage ends where a sentence ends and never crosses a heading; neighbouring paragraphs
    share one as long as they fit. Headings are not passages: they travel as `Passage.heading`.
    Every other character that is not a space is in exactly one passage. A heading that holds a
    fact, as on a receipt (`## TOTAL 29.75`), begins the passage under it all the same; and a text
    of headings alone has them as its passages.
    """
    passages = []
    sections = list(_sections(article.text, _FACT))
    if not any(paragraphs for _, paragraphs in sections):
        sections = list(_sections(article.text, re.compile(".*")))
    for heading, paragraphs in sections:
        for start, end in _packed(article.text, paragraphs):
            passages.append(Passage.of(article.id, start, end, heading))
    return passages


def embedding_text(article: Article, passage: Passage) -> str:
    """What the embedding model reads: title, headings, and then the passage, up to its end.

    A passage that begins with “He added …” is read with the sentence before it, so that it is
    found by the speaker's name. Elsewhere that sentence would only blur the meaning: measured
    with it everywhere, the cosine put the right passage first for 0.63 of questions, not 0.67.
    """
    text = article.text[passage.start : passage.end]
    parts = [f"{context}." if (context := context_text(article, passage)) else ""]
    if looks_back(text):
        parts.append(_sentence_before(article.text, passage.start))
    return " ".join([part for part in parts if part] + [text])


def reading_context(article: Article, passage: Passage) -> str:
    """What a reader is told of where the passage stands: title, headings and, where the passage
    begins by looking back ("He added …"), the sentence before it."""
    text = article.text[passage.start : passage.end]
    before = _sentence_before(article.text, passage.start) if looks_back(text) else ""
    return ". ".join(part for part in (context_text(article, passage), before) if part)


def sentence_stretches(article: Article, passage: Passage) -> list[Span]:
    """Where in `embedding_text` the sentences of the passage are."""
    text = embedding_text(article, passage)
    shift = len(text) - (passage.end - passage.start)
    return [(shift + start, shift + end) for start, end in sentence_spans(text[shift:])]


def lexical_text(article: Article, passage: Passage) -> str:
    """What BM25 is given: the title and headings, then the passage."""
    return f"{context_text(article, passage)}\n{article.text[passage.start : passage.end]}"


def context_text(article: Article, passage: Passage) -> str:
    """The title and the headings above the passage, outermost first."""
    return " › ".join(part for part in (article.title, passage.heading) if part)


def _sections(text: str, facts: re.Pattern[str]) -> Iterator[tuple[str, list[list[Span]]]]:
    """(headings above, paragraphs as lists of sentence spans) of each stretch between headings;
    a heading that is one of the `facts` is the first paragraph under itself."""
    above: list[tuple[int, str]] = []
    paragraphs: list[list[Span]] = []
    end_of_last = 0
    for start, end in sentence_spans(text):
        begins_block = "\n\n" in text[end_of_last:start] or not end_of_last
        end_of_last = end
        heading = _HEADING.fullmatch(text[start:end].replace("\n", " ")) if begins_block else None
        if heading:
            yield " › ".join(title for _, title in above), paragraphs
            begins = start + heading.start(2)
            paragraphs = [[(begins, end)]] if facts.fullmatch(heading[2]) else []
            level = len(heading[1])
            above = [(other, title) for other, title in above if other < level]
            above.append((level, heading[2]))
        elif begins_block or not paragraphs:
            paragraphs.append([(start, end)])
        else:
            paragraphs[-1].append((start, end))
    yield " › ".join(title for _, title in above), paragraphs


def _packed(text: str, paragraphs: list[list[Span]]) -> Iterator[Span]:
    """Neighbouring paragraphs together while they fit; a longer paragraph in even pieces."""
    open_span: Span | None = None
    for sentences in paragraphs:
        start, end = sentences[0][0], sentences[-1][1]
        if open_span and end - open_span[0] <= LONGEST:
            open_span = (open_span[0], end)
            continue
        if open_span:
            yield open_span
        open_span = (start, end)
        if end - start > LONGEST:
            yield from _pieces(text, sentences)
            open_span = None
    if open_span:
        yield open_span


def _pieces(text: str, sentences: list[Span]) -> Iterator[Span]:
    """A paragraph that is too long, cut between sentences into pieces of about the same length."""
    whole = sentences[-1][1] - sentences[0][0]
    even = whole / -(-whole // LONGEST)
    start, end = sentences[0]
    for s, e in sentences[1:]:
        nearer = (e - start) - even <= even - (end - start)
        if e - start <= LONGEST and nearer:
            end = e
        else:
            yield from _between_words(text, start, end)
            start, end = s, e
    yield from _between_words(text, start, end)


def _between_words(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence that is too long for a passage, cut at spaces; where there is none, anywhere.

    A row of a table is cut between its cells, if they are not too long themselves.
    """
    is_row = is_table_row(text[start:end])
    while end - start > LONGEST:
        between = text.rfind("; ", start, start + LONGEST) + 1 if is_row else 0
        cut = between or next(
            (i for i in range(start + LONGEST, start, -1) if text[i].isspace()), None
        )
        stop = cut or start + LONGEST
        yield start, start + len(text[start:stop].rstrip())
        start = next(i for i in range(stop, end) if not text[i].isspace())
    yield start, end


def _sentence_before(text: str, start: int) -> str:
    """The last 200 characters at most of the sentence that ends before `start`, in its section."""
    before = text[max(0, start - 400) : start].rstrip()
    block = before.rsplit("\n\n", 1)[-1]
    if not block or block.startswith("#"):
        return ""
    spans = sentence_spans(block)
    return block[spans[-1][0] : spans[-1][1]][-200:] if spans else ""
