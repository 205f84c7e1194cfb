"""The tab “How good is it?”: the last check, and a button that runs one."""

import gradio as gr

from index.errors import FootnoteError, NotAllowed
from qa.evaluation.report import last_report, save_last
from qa.evaluation.run import check_sets, default_sets
from ui.parts import Parts
from ui.render.escape import text
from ui.render.report import render_report


def build_quality_tab(parts: Parts, tab: gr.Tab) -> None:
    """Lays out the tab; it shows the report that is there when it is opened."""
    settings = parts.settings
    with gr.Row(elem_classes="fn-heading"):
        gr.HTML("<h2>How good is it?</h2>", apply_default_css=False)
        run = gr.Button("Run the check", elem_id="check", scale=0, size="md")
    report = gr.HTML(elem_id="report", apply_default_css=False)

    def shown() -> str:
        if not parts.person.may("admin"):
            return _problem(NotAllowed("The report quotes everybody's articles: it is an admin's."))
        try:
            return render_report(last_report(settings))
        except FootnoteError as error:
            return _problem(error)

    def checked() -> str:
        if not parts.person.may("admin"):
            return _problem(NotAllowed("To run the check takes a key with the role admin."))
        try:
            made = check_sets(
                default_sets(settings), settings, library_article=parts.library.article
            )
        except FootnoteError as error:
            return _problem(error)
        save_last(made, settings)
        return render_report(made)

    tab.select(shown, None, report, api_visibility="private", show_progress="hidden")
    run.click(checked, None, report, api_visibility="private", concurrency_limit=1)


def _problem(error: FootnoteError) -> str:
    return f'<p class="fn-problem" role="alert">{text(str(error))}</p>'
