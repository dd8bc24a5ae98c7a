"""Chromium, where a machine has one: for tests and for `make audit`."""

import shutil

# First the one without windows: it does the same for a third of the work.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# Nothing but the pages under test: no updates, no reports, no first-run tour.
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """The path of the first that is there."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
