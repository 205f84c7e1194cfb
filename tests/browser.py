"""The page in a real browser against the real service: what the `test_page_*` files share.

Nothing is mocked, and no test may ask an outside host for anything: the `visitor` asserts it of
every request. Screenshots go to the folder that PAGE_SHOTS names, or into pytest's own.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from served import served

from index.library import open_library
from index.loading.fetch import PageFetcher
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.http.app import create_app
from ui.app import add_page

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
expect.set_options(timeout=PATIENCE_MS)
START_SECONDS = 240
DESKTOP = {"width": 1360, "height": 850}
PHONE = {"width": 390, "height": 800}
MINUTES = "How many minutes would NATO missiles in Ukraine need to reach Moscow?"
NOT_SAID = "How high is the Eiffel Tower?"

needs_chromium = pytest.mark.skipif(
    not Path(CHROMIUM).exists() and not os.environ.get("CI"),
    reason="no chromium: apt-get install chromium",
)

Visit = Callable[..., Page]


@contextmanager
def service(settings: Settings, fetcher: PageFetcher | None = None) -> Iterator[str]:
    """The service with its page over a library of the test's own, in this process; its address.

    As `footnote serve` makes it, over real HTTP, but without the seconds that a new process takes
    to import its packages.
    """
    with open_library(settings) as library:
        if not library.articles():
            library.add(load_file(BUNDLED_ARTICLE, settings))
        with served(add_page(create_app(settings, library, fetcher), settings)) as url:
            yield url


@contextmanager
def footnote_serve(folder: Path) -> Iterator[str]:
    """`footnote serve` in a process of its own, with its data in `folder`; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")}
    environment |= {"FOOTNOTE_DATA_DIR": str(folder / "data"), "FOOTNOTE_PORT": str(port)}
    with (folder / "log").open("a") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", "from ui.cli import main; main()", "serve"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{url}/healthz", timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, (folder / "log").read_text()
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="session")
def service_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service of `address` keeps its data."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def address(service_folder: Path) -> Iterator[str]:
    """One service with the bundled article, for all tests that leave it as it was."""
    with service(Settings(data_dir=service_folder / "data")) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Opens an address in a browser profile of its own, and waits until an article is there."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    faults: list[str] = []
    hosts: list[str] = []

    def open_(url: str, wait_for: str = "#article .fn-pane", **options: Any) -> Page:
        context = chromium.new_context(**{"viewport": DESKTOP} | options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        hosts.append(re.match(r"https?://[^/]+", url)[0])  # type: ignore[index]
        page.goto(url)
        expect(page.locator(wait_for).first).to_be_visible(timeout=PATIENCE_MS)
        return page

    yield open_
    for context in contexts:
        context.close()
    own = (*hosts, "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == [], "an outside host was asked"
    assert faults == [], "a script of the page failed"


@pytest.fixture
def page(visit: Visit, address: str) -> Page:
    """The page of the shared service."""
    return visit(address)


@pytest.fixture(scope="session")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Page, str], None]:
    """Saves a screenshot under a name, for a person to look at."""
    folder = Path(os.environ.get("PAGE_SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)

    def save(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return save


def ask(page: Page, question: str) -> None:
    """Asks and waits until the answer is whole, which is when it can be rated."""
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect_answer(page, question)


def expect_answer(page: Page, question: str) -> None:
    last = page.locator(".fn-exchange").last
    expect(last.locator(".fn-question")).to_have_text(question, timeout=PATIENCE_MS)
    expect(last.locator("[data-do=up]")).to_be_visible(timeout=PATIENCE_MS)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def marked(page: Page) -> str:
    """The text that is marked in the article."""
    return "".join(page.locator("#article mark").all_inner_texts())


def current(page: Page) -> str:
    """The part of it that the footnote leads to."""
    return "".join(page.locator("#article mark.fn-current").all_inner_texts())


def paste(page: Page, text: str, title: str = "") -> None:
    """Adds a text under “Articles” and comes back."""
    open_tab(page, "Articles")
    page.fill("#paste textarea", text)
    page.fill("#title textarea, #title input", title)
    page.click("#preview")
    expect(page.locator("#previewed .fn-article")).to_be_visible()
    page.click("#add")
    expect(page.locator("#said")).to_contain_text("Added")
    open_tab(page, "Ask")


def serious_violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical, in words."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
