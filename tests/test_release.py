"""`.ci/release` tags what is ready, and says of anything else what is in the way."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / ".ci" / "release"
READY = """\
# Changelog

## Unreleased

## 1.2.0, 2026-11-26

- A change.

## 1.1.0, 2026-01-01

- Old.
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "Test")
    git(tmp_path, "config", "user.email", "test@example.org")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(READY, encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def release(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_ready_version_is_tagged_with_its_section_once(project: Path) -> None:
    assert release(project, "1.2.0", "--dry-run").returncode == 0
    assert git(project, "tag").strip() == ""
    assert release(project, "1.2.0").returncode == 0
    assert git(project, "tag", "--list", "--format=%(contents)", "v1.2.0").strip() == "- A change."
    again = release(project, "1.2.0")
    assert again.returncode == 1
    assert again.stderr == "There is a tag v1.2.0 already.\n"


@pytest.mark.parametrize(
    ("version", "changelog", "problem"),
    [
        ("1.3.0", READY, "pyproject.toml has the version 1.2.0, not 1.3.0."),
        ("1.2.0", READY.replace("- A change.", ""), "no section `## 1.2.0"),
        ("1.2.0", READY.replace(", 2026-11-26", ""), "no section `## 1.2.0"),
        ("1.2.0", READY.replace("Unreleased\n", "Unreleased\n\n- New.\n"), "`## Unreleased`"),
        ("1.2.0", READY + "- More.\n", "not committed"),
        ("v1.2", READY, "not of the form"),
    ],
)
def test_what_is_in_the_way_is_said(
    project: Path, version: str, changelog: str, problem: str
) -> None:
    (project / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    if "- More." not in changelog:
        git(project, "commit", "--quiet", "--all", "--allow-empty", "--message", "Change")
    done = release(project, version)
    assert done.returncode == 1
    assert problem in done.stderr
    assert git(project, "tag").strip() == ""
