"""The tab where articles are added, previewed and removed."""

from pathlib import Path

import gradio as gr

from index.articles import Article
from index.errors import FootnoteError
from index.fetch import PageFetcher
from index.library import Library
from index.loading import load_bytes, load_text
from index.settings import Settings
from ui.escape import text
from ui.render_article import render_article


def build_articles_tab(library: Library, fetcher: PageFetcher, settings: Settings) -> gr.State:
    """Lays out the tab; the state that it returns changes whenever the library does."""

    def listed() -> gr.CheckboxGroup:
        return gr.CheckboxGroup(
            choices=[
                (f"{s.title} ({s.characters:,} characters)", s.id) for s in library.articles()
            ],
            value=[],
        )

    def read(
        files: list[str] | None, url: str, pasted: str, title: str
    ) -> tuple[list[Article], str, str]:
        articles, problems = [], []
        for name in files or []:
            path = Path(name)
            try:
                articles.append(load_bytes(path.read_bytes(), path.name, settings))
            except FootnoteError as error:
                problems.append(str(error))
        if url.strip():
            try:
                articles.append(fetcher.article(url.strip()))
            except FootnoteError as error:
                problems.append(str(error))
        if pasted.strip():
            try:
                articles.append(load_text(pasted, settings, title.strip() or None))
            except FootnoteError as error:
                problems.append(str(error))
        if not articles and not problems:
            problems.append("Choose a file, give an address or paste a text first.")
        shown = "".join(render_article(article) for article in articles)
        return articles, shown, _said(problems)

    def add(articles: list[Article], progress: gr.Progress) -> tuple[str, list[Article], str]:
        said = []
        for article in progress.tqdm(articles, desc="Indexing"):
            try:
                added = library.add(article)
            except FootnoteError as error:
                said.append(str(error))
                continue
            word = "Added" if added.new else "Already there"
            said.append(f"{word}: {article.title}, {added.passages} passages.")
        return _said(said), [], ""

    with gr.Row():
        with gr.Column(scale=5, min_width=320):
            files = gr.File(
                label="Files: text, Markdown, HTML, PDF, Word",
                file_count="multiple",
                elem_id="upload",
            )
            url = gr.Textbox(label="Or the address of a page", placeholder="https://")
            pasted = gr.Textbox(label="Or paste a text", lines=6, elem_id="paste")
            title = gr.Textbox(label="Title of the pasted text (optional)")
            preview = gr.Button("Preview", elem_id="preview")
            said = gr.HTML(elem_id="said")
            present = gr.CheckboxGroup(
                label="In the library",
                elem_id="present",
                choices=[(s.title, s.id) for s in library.articles()],
            )
            drop = gr.Button("Remove the chosen articles", variant="stop", size="sm")
        with gr.Column(scale=7, min_width=320):
            gr.HTML("<h2>The text that answers will quote</h2>")
            shown = gr.HTML(elem_id="previewed", elem_classes="fn-pane")
            confirm = gr.Button("Add to the library", variant="primary", elem_id="add")
    waiting = gr.State([])
    changed = gr.State(0)
    preview.click(read, [files, url, pasted, title], [waiting, shown, said])

    def added(
        articles: list[Article],
        version: int,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 (how Gradio is told to show it)
    ) -> tuple[str, list[Article], str, int, gr.CheckboxGroup]:
        said, rest, cleared = add(articles, progress)
        return said, rest, cleared, version + 1, listed()

    def removed(ids: list[str], version: int) -> tuple[str, int, gr.CheckboxGroup]:
        said = []
        for article_id in ids:
            try:
                library.remove(article_id)
                said.append(f"Removed {article_id}.")
            except FootnoteError as error:
                said.append(str(error))
        return _said(said or ["Choose what to remove first."]), version + 1, listed()

    confirm.click(added, [waiting, changed], [said, waiting, shown, changed, present])
    drop.click(removed, [present, changed], [said, changed, present])
    return changed


def _said(sentences: list[str]) -> str:
    items = "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)
    return f'<div role="status">{items}</div>'
