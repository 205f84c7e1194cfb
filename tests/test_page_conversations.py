"""Conversations on the page: kept, reopened, renamed, deleted, exported, and linked to."""

import json
from collections.abc import Callable
from pathlib import Path

from browser import MINUTES, NOT_SAID, Visit, ask, marked, needs_chromium, service
from playwright.sync_api import Page, expect

from index.settings import Settings

pytestmark = needs_chromium


def test_a_conversation_survives_a_reload_and_a_restart(visit: Visit, settings: Settings) -> None:
    with service(settings) as first:
        page = visit(first)
        ask(page, "Who is Sergei Bersanov?")
        page.reload()
        expect(page.locator(".fn-question")).to_have_text("Who is Sergei Bersanov?")
        path = page.url.removeprefix(first)
    with service(settings) as second:
        page = visit(second + path)
        expect(page.locator(".fn-question")).to_have_text("Who is Sergei Bersanov?")
        expect(page.locator(".fn-open")).to_have_attribute("aria-current", "true")
        ask(page, "What does he expect?")
        expect(page.locator(".fn-exchange")).to_have_count(2)
        expect(page.locator(".fn-understood")).to_contain_text("Bersanov")


def test_conversations_are_listed_reopened_and_begun_anew(page: Page) -> None:
    ask(page, MINUTES)
    first = page.url
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-welcome")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()
    assert "?c=" not in page.url
    ask(page, NOT_SAID)
    assert page.url != first
    opened = page.locator(".fn-open").nth(1)
    expect(opened).to_contain_text(MINUTES)
    opened.click()
    expect(page.locator(".fn-question")).to_have_text(MINUTES)
    expect(page).to_have_url(first)


def test_a_conversation_is_renamed_with_the_keyboard(page: Page) -> None:
    ask(page, MINUTES)
    page.locator(".fn-menu summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[data-do=rename]").first).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Rename the conversation")
    expect(dialog.get_by_label("Title")).to_be_focused()
    page.keyboard.type("<b>Missiles</b> & $5 {{x}}")
    page.keyboard.press("Enter")
    expect(page.locator(".fn-open span").first).to_have_text("<b>Missiles</b> & $5 {{x}}")
    page.reload()
    expect(page.locator(".fn-open span").first).to_have_text("<b>Missiles</b> & $5 {{x}}")


def test_a_conversation_is_deleted_only_when_that_is_meant(
    page: Page, address: str, shot: Callable[[Page, str], None]
) -> None:
    ask(page, MINUTES)
    conversation = page.url.partition("?c=")[2]
    for answer in ("Cancel", "Delete"):
        page.locator(".fn-menu summary").first.click()
        if answer == "Cancel":
            shot(page, "menu")
        page.locator("[data-do=delete]").first.click()
        dialog = page.get_by_role("dialog", name="Delete this conversation?")
        expect(dialog).to_contain_text("cannot be brought back")
        if answer == "Delete":
            shot(page, "dialog")
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_be_hidden()
        there = page.request.get(f"{address}/v1/conversations/{conversation}").status
        if answer == "Cancel":
            assert there == 200
    expect(page.locator(".fn-welcome")).to_be_visible()
    assert page.request.get(f"{address}/v1/conversations/{conversation}").status == 404
    assert "?c=" not in page.url


def test_a_conversation_is_exported_as_markdown_with_footnotes_and_as_json(
    page: Page, tmp_path: Path
) -> None:
    ask(page, MINUTES)
    exported = {}
    for name in ("Markdown", "JSON"):
        page.locator(".fn-menu summary").first.click()
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Export as {name}").first.click()
        download.value.save_as(tmp_path / name)
        exported[name] = (tmp_path / name).read_text(encoding="utf-8")
    assert "reach Moscow. [^1-1]" in exported["Markdown"]
    assert "[^1-1]: “Were American and NATO missile systems" in exported["Markdown"]
    assert json.loads(exported["JSON"])["answers"][0]["answer"]["question"] == MINUTES


def test_a_link_to_one_answer_opens_it_and_marks_its_quote(
    visit: Visit, page: Page, shot: Callable[[Page, str], None]
) -> None:
    ask(page, MINUTES)
    ask(page, NOT_SAID)
    ask(page, "Who is Sergei Bersanov?")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = page.locator(".fn-exchange").first.get_by_text("Link", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Link copied").first).to_be_visible()
    url = page.evaluate("navigator.clipboard.readText()")
    assert "&a=" in url
    other = visit(url)
    expect(other.locator(".fn-wanted .fn-question")).to_have_text(MINUTES)
    expect(other.locator(".fn-wanted .fn-question")).to_be_in_viewport()
    expect(other.locator("#article mark").first).to_be_in_viewport()
    assert "7 to 10 minutes" in marked(other)
    expect(other).to_have_url(url)
    shot(other, "link")


def test_a_link_to_what_is_gone_says_so(visit: Visit, page: Page, address: str) -> None:
    gone = visit(f"{address}/?c=nowhere&a=nothing")
    expect(gone.locator(".fn-problem")).to_contain_text("not here any more")
    ask(gone, MINUTES)
    ask(page, MINUTES)
    page.goto(f"{page.url}&a=nothing")
    expect(page.locator(".fn-problem")).to_contain_text("asked again since, or deleted")
    expect(page.locator(".fn-question")).to_have_text(MINUTES)


def test_what_was_deleted_in_another_window_begins_anew(page: Page, address: str) -> None:
    ask(page, MINUTES)
    conversation = page.url.partition("?c=")[2]
    assert page.request.delete(f"{address}/v1/conversations/{conversation}").ok
    ask(page, NOT_SAID)
    expect(page.locator(".fn-exchange")).to_have_count(1)
    assert conversation not in page.url
