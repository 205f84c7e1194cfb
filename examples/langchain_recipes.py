"""Footnote in LangChain: the chain in a sequence, and its retriever on its own."""

from langchain_core.runnables import RunnableLambda

from index import add_sample, open_library, read_settings
from qa import Answer, HybridRetriever, answer_chain


def as_markdown(answer: Answer) -> str:
    notes = "\n".join(f"[^{c.n}]: “{c.quote}”" for c in answer.citations)
    return f"{answer.text}\n\n{notes}"


settings = read_settings()
with open_library(settings) as library:
    add_sample(library, settings)

    to_request = RunnableLambda(lambda question: {"question": question})
    sequence = to_request | answer_chain(library, settings) | RunnableLambda(as_markdown)
    print(sequence.invoke("How many articles has the draft treaty?"))

    retriever = HybridRetriever(library=library, k=3)
    for document in retriever.invoke("hypersonic missile"):
        print(document.metadata["start"], document.metadata["end"], document.page_content)
