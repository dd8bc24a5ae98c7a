"""Blocks of a stream, written as plain values."""

import json
from uuid import NAMESPACE_URL, uuid5


def stream(*blocks: tuple[str, dict]) -> str:
    """JSON of (block type, value) pairs, with ids that are the same in every shop."""
    rows = [
        {"type": kind, "value": value, "id": _id(place, kind)}
        for place, (kind, value) in enumerate(blocks)
    ]
    return json.dumps(rows)


def items(*values) -> list[dict]:
    """The values of a list block."""
    return [
        {"type": "item", "value": value, "id": _id(place, json.dumps(value))}
        for place, value in enumerate(values)
    ]


def link(label: str, *, page=None, category=None, address: str = "") -> dict:
    """A link to one of a page, a category (their keys) or an address."""
    return {"label": label, "page": page, "category": category, "address": address}


def table(caption: str, headings: list[str], *rows: list[str]) -> tuple:
    """A table whose first column names its rows."""
    cells = {
        "caption": caption,
        "columns": [{"type": "words", "heading": heading} for heading in headings],
        "rows": [{"values": row} for row in rows],
    }
    return "table", {"table": cells, "has_row_headings": True}


def shelf(heading: str, rule: str, to: dict | None = None, products=()) -> tuple:
    """A shelf of four products, with a link beside its heading."""
    value = {
        "heading": heading,
        "links": items(to) if to else [],
        "rule": rule,
        "category": None,
        "products": items(*products),
        "count": 4,
        "skip_sold_out": rule != "picked",
    }
    return "product_shelf", value


def _id(place: int, words: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"vitrine-demo:{place}:{words}"))
