"""Articles on the page: added by file, address and paste, previewed, chosen, removed."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from browser import (
    MINUTES,
    PATIENCE_MS,
    Visit,
    ask,
    needs_chromium,
    open_tab,
    paste,
    serious_violations,
    service,
)
from playwright.sync_api import Page, expect
from served import COPPER, TIN
from test_fetch import LOOPBACK, PAGE, site
from test_fetch import page as web_page

from index.loading.fetch import PageFetcher
from index.settings import Settings

pytestmark = needs_chromium
LIGHTHOUSE = """The Lighthouse of Skagen

The lighthouse of Skagen was finished in 1858. It was designed by Niels Sigfred Nebelong and is
46 metres high."""


def test_several_files_are_previewed_together_and_added(
    visit: Visit, settings: Settings, tmp_path: Path, shot: Callable[[Page, str], None]
) -> None:
    (tmp_path / "tin.md").write_text(TIN, encoding="utf-8")
    (tmp_path / "copper.md").write_text(COPPER, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with service(settings) as own:
        page = visit(own)
        open_tab(page, "Articles")
        expect(page.locator("#add")).to_be_disabled()
        page.set_input_files(
            "#upload input[type=file]",
            [tmp_path / n for n in ("tin.md", "copper.md", "broken.pdf", "picture.png")],
        )
        expect(page.locator("#previewed .fn-preview")).to_have_count(2, timeout=PATIENCE_MS)
        expect(page.locator("#previewed")).to_contain_text("It melts at 232 degrees")
        said = page.locator("#said p")
        expect(said).to_have_count(2)
        expect(said.nth(0)).to_contain_text("broken.pdf")
        expect(said.nth(1)).to_contain_text("picture.png")
        shot(page, "preview")
        assert len(httpx.get(f"{own}/v1/articles").json()) == 1
        page.get_by_role("button", name="Add 2 articles to the library").click()
        expect(said).to_have_text(
            ["Added: “Tin”, 2 passages.", "Added: “Copper”, 1 passage."], timeout=PATIENCE_MS
        )
        expect(page.locator("#library li")).to_have_count(3)
        shot(page, "articles")
        page.get_by_role("button", name="Ask about it").click()
        expect(page.locator("#article .fn-article h2").first).to_have_text("Copper")
        ask(page, "At what temperature does tin melt?")
        expect(page.locator(".fn-short")).to_contain_text("232 degrees")
        page.locator(".fn-mark").first.click()  # its article is not the one that is shown
        expect(page.locator("#article mark").first).to_be_in_viewport()
        expect(page.locator("#article .fn-article h2").first).to_have_text("Tin")

        page.locator("#scope input").click()
        page.get_by_role("option", name="Copper").click()
        assert serious_violations(page) == []
        page.keyboard.press("Escape")
        ask(page, "At what temperature does the metal melt?")
        expect(page.locator(".fn-exchange").last.locator(".fn-short")).to_contain_text("1,085")
        ask(page, MINUTES)
        refusal = page.locator(".fn-refused").last
        expect(refusal).to_contain_text("Nothing in “Copper” answers")
        page.reload()
        expect(page.locator("#scope")).to_contain_text("Copper")


def test_a_pasted_text_is_shown_asked_and_has_starter_questions_of_its_own(
    visit: Visit, settings: Settings
) -> None:
    with service(settings) as own:
        page = visit(own)
        paste(page, LIGHTHOUSE)
        expect(page.locator("#article .fn-article")).to_contain_text("Nebelong")
        shown = page.locator("#article .fn-article").get_attribute("data-article")
        starter = page.locator(f"#starters [data-article='{shown}'] li button").first
        expect(starter).to_contain_text("?", timeout=PATIENCE_MS)
        starter.click()
        expect(page.locator(".fn-short")).to_contain_text(
            re.compile("1858|Nebelong|46"), timeout=PATIENCE_MS
        )
        ask(page, "Who designed the lighthouse of Skagen?")
        expect(page.locator(".fn-short").last).to_contain_text("Nebelong")


def test_an_empty_file_says_so(page: Page, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"\n")
    open_tab(page, "Articles")
    page.set_input_files("#upload input[type=file]", tmp_path / "empty.txt")
    expect(page.locator("#said")).to_contain_text("empty.txt is empty", timeout=PATIENCE_MS)
    expect(page.locator("#add")).to_be_disabled()


def test_a_page_is_added_by_its_address(visit: Visit, settings: Settings) -> None:
    with (
        site(index=web_page(PAGE.encode())) as server,
        service(settings, PageFetcher(settings, also_allowed=LOOPBACK)) as own,
    ):
        page = visit(own)
        open_tab(page, "Articles")
        page.fill("#url textarea, #url input", server.url())
        page.click("#preview")
        expect(page.locator("#previewed .fn-article")).to_contain_text("Mary Walker")
        page.click("#add")
        expect(page.locator("#said")).to_contain_text("Added: “Tin”")
        expect(page.locator("#library")).to_contain_text(server.url())
        page.fill("#url textarea, #url input", server.url())
        page.click("#preview")
        expect(page.locator("#said")).to_contain_text("“Tin” is in the library already.")


def test_an_address_that_is_refused_is_told_in_words(page: Page) -> None:
    open_tab(page, "Articles")
    for url, words in (
        ("http://127.0.0.1:9/", "127.0.0.1"),
        ("file:///etc/passwd", "https://"),
        ("javascript:alert(1)", "https://"),
    ):
        page.fill("#url textarea, #url input", url)
        page.click("#preview")
        expect(page.locator("#said")).to_contain_text(words)
        expect(page.locator("#previewed .fn-article")).to_have_count(0)


def test_nothing_given_is_told_in_words(page: Page) -> None:
    open_tab(page, "Articles")
    page.click("#preview")
    expect(page.locator("#said")).to_contain_text("Choose a file, give an address or paste")


def test_articles_are_removed_and_a_library_without_any_says_what_to_do(
    visit: Visit, settings: Settings, shot: Callable[[Page, str], None]
) -> None:
    with service(settings) as own:
        page = visit(own)
        ask(page, MINUTES)
        open_tab(page, "Articles")
        page.get_by_role("button", name="Remove Security guarantees").click()
        dialog = page.get_by_role("dialog", name="Remove this article?")
        expect(dialog).to_contain_text("Conversations keep the answers and quotes")
        dialog.get_by_role("button", name="Cancel").click()
        expect(page.locator("#library li")).to_have_count(1)
        page.get_by_role("button", name="Remove Security guarantees").click()
        dialog.get_by_role("button", name="Remove").click()
        expect(page.locator("#said")).to_contain_text("Removed “Security guarantees")
        expect(page.locator("#library")).to_contain_text("No article yet")
        open_tab(page, "Ask")
        expect(page.locator("#article")).to_contain_text("No article yet")
        page.fill("#question textarea", MINUTES)
        page.press("#question textarea", "Enter")
        expect(page.locator(".fn-problem")).to_contain_text("There is no article to ask yet")
        shot(page, "empty")
        page.reload()  # what was answered before is kept, and says what became of its source
        expect(page.locator(".fn-sources cite")).to_contain_text("removed from the library")
        page.locator(".fn-mark").click()
        expect(page.locator("#article")).to_contain_text("This article was removed")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".fn-welcome")).to_be_visible()
        page.reload()
        page.get_by_role("button", name="Add an article").click()
        expect(page.locator("#paste textarea")).to_be_visible()
        paste(page, TIN)
        ask(page, "At what temperature does tin melt?")
        expect(page.locator(".fn-short")).to_contain_text("232 degrees")
