"""Asking on the page: footnotes, refusals, follow-ups, starters, stop, retry and edit."""

import re
from collections.abc import Callable

from browser import (
    MINUTES,
    NOT_SAID,
    PATIENCE_MS,
    Visit,
    ask,
    expect_answer,
    marked,
    needs_chromium,
    service,
)
from playwright.sync_api import Page, expect
from pydantic import SecretStr
from scripted_model import ScriptedModel, Stalls

from index.settings import Settings

pytestmark = needs_chromium


def test_a_clicked_footnote_marks_its_quote_in_the_article(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    ask(page, MINUTES)
    mark = page.locator(".fn-mark").first
    quote = mark.get_attribute("data-quote")
    mark.click()
    expect(page.locator("#article mark").first).to_be_in_viewport()
    assert quote is not None
    assert marked(page) == quote
    assert "7 to 10 minutes" in quote
    shot(page, "desktop-light")


def test_under_an_answer_stand_its_sources_and_how_sure_it_is(page: Page) -> None:
    ask(page, MINUTES)
    source = page.locator(".fn-sources li").first
    expect(source.locator("cite")).to_have_text(
        "Security guarantees: will talks settle the Moscow–NATO crisis, or just move it "
        "elsewhere? › No more members from the former Soviet republics"
    )
    expect(source.locator("mark")).to_have_text("7 to 10 minutes")
    expect(page.locator(".fn-confidence")).to_have_text(
        re.compile(r"^Very likely right \(\d\d %\)$")
    )
    source.locator(".fn-quote").click()
    expect(page.locator("#article mark").first).to_be_in_viewport()


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


def test_the_keyboard_asks_follows_a_footnote_and_comes_back(page: Page) -> None:
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(MINUTES)
    page.keyboard.press("Enter")
    expect_answer(page, MINUTES)
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('fn-mark')"):
            break
    expect(page.locator(".fn-mark")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#article mark").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".fn-mark")).to_be_focused()


def test_what_happens_is_told_to_people_who_hear_the_page(page: Page) -> None:
    ask(page, MINUTES)
    expect(page.locator("#fn-status")).to_have_text("7 to 10 minutes Sources: 1.")
    expect(page.locator("#fn-status")).to_have_attribute("role", "status")


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
    expect(refusal.locator("q")).to_have_text(NOT_SAID)
    nearest = refusal.locator(".fn-nearest .fn-passage").first
    shot(page, "refusal")
    passage = nearest.inner_text()
    nearest.click()
    expect(page.locator("#article mark").first).to_be_in_viewport()
    assert "".join(marked(page).split()) == "".join(passage.split())


def test_a_starter_question_is_one_that_the_article_answers(page: Page) -> None:
    starters = page.locator("#starters li button")
    expect(starters.first).to_be_visible(timeout=PATIENCE_MS)
    assert 1 <= starters.count() <= 4
    question = starters.first.inner_text()
    starters.first.click()
    expect_answer(page, question)
    expect(page.locator(".fn-mark").first).to_be_visible()
    expect(page.locator("#starters li").first).to_be_hidden()
    page.locator("#starters summary").click()
    expect(page.locator("#starters li").first).to_be_visible()


def test_an_empty_question_is_not_asked(page: Page) -> None:
    page.fill("#question textarea", "   ")
    page.press("#question textarea", "Enter")
    expect(page.locator(".toast-body")).to_contain_text("Type a question first.")
    expect(page.locator(".fn-exchange")).to_have_count(0)


def test_a_question_is_asked_again_in_its_place(page: Page) -> None:
    ask(page, MINUTES)
    ask(page, NOT_SAID)
    first = page.locator(".fn-exchange").first
    before = first.get_attribute("id")
    first.locator("[data-do=ask]").click()
    expect(page.locator(".fn-exchange")).to_have_count(1)
    expect_answer(page, MINUTES)
    assert page.locator(".fn-exchange").get_attribute("id") != before
    page.reload()
    expect(page.locator(".fn-exchange")).to_have_count(1)


def test_an_edited_question_replaces_the_old_one(page: Page) -> None:
    ask(page, NOT_SAID)
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
