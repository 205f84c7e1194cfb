"""Where in a passage the answer is, and how sure that is."""
