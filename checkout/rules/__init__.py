"""What a rule is. The rules themselves stand in the modules beside, by subject."""

from dataclasses import dataclass

SOLD = "('confirmed', 'paid', 'partly_fulfilled', 'fulfilled')"


@dataclass(frozen=True)
class Rule:
    """``query`` gives one text column: a row for every violation."""

    code: str
    name: str
    query: str
