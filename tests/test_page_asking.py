"""Asking on the page: footnotes, refusals, follow-ups, starters, stop, retry and edit."""

import re
from collections.abc import Callable
from pathlib import Path

from browser import (
    MINUTES,
    NOT_SAID,
    Visit,
    ask,
    current,
    expect_answer,
    marked,
    needs_chromium,
    service,
)
from playwright.sync_api import Page, expect
from pydantic import SecretStr
from pypdf import PdfReader
from scripted_model import ScriptedModel, Stalls

from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings

pytestmark = needs_chromium
PLAIN = load_file(BUNDLED_ARTICLE, Settings()).text


def test_when_the_answer_lands_the_article_moves_to_its_quote_and_one_card_says_it(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    ask(page, MINUTES)
    quote = page.locator(".fn-mark").first.get_attribute("data-quote") or ""
    assert "7 to 10 minutes" in quote
    expect(page.locator("#article mark.fn-current").first).to_be_in_viewport()
    assert marked(page) == quote
    shot(page, "desktop-light")
    # For people who hear the page.
    expect(page.locator("#fn-status")).to_have_text("7 to 10 minutes Sources: 1.")
    expect(page.locator("#fn-status")).to_have_attribute("role", "status")

    card = page.locator(".fn-answer")
    expect(card.locator(".fn-short")).to_have_text("7 to 10 minutes")
    expect(card.locator(".fn-sources summary")).to_have_text(
        "1 · No more members from the former Soviet republics"
    )
    assert card.inner_text().count(quote) == 1  # the source is folded
    card.locator(".fn-sources summary").click()
    expect(card.locator(".fn-quote mark")).to_have_text("7 to 10 minutes")
    held = card.locator(".fn-held")
    expect(held).to_have_css("white-space-collapse", "collapse")
    expect(held).to_have_css("text-wrap-mode", "nowrap")

    sure = card.locator(".fn-confidence summary")
    expect(sure).to_have_text("Likely right")
    expect(card.locator(".fn-confidence p")).to_be_hidden()
    sure.click()
    expect(card.locator(".fn-confidence p")).to_contain_text(re.compile(r"\d\d % are right"))

    page.evaluate("document.querySelector('#article .fn-pane').scrollTo(0, 0)")
    page.locator(".fn-mark").first.click()
    expect(page.locator("#article mark.fn-current").first).to_be_in_viewport()
    expect(page.locator("#article mark.fn-current").first).to_be_focused()


def test_all_footnotes_of_an_answer_are_marked_and_the_one_followed_stands_out(
    page: Page,
) -> None:
    ask(page, "What is the article about?")
    footnotes = page.locator(".fn-answer .fn-mark")
    assert footnotes.count() > 1
    quotes = [mark.get_attribute("data-quote") for mark in footnotes.all()]
    assert marked(page) == "".join(sorted(quotes, key=PLAIN.index))
    footnotes.nth(1).click()
    expect(page.locator("#article mark.fn-current").first).to_be_focused()
    current = page.locator("#article mark.fn-current").all_inner_texts()
    assert "".join(current) == quotes[1]
    assert marked(page) == "".join(sorted(quotes, key=PLAIN.index))


def test_an_answer_is_taken_along_as_text_with_quotes_as_a_receipt_and_as_a_pdf(
    visit: Visit, address: str, tmp_path: Path
) -> None:
    page = visit(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("window.print = () => {}")  # its window would wait for a person
    ask(page, NOT_SAID)
    ask(page, MINUTES)
    last = page.locator(".fn-exchange").last
    last.get_by_role("button", name="Copy").click()
    expect(last.locator("[data-done=Copied]")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("7 to 10 minutes\n\nWere American and NATO")
    assert copied.endswith("No more members from the former Soviet republics)")
    saved = {}
    for name in ("Markdown", "Receipt"):
        last.locator(".fn-menu summary").click()
        with page.expect_download() as download:
            last.get_by_role("link", name=name).click()
        saved[name] = Path(download.value.path()).read_text(encoding="utf-8")
    assert "[^1-1]: “Were American" in saved["Markdown"]
    assert f"## {NOT_SAID}" not in saved["Markdown"]
    assert '"quote": "Were American' in saved["Receipt"]
    last.locator(".fn-menu summary").click()
    last.get_by_role("button", name="Print, or save as PDF").click()
    page.pdf(path=tmp_path / "answer.pdf")
    [sheet] = PdfReader(tmp_path / "answer.pdf").pages
    printed = " ".join(sheet.extract_text().split())
    assert MINUTES in printed
    assert "“Were American and NATO missile systems" in printed
    assert NOT_SAID not in printed
    assert "Ask again" not in printed


def test_a_footnote_shows_its_quote_to_the_pointer_and_to_the_keyboard(page: Page) -> None:
    ask(page, MINUTES)
    mark, tooltip = page.locator(".fn-mark").first, page.get_by_role("tooltip")
    quote = mark.get_attribute("data-quote")
    mark.hover()
    expect(tooltip).to_have_text(f"“{quote}”")
    tooltip.hover()  # to read or copy it
    expect(tooltip).to_be_visible()
    page.mouse.move(5, 5)
    expect(tooltip).to_be_hidden()
    mark.focus()
    expect(tooltip).to_be_visible()
    assert mark.get_attribute("aria-describedby") == tooltip.get_attribute("id")
    page.keyboard.press("Escape")
    expect(tooltip).to_be_hidden()


def test_a_follow_up_shows_how_it_was_understood(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    ask(page, "Who is Sergei Bersanov?")
    ask(page, "What did he say about China?")
    expect(page.locator(".fn-understood")).to_have_count(1)
    expect(page.locator(".fn-understood")).to_contain_text("Understood as: ")
    expect(page.locator(".fn-understood")).to_contain_text("Bersanov")
    shot(page, "follow-up")


def test_a_refusal_says_what_the_article_does_not_say_and_offers_the_nearest(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    ask(page, NOT_SAID)
    refusal = page.locator(".fn-refused")
    expect(refusal).to_contain_text("The article does not say.")
    expect(refusal).to_contain_text("Nothing in “Security guarantees:")
    nearest = refusal.locator(".fn-nearest .fn-passage").first
    shot(page, "refusal")
    expect(nearest).to_be_hidden()
    expect(page.locator("#article mark")).to_have_count(0)
    refusal.locator(".fn-nearest summary").click()
    passages = refusal.locator(".fn-passage").all_inner_texts()
    assert "".join(passages[0].split()) == "".join(current(page).split())
    for passage in passages:
        assert "".join(passage.split()) in "".join(marked(page).split())
    refusal.locator(".fn-passage").nth(1).click()
    expect(page.locator("#article mark.fn-current").first).to_be_in_viewport()
    assert "".join(current(page).split()) == "".join(passages[1].split())


def test_questions_that_the_article_answers_are_offered_before_and_after_an_answer(
    page: Page,
) -> None:
    offered = page.locator("#starters .fn-starters button")
    expect(offered.first).to_be_visible()
    heading = page.locator("#starters .fn-starters h3")
    expect(heading).to_have_text("Questions that this article answers")
    for n in range(1, 3):
        assert 1 <= offered.count() <= 4
        question = offered.first.inner_text()
        offered.first.click()
        expect_answer(page, question)
        expect(page.locator(".fn-exchange").nth(n - 1).locator(".fn-mark").first).to_be_visible()
        expect(heading).to_have_text("Ask next")
        expect(page.locator("#starters")).not_to_contain_text(question)


def test_nothing_is_asked_twice_and_nothing_that_is_typed_is_lost(page: Page) -> None:
    box = page.locator("#question textarea")
    box.press("Enter")
    expect(page.locator(".fn-welcome")).to_be_visible()
    box.fill(MINUTES)
    box.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("And in")
    page.keyboard.press("Enter")  # while the first is being answered
    page.keyboard.type(" summer?")
    expect_answer(page, MINUTES)
    expect(page.locator(".fn-exchange")).to_have_count(1)
    expect(box).to_have_value("And in summer?")
    box.fill("   ")
    box.press("Enter")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".fn-exchange")).to_have_count(1)
    expect(page.locator(".fn-open").first).to_contain_text(MINUTES)


def test_asking_an_old_question_again_keeps_what_was_said_since(page: Page) -> None:
    ask(page, MINUTES)
    ask(page, NOT_SAID)
    whole, first = page.url, page.locator(".fn-exchange").first
    first.locator("[data-do=ask]").click()
    expect(page.locator(".fn-exchange")).to_have_count(1)
    expect_answer(page, MINUTES)
    expect(page.locator(".fn-notice")).to_contain_text("the one before is kept whole")
    assert page.url != whole
    page.goto(whole)
    expect(page.locator(".fn-exchange")).to_have_count(2)


def test_the_newest_question_is_edited_in_its_place_and_that_can_be_undone(page: Page) -> None:
    ask(page, NOT_SAID)
    page.locator("[data-do=down]").click()
    page.locator("[data-do=edit]").click()
    box = page.locator(".fn-edit textarea")
    expect(box).to_be_focused()
    expect(box).to_have_value(NOT_SAID)
    page.keyboard.press("Escape")
    expect(page.locator("[data-do=edit]")).to_be_focused()
    page.keyboard.press("Enter")
    box.fill(MINUTES)
    box.press("Enter")
    expect_answer(page, MINUTES)
    expect(page.locator(".fn-exchange")).to_have_count(1)
    expect(page.locator(".fn-short")).to_have_text("7 to 10 minutes")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".fn-question")).to_have_text(NOT_SAID)
    expect(page.locator("[data-do=down]")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator(".fn-question")).to_have_text(NOT_SAID)


def test_a_stopped_question_is_not_kept_and_can_be_asked_again(
    visit: Visit, settings: Settings
) -> None:
    said = "Were American and NATO missile systems to appear in Ukraine, they would need [1]"
    with ScriptedModel(Stalls(said)) as model:
        slow = model.settings(settings, chat_api_key=SecretStr("none"), chat_retries=0)
        with service(slow) as own:
            page = visit(own)
            page.fill("#question textarea", MINUTES)
            page.press("#question textarea", "Enter")
            expect(page.locator(".fn-doing")).to_be_visible()
            expect(page.locator("#question textarea")).to_have_value("")
            page.get_by_role("button", name="Stop").click()
            expect(page.locator(".fn-problem")).to_contain_text("Stopped.")
            expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
            page.locator(".fn-actions [data-do=ask]").click()
            expect(page.locator(".fn-doing")).to_be_visible()
            page.get_by_role("button", name="Stop").click()
            expect(page.locator(".fn-problem")).to_contain_text("Stopped.")
            assert model.hung_up.wait(30)
            assert page.request.get(f"{own}/v1/conversations").json() == []
