"""What was posted, as values: nothing further down meets raw input."""

import re
from decimal import Decimal

from django.http import QueryDict

from checkout.cart import Wish
from checkout.codes import LONGEST

NUMBER = re.compile(r"[0-9]{1,18}")
ITEM = re.compile(r"item-([0-9]{1,18})")
STEP = re.compile(r"([0-9]{1,18}):([+-])1")
TOTAL = re.compile(r"[0-9]{1,11}(\.[0-9]{1,3})?")


def plain(text: str) -> str:
    """The text without zero bytes: PostgreSQL knows no such text."""
    return text.replace("\0", "")


def wishes(post: QueryDict) -> dict[int, Wish]:
    """{cart item id: wish} from the cart form.

    A button on a line (remove, one fewer, one more) concerns that line alone; without
    one, every line is set to what its field says.
    """
    typed = typed_quantities(post)
    if removed := line(post, "remove"):
        return {removed: Wish("0")}
    if step := STEP.fullmatch(post.get("step", "")):
        item_id = int(step[1])
        text = typed.get(item_id, "")
        return {item_id: Wish(text, step=1 if step[2] == "+" else -1)}
    return {item_id: Wish(text) for item_id, text in typed.items()}


def line(post: QueryDict, button: str) -> int | None:
    """The id of the line whose button of that name was pressed."""
    value = post.get(button, "")
    return int(value) if NUMBER.fullmatch(value) else None


def typed_quantities(post: QueryDict) -> dict[int, str]:
    """{cart item id: text} of every quantity field."""
    fields = [(ITEM.fullmatch(name), text) for name, text in post.items()]
    return {int(match[1]): str(text) for match, text in fields if match}


def expected_total(post: QueryDict) -> Decimal | None:
    """The total that the shopper was shown; None when it cannot be read."""
    text = post.get("expected_total", "").strip()
    return Decimal(text) if TOTAL.fullmatch(text) else None


def code(post: QueryDict) -> str:
    """The promotion code that was typed, cut to what any could need."""
    return plain(post.get("code", ""))[:LONGEST].strip()
