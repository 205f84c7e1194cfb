"""`retrieve` as a LangChain retriever: a question in, documents with their places out."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.articles import Article, Passage
from qa.answer import RetrievedPassage
from qa.candidates import ScoredPassage
from qa.retrieval.passages import retrieve


class HybridRetriever(BaseRetriever):
    """The `k` passages most likely to answer; of all articles when none are named.

    A call may name other `article_ids` and another `k`, and further `wordings` of the question.
    """

    library: Any
    article_ids: tuple[str, ...] | None = None
    k: int = 5

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        wordings: Sequence[str] = (),
        article_ids: Sequence[str] | None = None,
        k: int | None = None,
    ) -> list[Document]:
        chosen = self.article_ids if article_ids is None else article_ids
        found = retrieve(self.library, [query, *wordings], chosen, k or self.k)
        return [_document(passage) for passage in found]


def retrieved_passage(document: Document) -> RetrievedPassage:
    """A document of a retriever as an answer shows it."""
    place = document.metadata
    return RetrievedPassage(
        passage_id=place["passage_id"],
        article_id=place["article_id"],
        start=place["start"],
        end=place["end"],
        text=document.page_content,
        score=place["score"],
    )


def scored_passage(document: Document, articles: dict[str, Article]) -> ScoredPassage:
    """A document of a retriever as a passage of its article."""
    place = document.metadata
    article = articles[place["article_id"]]
    passage = Passage(
        place["passage_id"], article.id, place["start"], place["end"], place["heading"]
    )
    return ScoredPassage(passage, article, place["score"])


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
