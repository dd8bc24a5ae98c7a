"""Lighthouse on one page, as a slow phone sees it, and the middle of several looks."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from site_config.audit.tools import ToolError, Tools
from site_config.browser import BROWSER_FLAGS

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "CLS": "cumulative-layout-shift",
}
# What Chromium takes a visitor's system to prefer, in Blink's own numbers.
SCHEMES = {"light": 1, "dark": 0}
LOOK_WITHIN_S = 300


@dataclass(frozen=True)
class Look:
    """Scores from 0 to 100 by category; LCP and TBT in ms, CLS in its own unit; how
    fast the machine was at that moment, in Lighthouse's points (TBT goes by it); and
    what keeps a page from full scores, in Lighthouse's words."""

    scores: dict[str, float]
    metrics: dict[str, float]
    machine: float
    causes: tuple[str, ...] = ()


def look(tools: Tools, url: str, scheme: str) -> Look:
    """One look at a page, cold.

    Raises:
        ToolError: there is no result, and why.
    """
    flags = [*BROWSER_FLAGS, "--headless=new"]
    flags.append(f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}")
    command = [
        *(*tools.lighthouse, url, "--output=json", "--quiet"),
        f"--chrome-flags={' '.join(flags)}",
        f"--only-categories={','.join(CATEGORIES)}",
        "--no-enable-error-reporting",
    ]
    return understood(tools.told(command, within_s=LOOK_WITHIN_S))


def understood(result: dict) -> Look:
    """What matters of Lighthouse's result.

    Raises:
        ToolError: the page was not looked at.
    """
    if error := result.get("runtimeError"):
        raise ToolError(f"{result.get('requestedUrl')}: {error['message']}")
    categories, audits = result["categories"], result["audits"]
    return Look(
        scores={name: 100 * (categories[name]["score"] or 0) for name in CATEGORIES},
        metrics={
            name: audits[audit]["numericValue"] for name, audit in METRICS.items()
        },
        machine=result["environment"]["benchmarkIndex"],
        causes=tuple(_causes(categories, audits)),
    )


def _causes(categories: dict, audits: dict):
    """Every audit that counts and is not passed; those of speed are the metrics."""
    for name in CATEGORIES[1:]:
        for reference in categories[name]["auditRefs"]:
            audit = audits[reference["id"]]
            if reference["weight"] and audit["score"] not in (1, None):
                yield f"{name}: {audit['title']}"


def middle(looks: Sequence[Look]) -> Look:
    """The median of each figure, and every cause that was given."""
    return Look(
        scores={
            name: statistics.median(look.scores[name] for look in looks)
            for name in CATEGORIES
        },
        metrics={
            name: statistics.median(look.metrics[name] for look in looks)
            for name in METRICS
        },
        machine=statistics.median(look.machine for look in looks),
        causes=tuple(sorted({cause for look in looks for cause in look.causes})),
    )
