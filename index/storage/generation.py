"""One generation of the index caches: the vectors and the BM25 index of one recipe, side by side.

A generation is made beside the current one and takes its place when the manifest names it, so
that at no moment a question meets a half-made index.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Passage
from index.storage.lexical import LexicalIndex
from index.storage.vectors import Matrix, Vectors


@dataclass(frozen=True, slots=True)
class Generation:
    """The two caches, open."""

    name: str
    vectors: Vectors
    lexical: LexicalIndex

    def add(
        self,
        passages: Sequence[Passage],
        texts: Sequence[str],
        vectors: Matrix,
        sentences: Sequence[Matrix],
    ) -> None:
        """Index the passages of whole articles: `texts` for BM25, the vectors for the meaning."""
        if passages:
            ids = [passage.id for passage in passages]
            article_ids = [passage.article_id for passage in passages]
            self.vectors.add(ids, article_ids, vectors, sentences)
            self.lexical.add(ids, article_ids, texts)

    def remove(self, article_ids: Sequence[str], passage_ids: Sequence[str]) -> None:
        """Remove these articles, whose passages are these."""
        self.vectors.remove(passage_ids)
        self.lexical.remove(article_ids)

    def strangers(self, expected: Counter[str]) -> set[str]:
        """The articles of which one of the caches holds more or fewer passages than `expected`.

        Costs two counts when all is well; passages are gone through only where the totals differ.
        """
        total = expected.total()
        if self.vectors.count() == total and self.lexical.count() == total:
            return set()
        dense = Counter(article_of(id_) for id_ in self.vectors.ids())
        lexical = self.lexical.counts()
        return {
            id_
            for id_ in expected.keys() | dense.keys() | lexical.keys()
            if not expected[id_] == dense[id_] == lexical[id_]
        }

    def close(self) -> None:
        """Release the files."""
        self.vectors.close()


def article_of(passage_id: str) -> str:
    """The article that a passage id begins with."""
    return passage_id.partition(":")[0]
