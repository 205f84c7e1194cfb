"""The tab where articles are added, previewed and removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr
from gradio.components import Component

from index.articles import Article
from index.errors import FootnoteError
from index.library import AddResult
from index.loading.loader import load_bytes, load_text
from ui.parts import Parts
from ui.progress import Done, Progress, Stopped, in_steps
from ui.render.article import render_preview
from ui.render.escape import text
from ui.render.lists import counted, render_articles
from ui.render.progress import render_progress
from ui.versions import known_versions

LIBRARY_SCRIPT = "window.footnote.buttons(element, trigger, ['rename', 'remove']);"
SAID_SCRIPT = "window.footnote.buttons(element, trigger, ['stop', 'undo']);"
NOTHING = "Choose a file, give an address or paste a text first."
STOPPED = "Stopped. What was not whole was not added."
_ADD = "Add to the library"


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """That the library changed: `n` counts, `added` are the articles to ask next."""

    n: int = 0
    added: tuple[str, ...] = ()


def build_articles_tab(parts: Parts, tab: gr.Tab) -> gr.State:
    """Lays out the tab; the state that it returns changes whenever the library does."""
    with gr.Row(elem_classes="fn-columns fn-two"):
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
            replace = gr.Checkbox(
                label="Remove the earlier versions then", visible=False, elem_id="replace"
            )
            confirm = gr.Button(_ADD, variant="primary", elem_id="add", interactive=False)
            said = gr.HTML(js_on_load=SAID_SCRIPT, elem_id="said", apply_default_css=False)
            library_list = gr.HTML(
                js_on_load=LIBRARY_SCRIPT, elem_id="library", apply_default_css=False
            )
    waiting = gr.State([])
    changed = gr.State(LibraryChange())
    undo = gr.State(None)
    stops: dict[str, Event] = {}
    """By the browser that adds."""

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
        summaries = parts.library.articles()
        remarks, older = known_versions(articles, summaries)
        return {
            waiting: articles,
            shown: render_preview(articles),
            said: _said([*problems, *remarks]),
            confirm: gr.update(interactive=bool(articles), value=_label(len(articles))),
            replace: gr.update(visible=bool(older), value=False),
        }

    def added(
        articles: list[Article], replacing: bool, change: LibraryChange, request: gr.Request
    ) -> Iterator[dict[Component, Any]]:
        stop = stops.setdefault(str(request.session_hash), Event())
        stop.clear()
        yield {confirm: gr.update(interactive=False)}
        _, older_ids = known_versions(articles, parts.library.articles())
        try:
            for step in in_steps(partial(parts.library.add_many, articles), stop):
                if isinstance(step, Progress):
                    yield {
                        said: render_progress(
                            step, "passage", "indexed", "Cutting the text into passages"
                        )
                    }
                if isinstance(step, Done):
                    if replacing:
                        for id_ in older_ids:
                            parts.library.remove(id_)
                    for result in step.result:
                        parts.audit.write(parts.person.name, "added an article", result.article.id)
                    yield ended(step.result, change)
        except Stopped:
            kept = [a.title for a in articles if a.id in parts.library.article_ids()]
            yield failed(STOPPED + (f" Added before that: {', '.join(kept)}." if kept else ""))
        except FootnoteError as error:
            yield failed(str(error))

    def failed(problem: str) -> dict[Component, Any]:
        return {
            said: _said([problem]),
            library_list: listed(),
            confirm: gr.update(interactive=True),
        }

    def ended(results: Sequence[AddResult], change: LibraryChange) -> dict[Component, Any]:
        sentences = [
            f"{'Added' if result.new else 'Already there'}: “{result.article.title}”, "
            f"{counted(result.passages, 'passage')}."
            for result in results
        ]
        added = tuple(result.article.id for result in results)
        return {
            said: _said(sentences, asking=True),
            library_list: listed(),
            changed: LibraryChange(change.n + 1, added),
            waiting: [],
            shown: render_preview([]),
            confirm: gr.update(interactive=False, value=_ADD),
            replace: gr.update(visible=False, value=False),
            files: None,
            url: "",
            pasted: "",
            title: "",
        }

    def stopped(request: gr.Request) -> None:
        if stop := stops.get(str(request.session_hash)):
            stop.set()

    def removed(change: LibraryChange, event: gr.EventData) -> dict[Component, Any]:
        taken: Article | None = None
        try:
            taken = parts.library.article(event.article)
            parts.library.remove(event.article)
            parts.audit.write(parts.person.name, "removed an article", event.article)
            sentence = f"Removed “{taken.title}”."
        except FootnoteError as error:
            taken, sentence = None, str(error)
        back = partial(put_back, taken) if taken else None
        return {
            said: _said([sentence], undo=back is not None),
            library_list: listed(),
            changed: LibraryChange(change.n + 1),
            undo: back,
        }

    def renamed(change: LibraryChange, event: gr.EventData) -> dict[Component, Any]:
        try:
            title = parts.library.rename(event.article, str(event.title)).title
            parts.audit.write(parts.person.name, "renamed an article", event.article)
            sentence = f"It is called “{title}” now."
        except FootnoteError as error:
            sentence = str(error)
        parts.views.retitled()
        return {
            said: _said([sentence]),
            library_list: listed(),
            changed: LibraryChange(change.n + 1),
        }

    def put_back(article: Article) -> str:
        parts.library.add(article)
        parts.audit.write(parts.person.name, "added an article", article.id)
        return f"“{article.title}” is back."

    def undone(change: LibraryChange, back: Any) -> dict[Component, Any]:
        try:
            sentence = back() if back else "There is nothing to take back."
        except FootnoteError as error:
            sentence = str(error)
        return {
            said: _said([sentence]),
            library_list: listed(),
            changed: LibraryChange(change.n + 1),
            undo: None,
        }

    def listed() -> str:
        return render_articles(parts.library.articles())

    common: dict[str, Any] = {"api_visibility": "private", "show_progress_on": [said]}
    outputs = [waiting, shown, said, confirm, replace]
    given = [files, url, pasted, title]
    preview.click(previewed, given, outputs, **common)
    files.upload(previewed, given, outputs, **common)
    confirm.click(
        added,
        [waiting, replace, changed],
        [*outputs, *given, library_list, changed],
        show_progress="hidden",
        api_visibility="private",
    )
    said.stop(stopped, None, None, queue=False, api_visibility="private")
    library_list.rename(renamed, changed, [said, library_list, changed], **common)
    library_list.remove(removed, changed, [said, library_list, changed, undo], **common)
    said.undo(undone, [changed, undo], [said, library_list, changed, undo], **common)
    tab.select(listed, None, library_list, api_visibility="private", show_progress="hidden")
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


def _said(sentences: list[str], asking: bool = False, undo: bool = False) -> str:
    items = "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)
    button = '<button type="button" data-tab="Ask">Ask about it</button>' if asking else ""
    back = '<button type="button" data-do="undo">Undo</button>' if undo else ""
    return f'<div class="fn-said" role="status">{items}{button}{back}</div>'
