"""Asking a chat model: its input, its output, and the checks of both."""
