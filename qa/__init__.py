"""Question answering: retriever, answerers, chain, and the surfaces that serve it."""
