"""Passages → an answer of statements with quotes: extractive, summary, or by a chat model."""
