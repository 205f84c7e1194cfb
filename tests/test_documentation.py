"""The site is built without a warning, says what the code says, and asks no other site."""

import html
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

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


def test_an_example_stands_on_its_page_whole(site: Path) -> None:
    shown = 0
    for source in (ROOT / "docs").glob("*.md"):
        for name in re.findall(r'--8<-- "(.+)"', source.read_text(encoding="utf-8")):
            text = html.unescape(re.sub(r"<[^>]+>", "", page(site, source.stem)))
            assert (ROOT / name).read_text(encoding="utf-8").strip() in text, name
            shown += 1
    assert shown == 6


def commands_in_fences() -> Iterator[tuple[str, list[str]]]:
    """Each `footnote …` that the pages tell a reader to type, and the page."""
    for source in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = source.read_text(encoding="utf-8")
        for fence in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            for line in fence.replace("\\\n", " ").splitlines():
                typed = re.match(r"(?:\$ |- run: |RUN )?footnote (.+)", line.strip())
                if typed:
                    yield source.name, shlex.split(typed[1], comments=True)


def test_every_command_of_the_pages_exists_with_its_options() -> None:
    checked = 0
    for name, words in commands_in_fences():
        command = get_command(app).commands[words[0]]
        rest = words[1:]
        if hasattr(command, "commands"):  # a group, of which `run` is meant where none is named
            named = rest[0] if rest and rest[0] in command.commands else "run"
            command = command.commands[named]
        options = {o for param in command.params for o in (*param.opts, *param.secondary_opts)}
        given = {re.sub(r"^\[|=.*", "", word) for word in rest if re.match(r"\[?-[-\w]", word)}
        assert given <= options | {"--help"}, (name, words, given - options)
        checked += 1
    assert checked > 15


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
