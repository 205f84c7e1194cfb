"""The words that are sent to a chat model: text files and a small loader."""

from prompts.loading import Prompt, Prompts, load

__all__ = ["Prompt", "Prompts", "load"]
