"""A command starts fast: what costs seconds to import waits until something needs it."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "pandas", "gradio")
LANGCHAIN = ("langchain", "langchain_core", "langsmith")
QUESTION = "How many articles has the draft treaty?"


def modules_after(*arguments: str, data: Path) -> set[str]:
    """The top-level modules that a `footnote` command had imported when it ended."""
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('modules', *sys.modules, file=sys.stderr))\n"
        "from ui.cli import main; main()"
    )
    done = run(code, *arguments, data=data)
    [line] = [line for line in done.stderr.splitlines() if line.startswith("modules ")]
    return {name.partition(".")[0] for name in line.split()}


def run(code: str, *arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment | {"FOOTNOTE_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_help_imports_no_library_but_that_of_the_command_line(tmp_path: Path) -> None:
    unwanted = {*HEAVY, *LANGCHAIN, "chromadb", "sqlalchemy", "numpy", "pydantic", "onnxruntime"}
    assert not unwanted & modules_after("--help", data=tmp_path)


def test_a_question_imports_neither_torch_nor_a_chat_models_package(tmp_path: Path) -> None:
    found = modules_after("ask", QUESTION, data=tmp_path)
    assert "onnxruntime" in found
    assert not {*HEAVY, "langchain", "langgraph", "openai"} & found
