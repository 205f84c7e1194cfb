"""`/docs`, in a browser: it tries out what it shows and asks no outside host."""

import json

import httpx
from browser import PATIENCE_MS, Visit, needs_chromium
from playwright.sync_api import expect

pytestmark = needs_chromium


def test_every_operation_is_shown_and_a_question_can_be_asked(visit: Visit, address: str) -> None:
    page = visit(f"{address}/docs", ".opblock")
    document = httpx.get(f"{address}/openapi.json").json()
    operations = sum(len(methods) for methods in document["paths"].values())
    expect(page.locator(".opblock")).to_have_count(operations)
    answer = page.locator(".opblock", has=page.locator("[data-path='/v1/answer']"))
    answer.locator(".opblock-summary-control").click()
    answer.get_by_role("button", name="Try it out").click()
    answer.locator("textarea").fill(json.dumps({"question": "Who is Sergei Bersanov?"}))
    answer.get_by_role("button", name="Execute").click()
    reply = answer.locator(".live-responses-table .highlight-code").first
    expect(reply).to_contain_text("Bersanov", timeout=PATIENCE_MS)
