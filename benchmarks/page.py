"""The page in a real browser: first paint, the article, and the first answers.

    python -m benchmarks.page                    # 5 visits
    python -m benchmarks.page --visits 20

Starts the service in a process of its own on 127.0.0.1 with the bundled article, and visits it
with Chromium, each time in a new profile. The first visit also loads what the later ones find
loaded, and is shown apart.
"""

import argparse
import multiprocessing
import shutil
import socket
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmarks.load import ready

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
QUESTIONS = (
    "How many minutes would NATO missiles in Ukraine need to reach Moscow?",
    "Who is Sergei Bersanov?",
    "How high is the Eiffel Tower?",
)
FIGURES = ("first paint", "article shown", "first answer", "second answer", "refusal")


def serve(listening: socket.socket, data_dir: Path) -> None:
    import uvicorn

    from index.library import open_library
    from index.loading.loader import load_file
    from index.sample import BUNDLED_ARTICLE
    from index.settings import Settings
    from qa.http.app import create_app
    from ui.app import add_page

    settings = Settings(data_dir=data_dir)
    with open_library(settings) as library:
        library.add(load_file(BUNDLED_ARTICLE, settings))
        app = add_page(create_app(settings, library), settings)
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listening])


def visit(browser: Browser, address: str) -> list[float]:
    """Milliseconds of each of `FIGURES`; an answer counts from Enter until it is whole."""
    page = browser.new_page()
    page.set_default_timeout(120_000)
    began = time.monotonic()
    page.goto(address)
    page.wait_for_selector("#article .fn-article")
    shown = (time.monotonic() - began) * 1000
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    figures = [float(paint), shown]
    for n, question in enumerate(QUESTIONS, start=1):
        page.fill("#question textarea", question)
        began = time.monotonic()
        page.press("#question textarea", "Enter")
        page.wait_for_selector(f".fn-exchange:nth-of-type({n}) [data-do=up]")
        figures.append((time.monotonic() - began) * 1000)
    page.close()
    return figures


def report(visits: list[list[float]]) -> None:
    print(f"{'':14} {'first visit':>12} {'median':>9} {'slowest':>9}   (ms, {len(visits)} visits)")
    for name, values in zip(FIGURES, zip(*visits, strict=True), strict=True):
        later = values[1:] or values
        print(f"{name:14} {values[0]:12.0f} {statistics.median(later):9.0f} {max(later):9.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=5)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        context = multiprocessing.get_context("spawn")
        service = context.Process(target=serve, args=(listening, Path(folder)), daemon=True)
        service.start()
        try:
            ready(address, service)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                report([visit(browser, address) for _ in range(options.visits)])
                browser.close()
        finally:
            service.terminate()
            service.join()


if __name__ == "__main__":
    main()
