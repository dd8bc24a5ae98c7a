"""Cards of products, the same on every list and shelf, and the parts of a card that
stand elsewhere as well. Markup is written here, not in a template: a list has so many
cards that a template's own work was most of a page's (decision 27)."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.templatetags.home_tags import icon, measures, photo, swatches
from shop.models import Product
from shop.templatetags.shop_tags import money

register = template.Library()


class Words(NamedTuple):
    """What cards say, as plain text."""

    now: str
    before: str
    from_: str
    lowest: str
    left: str
    colours: str
    sold_out: str
    reduced: str
    new: str
    keep: str
    keep_aloud: str


@register.simple_tag
def cards(
    products: Iterable[Product], level: int, sizes: str, eager: int = 0
) -> SafeString:
    """Each product as a list item; ``level`` is that of its heading, ``sizes`` that of
    its picture. The first ``eager`` pictures do not wait, the very first before all."""
    words = _words(get_language())
    items = []
    for n, product in enumerate(products):
        loading = "eager" if n < eager else "lazy"
        is_first = eager > 0 and n == 0
        image = photo(product.main_image, "card", sizes, loading, priority=is_first)
        items.append(f"<li>{_card(product, image, level, words)}</li>")
    return SafeString("\n".join(items))


def _card(product: Product, image: str, level: int, words: Words) -> str:
    """Label order as in a museum: name, clay, price, then the rest."""
    gone = " gone" if product.is_sold_out else ""
    url, title = escape(product.url), escape(product.title)
    return f"""<article class="card{gone}">
  {image}
  <div class="tag">
    <h{level}><a href="{url}">{title}</a></h{level}>
    {_caption(measures(product.caption))}{_price_of(product, words)}
    {_left(product, words)}{_colours(product, words)}
  </div>
  {_badge(product, words)}{_heart(product, words)}
</article>"""


def _caption(words: str) -> str:
    return f'<p class="caption">{escape(words)}</p>' if words else ""


def _left(product: Product, words: Words) -> str:
    left = words.left % {"n": product.stock_quantity} if product.is_low else ""
    return _caption(left)


def _colours(product: Product, words: Words) -> str:
    colours = product.swatches
    if len(colours) < 2:
        return ""
    labels = ", ".join(str(label) for label, _ in colours)
    return swatches(colours, words.colours % {"n": len(colours), "list": labels})


def _badge(product: Product, words: Words) -> str:
    if product.is_sold_out:
        return f'<span class="badge">{escape(words.sold_out)}</span>'
    if product.is_reduced:
        return f'<span class="badge sale">{escape(words.reduced)}</span>'
    if product.is_new:
        return f'<span class="badge">{escape(words.new)}</span>'
    return ""


def _price_of(product: Product, words: Words) -> str:
    amounts = product.current_price, product.currency, product.compare_at_price
    return _price(*amounts, product.has_price_range, "", words)


@register.simple_tag
def price(
    amount, currency: str = "", compare_at=None, is_from: bool = False, note: str = ""
) -> SafeString:
    """A price, and the lowest of the 30 days before its cut when it has been cut; with
    ``note`` in small beneath."""
    words = _words(get_language())
    return SafeString(_price(amount, currency, compare_at, is_from, note, words))


def _price(amount, currency, compare_at, is_from, note: str, words: Words) -> str:
    from_ = f"{escape(words.from_)} " if is_from else ""
    now = f"{from_}{escape(money(amount, currency))}"
    if not compare_at:
        more = f' <span class="note">{escape(note)}</span>' if note else ""
        return f'<p class="price"><span class="now">{now}</span>{more}</p>'
    before = money(compare_at, currency)
    lowest = escape(words.lowest % {"before": before})
    more = f". {escape(note)}" if note else ""
    return (
        f'<p class="price cut"><span class="now"><span class="vh">{escape(words.now)}'
        f' </span>{now}</span> <s><span class="vh">{escape(words.before)} </span>'
        f'{escape(before)}</s> <span class="note">{lowest}{more}</span></p>'
    )


@register.simple_tag
def heart(product: Product, is_wide: bool = False) -> SafeString:
    """The button that keeps a product, of the page's one form "wish"; ``is_wide``: with
    words. Whether it is pressed, a script knows."""
    return SafeString(_heart(product, _words(get_language()), is_wide))


def _heart(product: Product, words: Words, is_wide: bool = False) -> str:
    look = "button outline small" if is_wide else "icon-button"
    aloud = escape(words.keep_aloud % {"title": product.title})
    return (
        f'<button class="{look} heart" type="submit" form="wish" name="product"'
        f' value="{product.pk or ""}" data-price="{product.current_price}"'
        f' aria-pressed="false" aria-label="{aloud}">'
        f"{icon('heart')}{escape(words.keep) if is_wide else ''}</button>"
    )


@lru_cache(maxsize=32)
def _words(language: str | None) -> Words:
    """In the language that is active, which a caller names: catalogs stay what they
    are, and to look into them takes longer than the rest of a card."""
    return Words(
        now=_("Now"),
        before=_("before"),
        from_=_("from"),
        lowest=_("30-day lowest before the cut: %(before)s"),
        left=_("Only %(n)s left"),
        colours=_("%(n)s colours: %(list)s"),
        sold_out=_("Sold out"),
        reduced=_("Reduced"),
        new=_("New"),
        keep=_("Keep for later"),
        keep_aloud=_("Save %(title)s to wishlist"),
    )
