"""Answers a second under application servers, each as a share of a bare view's that
sends the same bytes through the same server and the shop's own middleware."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from site_config import embedded
from site_config.bench import load, servers

SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
TURNS = 4
# As in docs/measurements.md.
ROW = "| {:<16} | {:<15} | {:>6} | {:>6} | {:>6} | {:>6} | {:>6} | {:>8} |"
HEAD = ("server", "page", "bare/s", "warm/s", "× bare", "cold/s", "× bare", "MB each")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
    os.environ.setdefault("DEMO", "1")
    embedded.ensure()
    import django

    django.setup()
    pages = _pages()
    say(
        f"By {load.client()}, {load.CONNECTIONS} connections; bare and warm the best of"
        f" {TURNS} turns of {SECONDS} s each, cold {SECONDS} s."
    )
    say(f"{ROW.format(*HEAD)}\n{'|---' * len(HEAD)}|")
    absent = []
    for name in servers.SERVERS:
        if not servers.is_there(name):
            absent.append(name)
            continue
        with TemporaryDirectory() as bodies:
            _measure(name, pages, Path(bodies))
    for name in absent:
        say(f"{name}: not installed, so not measured (pip install {name}).")


def _pages() -> dict[str, str]:
    """{name: path} of what is measured, and the facets' bitmaps shared."""
    from django.utils import timezone

    from shop import facet_index, tree
    from shop.models import Product

    product = Product.objects.active().order_by("pk").first()
    if product is None:
        sys.exit("The shop is empty; run manage.py seed_demo first.")
    facet_index.share(facet_index.build(now=timezone.now()))
    top = max(tree.current().top, key=lambda branch: branch.pieces)
    return {
        "list": top.url,
        "list-two-facets": f"{top.url}?in_stock=1&price_max=80",
        "search": "/search/?q=bowl",
        "product": product.url,
    }


def _measure(name: str, pages: dict[str, str], bodies: Path) -> None:
    with servers.running(name, bodies) as (address, process):
        for page, path in pages.items():
            asked = Request(address + path, headers=load.GZIP)  # noqa: S310 - our own
            with urlopen(asked) as answer:  # noqa: S310
                (bodies / page).write_bytes(answer.read())
            bare, warm = _side_by_side(f"{address}/healthz/bare/{page}", address + path)
            cold = load.rate(address + path, SECONDS, is_fresh=True)
            shares = (f"{warm / bare:.2f}", f"{cold:.0f}", f"{cold / bare:.3f}")
            size = f"{servers.memory_of_worker(process):.0f}"
            say(ROW.format(name, page, f"{bare:.0f}", f"{warm:.0f}", *shares, size))


def _side_by_side(*urls: str) -> list[float]:
    """The best of some turns each, in turn: what else a machine does makes it only
    slower."""
    turns = [[load.rate(url, SECONDS) for url in urls] for _ in range(TURNS)]
    return [max(rates) for rates in zip(*turns, strict=True)]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
