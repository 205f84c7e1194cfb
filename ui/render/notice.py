"""What was just done, in a sentence, with a button that takes it back."""

from ui.render.escape import text


def render_notice(sentence: str, undo: object = None) -> str:
    """`undo`: whatever takes it back, if it can be taken back."""
    if not sentence:
        return ""
    button = '<button type="button" data-do="undo">Undo</button>' if undo else ""
    return f'<div class="fn-notice" role="status"><p>{text(sentence)}</p>{button}</div>'
