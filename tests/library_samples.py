"""Three short articles and a small real embedding model, for the tests of the library."""

from pathlib import Path

from index.articles import Article
from index.library import Library

LIGHTHOUSE = Article.of(
    "# The lighthouse\n\nThe lighthouse of Sandholm was lit in 1871. Its keeper, Marta Lind, "
    "rowed to the island every evening.\n\n# The lamp\n\nThe lamp burned whale oil until 1902. "
    "After that it was powered by electricity from the mainland.",
    "The lighthouse of Sandholm",
    "lighthouse.md",
)
BREAD = Article.of(
    "# Rye bread\n\nThe baker mixes rye flour, water and salt. The dough rests for eleven hours."
    "\n\n# Baking\n\nThe oven must reach 250 degrees. The loaf is baked for an hour and cools on a "
    "wire rack.",
    "Rye bread",
    "bread.md",
)
TRAM = Article.of(
    "# The tram\n\nLine 7 of the tram opened in March. Its new carriages carry two hundred people."
    "\n\n# Fares\n\nA ticket costs two euros. Children under six travel free with an adult.",
    "The new tram",
    "tram.md",
)


def save_small_model(folder: Path, dimension: int, seed: int = 0) -> Path:
    """A sentence-transformers model of one random vector for each word of the samples."""
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    texts = " ".join(article.text for article in (LIGHTHOUSE, BREAD, TRAM)).lower()
    words = sorted({word.strip(".,#") for word in texts.split()} - {""})
    vocabulary = {word: i for i, word in enumerate(["[UNK]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(seed).normal(size=(len(vocabulary), dimension))
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights.astype(np.float32))
    SentenceTransformer(modules=[embedding], device="cpu").save(str(folder))
    return folder


def holds_exactly(library: Library, articles: set[str]) -> None:
    """Exactly these articles are listed, each is answered from, and no store holds more."""
    assert {a.id for a in library.articles()} == articles
    for article_id in articles:
        found = library.search("How long does it take?", [article_id], 5)
        assert {c.passage for c in found} == set(library.passages(article_id))
        assert len(found) == 2
    state = library.state()
    assert state.passages == state.vectors == state.lexical == 2 * len(articles)
    assert (state.to_rebuild, state.to_repair) == ((), ())
