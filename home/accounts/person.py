"""A person's right to see what the shop knows of them, and to be forgotten.

Every room answers for its own tables: ``settings.PERSONAL_DATA`` names modules with

- ``export(user)``: {name: what is known, ready for JSON};
- ``obstacle(user)``: why the person cannot be forgotten yet, in words, or "";
- ``erase(user)``: forget, inside the caller's transaction. The room named first
  forgets last: it holds the account itself.
"""

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import transaction


class CannotForget(Exception):
    """``str()`` says why, to the person."""


def rooms() -> list[ModuleType]:
    return [import_module(name) for name in settings.PERSONAL_DATA]


def export(user) -> dict:
    """All that any room knows of the user."""
    return {
        name: known for room in rooms() for name, known in room.export(user).items()
    }


def erase(user) -> None:
    """Forget the user in every room, or in none.

    Raises:
        CannotForget
    """
    with transaction.atomic():
        for room in rooms():
            if reason := room.obstacle(user):
                raise CannotForget(reason)
        for room in reversed(rooms()):
            room.erase(user)
