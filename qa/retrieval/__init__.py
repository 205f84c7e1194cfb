"""Which passages may hold the answer: hybrid retrieval and ranking."""
