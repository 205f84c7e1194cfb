"""From a thumb down to a case of the user's own test set, and to the report of the next check."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml
from browser import MINUTES, NOT_SAID, Visit, ask, marked, needs_chromium, open_tab, service
from playwright.sync_api import Page, expect

from index.settings import Settings
from qa.evaluation.run import BUNDLED_SETS

pytestmark = needs_chromium
RIGHT = "A hypersonic missile would need 5 minutes."


def own_cases(data: Path) -> list[dict[str, object]]:
    path = data / "my-test-set.yaml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]) if path.exists() else []


def test_a_thumb_is_kept(page: Page) -> None:
    ask(page, MINUTES)
    up, down = page.locator("[data-do=up]"), page.locator("[data-do=down]")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(up).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("group", name="What is right?")).to_be_visible()


def test_the_right_sentence_is_marked_with_the_mouse(
    page: Page, service_folder: Path, shot: Callable[[Page, str], None]
) -> None:
    before = len(own_cases(service_folder / "data"))
    ask(page, MINUTES)
    page.locator("[data-do=down]").click()
    page.get_by_role("button", name="Mark the right sentence").click()
    expect(page.locator("#fn-picking-bar")).to_contain_text(MINUTES)
    sentence = page.locator("#article .sentence", has_text=RIGHT)
    sentence.scroll_into_view_if_needed()
    sentence.hover()
    shot(page, "correction")
    sentence.click()
    expect(page.locator(".fn-corrected")).to_contain_text("in your own test set")
    expect(page.locator("#fn-picking-bar")).to_have_count(0)
    assert marked(page) == RIGHT
    case = own_cases(service_folder / "data")[before]
    assert (case["question"], case["quotes"]) == (MINUTES, [RIGHT])
    page.reload()
    expect(page.locator(".fn-corrected")).to_be_visible()


def test_the_right_sentence_is_marked_with_the_keyboard(page: Page, service_folder: Path) -> None:
    before = len(own_cases(service_folder / "data"))
    ask(page, MINUTES)
    page.locator("[data-do=down]").focus()
    page.keyboard.press("Enter")
    pick = page.get_by_role("button", name="Mark the right sentence")
    pick.focus()
    page.keyboard.press("Enter")
    # It begins at what the answer quotes.
    expect(page.locator("#article .sentence:has(mark)").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(pick).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.locator(".fn-corrected")).to_be_visible()
    assert own_cases(service_folder / "data")[before]["quotes"] == [chosen]


def test_a_wrong_refusal_is_not_asked_whether_the_article_says_it(page: Page) -> None:
    ask(page, NOT_SAID)
    page.locator("[data-do=down]").click()
    expect(page.get_by_role("button", name="Mark the right sentence")).to_be_visible()
    expect(page.get_by_role("button", name="It is not in the article")).to_have_count(0)


def test_a_correction_is_run_by_the_next_check_and_shown_on_the_page(
    visit: Visit,
    settings: Settings,
    shot: Callable[[Page, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One bundled set is enough here; `footnote check` asks them all.
    monkeypatch.setattr("qa.evaluation.run.BUNDLED_SETS", BUNDLED_SETS[-1:])
    with service(settings) as own:
        page = visit(own)
        open_tab(page, "How good is it?")
        expect(page.locator("#report")).to_contain_text("Nothing was checked yet")
        open_tab(page, "Ask")
        ask(page, MINUTES)
        page.locator("[data-do=down]").click()
        page.get_by_role("button", name="It is not in the article").click()
        expect(page.locator(".fn-corrected")).to_be_visible()
        assert own_cases(settings.data_dir)[0]["not_in_article"] is True
        open_tab(page, "How good is it?")
        page.get_by_role("button", name="Run the check").click()
        expect(page.locator("#report")).to_contain_text(
            re.compile(r"\d+ of 21 questions asked, about \d+ \w+ left")
        )
        page.locator("#report").get_by_role("button", name="Stop").click()
        expect(page.locator("#report")).to_contain_text("Nothing was checked yet")
        report = page.locator("#report .fn-report")
        for _ in range(2):
            page.get_by_role("button", name="Run the check").click()
            expect(page.get_by_role("progressbar")).to_be_visible()
            expect(report).to_be_visible(timeout=240_000)
        expect(report).to_contain_text("The last 2 checks")
        expect(report.get_by_role("img", name="Accepted")).to_be_visible()
        report.get_by_text("What the figures mean").click()
        expect(report).to_contain_text("how often it is right")
        expect(report.locator(".fn-headlines li")).to_have_count(4)
        expect(report.get_by_role("img", name="Risk against coverage")).to_be_visible()
        expect(report.get_by_role("row", name="feedback 1")).to_be_visible()
        failure = report.locator(".fn-failure", has_text=MINUTES)
        failure.locator("summary").click()
        expect(failure).to_contain_text("not in the article")
        expect(failure).to_contain_text("7 to 10 minutes")
        shot(page, "quality-failure")
        report.locator(".fn-headlines").scroll_into_view_if_needed()
        page.mouse.wheel(0, -10_000)
        shot(page, "quality")
        page.reload()
        open_tab(page, "How good is it?")
        expect(report).to_be_visible()
        assert httpx.get(f"{own}/healthz").status_code == 200


def test_a_test_set_that_was_edited_badly_is_told_in_one_sentence(
    visit: Visit, settings: Settings
) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "my-test-set.yaml").write_text("cases:\n  - id: [\n")
    (settings.data_dir / "last-check.json").write_text("{")
    with service(settings) as own:
        page = visit(own)
        open_tab(page, "How good is it?")
        expect(page.locator("#report .fn-problem")).to_contain_text("is not a report")
        page.get_by_role("button", name="Run the check").click()
        expect(page.locator("#report .fn-problem")).to_contain_text("is not YAML")
