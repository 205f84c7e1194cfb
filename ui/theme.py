"""Colours and fonts of the page: fonts of the reader's own system, nothing fetched."""

import gradio as gr

THEME = gr.themes.Soft(
    primary_hue="indigo",
    neutral_hue="stone",
    font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"],
    font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "monospace"],
)
