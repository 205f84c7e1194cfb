"""Answers, articles, lists and reports as HTML."""
