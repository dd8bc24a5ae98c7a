"""Pictures of a running shop, to look at: every page, both widths, both schemes.

.venv/bin/python -m tests.browser.screens http://127.0.0.1:8000 var/screens
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.walking import fill_address, order

PAGES = {
    "home": "/",
    "firing": "/autumn-firing/",
    "about": "/about/",
    "care": "/care-guide/",
    "list": "/shop/?in_stock=1",
}
LOOKS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]


def main(address: str, folder: str) -> None:
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for width, scheme in LOOKS:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                base_url=address,
            )
            _walk(context.new_page(), into, f"{width}-{scheme}")
        browser.close()


def _walk(page: Page, into: Path, look: str) -> None:
    for name, path in PAGES.items():
        page.goto(path)
        _shoot(page, into / f"{name}-{look}.png")
    page.click(".card a")
    _shoot(page, into / f"product-{look}.png")
    page.click("#add [type=submit]")
    _shoot(page, into / f"cart-{look}.png")
    page.goto("/checkout/")
    _shoot(page, into / f"checkout-{look}.png")
    fill_address(page, email="marta")
    page.click("#pay [type=submit]")
    page.wait_for_selector("#errors")
    _shoot(page, into / f"checkout-errors-{look}.png")
    fill_address(page)
    order(page)
    _shoot(page, into / f"order-{look}.png")


def _shoot(page: Page, file: Path) -> None:
    """The whole page, once everything that waits for being scrolled to has come."""
    page.wait_for_load_state("networkidle")
    for image in page.locator("img").all():
        if image.is_visible():
            image.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
