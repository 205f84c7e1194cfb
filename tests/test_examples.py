"""The examples run as they are and print what they promise."""

import re
import runpy
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from served import served

from index.library import open_library
from index.sample import add_sample
from index.settings import Settings
from qa.http.app import create_app

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
QUOTE = "The Russian Foreign Ministry published its draft treaty, which has 8 articles"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One library for all, so that its articles are indexed once."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with open_library(settings) as library:
        add_sample(library, settings)
    return settings.data_dir


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("served"))
    with open_library(settings) as library:
        add_sample(library, settings)
        with served(create_app(settings, library)) as address:
            yield address


@pytest.fixture
def printed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs an example as a script, in this process: its name and arguments → what it prints."""

    def run(name: str, *arguments: str) -> str:
        monkeypatch.setattr("sys.argv", [name, *arguments])
        # In a thread of its own: Playwright, once opened, keeps a loop in that of the tests.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(runpy.run_path, str(EXAMPLES / name), run_name="__main__").result()
        return capfd.readouterr().out

    return run


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ask.py", ["Sergei Bersanov, a political analyst", "[1] “"]),
        ("own_article.py", ["It carries 40 cars. [1]", "does a ticket cost? not_in_article"]),
        ("follow_up.py", ["Understood as: ", "8 articles"]),
        ("langchain_recipes.py", [f"[^1]: “{QUOTE}", "hypersonic missile"]),
        (
            "langgraph_node.py",
            ["Russian Foreign Ministry", "A person will see: What is the capital"],
        ),
        ("mcp_client.py", ["Security guarantees", QUOTE]),
    ],
)
def test_an_example_of_this_machine(
    name: str,
    expected: list[str],
    data: Path,
    printed: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    text = printed(name)
    for words in expected:
        assert words in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [("http_client.py", "A hypersonic missile would need 5 minutes."), ("openai_client.py", QUOTE)],
)
def test_an_example_that_asks_a_service(
    name: str, expected: str, service: str, printed: Callable[..., str]
) -> None:
    assert expected in printed(name, service)


def test_the_python_of_the_readme_runs(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    exec(compile(block, "README.md", "exec"), {})
    assert "Sergei Bersanov, a political analyst" in capsys.readouterr().out


def test_every_example_is_listed_and_run() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    here = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f"`{path.name}`" in listed
        assert f'"{path.name}"' in here
