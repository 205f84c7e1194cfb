"""The report of the last check as HTML: figures, risk against coverage, failures."""

from collections.abc import Sequence

from qa.evaluation.history import Run
from qa.evaluation.history_views import history_plots
from qa.evaluation.plots import calibration_plot, risk_coverage_plot
from qa.evaluation.report import FIGURES, Report, Summary
from qa.evaluation.scoring import CaseResult
from ui.render.escape import text

FAILURES_SHOWN = 100
"""More make the page slow; `footnote check --html` has up to 500."""

_HEADLINES: tuple[tuple[str, str], ...] = (
    ("accepted", "of the replies are accepted"),
    ("citation_precision", "of what is cited is the right place"),
    ("citation_recall", "of the right places is cited"),
    ("refusal_recall", "of what the article does not say is refused"),
)


def render_report(report: Report | None, history: Sequence[Run] = ()) -> str:
    """The report, or how to get one; `history` are the runs of the same sets, oldest first."""
    if report is None:
        return (
            '<div class="fn-empty"><h2>Nothing was checked yet</h2><p>A check asks the test set '
            "that comes with Footnote, and your own corrections, and compares the answers with "
            "the right ones. It takes a minute or so.</p></div>"
        )
    failures = [result for result in report.results if not result.right]
    shown = "".join(_failure(result) for result in failures[:FAILURES_SHOWN])
    left = len(failures) - FAILURES_SHOWN
    notes = "".join(f'<p class="fn-note">{text(note)}</p>' for note in report.notes)
    return (
        f'<div class="fn-report"><p class="fn-soft">{report.overall.cases} questions of '
        f"{text(', '.join(report.sets))}, answered by {text(report.answerer)}.</p>{notes}"
        f'<ul class="fn-headlines">{_headlines(report.overall)}</ul>'
        f'<div class="fn-plots">{_plots(report)}</div>{_course(history)}'
        f"<h2>By kind of question</h2>{_table(report)}{_words()}"
        f"<h2>{len(failures)} failure{'' if len(failures) == 1 else 's'}</h2>"
        + (shown or '<p class="fn-soft">Every case is right.</p>')
        + (f'<p class="fn-soft">And {left} more.</p>' if left > 0 else "")
        + "</div>"
    )


def _headlines(summary: Summary) -> str:
    return "".join(
        f"<li><strong>{value:.0%}</strong><span>{words}</span></li>".replace("%<", " %<")
        for name, words in _HEADLINES
        if (value := getattr(summary, name)) is not None
    )


def _plots(report: Report) -> str:
    answered = [result for result in report.results if result.answered]
    risk = risk_coverage_plot(
        [result.answer.confidence for result in answered],
        [result.right for result in answered],
        len(report.results),
    )
    calibration = calibration_plot(
        [result.answer.confidence for result in report.results],
        [result.answered_right for result in report.results],
    )
    return (
        f"<figure>{risk}<figcaption><strong>Risk against coverage.</strong> Of the most confident "
        "answers, as more questions are answered, how many are wrong. A good one begins low and "
        f"rises to the right.</figcaption></figure><figure>{calibration}<figcaption>"
        "<strong>Calibration.</strong> How often a reply of that confidence is right. On the "
        "dashed line the confidence means what it says.</figcaption></figure>"
    )


def _course(history: Sequence[Run]) -> str:
    """How the figures went; one run alone is no course."""
    if len(history) < 2:
        return ""
    return f"<h2>The last {len(history)} checks</h2>{history_plots(history)}"


def _words() -> str:
    rows = "".join(
        f"<dt>{name}</dt><dd>{text(_MEANINGS[field])}</dd>" for field, name, _ in FIGURES
    )
    return (
        '<details class="fn-meanings"><summary>What the figures mean</summary>'
        f"<p>Each is a share: 1 is best, but for ECE, where 0 is.</p><dl>{rows}</dl></details>"
    )


_MEANINGS = {
    "accepted": "Replies that a strict reader would accept: the right answer with the right "
    "quote, or a refusal where the article does not say.",
    "exact_match": "Short answers that are word for word one of the right ones.",
    "f1": "Words that the short answer shares with the right one.",
    "citation_precision": "Of what is quoted, what stands in the right place.",
    "citation_recall": "Of the right places, what is quoted.",
    "hit_at_1": "Questions for which the first passage found holds the right place.",
    "hit_at_5": "Questions for which one of the first five does.",
    "mrr": "One divided by the rank of the first passage that holds it, on average.",
    "refusal_precision": "Of what is refused, what the article indeed does not say.",
    "refusal_recall": "Of what the article does not say, what is refused.",
    "refusal_f1": "The harmonic mean of the two.",
    "auroc": "How often a right answer has a higher confidence than another reply.",
    "calibration_error": "How far the confidence is from how often it is right.",
}


def _table(report: Report) -> str:
    head = "".join(
        f'<th scope="col" title="{text(Summary.model_fields[field].description or "")}">{name}</th>'
        for field, name, _ in FIGURES
    )
    rows = "".join(
        f'<tr><th scope="row">{text(kind.replace("_", " "))}</th><td>{summary.cases}</td>'
        + "".join(
            f"<td>{'–' if (figure := value(summary)) is None else f'{figure:.2f}'}</td>"
            for _, _, value in FIGURES
        )
        + f"<td>{summary.latency_p50_ms:.0f}</td></tr>"
        for kind, summary in [*report.by_kind.items(), ("all", report.overall)]
    )
    return (
        '<div class="fn-wide" role="region" aria-label="Figures by kind" tabindex="0"><table>'
        f'<thead><tr><th scope="col">Kind</th><th scope="col">Cases</th>{head}'
        f'<th scope="col">p50 ms</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _failure(result: CaseResult) -> str:
    case, answer = result.case, result.answer
    if case.not_in_article:
        right = "not in the article"
    else:
        accepted = [a if isinstance(a, str) else " + ".join(a) for a in case.answers]
        right = text(" · ".join(accepted)) + "".join(
            f"<blockquote>{text(gold.text)}</blockquote>" for gold in result.gold
        )
    said = text(answer.short_answer or answer.text) + "".join(
        f"<blockquote>{text(citation.quote)}</blockquote>" for citation in answer.citations
    )
    return (
        f'<details class="fn-failure"><summary>{text(case.question)} '
        f'<span class="fn-soft">{text(case.kind.replace("_", " "))}</span></summary><dl>'
        f"<dt>Right</dt><dd>{right}</dd><dt>Said</dt><dd>{said}</dd>"
        f"<dt>Confidence</dt><dd>{answer.confidence:.2f}</dd></dl></details>"
    )
