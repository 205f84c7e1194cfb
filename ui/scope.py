"""Which articles are asked: a text of ids with commas between, which the browser keeps."""

from collections.abc import Sequence


def scope_text(article_ids: Sequence[str]) -> str:
    return ",".join(article_ids)


def scope_ids(scope: str | None, present: Sequence[str]) -> list[str]:
    """The chosen articles that are still there; without a choice, all that are there.

    >>> scope_ids("tin,gone", ["tin", "zinc"]), scope_ids("", ["tin", "zinc"])
    (['tin'], ['tin', 'zinc'])
    """
    chosen = [id_ for id_ in (scope or "").split(",") if id_ in present]
    return chosen or list(present)


def asked_articles(present: Sequence[str], scope: str | None) -> list[str] | None:
    """The articles of a request; None: all of them, also those that are added later."""
    chosen = scope_ids(scope, present)
    return None if set(chosen) >= set(present) else chosen


def scope_with(shown: str, scope: str | None, present: Sequence[str]) -> str:
    """What is shown is what is asked: one of several that are asked keeps them, another does not.

    >>> scope_with("tin", "tin,zinc", ["tin", "zinc", "lead"])
    'tin,zinc'
    >>> scope_with("lead", "tin,zinc", ["tin", "zinc", "lead"])
    'lead'
    """
    chosen = scope_ids(scope, present) if scope else []
    return scope_text(chosen if shown in chosen else [shown])
