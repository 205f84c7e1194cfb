"""The service over HTTP: answers, articles, conversations, OpenAI's API, MCP."""
