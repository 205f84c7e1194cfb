"""Promises about settings: each is read by code."""

from pathlib import Path

import pytest

from index.errors import BadInput
from index.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for package in ("index", "qa", "prompts", "ui")
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.name != "settings.py"
)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_read(name: str) -> None:
    """That each is documented, `test_documentation` holds."""
    assert f"settings.{name}" in CODE


def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_PASSAGES_READ", "many")
    with pytest.raises(BadInput, match="FOOTNOTE_PASSAGES_READ='many'"):
        read_settings()
