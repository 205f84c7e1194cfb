"""Opening the chat model that the settings name, through LangChain's `init_chat_model`."""

import os
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.errors import ModelProblem
from index.offline import is_local
from index.settings import Settings
from qa.answer import Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

EXTRAS = frozenset({"openai", "ollama", "anthropic"})
"""Providers whose package is an extra of Footnote's."""

KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A chat model and how patient Footnote is with it."""

    name: str
    """As in the settings: `openai:gpt-4.1-mini`."""
    model: "BaseChatModel"
    silence_seconds: float
    retries: int

    def reply(
        self, messages: "list[BaseMessage]", counted: Callable[[Usage], None] = lambda _: None
    ) -> Generator[str, None, None]:
        """The text of the reply as it comes (`stream.reply`); `counted` is told its tokens.

        Raises:
            ModelProblem: no reply, or not the whole of it.
        """
        from qa.chat.stream import reply

        return reply(
            self.model,
            messages,
            silence_seconds=self.silence_seconds,
            retries=self.retries,
            counted=counted,
        )


def open_chat_model(settings: Settings) -> ChatModel | None:
    """The chat model of `settings.chat_model`; `None` when there is none. Nothing is sent yet.

    Raises:
        ModelProblem: the name, the provider's package or its key is missing or wrong.
    """
    if settings.chat_model is None:
        return None
    provider, _, name = settings.chat_model.partition(":")
    if not provider or not name.strip():
        raise ModelProblem(
            f"FOOTNOTE_CHAT_MODEL={settings.chat_model!r} must be a provider and a model, "
            "such as openai:gpt-4.1-mini or ollama:llama3.1."
        )
    if settings.offline and not _is_on_this_machine(provider, settings):
        raise ModelProblem(
            f"FOOTNOTE_CHAT_MODEL={settings.chat_model!r} is not on this machine, and Footnote is "
            "offline (FOOTNOTE_OFFLINE): name a server of this machine with FOOTNOTE_CHAT_BASE_URL."
        )
    if provider in KEY_VARIABLES and not _has_key(provider, settings):
        raise ModelProblem(
            f"FOOTNOTE_CHAT_MODEL={settings.chat_model!r} needs a key: "
            f"set {KEY_VARIABLES[provider]} or FOOTNOTE_CHAT_API_KEY."
        )
    from langchain.chat_models import init_chat_model  # 0.1 s: only where there is a model

    try:
        model: BaseChatModel = init_chat_model(
            name, model_provider=provider, **_options(provider, settings)
        )
        return ChatModel(
            settings.chat_model, model, settings.chat_timeout_seconds, settings.chat_retries
        )
    except ImportError as error:
        raise ModelProblem(
            f"FOOTNOTE_CHAT_MODEL={settings.chat_model!r} needs a package that is not installed: "
            f"{_install_line(provider, error)}"
        ) from error
    except ValueError as error:
        # The text of a pydantic error may repeat a key; only LangChain's own word is passed on.
        if str(error).startswith("Unsupported provider"):
            raise ModelProblem(
                f"FOOTNOTE_CHAT_MODEL={settings.chat_model!r}: LangChain knows no provider "
                f"{provider!r}; openai, ollama and anthropic are the usual ones."
            ) from error
        raise ModelProblem(
            f"FOOTNOTE_CHAT_MODEL={settings.chat_model!r} cannot be opened: "
            "check the model's name, FOOTNOTE_CHAT_BASE_URL and the key."
        ) from None


def _is_on_this_machine(provider: str, settings: Settings) -> bool:
    address = settings.chat_base_url
    if not address and provider == "ollama":
        address = os.environ.get("OLLAMA_HOST") or "http://127.0.0.1:11434"
    if not address:
        return False  # the provider's own
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return False
    return bool(host) and is_local(host)


def _has_key(provider: str, settings: Settings) -> bool:
    # A server of one's own often wants no key; the provider's does.
    return bool(
        settings.chat_api_key or settings.chat_base_url or os.environ.get(KEY_VARIABLES[provider])
    )


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if settings.chat_base_url:
        options["base_url"] = settings.chat_base_url
    if settings.chat_api_key and provider != "ollama":
        options["api_key"] = settings.chat_api_key
    elif provider in KEY_VARIABLES and not os.environ.get(KEY_VARIABLES[provider]):
        options["api_key"] = "none"  # the client insists on one even where the server does not
    if provider in {"openai", "anthropic"}:
        options["max_retries"] = 0  # `stream` tries again, the same way for every provider
    if provider == "openai":
        options["stream_usage"] = True  # off where the address is not OpenAI's own
        options["stream_chunk_timeout"] = None  # `stream` has its own, for every provider
    if provider == "ollama":
        options["temperature"] = 0  # its default, 0.8, wanders; some others refuse any value
        if settings.chat_api_key:
            key = settings.chat_api_key.get_secret_value()
            options["client_kwargs"] = {"headers": {"Authorization": f"Bearer {key}"}}
    return options


def _install_line(provider: str, error: ImportError) -> str:
    if provider in EXTRAS:
        return f"pip install 'footnote-qa[{provider}]'"
    named = re.search(r"requires the ([\w-]+) package", str(error))
    return f"pip install {named[1]}" if named else f"see LangChain's page about {provider}."
