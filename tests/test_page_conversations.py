"""Conversations on the page: kept, reopened, renamed, deleted, exported, and linked to."""

import json
from collections.abc import Callable
from pathlib import Path

from browser import MINUTES, NOT_SAID, Visit, ask, marked, needs_chromium, open_tab, service
from playwright.sync_api import Page, expect
from pydantic import SecretStr
from scripted_model import ScriptedModel, Stalls

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
        # The browser is the same, with its cookie: the conversation is its own.
        page = visit(second + path, storage_state=page.context.storage_state())
        expect(page.locator(".fn-question")).to_have_text("Who is Sergei Bersanov?")
        expect(page.locator(".fn-open")).to_have_attribute("aria-current", "true")
        ask(page, "What does he expect?")
        expect(page.locator(".fn-exchange")).to_have_count(2)
        expect(page.locator(".fn-understood")).to_contain_text("Bersanov")


def test_conversations_are_listed_reopened_and_begun_anew_and_back_leads_back(
    page: Page,
) -> None:
    ask(page, NOT_SAID)
    ask(page, "Who is Sergei Bersanov?")
    ask(page, MINUTES)
    first = page.url
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-welcome")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()
    assert "c=" not in page.url
    ask(page, NOT_SAID)
    second = page.url
    opened = page.locator(".fn-open").nth(1)
    expect(opened).to_contain_text(NOT_SAID)
    opened.click()
    expect(page.locator(".fn-question").last).to_have_text(MINUTES)
    expect(page.locator(".fn-question").last).to_be_in_viewport()
    expect(page.locator("#article mark").first).to_be_in_viewport()
    expect(page).to_have_url(first)
    open_tab(page, "Articles")
    expect(page.locator("#library")).to_be_visible()
    page.reload()
    expect(page.locator("#library")).to_be_visible()
    page.go_back()
    expect(page.locator(".fn-question").last).to_be_in_viewport()
    expect(page).to_have_url(first)
    page.go_back()
    expect(page).to_have_url(second)
    expect(page.locator(".fn-exchange")).to_have_count(1)
    page.go_forward()
    expect(page.locator(".fn-exchange")).to_have_count(3)


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


def test_conversations_are_pinned_and_found_by_their_words(page: Page) -> None:
    ask(page, "Who is Sergei Bersanov?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-welcome")).to_be_visible()
    ask(page, NOT_SAID)
    lists = page.get_by_role("navigation", name="Conversations")
    expect(lists.locator("h2").first).to_have_text("Today")
    lists.locator(".fn-row", has_text="Bersanov").first.locator(".fn-menu summary").click()
    page.get_by_role("button", name="Pin", exact=True).first.click()
    expect(lists.locator("h2").first).to_have_text("Pinned")
    expect(lists.locator(".fn-open").first).to_contain_text("Who is Sergei Bersanov?")
    page.reload()
    expect(lists.locator(".fn-open").first).to_contain_text("Who is Sergei Bersanov?")
    lists.get_by_label("Search conversations").fill("tower EIFFEL")
    expect(lists.locator(".fn-open:visible").first).to_contain_text(NOT_SAID)
    expect(lists.locator(".fn-open:visible", has_text="Bersanov")).to_have_count(0)
    lists.get_by_label("Search conversations").fill("")
    lists.locator(".fn-menu summary").first.click()
    page.get_by_role("button", name="Take the pin off").first.click()
    expect(lists.locator("h2").first).to_have_text("Today")


def test_a_new_conversation_may_begin_while_an_answer_is_on_its_way(
    visit: Visit, settings: Settings
) -> None:
    with ScriptedModel(Stalls("Were American and NATO missile systems [1]")) as model:
        slow = model.settings(settings, chat_api_key=SecretStr("none"), chat_retries=0)
        with service(slow) as own:
            page = visit(own)
            page.fill("#question textarea", MINUTES)
            page.press("#question textarea", "Enter")
            expect(page.locator(".fn-doing")).to_be_visible()
            page.get_by_role("button", name="New conversation").click()
            expect(page.locator(".fn-welcome")).to_be_visible()
            assert model.hung_up.wait(30)
            expect(page.locator(".fn-welcome")).to_be_visible()
            expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_a_deleted_conversation_can_be_brought_back(
    page: Page, address: str, shot: Callable[[Page, str], None]
) -> None:
    ask(page, MINUTES)
    page.locator("[data-do=up]").click()
    expect(page.locator("[data-do=up]")).to_have_attribute("aria-pressed", "true")
    url = page.url
    there = f"{address}/v1/conversations/{url.rpartition('c=')[2]}"
    before = page.request.get(there).json()
    page.locator(".fn-menu summary").first.click()
    shot(page, "menu")
    page.get_by_role("button", name="Delete").first.click()
    expect(page.locator(".fn-notice")).to_contain_text(f"Deleted “{MINUTES}”.")
    expect(page.locator(".fn-welcome")).to_be_visible()
    assert page.request.get(there).status == 404
    assert "c=" not in page.url
    shot(page, "deleted")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".fn-question")).to_have_text(MINUTES)
    expect(page.locator("[data-do=up]")).to_have_attribute("aria-pressed", "true")
    assert page.request.get(there).json() == before
    expect(page).to_have_url(url)


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
    expect(link).to_have_attribute("data-done", "Link copied")
    page.locator(".fn-exchange").first.locator("[data-do=edit]").click()
    expect(page.locator(".fn-edit textarea")).to_be_focused()
    page.keyboard.press("Escape")
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
    conversation = page.url.rpartition("c=")[2]
    assert page.request.delete(f"{address}/v1/conversations/{conversation}").ok
    ask(page, NOT_SAID)
    expect(page.locator(".fn-exchange")).to_have_count(1)
    assert conversation not in page.url
