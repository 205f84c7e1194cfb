"""What both of OpenAI's APIs let a client wish for, and the header and setting beside them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Header, Request
from pydantic import BaseModel, ConfigDict, Field

from index.errors import BadInput
from index.settings import Settings
from qa.http.openai.reply import Wishes
from qa.http.openai.schemas import check_schema

QuotesHeader = Annotated[
    Literal["annotations", "text"] | None,
    Header(
        alias="Footnote-Quotes",
        description="`text` puts the quotes at the end of the content as well, for a client that "
        "drops annotations; overrides FOOTNOTE_OPENAI_QUOTES.",
    ),
]


class JSONSchema(BaseModel):
    """A schema under a name."""

    model_config = ConfigDict(extra="ignore")

    name: str = Field("", max_length=200)
    schema_: dict[str, Any] = Field(alias="schema")


class TextFormat(BaseModel):
    """What the content is: text, the answer as JSON, or as JSON of the client's schema.

    The schema stands under `json_schema` in chat completions, beside `type` in responses.
    """

    model_config = ConfigDict(extra="ignore")

    type: Literal["text", "json_object", "json_schema"] = "text"
    json_schema: JSONSchema | None = None
    schema_: dict[str, Any] | None = Field(None, alias="schema")

    def checked(self) -> Mapping[str, Any] | None:
        """The schema.

        Raises:
            BadInput: if it is missing or cannot be honoured.
        """
        if self.type != "json_schema":
            return None
        schema = self.json_schema.schema_ if self.json_schema else self.schema_
        if schema is None:
            raise BadInput("response_format says json_schema and holds no schema.")
        check_schema(schema)
        return schema


def wishes_of(
    request: Request,
    settings: Settings,
    quotes: str | None,
    form: TextFormat,
    prompt_tokens: int,
    stop: tuple[str, ...] = (),
    max_tokens: int | None = None,
) -> Wishes:
    """What a request wishes for.

    Raises:
        BadInput: if the schema of `form` cannot be honoured.
    """
    return Wishes(
        base_url=str(request.base_url).rstrip("/"),
        prompt_tokens=prompt_tokens,
        quotes_in_text=(quotes or settings.openai_quotes) == "text",
        json=form.type != "text",
        schema=form.checked(),
        stop=stop,
        max_tokens=max_tokens,
    )
