"""One schema: the same question gets the same answer and citations on every surface."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from event_loop import run_apart
from mcp import Client
from openai import OpenAI
from served import COPPER, QUESTION, TIN, served

from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.answer import Answer
from qa.chain import answer_chain
from qa.http.app import create_app

Surface = Callable[[str], Any]
"""A question → the answer as the surface's own JSON."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(scope="module")
def library(data_dir: Path) -> Iterator[Library]:
    settings = Settings(data_dir=data_dir)
    with open_library(settings) as library:
        for text in (TIN, COPPER):
            library.add(load_text(text, settings))
        yield library


@pytest.fixture(scope="module")
def surfaces(data_dir: Path, library: Library) -> Iterator[dict[str, Surface]]:
    settings = Settings(data_dir=data_dir)
    chain = answer_chain(library, settings)
    with served(create_app(settings, library)) as address:
        yield {
            "Python": lambda question: chain.invoke({"question": question}).model_dump(mode="json"),
            "Python, streaming": lambda question: [
                answer.model_dump(mode="json") for answer in chain.stream({"question": question})
            ][-1],
            "command line": lambda question: _command_line(question, data_dir),
            "HTTP": lambda question: _http(address, question).json(),
            "events": lambda question: _events(address, question),
            "OpenAI-compatible": lambda question: _openai(address, question),
            "MCP": lambda question: _mcp(address, question),
        }


def _command_line(question: str, data_dir: Path) -> Any:
    environment = os.environ | {"FOOTNOTE_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-c", "from ui.cli import main; main()", "ask", question, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)
    assert done.returncode in (0, 4), done.stderr.decode()
    return json.loads(done.stdout)


def _http(address: str, question: str, **headers: str) -> httpx.Response:
    url = f"{address}/v1/answer"
    return httpx.post(url, json={"question": question}, headers=headers, timeout=60)


def _events(address: str, question: str) -> Any:
    text = _http(address, question, accept="text/event-stream").text
    found = re.search(r"event: answer\r\ndata: (.*)\r\n", text)
    assert found
    return json.loads(found[1])


def _openai(address: str, question: str) -> Any:
    client = OpenAI(base_url=f"{address}/v1", api_key="none")
    completion = client.chat.completions.create(
        model="footnote", messages=[{"role": "user", "content": question}]
    )
    message = completion.choices[0].message
    answer = (completion.model_extra or {})["footnote"]
    assert message.content == answer["text"]
    cited = [a.url_citation.model_dump() for a in message.annotations or []]
    assert {c["n"]: (c["article_id"], c["start"], c["end"], c["quote"]) for c in cited} == {
        c["n"]: (c["article_id"], c["start"], c["end"], c["quote"]) for c in answer["citations"]
    }
    return answer


def _mcp(address: str, question: str) -> Any:
    async def ask() -> Any:
        async with Client(f"{address}/mcp") as client:
            return (await client.call_tool("ask", {"question": question})).structured_content

    return run_apart(ask)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        (QUESTION, "answered"),
        ("Who won the football cup in Brazil?", "not_in_article"),
    ],
)
def test_every_surface_says_the_same(
    surfaces: dict[str, Surface], question: str, status: str
) -> None:
    answers = {name: surface(question) for name, surface in surfaces.items()}
    for answer in answers.values():
        Answer.model_validate(answer)
        answer["latency_ms"] = None
    first = answers.pop("Python")
    assert first["status"] == status
    for name, answer in answers.items():
        assert answer == first, name
