"""The tools over MCP, with the official SDK's own client: stdio, and HTTP at `/mcp`."""

import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from event_loop import run_apart
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from pydantic import SecretStr
from served import COPPER, QUESTION, TIN, served

from index.library import open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.answer import Answer
from qa.http.app import create_app

KEY = "correct-horse-battery"

WithClient = Callable[[Callable[[Client], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(data_dir=tmp_path_factory.mktemp("mcp"))
    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
    return settings.data_dir


@pytest.fixture(scope="module")
def address(data_dir: Path) -> Iterator[str]:
    with served(create_app(Settings(data_dir=data_dir, api_keys=(SecretStr(KEY),)))) as address:
        yield address


@pytest.fixture(params=["stdio", "http"])
def with_client(request: pytest.FixtureRequest, data_dir: Path, address: str) -> WithClient:
    """Runs an async function with a connected client."""

    def over_http() -> Client:
        session = httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=60)
        return Client(streamable_http_client(f"{address}/mcp", http_client=session))

    def over_stdio() -> Client:
        environment = os.environ | {"FOOTNOTE_DATA_DIR": str(data_dir)}
        code = "from ui.cli import main; main()"
        return Client(
            StdioServerParameters(command=sys.executable, args=["-c", code, "mcp"], env=environment)
        )

    def run(use: Callable[[Client], Awaitable[Any]]) -> Any:
        async def connected() -> Any:
            async with over_http() if request.param == "http" else over_stdio() as client:
                return await use(client)

        return run_apart(connected)

    return run


def test_the_tools_work(with_client: WithClient) -> None:
    async def use(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search_passages", "list_articles", "add_article"}
        reading = {n for n, t in tools.items() if t.annotations and t.annotations.read_only_hint}
        assert set(tools) - reading == {"add_article"}
        assert tools["ask"].output_schema

        listed = await client.call_tool("list_articles", {})
        articles = (listed.structured_content or {})["result"]
        assert articles[0]["title"] == "Tin"

        asked = await client.call_tool("ask", {"question": QUESTION})
        answer = Answer.model_validate(asked.structured_content)
        assert "232" in answer.text

        scope = {"article_ids": [articles[0]["id"]], "k": 1}
        searched = await client.call_tool("search_passages", {"query": QUESTION, **scope})
        found = (searched.structured_content or {})["result"]
        assert found == [answer.passages[0].model_dump(mode="json") | {"score": found[0]["score"]}]

        turns = [{"role": "user", "content": "What is tin?"}]
        follow_up = {"question": "At what temperature does it melt?", "history": turns}
        answer = Answer.model_validate(
            (await client.call_tool("ask", follow_up)).structured_content
        )
        assert "tin" in answer.standalone_question.lower()

    with_client(use)


def test_articles_are_resources_and_can_be_added(with_client: WithClient) -> None:
    async def use(client: Client) -> None:
        added = await client.call_tool("add_article", {"text": COPPER, "title": "Copper"})
        new = added.structured_content or {}
        assert (new["title"], new["spaces"]) == ("Copper", [])
        listed = {str(r.uri): r.name for r in (await client.list_resources()).resources}
        uri = f"footnote://articles/{new['id']}"
        assert listed[uri] == "Copper"
        [content] = (await client.read_resource(uri)).contents
        assert content.text == load_text(COPPER, Settings()).text
        templates = (await client.list_resource_templates()).resource_templates
        assert [t.uri_template for t in templates] == ["footnote://articles/{article_id}"]
        with pytest.raises(MCPError, match="no article 0000"):
            await client.read_resource(f"footnote://articles/{'0' * 16}")

    with_client(use)


def test_prompts_lead_to_the_tools(with_client: WithClient) -> None:
    async def use(client: Client) -> None:
        names = [prompt.name for prompt in (await client.list_prompts()).prompts]
        assert names == ["ask_articles", "compare_articles"]
        given = await client.get_prompt("ask_articles", {"question": QUESTION})
        assert given.messages[0].content.text.startswith(QUESTION)
        assert "`ask`" in given.messages[0].content.text

    with_client(use)


def test_a_request_at_fault_is_told_in_words(with_client: WithClient) -> None:
    async def use(client: Client) -> None:
        for tool, arguments, says in (
            ("ask", {"question": QUESTION, "article_ids": ["0" * 16]}, "no article 0000"),
            ("ask", {"question": ""}, "question"),
            ("ask", {"question": " "}, "empty"),
            ("ask", {"question": "tin " * 1000}, "FOOTNOTE_MAX_QUESTION_CHARACTERS"),
            ("ask", {}, "question"),
            ("search_passages", {"query": ""}, "query"),
            ("search_passages", {"query": "tin", "k": 0}, "k must be from 1 to 50"),
            ("add_article", {}, "one of both"),
            ("add_article", {"text": "Tin.", "url": "https://a.example"}, "one of both"),
            ("add_article", {"url": "ftp://a.example"}, "http"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert says in result.content[0].text
            assert "Traceback" not in result.content[0].text
            assert "unexpected" not in result.content[0].text

    with_client(use)


def test_over_http_a_key_is_needed_and_another_site_is_refused(address: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(f"{address}/mcp", json=message).status_code == 401
    headers = {"Authorization": f"Bearer {KEY}", "Origin": "https://evil.example"}
    assert httpx.post(f"{address}/mcp", json=message, headers=headers).status_code == 403
    headers = {"Authorization": f"Bearer {KEY}", "Host": "rebound.example"}
    assert httpx.post(f"{address}/mcp", json=message, headers=headers).status_code == 421
