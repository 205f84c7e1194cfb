"""The tab “How good is it?”: the last check, those before it, and a button that runs one."""

from collections.abc import Callable, Iterator
from threading import Event

import gradio as gr

from index.errors import FootnoteError
from qa.evaluation.history import history_path, read_history, record
from qa.evaluation.report import Report, last_report, save_last
from qa.evaluation.run import check_sets, default_sets
from ui.parts import Parts
from ui.progress import Done, Progress, Stopped, in_steps
from ui.render.escape import text
from ui.render.progress import render_progress
from ui.render.report import render_report

REPORT_SCRIPT = "window.footnote.buttons(element, trigger, ['stop']);"


def build_quality_tab(parts: Parts, tab: gr.Tab) -> None:
    """Lays out the tab; it shows the report that is there when it is opened."""
    settings = parts.settings
    with gr.Row(elem_classes="fn-heading"):
        gr.HTML("<h2>How good is it?</h2>", apply_default_css=False)
        run = gr.Button("Run the check", elem_id="check", scale=0, size="md")
    report = gr.HTML(js_on_load=REPORT_SCRIPT, elem_id="report", apply_default_css=False)
    stop = Event()
    """Of the one check that may run at a time."""

    def shown() -> str:
        if not parts.person.may("admin"):
            return _problem("The report quotes everybody's articles: it is an admin's.")
        try:
            return view(last_report(settings))
        except FootnoteError as error:
            return _problem(str(error))

    def view(made: Report | None) -> str:
        return render_report(made, read_history(history_path(settings), made.sets if made else ()))

    def checked() -> Iterator[str]:
        if not parts.person.may("admin"):
            yield _problem("To run the check takes a key with the role admin.")
            return
        stop.clear()

        # Here, and not in the thread of the check: whose library it is belongs to this event.
        article = parts.library.article

        def check(tell: Callable[[int, int], None]) -> Report:
            return check_sets(
                default_sets(settings),
                settings,
                library_article=article,
                progress=tell,
            )

        try:
            for step in in_steps(check, stop):
                if isinstance(step, Progress):
                    yield render_progress(step, "question", "asked", "Reading the test sets")
                if isinstance(step, Done):
                    save_last(step.result, settings)
                    record(step.result, history_path(settings))
                    yield view(step.result)
        except Stopped:
            yield shown()
        except FootnoteError as error:
            yield _problem(str(error))

    tab.select(shown, None, report, api_visibility="private", show_progress="hidden")
    run.click(
        checked,
        None,
        report,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=1,
    )
    report.stop(stop.set, None, None, queue=False, api_visibility="private")


def _problem(words: str) -> str:
    return f'<p class="fn-problem" role="alert">{text(words)}</p>'
