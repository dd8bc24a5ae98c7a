"""What is asked of the storefront, and what a page misses of it."""

from collections.abc import Iterator

from site_config.audit.lighthouse import Look

AT_LEAST = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
AT_MOST: dict[str, float] = {"LCP": 1800, "TBT": 50, "CLS": 0.01}


def missed(look: Look) -> Iterator[str]:
    """`performance 96 (at least 97)` for every bar that a page does not hold."""
    for name, least in AT_LEAST.items():
        if look.scores[name] < least:
            yield f"{name} {look.scores[name]:.0f} (at least {least})"
    for name, most in AT_MOST.items():
        if look.metrics[name] > most:
            yield f"{name} {look.metrics[name]:.4g} (at most {most})"
