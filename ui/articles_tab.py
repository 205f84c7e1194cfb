"""The tab where articles are added, previewed and removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from index.articles import Article
from index.errors import FootnoteError
from index.loading.loader import load_bytes, load_text
from ui.parts import Parts
from ui.render.article import render_preview
from ui.render.escape import text
from ui.render.lists import counted, render_articles

LIBRARY_SCRIPT = "window.footnote.articles(element, trigger, ['remove']);"
NOTHING = "Choose a file, give an address or paste a text first."
_ADD = "Add to the library"


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """That the library changed: `n` counts, `added` is the article to show next."""

    n: int = 0
    added: str | None = None


def build_articles_tab(parts: Parts, tab: gr.Tab) -> gr.State:
    """Lays out the tab; the state that it returns changes whenever the library does."""
    with gr.Row(elem_classes="fn-columns fn-adding"):
        with gr.Column(min_width=0):
            files = gr.File(
                label="Files: text, Markdown, HTML, PDF or Word",
                file_count="multiple",
                elem_id="upload",
                height=150,
            )
            url = gr.Textbox(
                label="Or the address of a page", placeholder="https://", elem_id="url"
            )
            pasted = gr.Textbox(label="Or a text", lines=5, max_lines=12, elem_id="paste")
            title = gr.Textbox(label="Its title, if it has one", elem_id="title")
            preview = gr.Button("Preview", elem_id="preview")
        with gr.Column(min_width=0):
            shown = gr.HTML(render_preview([]), elem_id="previewed", apply_default_css=False)
            confirm = gr.Button(_ADD, variant="primary", elem_id="add", interactive=False)
            said = gr.HTML(elem_id="said", apply_default_css=False)
            present = gr.HTML(js_on_load=LIBRARY_SCRIPT, elem_id="library", apply_default_css=False)
    waiting = gr.State([])
    changed = gr.State(LibraryChange())

    def previewed(
        names: list[str] | None,
        address: str,
        pasted: str,
        title: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 (how Gradio is told to show it)
    ) -> dict[Component, Any]:
        articles: list[Article] = []
        problems: list[str] = []
        known = set(parts.library.article_ids())
        for source in progress.tqdm(
            [*_sources(parts, names, address, pasted, title)], desc="Reading"
        ):
            try:
                article = source()
            except FootnoteError as error:
                problems.append(str(error))
                continue
            if article.id in known:
                problems.append(f"“{article.title}” is in the library already.")
            elif article.id not in [other.id for other in articles]:
                articles.append(article)
        if not articles and not problems:
            problems.append(NOTHING)
        return {
            waiting: articles,
            shown: render_preview(articles),
            said: _said(problems),
            confirm: gr.update(interactive=bool(articles), value=_label(len(articles))),
        }

    def added(
        articles: list[Article],
        change: LibraryChange,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> dict[Component, Any]:
        def tell(done: int, total: int) -> None:
            progress((done, total), desc="Indexing", unit="passages")

        try:
            results = parts.library.add_many(articles, tell)
            for result in results:
                parts.audit.write(parts.person.name, "added an article", result.article.id)
        except FootnoteError as error:
            return {said: _said([str(error)])}
        sentences = [
            f"{'Added' if result.new else 'Already there'}: “{result.article.title}”, "
            f"{counted(result.passages, 'passage')}."
            for result in results
        ]
        return {
            said: _said(sentences, asking=True),
            waiting: [],
            shown: render_preview([]),
            confirm: gr.update(interactive=False, value=_ADD),
            files: None,
            url: "",
            pasted: "",
            title: "",
            present: listed(),
            changed: LibraryChange(change.n + 1, results[-1].article.id if results else None),
        }

    def removed(change: LibraryChange, event: gr.EventData) -> dict[Component, Any]:
        try:
            name = parts.library.article(event.article).title
            parts.library.remove(event.article)
            parts.audit.write(parts.person.name, "removed an article", event.article)
            sentence = f"Removed “{name}”."
        except FootnoteError as error:
            sentence = str(error)
        return {
            said: _said([sentence]),
            present: listed(),
            changed: LibraryChange(change.n + 1),
        }

    def listed() -> str:
        return render_articles(parts.library.articles())

    common: dict[str, Any] = {"api_visibility": "private", "show_progress_on": [said]}
    outputs = [waiting, shown, said, confirm]
    given = [files, url, pasted, title]
    preview.click(previewed, given, outputs, **common)
    files.upload(previewed, given, outputs, **common)
    confirm.click(added, [waiting, changed], [*outputs, *given, present, changed], **common)
    present.remove(removed, changed, [said, present, changed], **common)
    tab.select(listed, None, present, api_visibility="private", show_progress="hidden")
    return changed


def _sources(
    parts: Parts, names: list[str] | None, address: str, pasted: str, title: str
) -> Iterator[Any]:
    """What was given, each as a function that reads it."""
    settings = parts.settings
    for name in names or ():
        path = Path(name)
        yield lambda path=path: load_bytes(path.read_bytes(), path.name, settings)
    if address.strip():
        yield lambda: parts.fetcher.article(address.strip())
    if pasted.strip():
        yield lambda: load_text(pasted, settings, title.strip() or None)


def _label(count: int) -> str:
    return _ADD if count < 2 else f"Add {count} articles to the library"


def _said(sentences: list[str], asking: bool = False) -> str:
    items = "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)
    button = '<button type="button" data-tab="Ask">Ask about it</button>' if asking else ""
    return f'<div class="fn-said" role="status">{items}{button}</div>'
