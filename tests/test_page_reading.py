"""Finding one's way: the guide to an article, its outline and search, the keys, the panes."""

import re
from collections.abc import Callable

from browser import (
    MINUTES,
    NOT_SAID,
    Visit,
    ask,
    current,
    marked,
    needs_chromium,
    serious_violations,
)
from playwright.sync_api import Page, expect

pytestmark = needs_chromium


def test_a_guide_opens_an_article_and_its_outline_and_search_lead_through_it(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    guide = page.locator(".fn-guide")
    expect(guide).to_contain_text("December 2021 · ")
    expect(guide).to_contain_text("minutes to read")
    expect(guide.locator(".fn-about .fn-mark").first).to_be_visible()
    expect(guide.locator("[data-do=ask]").first).to_be_visible()
    shot(page, "guide")
    guide.locator(".fn-mark").nth(1).click()
    quote = guide.locator(".fn-mark").nth(1).get_attribute("data-quote")
    assert current(page) == quote
    assert len(marked(page)) > len(quote or "")

    page.locator(".fn-outline summary").click()
    assert serious_violations(page) == []
    page.get_by_role("button", name="The China factor").click()
    heading = page.locator("#article h3", has_text="The China factor")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    find = page.get_by_label("Find in the article")
    find.fill("short-range  MISSILES where")
    expect(page.locator(".fn-bar output")).to_have_text("1 of 1")
    expect(page.locator("#article p", has_text="short-range missiles")).to_be_in_viewport()
    assert page.evaluate("[...CSS.highlights.get('fn-found')].join()") == (
        "short-range missiles where"
    )
    find.fill("NATO")
    expect(page.locator(".fn-bar output")).to_contain_text("1 of ")
    find.press("Shift+Enter")
    count = page.evaluate("CSS.highlights.get('fn-found').size")
    expect(page.locator(".fn-bar output")).to_have_text(f"{count} of {count}")
    find.fill("Zanzibar")
    expect(page.locator(".fn-bar output")).to_have_text("Not found")


def test_the_keys_ask_repeat_and_walk_through_the_footnotes(page: Page) -> None:
    box = page.locator("#question textarea")
    ask(page, "What is the article about?")
    marks = page.locator(".fn-mark")
    page.locator(".fn-scroll").focus()
    for n in (0, 1):
        page.keyboard.press("j")
        expect(page.locator("#article mark.fn-current").first).to_be_focused()
        assert current(page) == marks.nth(n).get_attribute("data-quote")
    page.keyboard.press("k")
    assert current(page) == marks.nth(0).get_attribute("data-quote")
    page.keyboard.press("Escape")
    expect(marks.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_have_value("What is the article about?")
    box.fill("")
    page.locator(".fn-scroll").focus()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.locator(".fn-scroll").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Settings")).to_contain_text("The next and the previous")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Settings")).to_be_hidden()


def test_settings_say_what_answers_and_keep_how_the_page_looks(
    visit: Visit, address: str, shot: Callable[[Page, str], None]
) -> None:
    page = visit(address, color_scheme="light")
    page.get_by_role("button", name="Settings").click()
    sheet = page.get_by_role("dialog", name="Settings")
    expect(sheet).to_contain_text("The reader that ships with Footnote")
    expect(sheet).to_contain_text("FOOTNOTE_CHAT_MODEL")
    shot(page, "settings")
    sheet.get_by_text("What is set").click()
    expect(sheet.get_by_role("row", name="FOOTNOTE_PASSAGES_READ")).to_contain_text("5")
    assert serious_violations(page) == []
    sheet.get_by_label("Dark").check()
    sheet.get_by_label("Large", exact=True).check()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Hide article").click()
    expect(page.locator("#article")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Show article")).to_be_visible()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    expect(page.locator("html")).to_have_css("font-size", "18.4px")
    page.get_by_role("button", name="Show article").click()
    divider = page.get_by_role("separator", name="Width of the article")
    divider.focus()
    before = page.locator("#article").bounding_box()
    page.keyboard.press("ArrowLeft")
    after = page.locator("#article").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"]


def test_at_every_width_the_box_is_in_view_and_the_lists_are_at_hand(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    ask(page, NOT_SAID)
    ask(page, MINUTES)
    listed = page.get_by_role("navigation", name="Conversations")
    lists = page.get_by_role("button", name="Sources and conversations")
    for width in (1440, 1024, 820, 720, 390):  # 720: 1440 at 200 %
        page.set_viewport_size({"width": width, "height": 450 if width == 720 else 800})
        expect(page.locator("#question textarea")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        shot(page, f"width-{width}")
        if width > 1100:
            expect(listed).to_be_in_viewport()
            continue
        expect(listed).to_be_hidden()
        lists.click()
        expect(listed).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(listed).to_be_hidden()
    lists.click()
    assert serious_violations(page) == []
    listed.get_by_role("button", name="New conversation").click()
    expect(listed).to_be_hidden()
    expect(page.locator(".fn-welcome")).to_be_visible()
