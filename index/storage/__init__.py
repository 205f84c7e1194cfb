"""The database of the articles, and the indexes that are made from it."""
