"""What somebody typed into a form that was refused, for them to read and copy."""

import json
import re

# Of the form itself, not of its author.
MACHINERY = re.compile(
    r"^(csrfmiddlewaretoken|next|ws_\w+|loaded_revision_\w+|overwrite_revision_id"
    r"|action-.+|workflow-action-.+)$"
    r"|-(TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS|ORDER|DELETE|count|id"
    r"|deleted|order|type)$"
)


def texts(form) -> list[tuple[str, str]]:
    """(name of the field, text) of everything that was filled in, in its order."""
    pairs = [(name, value) for name in form for value in form.getlist(name)]
    return [
        (_readable_name(name), _readable_text(value))
        for name, value in pairs
        if value and not MACHINERY.search(name)
    ]


def _readable_name(name: str) -> str:
    """body-0-value-text → “body 1 text”."""
    parts = [part for part in name.split("-") if part != "value"]
    counted = (str(int(part) + 1) if part.isdecimal() else part for part in parts)
    return " ".join(counted).replace("_", " ")


def _readable_text(value: str) -> str:
    """Rich text comes as the editor's own JSON: its lines are taken out of it."""
    if not value.startswith("{"):
        return value
    try:
        lines = [block["text"] for block in json.loads(value)["blocks"]]
    except (ValueError, KeyError, TypeError):
        return value
    return "\n".join(lines)
