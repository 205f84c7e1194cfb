"""The one place where Footnote is configured: `FOOTNOTE_…` in the environment or in a file."""

import os
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.errors import BadInput


def _split(value: object) -> object:
    """`a, b` → `["a", "b"]`: how a list is written in an environment variable."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


class Settings(BaseSettings):
    """Each field is read from `FOOTNOTE_<NAME>`; `read_settings` reads files as well."""

    model_config = SettingsConfigDict(env_prefix="FOOTNOTE_", extra="ignore", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("footnote")),
        description="Folder of the article database and its index caches.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="A PostgreSQL database, `postgresql://USER:PASSWORD@HOST/NAME`, in the place "
        "of the file in the data folder, for several processes that serve one library; "
        "needs `FOOTNOTE_CHROMA_URL` too.",
    )
    chroma_url: SecretStr | None = Field(
        None,
        description="A Chroma server, `http(s)://[:TOKEN@]HOST[:PORT]`, in the place of the "
        "vectors in the data folder.",
    )
    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        description="A sentence-transformers model by name or path; "
        "the default comes with the installation.",
    )
    reader: str = Field(
        "footnote",
        description="Who answers without a chat model: `footnote` (the reader that ships with "
        "the project), or a Hugging Face extractive question answering model by name or path.",
    )
    passages_read: int = Field(5, ge=1, le=50, description="Passages read for one question.")
    max_article_characters: int = Field(
        5_000_000, ge=1_000, description="A longer article is refused."
    )
    max_file_bytes: int = Field(50_000_000, ge=1_000, description="A larger file is refused.")
    max_question_characters: int = Field(2_000, ge=10, description="A longer question is refused.")
    chat_model: str | None = Field(
        None,
        description="A chat model that writes the answers, as `provider:name` of LangChain's "
        "`init_chat_model`: `openai:…`, `ollama:…`, `anthropic:…`. Without it the reader answers.",
    )
    chat_base_url: str | None = Field(
        None,
        description="Address of the chat model's server, such as one that speaks OpenAI's API.",
    )
    chat_api_key: SecretStr | None = Field(
        None, description="Key for the chat model; without it, the provider's own variable is read."
    )
    chat_timeout_seconds: float = Field(
        30, gt=0, le=600, description="A chat model that sends no text for so long is cut off."
    )
    chat_retries: int = Field(
        2, ge=0, le=10, description="New tries when the chat model's server is busy or failing."
    )
    chat_condenses: bool = Field(
        True, description="Whether the chat model, if there is one, rewrites follow-up questions."
    )
    strict: bool = Field(
        True,
        description="Whether a chat model's statement that the article does not support is left "
        "out; otherwise it is kept and marked.",
    )
    prompts_dir: Path | None = Field(
        None, description="Folder whose files replace the prompts of the same name."
    )
    host: str = Field("127.0.0.1", description="Address that `footnote serve` listens on.")
    port: int = Field(7860, ge=0, le=65_535, description="Port that `footnote serve` listens on.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="Host names, with commas between them, that the service answers to besides "
        "this machine's own; needed behind a reverse proxy.",
    )
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="Keys, with commas between them, one of which every request must bring; "
        "required when `host` is not this machine's own address. Each is `NAME:ROLE:KEY`, with "
        "the role `ask`, `manage` or `admin`; `NAME:ROLE@SPACE+SPACE:KEY`, with the spaces whose "
        "articles it sees too, `*` for all; or a key alone, an admin's.",
    )
    audit_days: int = Field(
        365,
        ge=0,
        le=36_500,
        description="Days that the audit log is kept: who did what and when, for admins; "
        "0 for no log.",
    )
    open_access: Literal["no", "yes-anyone-may-ask"] = Field(
        "no", description="`yes-anyone-may-ask` serves other machines without any key."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        (),
        description="Other sites, with commas between them, such as `https://notes.example.org`, "
        "whose pages may use the service from a browser.",
    )
    rate_per_minute: int = Field(
        600,
        ge=0,
        description="Questions and changes a minute for each key or, without keys, for each "
        "address that is not this machine's own, over all processes of a shared library; 0 for no "
        "limit.",
    )
    answers_at_once: int = Field(
        4,
        ge=1,
        le=256,
        description="Questions that a process works on at the same time; others wait in turn.",
    )
    questions_waiting: int = Field(
        100,
        ge=0,
        description="Questions that may wait in turn; one more is refused with the time to wait.",
    )
    max_request_bytes: int = Field(
        60_000_000, ge=1_000, description="A request with a longer body is refused."
    )
    openai_quotes: Literal["annotations", "text"] = Field(
        "annotations",
        description="`text` puts the quotes at the end of what OpenAI's clients are given as well, "
        "for those that drop annotations; the header `Footnote-Quotes` overrides it.",
    )
    log_format: Literal["text", "json"] = Field(
        "text",
        description="What `footnote serve` writes on standard error: `text` (warnings and faults, "
        "for a person) or `json` (a JSON line for each request, answer and change as well).",
    )
    log_text: bool = Field(
        False,
        description="Whether the logs may hold questions, answers and what messages quote; "
        "keys are left out in any case.",
    )
    traces: Literal["off", "otlp"] = Field(
        "off",
        description="`otlp` sends OpenTelemetry traces, a span for each stage, to where "
        "`OTEL_EXPORTER_OTLP_ENDPOINT` says; needs the extra `telemetry`.",
    )
    fetch_seconds: float = Field(
        20, gt=0, le=600, description="Time to fetch the page of an address, redirects included."
    )
    offline: bool = Field(
        False,
        description="Refuses every connection that would leave this machine; "
        "`footnote serve --offline` is the same.",
    )


NAMED_FILE = "FOOTNOTE_ENV_FILE"
"""The variable that names a file of settings; `footnote --env-file` sets it."""

FOLDER_FILE = Path(".env")

NOT_FROM_A_FOLDER = frozenset(
    {
        *("data_dir", "database_url", "chroma_url", "embedding_model", "reader", "prompts_dir"),
        *("chat_model", "chat_base_url", "chat_api_key", "strict", "offline"),
        *("host", "allowed_hosts", "api_keys", "open_access", "cors_origins"),
        *("log_text", "traces"),
    }
)
"""What a `.env` that merely lies in the working folder may not set: it decides where articles and
questions go, who may ask and what is believed, and the folder may come from a stranger."""


def user_file() -> Path:
    """The settings of this user, for every folder."""
    return Path(platformdirs.user_config_dir("footnote")) / "footnote.env"


def read_settings() -> Settings:
    """The settings of this process: its environment, then the file that `FOOTNOTE_ENV_FILE` names
    or else `.env` in the working folder, then the user's file; the first that speaks counts.

    Raises:
        BadInput: naming the variable whose value cannot be used, or the file that cannot be read
            or sets what it may not.
    """
    named = os.environ.get(NAMED_FILE)
    if named and not Path(named).is_file():
        raise BadInput(f"{named} is no file to read settings from (--env-file, {NAMED_FILE}).")
    if not named:
        _check_folder_file()
    files = (user_file(), Path(named) if named else FOLDER_FILE)
    try:
        return Settings(_env_file=files)
    except UnicodeDecodeError as error:
        raise BadInput(f"One of {files[0]} and {files[1]} is not UTF-8 text.") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = "FOOTNOTE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"{name}={first['input']!r} cannot be used: {first['msg']}.") from error


def _check_folder_file() -> None:
    if not FOLDER_FILE.is_file():
        return
    try:
        names = [name.lower() for name in dotenv_values(FOLDER_FILE)]
    except UnicodeDecodeError as error:
        raise BadInput(f"{FOLDER_FILE.absolute()} is not UTF-8 text.") from error
    for name in names:
        if name.removeprefix("footnote_") in NOT_FROM_A_FOLDER and name.startswith("footnote_"):
            raise BadInput(
                f"{FOLDER_FILE.absolute()} sets {name.upper()}, which is not taken from a folder "
                f"unasked. If the file is yours: footnote --env-file .env …, or keep the line in "
                f"{user_file()}."
            )
