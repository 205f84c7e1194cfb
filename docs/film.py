"""Makes `docs/page.webp`, the loop in the README: `python docs/film.py`.

A question, the mark in the article, a near miss that is refused, a follow-up: with the steps of the
browser tests, on the real page. Needs what the tests need (`make test` installs it).
"""

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from browser import CHROMIUM, FLAGS, MINUTES, expect_answer, service  # noqa: E402

from index.settings import Settings  # noqa: E402

SCREEN = {"width": 1280, "height": 720}
WIDTH = 900
LARGEST_BYTES = 1_500_000
NEAR_MISS = "How many minutes would NATO missiles in Poland need to reach Moscow?"
FOLLOW_UP = "And a hypersonic missile?"


class Film:
    """Pictures of a page, each with how many milliseconds it stays."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[Image.Image] = []
        self._times: list[int] = []

    def take(self, milliseconds: int) -> None:
        picture = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        height = round(picture.height * WIDTH / picture.width)
        self._frames.append(picture.resize((WIDTH, height), Image.Resampling.LANCZOS))
        self._times.append(milliseconds)

    def save(self, path: Path) -> None:
        first, *others = self._frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self._times,
            loop=0,
            quality=55,
            method=6,
        )


def ask(film: Film, page: Page, question: str, hold: int) -> None:
    """Types a question, a few letters a frame, and shows how its answer lands."""
    box = page.locator("#question textarea")
    for end in range(6, len(question) + 6, 6):
        box.fill(question[:end])
        film.take(90)
    box.press("Enter")
    expect(page.locator(".fn-question").last).to_have_text(question)
    film.take(300)
    expect_answer(page, question)
    for _ in range(6):  # the article moves
        film.take(90)
    film.take(hold)


def main() -> None:
    with (
        TemporaryDirectory() as folder,
        service(Settings(data_dir=Path(folder))) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=SCREEN)
        page.goto(address)
        expect(page.locator("#starters li").first).to_be_visible()
        film = Film(page)
        film.take(1200)
        ask(film, page, MINUTES, 2400)
        page.locator(".fn-exchange").last.locator(".fn-sources summary").click()
        film.take(1800)
        ask(film, page, NEAR_MISS, 2600)
        ask(film, page, FOLLOW_UP, 3200)
        browser.close()
    path = HERE / "page.webp"
    film.save(path)
    size = path.stat().st_size
    print(f"{path.name}: {size:,} bytes")
    if size > LARGEST_BYTES:
        raise SystemExit(f"It may have {LARGEST_BYTES:,} bytes at most: take fewer frames.")


if __name__ == "__main__":
    main()
