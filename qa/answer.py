"""`Answer`, `Citation` and `Turn`: the one schema of every surface."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Status = Literal["answered", "related", "not_in_article"]
"""`related`: the article does not answer exactly, but speaks of it; or something else was said than
an answer from the article (a greeting returned, a language that is not understood)."""

NOT_IN_ARTICLE = "The article does not say."
"""The refusal. Prompts, code and tests share this one sentence."""

MAX_TURN_CHARACTERS = 100_000


class Turn(BaseModel):
    """What a person asked or what Footnote answered. Footnote marks such as `[1]` mean nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TURN_CHARACTERS)


class Citation(BaseModel):
    """A footnote: `article.text[start:end] == quote`, counted in Unicode code points."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int = Field(ge=1, description="The number in brackets in the answer's text.")
    article_id: str
    title: str
    source: str
    passage_id: str
    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int
    page: int | None = Field(
        default=None,
        ge=1,
        description="The page or slide on which the quote begins; null where there are none.",
    )

    @property
    def place(self) -> str:
        """Where the quote stands, for a person to read."""
        page = f"page {self.page}, " if self.page else ""
        return f"{page}characters {self.start}–{self.end}"


class Usage(BaseModel):
    """Tokens that a chat model counted, as its server says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)


class RetrievedPassage(BaseModel):
    """A passage as the retriever ranked it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage_id: str
    article_id: str
    start: int
    end: int
    text: str
    score: float


class Answer(BaseModel):
    """What Footnote says to a question, on every surface."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(description="As it was asked.")
    standalone_question: str = Field(
        description="The question as it was understood; differs from `question` for a follow-up."
    )
    status: Status = Field(
        description="`answered`: the article says it. `related`: it does not answer exactly, but "
        "speaks of it. `not_in_article`: it does not say."
    )
    text: str = Field(
        description="What a person reads; each statement ends with its footnote number, `[1]`."
    )
    short_answer: str | None = Field(
        description="The few words that answer; to a question for yes or no, `Yes` or `No`."
    )
    confidence: float = Field(
        ge=0, le=1, description="Probability that the article answers and that this is the answer."
    )
    citations: tuple[Citation, ...] = Field(description="In the order of the footnotes.")
    passages: tuple[RetrievedPassage, ...] = Field(description="As retrieved, best first.")
    answerer: str = Field(description="Which answerer wrote it.")
    note: str | None = Field(
        default=None, description="Said to the person when the answer was not made the usual way."
    )
    latency_ms: dict[str, float] = Field(description="Milliseconds spent in each stage.")
    fingerprint: str = Field(description="Hash of the index, the settings and the prompt version.")
    index_fingerprint: str | None = Field(
        default=None, description="Hash of the articles and of how they are indexed."
    )
    prompt_version: str | None = Field(
        default=None, description="Hash of the prompts; null where no chat model was asked."
    )
    usage: Usage | None = Field(
        default=None, description="Tokens of the chat model; null where none was asked or counted."
    )

    @model_validator(mode="after")
    def _footnotes_are_in_order(self) -> Self:
        if [c.n for c in self.citations] != list(range(1, len(self.citations) + 1)):
            raise ValueError("footnotes must be numbered 1, 2, 3 … in order")
        if self.status == "answered" and not self.citations:
            raise ValueError("an answer must carry at least one citation")
        return self

    def __add__(self, later: "Answer") -> "Answer":
        """The later one. LangChain adds up the chunks of a stream; ours are growing snapshots."""
        return later
