"""`retrieve` as a LangChain retriever: a question in, documents with their places out."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from qa.candidates import ScoredPassage
from qa.retrieval.passages import retrieve


class HybridRetriever(BaseRetriever):
    """The `k` passages most likely to answer; of all articles when none are named."""

    library: Any
    article_ids: tuple[str, ...] | None = None
    k: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            _document(passage)
            for passage in retrieve(self.library, [query], self.article_ids, self.k)
        ]


def _document(scored: ScoredPassage) -> Document:
    passage, article = scored.passage, scored.article
    return Document(
        id=passage.id,
        page_content=scored.text,
        metadata={
            "passage_id": passage.id,
            "article_id": article.id,
            "title": article.title,
            "source": article.source,
            "heading": passage.heading,
            "start": passage.start,
            "end": passage.end,
            "score": scored.score,
        },
    )
