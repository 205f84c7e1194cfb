"""Hybrid retrieval: which passages hold the answer, by meaning and by words."""

from collections.abc import Sequence

from index.library import Library
from qa.candidates import ScoredPassage
from qa.retrieval.ranking import first_choice, fused

CANDIDATES = 100
"""Passages that each index proposes where there are too many to score them all."""
RESCORED = 60
"""Passages whose text is looked at for one question."""


def retrieve(
    library: Library,
    questions: Sequence[str],
    article_ids: Sequence[str] | None,
    k: int,
) -> list[ScoredPassage]:
    """The `k` passages most likely to answer, best first; of all articles when none are named.

    `questions` are wordings of one question, and a passage counts by the one that it fits best.

    Raises:
        NotFound: if one of the articles does not exist.
    """
    best: dict[str, ScoredPassage] = {}
    for question in dict.fromkeys(questions):
        for scored in _scored(library, question, article_ids):
            known = best.get(scored.passage.id)
            if known is None or scored.score > known.score:
                best[scored.passage.id] = scored
    order = sorted(best.values(), key=lambda s: (-s.score, s.passage.article_id, s.passage.start))
    return order[:k]


def _scored(
    library: Library, question: str, article_ids: Sequence[str] | None
) -> list[ScoredPassage]:
    candidates = library.search(question, article_ids, CANDIDATES)
    if not candidates:
        return []
    chosen = first_choice(candidates, RESCORED)
    articles = library.read_present(list({c.passage.article_id for c in chosen}))
    chosen = [c for c in chosen if c.passage.article_id in articles]  # others were just removed
    if not chosen:
        return []
    texts = [articles[c.passage.article_id].text[c.passage.start : c.passage.end] for c in chosen]
    return [
        ScoredPassage(candidate.passage, articles[candidate.passage.article_id], float(score))
        for candidate, score in zip(chosen, fused(question, chosen, texts), strict=True)
    ]
