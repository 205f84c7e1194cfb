"""BM25 over the passages, in tantivy: a persistent index that is never rebuilt for a question.

English words are lower-cased, freed of accents, stemmed (Porter2) and filtered by tantivy's stop
words and the words that make a question; BM25 has its usual constants, k1 = 1.2 and b = 0.75
(Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).

Tantivy guards the folder with a lock file of its own while a writer is open. The library takes
its lock first, so tantivy's is never waited for.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import tantivy
from tantivy import Filter, Occur, Query

from index.storage.damage import CacheDamaged, reported_as_damage
from index.storage.freed_memory import hand_back

_WRITER_BYTES = 32_000_000  # tantivy asks for at least 15 MB a thread
# Rare in articles, so BM25 would take them for telling words. Without them the passage of the
# answer is first for 0.799 instead of 0.773 of 4,458 questions, each to an article on its own.
_QUESTION_WORDS = [
    *("what", "which", "who", "whom", "whose", "when", "where", "why", "how"),
    *("did", "do", "does"),
]
_LONGEST_WORD = 60  # bytes; base64 and the like would only swell the index


class LexicalIndex:
    """One tantivy index, in a folder of its own or in memory.

    Safe for several threads; one writer at a time.
    """

    def __init__(self, folder: Path | None, *, create: bool = False) -> None:
        """Open the index in `folder`, or create it there; with None, create one in memory.

        Raises:
            CacheDamaged: if there is nothing readable and `create` is not set.
        """
        with reported_as_damage("BM25"):
            if folder is None:
                self._index = tantivy.Index(_schema())
            elif create:
                folder.mkdir(parents=True)
                self._index = tantivy.Index(_schema(), path=str(folder), reuse=False)
            else:
                self._index = tantivy.Index.open(str(folder))
            # An index does not remember its analyser; it is registered at every opening.
            self._analyser = _analyser()
            self._index.register_tokenizer("english", self._analyser)
            # Reloaded by the library when something changed, not by a thread that polls the disk.
            self._index.config_reader("manual")
            self.reload()

    def add(self, ids: Sequence[str], article_ids: Sequence[str], texts: Sequence[str]) -> None:
        """Index the passages of whole articles; what was there of these articles is replaced."""
        with reported_as_damage("BM25"):
            writer = self._index.writer(_WRITER_BYTES, num_threads=1)
            for article_id in dict.fromkeys(article_ids):
                writer.delete_documents_by_term("article_id", article_id)
            for id_, article_id, text in zip(ids, article_ids, texts, strict=True):
                writer.add_document(tantivy.Document(id=id_, article_id=article_id, text=text))
            self._commit(writer)

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove all passages of these articles; one that is not there is passed over."""
        with reported_as_damage("BM25"):
            writer = self._index.writer(_WRITER_BYTES, num_threads=1)
            for article_id in article_ids:
                writer.delete_documents_by_term("article_id", article_id)
            self._commit(writer)

    def best(
        self, question: str, n: int, article_ids: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Passage id → BM25 score (> 0) of the `n` best passages of these articles, best first."""
        return self._search(question, n, "article_id", article_ids)

    def scores(self, question: str, ids: Sequence[str]) -> dict[str, float]:
        """Passage id → BM25 score (> 0) of those of these passages that share a word with it."""
        return self._search(question, len(ids), "id", ids)

    def counts(self) -> Counter[str]:
        """Article id → how many passages of it are indexed."""
        with reported_as_damage("BM25"):
            everything = Query.all_query()  # without it, deleted passages are counted too
            return Counter(
                dict(self._index.searcher().terms_with_prefix("article_id", "", everything))
            )

    def count(self) -> int:
        """How many passages there are."""
        with reported_as_damage("BM25"):
            return int(self._index.searcher().num_docs)

    def reload(self) -> None:
        """See what was committed since, here or in another process."""
        with reported_as_damage("BM25"):
            self._index.reload()

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()  # on the disk when it returns
        writer.wait_merging_threads()  # also gives tantivy's lock back
        self._index.reload()
        hand_back()

    def _search(
        self, question: str, n: int, field: str, values: Sequence[str] | None
    ) -> dict[str, float]:
        with reported_as_damage("BM25"):
            schema = self._index.schema
            words = dict.fromkeys(self._analyser.analyze(question))
            if not words or n < 1 or (values is not None and not values):
                return {}
            query = Query.boolean_query(
                [(Occur.Should, Query.term_query(schema, "text", word, "freq")) for word in words]
            )
            if values is not None:
                within = Query.term_set_query(schema, field, list(values))
                query = Query.boolean_query(
                    [(Occur.Must, query), (Occur.Must, Query.const_score_query(within, 0.0))]
                )
            searcher = self._index.searcher()
            found = {}
            for score, address in searcher.search(query, n, count=False).hits:
                id_ = searcher.doc(address).get_first("id")
                if not isinstance(id_, str):
                    raise CacheDamaged("BM25: a passage without an id")
                found[id_] = float(score)
            return found


def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    schema.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    schema.add_text_field("text", tokenizer_name="english", index_option="freq")
    return schema.build()


def _analyser() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.stopword("english"))
        .filter(Filter.custom_stopword(_QUESTION_WORDS))
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("english"))
        .build()
    )
