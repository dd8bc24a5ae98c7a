"""`make audit`: Lighthouse and the Nu HTML checker over a small demo shop of its own,
served as in production; the table goes to docs/measurements.md."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from site_config import embedded
from site_config.audit import bars, lighthouse, markup, report, tools, walk
from site_config.demo.children import Children
from site_config.demo.failure import DemoError
from site_config.demo.preparation import prepare, whole_number
from site_config.servers.server import any_port
from site_config.terminal import complain, say

PRODUCTS = 300
MEASUREMENTS = embedded.PROJECT / "docs" / "measurements.md"
FAILURES = (tools.ToolError, walk.WalkError, DemoError, embedded.EmbeddedError)
# What would lead to another shop than the audit's own, in which it places an order, or
# show it as no visitor sees it.
GIVEN = (
    *("DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "MEDIA_ROOT", "PUBLIC_URL"),
    *("ALLOWED_HOSTS", "DEBUG"),
)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    try:
        runs = whole_number("RUNS", "5", range(1, 100))
        folder = embedded.usable_var_dir() / "audit"
        found = tools.ready(folder / "node")
        with _shop(folder / "shop") as address:
            pages = walk.pages(address)
            faults = _check(found, pages)
            looks = _look(found, address, pages, runs)
    except FAILURES as error:
        complain(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    text = report.section(
        looks,
        pages,
        faults,
        runs=runs,
        programs=_programs(found),
        load=load,
        today=date.today(),
    )
    report.put(text, MEASUREMENTS)
    say(f"Written to {MEASUREMENTS.relative_to(embedded.PROJECT)}.")
    return int(bool(faults) or any(list(bars.missed(look)) for look in looks.values()))


@contextmanager
def _shop(var_dir: Path) -> Iterator[str]:
    """The address of a shop that runs as long as this does."""
    for name in GIVEN:
        os.environ.pop(name, None)
    os.environ |= {
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "PRODUCTS": str(PRODUCTS),
        "VAR_DIR": str(var_dir),
    }
    children, port = Children(), any_port()
    try:
        prepare(port)
        children.start(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        children.stop()
        embedded.release()


def _check(found: tools.Tools, pages: dict[str, str]) -> list[markup.Fault]:
    with TemporaryDirectory(dir=found.folder / "tmp") as folder:
        faults = markup.check(found, pages, Path(folder))
    say(f"{len(pages)} pages checked, {len(faults)} errors in their HTML.")
    for fault in faults:
        say(f"  {fault}")
    return faults


def _look(
    found: tools.Tools, address: str, pages: dict[str, str], runs: int
) -> dict[tuple[str, str], lighthouse.Look]:
    """{(page, scheme): the median}, each said as soon as it is known."""
    paths = {"home": "/", "list": walk.LIST}
    paths["product"] = walk.Forms(pages["list"]).product
    looks = {}
    for page, path in paths.items():
        for scheme in lighthouse.SCHEMES:
            seen = [lighthouse.look(found, address + path, scheme) for _ in range(runs)]
            looks[page, scheme] = middle = lighthouse.middle(seen)
            say(f"{page}, {scheme}: {' '.join(bars.missed(middle)) or 'all bars hold'}")
            for cause in middle.causes:
                say(f"  {cause}")
    return looks


def _programs(found: tools.Tools) -> dict[str, str]:
    """{name: version} of what runs the packages."""
    node = _told(found.node, "--version").strip().removeprefix("v")
    browser = _told(found.browser, "--version").split()
    number = next((word for word in browser if word[:1].isdigit()), "")
    return {"Chromium": number, "Node": node}


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
