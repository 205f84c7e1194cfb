"""How far long work is, as a bar with what is left."""

from ui.progress import Progress
from ui.render.lists import counted

_MINUTE = 60


def render_progress(step: Progress, noun: str, done: str, before: str) -> str:
    """The bar, in words too (“3 of 9 passages indexed”), and a button that stops it.

    `before` is said while nothing was counted yet.
    """
    words, share = before, ""
    if step.total:
        words = f"{step.done:,} of {counted(step.total, noun)} {done}{_left(step)}"
        share = f' value="{step.done}"'
    return (
        '<div class="fn-progress" role="status">'
        f'<progress max="{max(step.total, 1)}"{share} aria-label="Progress"></progress>'
        f'<p>{words}</p><button type="button" data-do="stop">Stop</button></div>'
    )


def _left(step: Progress) -> str:
    if step.seconds_left is None or step.done == step.total:
        return ""
    if step.seconds_left >= 2 * _MINUTE:
        return f", about {step.seconds_left / _MINUTE:.0f} minutes left"
    return f", about {counted(max(round(step.seconds_left), 1), 'second')} left"
