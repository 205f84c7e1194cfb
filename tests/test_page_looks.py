"""How the page looks: light and dark, on a phone, and to axe-core."""

from collections.abc import Callable

import pytest
from browser import (
    MINUTES,
    NOT_SAID,
    PATIENCE_MS,
    PHONE,
    Visit,
    ask,
    expect_answer,
    needs_chromium,
    open_tab,
    serious_violations,
    service,
)
from playwright.sync_api import Page, expect
from pydantic import SecretStr
from test_report import RESULTS

from index.settings import Settings
from qa.evaluation.report import make_report, save_last

pytestmark = needs_chromium


def brightness(page: Page, selector: str) -> float:
    """From 0, black, to 255, white."""
    colour = page.evaluate(
        "selector => getComputedStyle(document.querySelector(selector)).backgroundColor", selector
    )
    red, green, blue = [float(part) for part in colour.strip("rgba()").split(",")[:3]]
    return (red + green + blue) / 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    visit: Visit, address: str, scheme: str, shot: Callable[[Page, str], None]
) -> None:
    page = visit(address, color_scheme=scheme)
    assert (brightness(page, "#article .fn-pane") < 60) == (scheme == "dark")
    assert (brightness(page, "body") < 60) == (scheme == "dark")
    expect(page.locator("#starters li").first).to_be_visible()
    assert serious_violations(page) == []
    ask(page, "Who is Sergei Bersanov?")
    ask(page, "What does he expect?")
    ask(page, NOT_SAID)
    page.locator(".fn-mark").first.click()
    page.locator("[data-do=down]").last.click()
    page.locator("[data-do=pick]").click()
    expect(page.locator("#fn-picking-bar")).to_be_visible()
    shot(page, f"states-{scheme}")
    assert serious_violations(page) == []
    page.get_by_role("button", name="Cancel").click()
    page.locator(".fn-menu summary").first.click()
    page.locator("[data-do=rename]").first.click()
    assert serious_violations(page) == []
    page.keyboard.press("Escape")
    open_tab(page, "Articles")
    expect(page.locator("#library li").first).to_be_visible()
    shot(page, f"articles-{scheme}")
    assert serious_violations(page) == []
    open_tab(page, "How good is it?")
    expect(page.locator("#report .fn-empty, #report .fn-report")).to_be_visible()
    assert serious_violations(page) == []


def test_the_page_fits_a_phone(
    visit: Visit, address: str, shot: Callable[[Page, str], None]
) -> None:
    page = visit(address, viewport=PHONE, has_touch=True, is_mobile=True)
    shot(page, "phone-welcome")
    page.locator("#question textarea").fill(MINUTES)
    page.get_by_role("button", name="Ask", exact=True).tap()
    expect_answer(page, MINUTES)
    shot(page, "phone")
    for tab in ("Articles", "How good is it?", "Ask"):
        open_tab(page, tab)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), tab
    page.locator(".fn-mark").first.tap()
    expect(page.locator("#article mark").first).to_be_in_viewport()
    shot(page, "phone-article")
    page.get_by_role("button", name="Back to the answer").tap()
    expect(page.locator(".fn-mark").first).to_be_in_viewport()


def test_a_report_is_readable_in_light_and_dark(
    visit: Visit, settings: Settings, shot: Callable[[Page, str], None]
) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    save_last(make_report(RESULTS), settings)
    with service(settings) as own:
        for scheme in ("light", "dark"):
            page = visit(own, color_scheme=scheme)
            open_tab(page, "How good is it?")
            expect(page.locator(".fn-report")).to_be_visible()
            shot(page, f"quality-{scheme}")
            assert serious_violations(page) == []


def test_a_person_logs_in_with_a_key_and_out_again(
    visit: Visit, settings: Settings, shot: Callable[[Page, str], None]
) -> None:
    key = "correct-horse-battery"
    with service(settings.model_copy(update={"api_keys": (SecretStr(key),)})) as own:
        page = visit(f"{own}/?c=x", wait_for="form")
        shot(page, "login")
        assert serious_violations(page) == []
        page.get_by_label("Key").fill("not the right key")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This key is not known.")
        page.get_by_label("Key").fill(key)
        page.keyboard.press("Enter")
        expect(page.locator(".fn-article")).to_be_visible(timeout=PATIENCE_MS)
        ask(page, MINUTES)
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Key")).to_be_visible()
        page.goto(own)
        expect(page.get_by_label("Key")).to_be_visible()
