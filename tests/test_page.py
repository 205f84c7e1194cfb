"""The page in a real browser against the real service: one process, no mocks, no outside host."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000
MINUTES = "How many minutes would NATO missiles in Ukraine need to reach Moscow?"

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists() and not os.environ.get("CI"),
    reason="no chromium: apt-get install chromium",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`footnote serve` on a free port of this machine, with the bundled article."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("served")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")}
    environment |= {"FOOTNOTE_DATA_DIR": str(folder / "data"), "FOOTNOTE_PORT": str(port)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", "from ui.cli import main; main()", "serve"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 240
        while True:
            try:
                httpx.get(f"{url}/healthz", timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, (folder / "log").read_text()
        yield url
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1360, "height": 850})
    opened.set_default_timeout(PATIENCE_MS)
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(address)
    expect(opened.locator(".fn-article")).to_be_visible(timeout=PATIENCE_MS)
    yield opened
    own = (address, "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == [], "an outside host was asked"
    opened.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/nowhere", 404),
        ("DELETE", "/v1/answer", 405),
        ("PUT", "/v1/articles/0123456789abcdef", 405),
    ],
)
def test_beside_the_page_an_error_is_still_a_problem_document(
    address: str, method: str, path: str, status: int
) -> None:
    response = httpx.request(method, f"{address}{path}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def ask(page: Page, question: str) -> None:
    """Asks and waits until the answer is whole, which is when it can be rated."""
    before = page.locator(".fn-actions").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator(".fn-actions")).to_have_count(before + 1, timeout=PATIENCE_MS)


def test_a_clicked_footnote_marks_its_quote_in_the_article(page: Page) -> None:
    ask(page, MINUTES)
    quote = page.locator(".fn-mark").first.get_attribute("title")
    page.locator(".fn-mark").first.click()
    marks = page.locator(".fn-article mark")
    expect(marks.first).to_be_in_viewport()
    assert "".join(marks.all_inner_texts()) == quote
    assert "7 to 10 minutes" in quote


def test_a_footnote_can_be_followed_with_the_keyboard(page: Page) -> None:
    ask(page, MINUTES)
    page.locator(".fn-mark").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fn-article mark").first).to_be_focused()


def test_a_follow_up_shows_how_it_was_understood(page: Page) -> None:
    ask(page, "Who is Sergei Bersanov?")
    ask(page, "What did he say about China?")
    expect(page.locator(".fn-understood").last).to_contain_text("Bersanov")


def test_a_question_that_the_article_does_not_answer_is_refused_with_the_nearest(
    page: Page,
) -> None:
    ask(page, "How high is the Eiffel Tower?")
    expect(page.locator(".fn-refused")).to_contain_text("The article does not say.")
    page.locator(".fn-refused summary").click()
    expect(page.locator(".fn-nearest li").first).to_be_visible()


def test_a_starter_question_is_answered_by_a_click(page: Page) -> None:
    page.locator(".fn-welcome button").first.click()
    expect(page.locator(".fn-mark").first).to_be_visible()


def test_a_conversation_opens_again_from_its_link(page: Page, address: str) -> None:
    ask(page, MINUTES)
    conversation = httpx.get(f"{address}/v1/conversations").json()[0]["id"]
    page.goto(f"{address}/?c={conversation}")
    expect(page.locator(".fn-question").first).to_have_text(MINUTES)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>window.hacked = 1</script> what?",
        "<img src=x onerror='window.hacked = 1'> what?",
        "${window.hacked = 1} {{this}} what?",
        "![x](https://example.com/x.png) [y](javascript:window.hacked=1) what?",
    ],
)
def test_html_in_a_question_shows_as_text(page: Page, payload: str) -> None:
    ask(page, payload)
    expect(page.locator(".fn-question").last).to_have_text(payload)
    assert page.evaluate("window.hacked === undefined")


def test_a_pasted_text_is_previewed_added_and_answered(page: Page) -> None:
    page.get_by_role("tab", name="Articles").click()
    page.fill(
        "#paste textarea",
        "The Lighthouse of Skagen\n\nThe lighthouse of Skagen was finished in 1858. "
        "It was designed by Niels Sigfred Nebelong and is 46 metres high.",
    )
    page.click("#preview")
    expect(page.locator("#previewed .fn-article")).to_contain_text("Nebelong")
    page.click("#add")
    expect(page.locator("#said")).to_contain_text("Added")
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who designed the lighthouse of Skagen?")
    expect(page.locator(".fn-short")).to_contain_text("Nebelong")


def test_the_page_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    ask(page, MINUTES)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
