"""What was said before: OpenAI's messages as a question with its history."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from index.errors import BadInput
from qa.answer import MAX_TURN_CHARACTERS, Turn
from qa.http.openai.tokens import count_tokens


class TextPart(BaseModel):
    """A piece of a message; only text can be asked."""

    type: Literal["text", "input_text", "output_text"]
    text: str = Field(max_length=MAX_TURN_CHARACTERS)


class Message(BaseModel):
    """One message of the conversation.

    Those of the system and of tools are passed over: Footnote says what the articles say.
    """

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | tuple[TextPart, ...] | None = None

    @field_validator("content", mode="before")
    @classmethod
    def _only_text(cls, content: object) -> object:
        known = TextPart.model_fields["type"].annotation.__args__  # type: ignore[union-attr]
        parts = content if isinstance(content, list) else ()
        if any(isinstance(part, dict) and part.get("type") not in known for part in parts):
            raise ValueError("Footnote reads text only; leave out pictures, sound and files")
        return content

    @property
    def text(self) -> str:
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "\n".join(part.text for part in self.content)


def question_of(messages: Sequence[Message]) -> tuple[str, tuple[Turn, ...]]:
    """The question, which is the last message, and the history before it.

    Raises:
        BadInput: if the last message is not a question of the user's.
    """
    if not messages or messages[-1].role in ("assistant", "tool", "function"):
        raise BadInput("The last message must be the user's question.")
    said = [message for message in messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise BadInput("The last message must be the user's question.")
    question = said[-1].text
    if not question.strip():
        raise BadInput("The question is empty: ask something.")
    return question, tuple(_turn(message) for message in said[:-1] if message.text.strip())


def count_message_tokens(messages: Sequence[Message]) -> int:
    """The tokens of all messages, those too that are passed over."""
    return sum(count_tokens(message.text) for message in messages)


def refuse_tools(tools: Any, choice: Any) -> None:
    """Raises ValueError where a tool would have to be called."""
    if tools and choice != "none":
        raise ValueError('Footnote calls no tools; leave them out, or say "tool_choice": "none"')


def _turn(message: Message) -> Turn:
    role: Literal["user", "assistant"] = "user" if message.role == "user" else "assistant"
    return Turn(role=role, content=message.text[:MAX_TURN_CHARACTERS])
