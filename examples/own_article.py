"""Add an article from a text, ask it, and see a refusal."""

from index import load_text, open_library, read_settings
from qa import answer_chain

TEXT = """\
# The ferry to Skarv

The ferry to Skarv leaves at noon and at five. It carries 40 cars. On Sundays it does not sail.
"""

settings = read_settings()
with open_library(settings) as library:
    ferry = library.add(load_text(TEXT, settings, source="notice board")).article
    chain = answer_chain(library, settings)
    for question in ("How many cars does the ferry carry?", "What does a ticket cost?"):
        answer = chain.invoke({"question": question, "article_ids": [ferry.id]})
        print(f"{question} {answer.status}: {answer.text}")
