from django import template
from django.conf import settings

from shop import money as shop_money
from shop import tree

register = template.Library()


@register.filter
def money(amount, currency: str = "") -> str:
    """€36.50 for an amount; nothing for none."""
    return "" if amount is None else shop_money.written(amount, currency)


@register.filter
def plain(amount, currency: str = "") -> str:
    """36.50, as machines read it."""
    return str(shop_money.quantise(amount, currency))


@register.simple_tag
def prices_include_tax() -> bool:
    return settings.PRICES_INCLUDE_TAX


@register.simple_tag
def category_branch(category) -> tree.Branch | None:
    """The cached branch of a category: address, counts, children; None when gone."""
    return tree.current().get(category.pk) if category else None


@register.simple_tag
def branch_children(branch: tree.Branch | None) -> list[tree.Branch]:
    """What lies directly beneath a branch and holds a piece."""
    children = tree.current().children(branch) if branch else []
    return [child for child in children if child.pieces]
