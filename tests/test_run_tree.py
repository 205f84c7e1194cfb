"""One question gives one run tree under a LangChain callback handler, on every surface.

The handler is found through a variable of the environment, the way that LangSmith's own is.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
import pytest
from event_loop import run_apart
from fastapi import FastAPI
from langchain_core.tracers import BaseTracer
from langchain_core.tracers.context import register_configure_hook
from langchain_core.tracers.schemas import Run
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from scripted_model import Prompt, Says, ScriptedModel, lines
from served import ANSWER, QUESTION, TIN, served
from typer.testing import CliRunner

from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.chain import answer_chain
from qa.cli.app import app as command_line
from qa.evaluation.run import check_sets
from qa.http.app import create_app
from ui.ask.answer_stream import ask
from ui.parts import parts_of

SEEN: list[Run] = []
STEPS = ["rewrite question", "retrieve passages", "read passages: reader:footnote"]


class Recorder(BaseTracer):
    """Keeps the root of each run tree."""

    def _persist_run(self, run: Run) -> None:
        SEEN.append(run)


_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)
register_configure_hook(_recorder, True, Recorder, "FOOTNOTE_TESTS_RECORD_RUNS")


@pytest.fixture
def trees(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    monkeypatch.setenv("FOOTNOTE_TESTS_RECORD_RUNS", "true")
    SEEN.clear()
    return SEEN


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    with open_library(Settings(data_dir=folder)) as library:
        library.add(load_text(TIN, Settings()))
    return folder


@pytest.fixture(scope="module")
def service(data_dir: Path) -> FastAPI:
    return create_app(Settings(data_dir=data_dir))


@pytest.fixture(scope="module")
def address(service: FastAPI) -> Iterator[str]:
    with served(service) as address:
        yield address


def over_http(settings: Settings, address: str, _: FastAPI) -> str:
    reply = httpx.post(f"{address}/v1/answer", json={"question": QUESTION}, timeout=60)
    return str(reply.raise_for_status().json()["text"])


def over_server_sent_events(settings: Settings, address: str, _: FastAPI) -> str:
    accept = {"accept": "text/event-stream"}
    request = {"question": QUESTION}
    return httpx.post(f"{address}/v1/answer", json=request, headers=accept, timeout=60).text


def over_openai(settings: Settings, address: str, _: FastAPI) -> str:
    client = openai.OpenAI(base_url=f"{address}/v1", api_key="none")
    reply = client.chat.completions.create(
        model="footnote", messages=[{"role": "user", "content": QUESTION}]
    )
    return str(reply.choices[0].message.content)


def over_openai_streaming(settings: Settings, address: str, _: FastAPI) -> str:
    client = openai.OpenAI(base_url=f"{address}/v1", api_key="none")
    chunks = client.chat.completions.create(
        model="footnote", messages=[{"role": "user", "content": QUESTION}], stream=True
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def over_mcp(settings: Settings, address: str, _: FastAPI) -> str:
    async def call() -> str:
        session = httpx2.AsyncClient(timeout=60)
        async with Client(streamable_http_client(f"{address}/mcp", http_client=session)) as client:
            result = await client.call_tool("ask", {"question": QUESTION})
            return json.dumps(result.structured_content)

    return run_apart(call)


def on_the_page(settings: Settings, _: str, service: FastAPI) -> str:
    async def steps() -> str:
        shown = [step async for step in ask(parts_of(service, settings), QUESTION, "", None)]
        answer = shown[-1].exchanges[-1].answer
        return answer.text if answer else ""

    return run_apart(steps)


def on_the_command_line(settings: Settings, _: str, __: FastAPI) -> str:
    environment = {"FOOTNOTE_DATA_DIR": str(settings.data_dir)}
    return CliRunner().invoke(command_line, ["ask", QUESTION], env=environment).output


SURFACES = [
    over_http,
    over_server_sent_events,
    over_openai,
    over_openai_streaming,
    over_mcp,
    on_the_page,
    on_the_command_line,
]


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.__name__)
def test_one_question_gives_one_run_tree(
    surface: Callable[[Settings, str, FastAPI], str],
    trees: list[Run],
    data_dir: Path,
    address: str,
    service: FastAPI,
) -> None:
    assert ANSWER in surface(Settings(data_dir=data_dir), address, service)
    patience = time.monotonic() + 20
    while not trees and time.monotonic() < patience:
        time.sleep(0.02)  # a stream's last words can be read a moment before its run has ended
    (tree,) = trees
    assert (tree.name, tree.run_type, tree.error) == ("footnote", "chain", None)
    assert [run.name for run in tree.child_runs] == STEPS
    (retrieval,) = tree.child_runs[1].child_runs
    assert retrieval.run_type == "retriever"
    documents = (retrieval.outputs or {})["documents"]
    assert any(ANSWER in document.page_content for document in documents)


def test_footnote_check_gives_one_for_each_case(
    trees: list[Run], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "tin.md").write_text(TIN, encoding="utf-8")
    path = tmp_path / "set.yaml"
    case = {"question": QUESTION, "answers": [ANSWER], "quotes": [f"It melts at {ANSWER}"]}
    cases = [case | {"id": "one"}, case | {"id": "two"}]
    path.write_text(json.dumps({"articles": ["tin.md"], "cases": cases}), encoding="utf-8")
    check_sets([path], settings)
    assert [[run.name for run in tree.child_runs] for tree in trees] == [STEPS, STEPS]


def test_a_chat_model_is_a_run_of_its_own_in_the_tree(
    trees: list[Run], settings: Settings, tmp_path: Path
) -> None:
    def says(prompt: Prompt) -> str:
        n = next(n for n, line in lines(prompt).items() if ANSWER in line)
        return f"Tin melts at {ANSWER} Celsius [{n}]."

    with ScriptedModel(Says(says)) as model, open_library(settings) as library:
        library.add(load_text(TIN, settings))
        answer = answer_chain(library, model.settings(settings)).invoke(QUESTION)
    assert ANSWER in answer.text
    (tree,) = trees
    reading = tree.child_runs[-1]
    assert reading.name == "read passages: openai:scripted"
    (run,) = reading.child_runs
    assert run.run_type in ("llm", "chat_model")
    message = (run.outputs or {})["generations"][0][0]["message"]
    assert ANSWER in message["kwargs"]["content"]
    assert message["kwargs"]["usage_metadata"]["output_tokens"] == 17


def test_a_step_that_fails_ends_its_run_with_the_error(
    trees: list[Run], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the index is gone")

    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
        chain = answer_chain(library, settings)
        monkeypatch.setattr(Library, "search", broken)
        with pytest.raises(RuntimeError, match="the index is gone"):
            chain.invoke(QUESTION)
    (tree,) = trees
    assert "the index is gone" in str(tree.error)
    assert "the index is gone" in str(tree.child_runs[1].child_runs[0].error)
