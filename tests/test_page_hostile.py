"""Markup anywhere shows as text; errors beside the page keep their own form."""

import httpx
import pytest
from browser import MINUTES, Visit, ask, needs_chromium, open_tab, paste, service
from playwright.sync_api import Page, expect

from index.settings import Settings

pytestmark = needs_chromium

PAYLOADS = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg onload=window.hacked=1>",
    "${window.hacked = 1} {{window.hacked}} `",
    "![x](https://example.com/x.png) [y](javascript:window.hacked=1)",
    "</textarea></article></div><a href='javascript:window.hacked=1'>z</a>",
)


def not_hacked(page: Page) -> bool:
    """No payload ran, and none became an element that could run or load something."""
    return bool(
        page.evaluate(
            "window.hacked === undefined && !document.querySelector("
            "'[onerror], [onload], a[href^=\"javascript\"], img[src=x], img[src*=example]')"
        )
    )


def test_markup_in_a_question_or_a_message_shows_as_text(page: Page) -> None:
    for payload in PAYLOADS:
        question = f"{payload} what?"
        ask(page, question)
        last = page.locator(".fn-exchange").last
        last.locator("[data-do=edit]").click()
        expect(page.locator(".fn-edit textarea")).to_have_value(question)
        page.keyboard.press("Escape")
        assert not_hacked(page)
    expect(page.locator(".fn-open span").first).to_have_text(f"{PAYLOADS[0]} what?")
    open_tab(page, "Articles")
    page.fill("#url textarea, #url input", f"https://{PAYLOADS[1]}")
    page.click("#preview")
    expect(page.locator("#said p")).to_be_visible()
    assert not_hacked(page)


def test_markup_in_an_article_and_in_its_title_shows_as_text(
    visit: Visit, settings: Settings
) -> None:
    title = f"Tin {PAYLOADS[1]} {PAYLOADS[3]}"
    lines = "\n\n".join(
        f"Metal number {n} {payload} melts at {n}32 degrees." for n, payload in enumerate(PAYLOADS)
    )
    with service(settings) as own:
        page = visit(own)
        paste(page, f"A note on metals\n\nAll of it is text.\n\n{lines}", title)
        expect(page.locator("#article")).to_contain_text(PAYLOADS[1])
        assert not_hacked(page)
        expect(page.locator("#sources li").last).to_contain_text("Tin <img")
        expect(page.locator("#scope")).to_contain_text("Asks “Tin <img")
        for question in (
            "At how many degrees does metal number 3 melt?",
            MINUTES,
            "Who is Zoltan?",
        ):
            ask(page, question)
            expect(page.locator(".fn-answer").last).to_be_visible()
        page.locator(".fn-mark").first.hover()
        assert not_hacked(page)
        open_tab(page, "Articles")
        expect(page.locator("#library")).to_contain_text("Tin <img src=x")
        page.get_by_role("button", name="Remove Tin").click()
        expect(page.locator("#said")).to_contain_text("Removed “Tin <img src=x")
        assert not_hacked(page)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/nowhere", 404),
        ("DELETE", "/v1/answer", 405),
        ("PUT", "/v1/articles/0123456789abcdef", 405),
    ],
)
def test_beside_the_page_an_error_is_still_a_problem_document(
    address: str, method: str, path: str, status: int
) -> None:
    response = httpx.request(method, f"{address}{path}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
