"""The sources: which articles there are, which is shown, and which are asked."""

from collections.abc import Sequence

from index.library import ArticleSummary
from ui.render.escape import attribute, text
from ui.scope import scope_ids


def render_sources(articles: Sequence[ArticleSummary], scope: str, shown: str) -> str:
    """The list at the left. A check box for each where there is more than one to ask."""
    chosen = scope_ids(scope, [article.id for article in articles])
    several = len(articles) > 1
    items = "".join(_source(a, a.id in chosen, a.id == shown, several) for a in articles)
    everything = ""
    if several:
        checked = " checked" if len(chosen) == len(articles) else ""
        everything = (
            f'<label class="fn-all"><input type="checkbox" data-all{checked}>'
            f"<span>All {len(articles):,}</span></label>"
        )
    return (
        '<section class="fn-sources-list" aria-label="Sources"><header><h2>Sources</h2>'
        f'{everything}<button type="button" data-tab="Articles">Add</button></header>'
        + (f"<ul>{items}</ul>" if items else '<p class="fn-soft">No article yet.</p>')
        + "</section>"
    )


def render_scope(articles: Sequence[ArticleSummary], scope: str) -> str:
    """What the next question is asked of, in a line under its box."""
    titles = {article.id: article.title for article in articles}
    chosen = scope_ids(scope, list(titles))
    if not titles:
        words = "There is no article to ask yet."
    elif len(chosen) == 1:
        words = f"Asks “{text(titles[chosen[0]])}”"
    elif len(chosen) == len(titles):
        words = f"Asks all {len(titles):,} articles"
    else:
        words = f"Asks {len(chosen):,} of {len(titles):,} articles"
    change = ""
    if len(titles) > 1:
        change = '<button type="button" data-drawer>Change</button>'
    # For the page's address, which need not say that the only article is asked.
    kept = attribute(scope) if len(chosen) < len(titles) else ""
    return f'<p class="fn-scope" data-scope="{kept}"><span>{words}</span>{change}</p>'


def _source(article: ArticleSummary, asked: bool, shown: bool, several: bool) -> str:
    title, id_ = attribute(article.title), attribute(article.id)
    box = ""
    if several:
        checked = " checked" if asked else ""
        box = (
            f'<input type="checkbox" data-article="{id_}"{checked} '
            f'aria-label="Ask {title}" title="Ask this article">'
        )
    here = ' aria-current="true"' if shown else ""
    return (
        f'<li>{box}<button type="button" data-do="show" data-article="{id_}"{here} '
        f'title="{title}"><span>{text(article.title)}</span></button></li>'
    )
