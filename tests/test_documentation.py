"""The site is built without a warning, says what the code says, and asks no other site."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.settings import Settings
from qa.answer import Answer
from qa.evaluation.cases import Case
from ui.cli import app

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a link or an anchor that leads nowhere ends the build."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def page(site: Path, name: str) -> str:
    return (site / name / "index.html").read_text(encoding="utf-8")


def test_every_setting_field_and_command_is_described(site: Path) -> None:
    settings = page(site, "settings")
    for name, field in Settings.model_fields.items():
        assert f"<code>FOOTNOTE_{name.upper()}</code>" in settings
        assert field.description, name
    for model, where in ((Answer, "answer"), (Case, "test-sets")):
        text = page(site, where)
        for name, field in model.model_fields.items():
            assert f"<code>{name}</code>" in text
            assert field.description, name
    commands = page(site, "command-line")
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    for name in names - {"compare"}:
        assert name in commands, name


def test_no_page_asks_another_site_for_anything(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="(https?://[^"]+)"', text)
        assert not loaded, (path, loaded)


def test_the_readme_leads_to_files_and_pages_that_are_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (ROOT / name).parent.joinpath(target).exists(), (name, target)
