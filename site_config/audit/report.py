"""The audit's tables, and their place in docs/measurements.md."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from textwrap import fill

from site_config.audit.bars import AT_LEAST, AT_MOST
from site_config.audit.lighthouse import Look
from site_config.audit.markup import Fault
from site_config.audit.tools import PACKAGES

COLUMNS = (
    *("page", "scheme", "performance", "accessibility", "best practices", "SEO"),
    *("LCP s", "TBT ms", "CLS", "CPU"),
)
WIDTH = 100
SECTION = re.compile(r"^## Audit\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def section(
    looks: dict[tuple[str, str], Look],
    pages: Iterable[str],
    faults: Iterable[Fault],
    *,
    runs: int,
    programs: dict[str, str],
    load: float,
    today: date,
) -> str:
    """The section of one run. ``looks`` by (page, scheme); ``programs`` {name: version}
    beside the packages'; ``load`` of the machine when it began."""
    versions = [*PACKAGES.items(), *programs.items()]
    used = ", ".join(f"{name} {number}" for name, number in versions)
    about = (
        f"Written by `make audit` on {today:%-d %B %Y} with {used}, under a load of"
        f" {load:.1f} before it began. Lighthouse looks as a slow phone does (simulated"
        f" throttling), cold; each figure is the median of {runs}; *CPU* is how"
        " fast the machine was, in Lighthouse's points, which TBT goes by. The shop"
        " runs under gunicorn with 300 products and without TLS, which the proxy in"
        " front has: Lighthouse takes a page from 127.0.0.1 for a secure one."
    )
    checked = _markup(list(pages), Counter(fault.page for fault in faults))
    return f"## Audit\n\n{fill(about, WIDTH)}\n\n{_table(looks)}\n{checked}\n"


def _table(looks: dict[tuple[str, str], Look]) -> str:
    lcp, tbt, cls = AT_MOST.values()
    scores = [f"≥ {bar}" for bar in AT_LEAST.values()]
    times = [f"≤ {lcp / 1000:.1f}", f"≤ {tbt}", f"≤ {cls}", ""]
    rows = [COLUMNS, ["---"] * len(COLUMNS), ["*to hold*", "", *scores, *times]]
    rows += (_row(place, look) for place, look in looks.items())
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(place: tuple[str, str], look: Look) -> list[str]:
    scores = [f"{look.scores[name]:.0f}" for name in AT_LEAST]
    lcp, tbt, cls = (look.metrics[name] for name in AT_MOST)
    times = [f"{lcp / 1000:.2f}", f"{tbt:.0f}", f"{cls:.3f}"]
    return [*place, *scores, *times, f"{look.machine:.0f}"]


def _markup(pages: list[str], errors: Counter) -> str:
    told = [f"{errors.total()} errors"]
    told += (f"{count} in {page}" for page, count in errors.items())
    read = f"The HTML checker read {len(pages)} pages ({', '.join(pages)}): "
    return fill(f"{read}{', '.join(told)}.", WIDTH)


def put(text: str, file: Path) -> None:
    """Write the section over the one of an earlier run, or below everything else."""
    before = file.read_text()
    if SECTION.search(before):
        after = SECTION.sub(lambda _: f"{text}\n", before)
    else:
        after = f"{before.rstrip()}\n\n{text}"
    file.write_text(f"{after.rstrip()}\n")
