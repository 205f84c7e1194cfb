"""The sheet behind “Settings”: what answers, how the page looks, the keys, and what is set."""

from pydantic import SecretStr

from index.settings import Settings
from ui.render.escape import text

_KEYS = (
    ("/ or Ctrl K", "Ask a question"),
    ("↑ in the empty box", "The last question again"),
    ("J and K", "The next and the previous footnote"),
    ("Esc", "Back from the article to the answer, or out of whatever is open"),
    ("?", "These keys"),
)


def render_settings_sheet(settings: Settings) -> str:
    """A dialog that is closed until it is asked for."""
    keys = "".join(f"<dt><kbd>{text(key)}</kbd></dt><dd>{does}</dd>" for key, does in _KEYS)
    return (
        '<dialog id="fn-sheet" class="fn-dialog fn-sheet" aria-labelledby="fn-sheet-title">'
        '<form method="dialog"><h2 id="fn-sheet-title">Settings</h2>'
        '<button aria-label="Close" class="fn-close-sheet">✕</button></form>'
        f"<h3>What answers</h3>{_model(settings)}"
        f"<h3>How it looks</h3>{_LOOKS}"
        f'<h3>Keys</h3><dl class="fn-keys">{keys}</dl>'
        "<details><summary>What is set</summary><p>By environment variables or the settings file; "
        f"a change counts from the next start.</p>{_table(settings)}</details></dialog>"
    )


def _model(settings: Settings) -> str:
    if settings.chat_model:
        return (
            f"<p>The chat model <b>{text(settings.chat_model)}</b> writes the answers, each "
            "statement held to a quote. Without it, the reader that ships with Footnote answers: "
            "take <code>FOOTNOTE_CHAT_MODEL</code> away.</p>"
        )
    return (
        "<p>The reader that ships with Footnote: it finds the words that answer, on this machine, "
        "without a network. A chat model writes fuller answers from the same passages, each "
        "statement held to a quote: start with <code>FOOTNOTE_CHAT_MODEL=openai:gpt-4o-mini</code> "
        "and a key, or with a model of your own machine, such as "
        "<code>FOOTNOTE_CHAT_MODEL=ollama:qwen3</code>.</p>"
    )


def _table(settings: Settings) -> str:
    rows = "".join(
        f'<tr><th scope="row"><code>FOOTNOTE_{name.upper()}</code>'
        f"<small>{text(field.description or '')}</small></th>"
        f"<td>{text(_value(getattr(settings, name)))}</td></tr>"
        for name, field in type(settings).model_fields.items()
    )
    return f"<table>{rows}</table>"


def _value(value: object) -> str:
    """No secret is shown, only that there is one."""
    if isinstance(value, SecretStr):
        return "set"
    if isinstance(value, tuple):
        return (
            f"{len(value)} set" if value and isinstance(value[0], SecretStr) else ", ".join(value)
        )
    return "–" if value is None else str(value)


_LOOKS = (
    '<fieldset class="fn-looks"><legend>Colours</legend>'
    + "".join(
        f'<label><input type="radio" name="fn-colours" value="{value}"> {name}</label>'
        for value, name in (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
    )
    + '</fieldset><fieldset class="fn-looks"><legend>Size of the text</legend>'
    + "".join(
        f'<label><input type="radio" name="fn-size" value="{value}"> {name}</label>'
        for value, name in ((90, "Small"), (100, "Normal"), (115, "Large"), (130, "Larger"))
    )
    + "</fieldset>"
)
