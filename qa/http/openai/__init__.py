"""Footnote for programs that speak OpenAI's API: chat completions, responses, embeddings."""
