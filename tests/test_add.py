"""`footnote add`: folders, patterns, standard input, new versions, and folders that are watched."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from test_cli import footnote

from index.loading.folders import files_of
from index.settings import Settings

COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]


def test_a_folder_is_read_with_all_that_is_in_it(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (notes / "metals").mkdir(parents=True)
    (notes / ".git").mkdir()
    for name, text in (
        ("tin.txt", "Tin\n\nTin is a soft metal."),
        ("metals/zinc.md", "# Zinc\n\nZinc is brittle."),
        ("metals/photo.png", "no text"),
        ("metals/broken.pdf", "%PDF-1.4 broken"),
        (".git/config.txt", "Not an article."),
    ):
        (notes / name).write_text(text)
    added = footnote("add", str(notes), data=tmp_path / "data")
    assert added.returncode == 2
    assert [line.partition("  ")[2] for line in added.stdout.splitlines()] == [
        "added: Tin, 1 passages",
        "added: Zinc, 1 passages",
    ]
    assert "footnote: broken.pdf is a damaged PDF" in added.stderr
    assert "2 added, 0 already there, 1 not read" in added.stderr
    assert "Traceback" not in added.stderr
    listed = footnote("list", "--json", data=tmp_path / "data").stdout
    assert '"source": "notes/metals/zinc.md"' in listed


def test_a_pattern_names_files_and_a_folder_without_any_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "tin.txt").write_text("Tin bends.")
    (tmp_path / "a" / "tin.md").write_text("Tin bends.")
    found = files_of(str(tmp_path / "**" / "*.md"))
    assert [file.path.name for file in found] == ["tin.md"]
    (tmp_path / "empty").mkdir()
    empty = footnote("add", str(tmp_path / "empty"), data=tmp_path / "data")
    assert empty.returncode == 2
    assert "holds no file of a kind that is read" in empty.stderr


def test_a_new_text_of_a_file_is_said_and_replaces_the_earlier(tmp_path: Path) -> None:
    file = tmp_path / "tin.txt"
    data = tmp_path / "data"
    file.write_text("Tin\n\nTin melts at 232 degrees.")
    first = footnote("add", str(file), data=data).stdout[:16]
    file.write_text("Tin\n\nTin melts at 231.9 degrees.")
    second = footnote("add", str(file), data=data)
    assert f"an earlier text of it is {first} (--replace would remove that)" in second.stdout
    file.write_text("Tin\n\nTin melts at 231.93 degrees.")
    third = footnote("add", "--replace", str(file), data=data)
    assert f"in the place of {first}, {second.stdout[:16]}" in third.stdout
    assert footnote("list", data=data).stdout.count("\n") == 1


def test_standard_input_may_be_of_any_kind(tmp_path: Path) -> None:
    pdf = (Path(__file__).parent / "documents" / "no-spaces.pdf").read_bytes()
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [*COMMAND, "add", "-"], input=pdf, capture_output=True, env=environment, check=True
    )
    assert b"added: " in done.stdout


def test_a_watched_folder_gives_what_changes_in_it(tmp_path: Path, settings: Settings) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "tin.txt").write_text("Tin\n\nTin bends.")
    told, problems = tmp_path / "told", tmp_path / "problems"
    with told.open("w") as out, problems.open("w") as err:
        process = subprocess.Popen(
            [*COMMAND, "add", "--watch", str(notes)],
            stdout=out,
            stderr=err,
            env=os.environ | {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"},
        )
    give_up = time.monotonic() + 120
    try:
        while "Watching " not in problems.read_text() and time.monotonic() < give_up:
            assert process.poll() is None, problems.read_text()
            time.sleep(0.1)
        assert "added: Tin" in told.read_text()
        # The watch begins a moment after it is announced; writing on is what a person does too.
        n = 0
        while "in the place of" not in told.read_text() and time.monotonic() < give_up:
            n += 1
            (notes / "tin.txt").write_text(f"Tin\n\nTin bends, version {n}.")
            time.sleep(1)
        assert "in the place of" in told.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    assert "Traceback" not in problems.read_text()
