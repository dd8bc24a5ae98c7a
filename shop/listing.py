"""A page of products with its facets: from choices to what the template reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from shop import facets, vocabulary
from shop.applied import Applied, applied
from shop.cards import get_cards
from shop.choices import SORTS, Choices
from shop.counts import ORDERS, Counts, Question, Scope, Sheet
from shop.models import Product
from shop.queries import NEW_FOR, dress_cards, get_card_queryset
from shop.search import Search
from shop.tree import Branch, Tree
from shop.words import words_of


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

    Makes two queries when it is first read: the counts, and the products with what a
    card shows. ``products`` is a list; everything else is plain values.
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
    def _question(self) -> Question:
        words = self.choices.q
        within = self.branch.subtree if self.branch else None
        asked = Search.of(words) if words else None
        return Question(
            scope=Scope(category_ids=within, search=asked),
            choices=self.choices,
            facets=self.offered,
            new_since=self.now - NEW_FOR,
            sheet=self._sheet,
        )

    @property
    def _sheet(self) -> Sheet:
        order = ORDERS.get(self._sort, ())
        return Sheet(order, self.choices.page, self.page_size)

    @cached_property
    def _counts(self) -> Counts:
        return facets.count(self._question)

    @cached_property
    def products(self) -> list[Product]:
        if not self._counts.total:
            return []
        here = self._sheet.of(self.total)
        if self._counts.shown is not None:
            products = self._in_order(self._counts.shown)
        elif self._sort == "relevance":
            products = self._in_order((self._counts.ranked or ())[here])
        else:
            products = self._sorted(here)
        return dress_cards(products, self.tree, now=self.now)

    def _in_order(self, ids: Sequence[int]) -> list[Product]:
        found = get_cards(ids)
        return [found[id] for id in ids if id in found]

    def _sorted(self, here: slice) -> list[Product]:
        """Where no bitmaps know the order, in one query. The keys of a page come first,
        so that nothing is joined or carried along for the pages before it."""
        order = ORDERS[self._sort]
        keys = self._filtered().order_by(*order).values("pk")[here]
        products = get_card_queryset()
        return list(products.filter(pk__in=keys).order_by(*order))

    def _filtered(self):
        products = Product.objects.active()
        known = self._counts.few if self._counts.ranked is None else self._counts.ranked
        if known is not None:
            return products.filter(pk__among=known)
        if self.branch:
            products = products.filter(category_id__in=self.branch.subtree)
        columns = {facet.code: facet.column for facet in self.offered}
        for code, ids in self._question.chosen.items():
            lookup = "overlap" if columns[code] == "value_ids" else "in"
            products = products.filter(**{f"{columns[code]}__{lookup}": ids})
        if self.choices.in_stock:
            products = products.in_stock()
        if self.choices.new:
            products = products.new(since=self._question.new_since)
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

    @cached_property
    def words_alone(self) -> list[tuple[str, str]]:
        """Where nothing answers to all words: those that pieces do answer to, each with
        the address of a search for it alone. 1 query, none for a single word."""
        asked = dict.fromkeys(words_of(self.choices.q))
        known = vocabulary.standing(list(asked)) if len(asked) > 1 else []
        return [(word, Choices(q=word).url(self.action)) for word in known]

    @property
    def total(self) -> int:
        return self._counts.total

    @property
    def in_stock_count(self) -> int:
        return self._counts.flags["in_stock"]

    @property
    def new_count(self) -> int:
        return self._counts.flags["new"]

    @property
    def sale_count(self) -> int:
        return self._counts.flags["sale"]

    @cached_property
    def facets(self) -> list[facets.Facet | facets.NumberFacet]:
        return facets.panel(self.offered, self.choices, self._counts)

    # What is in force

    @cached_property
    def applied(self) -> list[Applied]:
        return applied(self.choices, self.offered, self.action)

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
            "best-selling": _("Best selling"),
            "newest": _("Newest"),
            "price": _("Price, low first"),
            "-price": _("Price, high first"),
            "reduction": _("Biggest reduction"),
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

    @cached_property
    def page_count(self) -> int:
        return self._sheet.count(self.total)

    @cached_property
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
        """The plain list, page by page, without filters and orders; what is new, what
        is reduced and a workshop's pieces are lists of their own."""
        plain = Choices(q=self.choices.q)
        if self._is_named:
            plain = replace(self.choices, sort="")
        return plain.url(self.action, page=self.page)

    @property
    def is_noindex(self) -> bool:
        is_one_of_many = self.choices.is_filtered and not self._is_named
        return bool(self.choices.q) or is_one_of_many or not self.total

    @property
    def _is_named(self) -> bool:
        return self.branch is None and self.choices.only is not None

    def _url(self, **changes) -> str:
        return self.choices.url(self.action, **changes)
