"""A page of products with its facets: from choices to what the template reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _

from shop import facets, money
from shop.choices import SORTS, Choices
from shop.counts import Counts, Question, Scope
from shop.models import Product
from shop.queries import UNSEEN, dress_cards, get_catalog_queryset
from shop.search import Search
from shop.tree import Branch, Tree

ORDERS = {
    "our-order": ("-popularity", "pk"),
    "newest": ("-created_at", "-pk"),
    "price": ("current_price", "pk"),
    "-price": ("-current_price", "-pk"),
    "name": ("title", "pk"),
}


@dataclass(frozen=True)
class Applied:
    """A filter in force and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Sort:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class PageLink:
    number: int
    url: str
    is_current: bool


class Listing:
    """One page of a category, a search or the whole shop.

    Makes four queries when it is first read: the counts, the products and their two
    prefetches. ``products`` is a list; everything else is plain values.
    """

    def __init__(
        self,
        choices: Choices,
        tree: Tree,
        action: str,
        branch: Branch | None = None,
        *,
        now: datetime,
    ):
        self.choices = choices
        self.tree = tree
        self.action = action
        self.branch = branch
        self.offered = tree.offered(branch)
        self.now = now
        self.page_size = settings.SHOP_PAGE_SIZE

    # What is listed

    @cached_property
    def _counts(self) -> Counts:
        words = self.choices.q
        within = self.branch.subtree if self.branch else None
        asked = Search.of(words) if words else None
        scope = Scope(category_ids=within, search=asked)
        return facets.count(Question(scope, self.choices, self.offered))

    @cached_property
    def products(self) -> list[Product]:
        if not self._counts.total:
            return []
        first = (self.page - 1) * self.page_size
        here = slice(first, first + self.page_size)
        if self._sort == "relevance":
            products = self._in_order((self._counts.ranked or ())[here])
        else:
            products = self._sorted(here)
        return dress_cards(products, self.tree, now=self.now)

    def _in_order(self, ids: Sequence[int]) -> list[Product]:
        found = get_catalog_queryset().defer(*UNSEEN).in_bulk(ids)
        return [found[id] for id in ids if id in found]

    def _sorted(self, here: slice) -> list[Product]:
        """In one query. The keys of a page come first, so that nothing is joined or
        carried along for the pages before it."""
        order = ORDERS[self._sort]
        keys = self._filtered().order_by(*order).values("pk")[here]
        products = get_catalog_queryset().defer(*UNSEEN)
        return list(products.filter(pk__in=keys).order_by(*order))

    def _filtered(self):
        products = Product.objects.active()
        known = self._counts.few if self._counts.ranked is None else self._counts.ranked
        if known is not None:
            return products.filter(pk__in=known)
        if self.branch:
            products = products.filter(category_id__in=self.branch.subtree)
        for facet in self.offered:
            if slugs := self.choices.values.get(facet.code):
                lookup = "overlap" if facet.column == "value_ids" else "in"
                ids = facet.ids(slugs)
                products = products.filter(**{f"{facet.column}__{lookup}": ids})
        if self.choices.in_stock:
            products = products.in_stock()
        if self.choices.sale:
            products = products.on_sale()
        if self.choices.price_min is not None:
            products = products.filter(current_price__gte=self.choices.price_min)
        if self.choices.price_max is not None:
            products = products.filter(current_price__lte=self.choices.price_max)
        return products

    # Counts and facets

    @property
    def instead(self) -> str:
        """What was looked for, where the words as typed found nothing."""
        return self._counts.instead

    @property
    def total(self) -> int:
        return self._counts.total

    @property
    def in_stock_count(self) -> int:
        return self._counts.flags["in_stock"]

    @property
    def sale_count(self) -> int:
        return self._counts.flags["sale"]

    @cached_property
    def facets(self) -> list[facets.Facet]:
        return facets.panel(self.offered, self.choices, self._counts)

    # What is in force

    @cached_property
    def applied(self) -> list[Applied]:
        applied = []
        for facet in self.offered:
            slugs = self.choices.values.get(facet.code, ())
            for value in facet.values:
                if value.slug in slugs:
                    left = self.choices.without_value(facet.code, value.slug)
                    applied.append(Applied(value.label, self._url(values=left)))
        if self.choices.in_stock:
            applied.append(Applied(_("In stock now"), self._url(in_stock=False)))
        if self.choices.sale:
            applied.append(Applied(_("Reduced"), self._url(sale=False)))
        if self.choices.has_price:
            url = self._url(price_min=None, price_max=None)
            applied.append(Applied(self._price_words(), url))
        return applied

    def _price_words(self) -> str:
        least, most = self.choices.price_min, self.choices.price_max
        words = {"least": _amount(least), "most": _amount(most)}
        if most is None:
            return _("from %(least)s") % words
        if least is None:
            return _("up to %(most)s") % words
        return _("%(least)s to %(most)s") % words

    @property
    def applied_count(self) -> int:
        return len(self.applied)

    @property
    def clear_url(self) -> str:
        return Choices(q=self.choices.q, sort=self.choices.sort).url(self.action)

    # Order

    @property
    def _default_sort(self) -> str:
        return "relevance" if self.choices.q else "our-order"

    @property
    def _sort(self) -> str:
        return self.choices.sort or self._default_sort

    @cached_property
    def sorts(self) -> list[Sort]:
        words = {
            "relevance": _("Best match"),
            "our-order": _("Our order"),
            "newest": _("Newest"),
            "price": _("Price, low first"),
            "-price": _("Price, high first"),
            "name": _("Name"),
        }
        offered = (("relevance",) if self.choices.q else ()) + SORTS
        return [
            Sort(
                value="" if value == self._default_sort else value,
                label=words[value],
                is_chosen=value == self._sort,
            )
            for value in offered
        ]

    @property
    def kept_for_sort(self) -> list[tuple[str, str]]:
        return self.choices.pairs(without=("sort", "page"))

    @property
    def kept_for_facets(self) -> list[tuple[str, str]]:
        return [p for p in self.choices.pairs() if p[0] in ("q", "sort")]

    # Pages

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // self.page_size))

    @property
    def page(self) -> int:
        """The page shown: the last one when a later one was asked for."""
        return min(self.choices.page, self.page_count)

    @property
    def seen_to(self) -> int:
        return min(self.page * self.page_size, self.total)

    @property
    def left(self) -> int:
        """How many the next page adds."""
        return min(self.page_size, self.total - self.seen_to)

    @property
    def next_url(self) -> str:
        return self._url(page=self.page + 1) if self.page < self.page_count else ""

    @property
    def previous_url(self) -> str:
        return self._url(page=self.page - 1) if self.page > 1 else ""

    @cached_property
    def pages(self) -> list[PageLink | None]:
        """The first, the last and those around the current one; None marks a gap."""
        last, here = self.page_count, self.page
        near = {1, last, *range(max(1, here - 1), min(last, here + 1) + 1)}
        if here <= 2:
            near |= set(range(1, min(last, 3) + 1))
        links: list[PageLink | None] = []
        for number in sorted(near):
            before = links[-1].number if links and links[-1] else 0
            if links and number - before > 1:
                links.append(None)
            links.append(PageLink(number, self._url(page=number), number == here))
        return links

    # For search engines

    @property
    def canonical_url(self) -> str:
        """The plain list, page by page, without filters and orders."""
        plain = Choices(q=self.choices.q)
        return plain.url(self.action, page=self.page)

    @property
    def is_noindex(self) -> bool:
        return bool(self.choices.q) or self.choices.is_filtered or not self.total

    def _url(self, **changes) -> str:
        return self.choices.url(self.action, **changes)


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else money.written(amount).removesuffix(".00")
