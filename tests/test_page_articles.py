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


ZINC = "# Zinc\n\nZinc melts at 420 degrees Celsius."


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
        page.get_by_role("button", name="Rename Copper").click()
        dialog = page.get_by_role("dialog", name="Rename the article")
        dialog.get_by_label("Title").fill("Copper <b>")
        dialog.get_by_role("button", name="Rename").click()
        expect(page.locator("#said")).to_contain_text("It is called “Copper <b>” now.")
        expect(page.locator("#library")).to_contain_text("Copper <b>")
        page.get_by_role("button", name="Rename Copper").click()
        dialog.get_by_label("Title").fill("Copper")
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_contain_text("It is called “Copper” now.")
        shot(page, "articles")
        open_tab(page, "Ask")
        # What was added is what is asked, and the box says so.
        expect(page.locator("#article .fn-article h2").first).to_have_text("Copper")
        expect(page.locator("#scope")).to_contain_text("Asks 2 of 3 articles")
        ask(page, "At what temperature does tin melt?")
        expect(page.locator(".fn-short")).to_contain_text("232 degrees")
        expect(page.locator("#article .fn-article h2").first).to_have_text("Tin")
        expect(page.locator("#article mark").first).to_be_in_viewport()
        expect(page.locator("#scope")).to_contain_text("Asks 2 of 3 articles")
        assert serious_violations(page) == []

        page.locator("#sources").get_by_role("button", name="Security").click()
        expect(page.locator("#scope")).to_contain_text("Asks “Security guarantees")
        page.locator("#sources").get_by_role("button", name="Copper").click()
        expect(page.locator("#scope")).to_contain_text("Asks “Copper”")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".fn-welcome")).to_be_visible()
        ask(page, "At what temperature does the metal melt?")
        expect(page.locator(".fn-exchange").last.locator(".fn-short")).to_contain_text("1,085")
        ask(page, MINUTES)
        expect(page.locator(".fn-refused").last).to_contain_text("Nothing in “Copper” answers")
        page.reload()
        expect(page.locator("#scope")).to_contain_text("Asks “Copper”")
        page.get_by_label("Ask Tin").check()
        expect(page.locator("#scope")).to_contain_text("Asks 2 of 3 articles")
        page.get_by_label("All 3").check()
        expect(page.locator("#scope")).to_contain_text("Asks all 3 articles")
        page.reload()  # the last answer was Copper's
        expect(page.locator("#scope")).to_contain_text("Asks “Copper”")
        other = visit(own)
        httpx.post(f"{own}/v1/articles", json={"text": ZINC}).raise_for_status()
        other.evaluate("window.dispatchEvent(new Event('focus'))")  # as when one comes back to it
        expect(other.locator("#sources")).to_contain_text("Zinc")


def test_a_pasted_text_is_shown_asked_and_has_starter_questions_of_its_own(
    visit: Visit, settings: Settings
) -> None:
    with service(settings) as own:
        page = visit(own)
        paste(page, LIGHTHOUSE)
        expect(page.locator("#article .fn-article")).to_contain_text("Nebelong")
        shown = page.locator("#article .fn-article").get_attribute("data-article")
        starter = page.locator(f"#starters .fn-starters[data-article='{shown}'] button").first
        expect(starter).to_contain_text("?", timeout=PATIENCE_MS)
        starter.click()
        expect(page.locator(".fn-short")).to_contain_text(
            re.compile("1858|Nebelong|46"), timeout=PATIENCE_MS
        )
        ask(page, "Who designed the lighthouse of Skagen?")
        expect(page.locator(".fn-short").last).to_contain_text("Nebelong")


def test_a_long_article_shows_how_far_it_is_and_can_be_stopped(
    visit: Visit, settings: Settings, tmp_path: Path
) -> None:
    paragraphs = (
        f"Station {n} measured {n * 7} litres of rain. " + f"It stands {n} miles inland. " * 20
        for n in range(600)
    )
    (tmp_path / "rain.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    with service(settings) as own:
        page = visit(own)
        open_tab(page, "Articles")
        page.set_input_files("#upload input[type=file]", tmp_path / "rain.txt")
        page.get_by_role("button", name="Add to the library").click()
        expect(page.locator("#said")).to_contain_text(
            re.compile(r"[\d,]+ of [\d,]+ passages indexed, about \d+ \w+ left")
        )
        expect(page.get_by_role("progressbar")).to_have_attribute("value", re.compile(r"\d+"))
        page.locator("#said").get_by_role("button", name="Stop").click()
        expect(page.locator("#said")).to_contain_text("Stopped. What was not whole was not added.")
        expect(page.locator("#library li")).to_have_count(1)
        assert len(httpx.get(f"{own}/v1/articles").json()) == 1


def test_what_is_dropped_anywhere_is_previewed_and_what_is_known_is_said(
    visit: Visit, settings: Settings, tmp_path: Path
) -> None:
    drop = """([name, text]) => {
        const data = new DataTransfer();
        if (name) data.items.add(new File([text], name)); else data.setData("text/plain", text);
        for (const type of ["dragenter", "dragover", "drop"])
            document.querySelector("#conversation").dispatchEvent(
                new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    with service(settings) as own:
        page = visit(own)
        page.evaluate(drop, ["", ZINC])
        expect(page.locator("#previewed .fn-article")).to_contain_text("420 degrees")
        open_tab(page, "Ask")
        page.evaluate(drop, ["metal.md", TIN])
        expect(page.locator("#previewed .fn-article").first).to_contain_text("232 degrees")
        page.get_by_role("button", name="Add 2 articles to the library").click()
        expect(page.locator("#library li")).to_have_count(3)
        open_tab(page, "Ask")
        page.evaluate(drop, ["metal.md", TIN.replace("232", "231.9")])
        expect(page.locator("#said")).to_contain_text("“Tin” is another text of metal.md")
        page.get_by_label("Remove the earlier versions then").check()
        page.get_by_role("button", name="Add to the library").click()
        expect(page.locator("#said")).to_contain_text("Added: “Tin”")
        expect(page.locator("#library li")).to_have_count(3)
        open_tab(page, "Ask")
        page.evaluate(drop, ["other.md", TIN.replace("232", "233")])
        expect(page.locator("#said")).to_contain_text("is called “Tin” too")


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


def test_what_cannot_be_added_is_told_in_words(page: Page, tmp_path: Path) -> None:
    open_tab(page, "Articles")
    page.click("#preview")
    expect(page.locator("#said")).to_contain_text("Choose a file, give an address or paste")
    for url, words in (
        ("http://127.0.0.1:9/", "127.0.0.1"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ):
        page.fill("#url textarea, #url input", url)
        page.click("#preview")
        expect(page.locator("#said")).to_contain_text(words)
        expect(page.locator("#previewed .fn-article")).to_have_count(0)
    page.fill("#url textarea, #url input", "")
    (tmp_path / "empty.txt").write_bytes(b"\n")
    page.set_input_files("#upload input[type=file]", tmp_path / "empty.txt")
    expect(page.locator("#said")).to_contain_text("empty.txt is empty")
    expect(page.locator("#add")).to_be_disabled()


def test_articles_are_removed_and_a_library_without_any_says_what_to_do(
    visit: Visit, settings: Settings, shot: Callable[[Page, str], None]
) -> None:
    with service(settings) as own:
        page = visit(own)
        ask(page, MINUTES)
        open_tab(page, "Articles")
        remove = page.get_by_role("button", name="Remove Security guarantees")
        remove.click()
        expect(page.locator("#library")).to_contain_text("No article yet")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#said")).to_contain_text("is back")
        expect(page.locator("#library li")).to_have_count(1)
        remove.click()
        expect(page.locator("#said")).to_contain_text("Removed “Security guarantees")
        expect(page.locator("#library")).to_contain_text("No article yet")
        open_tab(page, "Ask")
        expect(page.locator("#article")).to_contain_text("No article yet")
        page.fill("#question textarea", MINUTES)
        page.press("#question textarea", "Enter")
        expect(page.locator(".fn-problem")).to_contain_text("There is no article to ask yet")
        shot(page, "empty")
        page.reload()  # what was answered before is kept, and says what became of its source
        expect(page.locator(".fn-sources summary")).to_contain_text("removed from the library")
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
