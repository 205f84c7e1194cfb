"""An answer as the content of a message: its citations as annotations, and what bounds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from qa.answer import Answer, Citation
from qa.footnotes import marks
from qa.http.openai.schemas import in_shape
from qa.http.openai.tokens import count_tokens, first_tokens

_EDGE_WORDS = 6
"""Words at both ends of a long quote, by which a browser finds it (`#:~:text=`)."""

Ending = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a client wants its reply."""

    base_url: str
    """Of this service, as the client reaches it."""
    prompt_tokens: int = 0
    quotes_in_text: bool = False
    """Whether the quotes stand at the end of the content too."""
    json: bool = False
    """Whether the content is the answer as JSON, of the shape of `schema`, where there is one."""
    schema: Mapping[str, Any] | None = None
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None

    @property
    def as_a_whole(self) -> bool:
        """Whether nothing can be sent before all of it is known."""
        return self.json or bool(self.stop) or self.max_tokens is not None


@dataclass(frozen=True, slots=True)
class Reply:
    """The content of a message, and what it took."""

    content: str
    annotations: Sequence[dict[str, Any]]
    ending: Ending
    tokens_in: int
    tokens_out: int


def reply_of(answer: Answer, wishes: Wishes) -> Reply:
    """The content for an answer, with a `url_citation` for each of its footnote numbers."""
    if wishes.json:
        content, found = in_shape(answer, wishes.schema), []
    else:
        content, found = answer.text, annotations(answer, wishes.base_url)
        if wishes.quotes_in_text:
            content += quotes(answer, wishes.base_url)
    ending: Ending = "stop"
    stops = [at for stop in wishes.stop if stop and (at := content.find(stop)) >= 0]
    content = content[: min(stops, default=len(content))]
    if wishes.max_tokens is not None:
        short = first_tokens(content, wishes.max_tokens)
        ending = "stop" if short == content else "length"
        content = short
    kept = [a for a in found if a["end_index"] <= len(content)]
    # A chat model's server counts better than we do.
    used = answer.usage
    tokens_in = used.input_tokens if used else wishes.prompt_tokens
    tokens_out = used.output_tokens if used else count_tokens(content)
    return Reply(content, kept, ending, tokens_in, tokens_out)


def annotations(answer: Answer, base_url: str) -> list[dict[str, Any]]:
    """What is cited at each footnote number of the text, and where to read it."""
    return [
        {
            "start_index": mark.start,
            "end_index": mark.end,
            "title": citation.title,
            "url": address(citation, base_url),
            **citation.model_dump(mode="json", exclude={"title"}),
        }
        for mark in marks(answer)
        for citation in [answer.citations[mark.n - 1]]
    ]


def quotes(answer: Answer, base_url: str) -> str:
    """The quotes as they stand at the end of a content."""
    lines = [
        f"[{c.n}] “{c.quote}” ({c.title}, {c.place}: {address(c, base_url)})"
        for c in answer.citations
    ]
    return "".join(f"\n\n{line}" for line in lines)


def address(citation: Citation, base_url: str) -> str:
    """Where a browser shows the article at the quote: the page that was fetched, or our copy."""
    if citation.source.startswith(("http://", "https://")):
        page = citation.source.partition("#")[0]
        words = citation.quote.split()
        edges = (
            [words]
            if len(words) <= 2 * _EDGE_WORDS
            else [words[:_EDGE_WORDS], words[-_EDGE_WORDS:]]
        )
        return f"{page}#:~:text={','.join(map(_escaped, edges))}"
    place = f"start={citation.start}&end={citation.end}"
    return f"{base_url}/articles/{citation.article_id}?{place}#quote"


def _escaped(words: Sequence[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
