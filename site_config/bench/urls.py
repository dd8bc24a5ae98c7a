"""The shop's addresses, and those of bare views that send what its pages send."""

import os
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@cache
def body(name: str) -> bytes:
    """A page as it was sent, compressed; left in the folder by the benchmark."""
    return Path(os.environ["BENCH_BODIES"], name).read_bytes()


def bare(request: HttpRequest, name: str) -> HttpResponse:
    """What a page sends, and nothing done for it."""
    return HttpResponse(body(name), headers={"Content-Encoding": "gzip"})


urlpatterns = [
    # Beneath an address that no cache looks at.
    path("healthz/bare/<slug:name>", bare),
    path("", include("site_config.urls")),
]
