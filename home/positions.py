"""Where layout blocks stand, and who may change what stands there.

Everyone who visits sees a position, so each has a permission of its own besides the
ones for layout blocks in general (see ``home.roles`` for who gets which).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Position(TextChoices):
    ANNOUNCEMENT = "announcement", _("Announcement, above everything")
    HEADER = "header", _("Header menu")
    HOME = "home", _("Home page, above the footer")
    CATALOG = "catalog", _("Product lists, above the products")
    PRODUCT = "product", _("Product pages, below the product")
    CART = "cart", _("Basket, below the lines")
    FOOTER = "footer", _("Footer")


# As ``Meta.permissions`` has them: "change_position_header".
PERMISSIONS = tuple(
    (f"change_position_{position.value}", f"Can change position: {position.value}")
    for position in Position
)


def may_change_position(user, position: str) -> bool:
    """Whether a user may change what stands at a position: add, edit, move, publish.

    A position that no longer exists shows nothing to anyone, so whoever may change
    layout blocks at all may take a block away from there.
    """
    if not user.has_perm("home.change_layoutblock"):
        return False
    is_gone = position not in Position.values
    return is_gone or user.has_perm(f"home.change_position_{position}")


def positions_of(user) -> list[Position]:
    """The positions whose blocks a user may change."""
    return [position for position in Position if may_change_position(user, position)]
