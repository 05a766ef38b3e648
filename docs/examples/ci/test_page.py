"""The page in a browser, with all that it asks for answered from responses.json."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright


@pytest.fixture
def page() -> Iterator[Page]:
    """Open the page in Playwright's own Chromium, or in the one that CHROMIUM names."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"))
        page = browser.new_page()
        page.goto(os.environ["URL"])
        yield page
        browser.close()


def test_a_todo_is_added(page: Page) -> None:
    """The list has what there was, and then what is typed."""
    expect(page.get_by_role("listitem")).to_have_text(["milk", "bread"])
    page.get_by_label("New todo").fill("eggs")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("listitem")).to_have_text(["milk", "bread", "eggs"])
