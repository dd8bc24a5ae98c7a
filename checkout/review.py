"""A cart looked at now: live prices and stock, the quote, and what has changed.

Cart page, checkout page and ``finalize_cart`` all start from the same review.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import cached_property

from checkout import live, pricing, shipping
from checkout.errors import CouponRefused, PriceStep, ShortLine, TotalChanged
from checkout.models import Cart, CartItem, SavedItem
from checkout.running import Running, running, running_for_each
from shop.models import Variant

STANDARD = Variant.TaxClass.STANDARD


@dataclass(frozen=True)
class Asking:
    """A cart, where to, how, for whom, and the moment that it is looked at for."""

    cart: Cart
    country: str
    delivery_code: str
    email: str
    now: datetime


@dataclass(frozen=True)
class Look:
    """A cart's items, in the shopper's order, beside what the shop asks now."""

    cart: Cart
    items: tuple[CartItem, ...]
    offers: live.Offers

    def offer(self, item: CartItem | SavedItem) -> live.Offer | None:
        """The offer of an item, if it can be bought in this cart at all."""
        offer = self.offers.get(item.variant_id)
        if offer and offer.is_for_sale and offer.currency == self.cart.currency:
            return offer
        return None

    @cached_property
    def offered(self) -> list[tuple[CartItem, live.Offer]]:
        pairs = [(item, self.offer(item)) for item in self.items]
        return [(item, offer) for item, offer in pairs if offer]

    @property
    def withdrawn(self) -> list[CartItem]:
        return [item for item in self.items if self.offer(item) is None]

    @property
    def short(self) -> list[ShortLine]:
        """Lines of which fewer are left than wanted, each with what is left."""
        return [
            ShortLine(offer.sku, offer.full_title, item.quantity, offer.left)
            for item, offer in self.offered
            if offer.left < item.quantity
        ]

    @property
    def price_steps(self) -> list[PriceStep]:
        """Prices that differ from the ones last shown."""
        return [
            PriceStep(
                offer.full_title,
                item.quantity,
                item.price_seen,
                offer.unit_price,
                until=offer.reduced_until,
            )
            for item, offer in self.offered
            if offer.unit_price != item.price_seen
        ]


@dataclass(frozen=True)
class Review:
    """A look with its price. ``quote`` covers what can be bought."""

    look: Look
    terms: live.Terms
    country: str
    delivery_code: str
    running: Running

    @cached_property
    def options(self) -> tuple[shipping.Method, ...]:
        """The ways of delivery that are offered."""
        return tuple(shipping.offered(self.terms.methods, self.parcel))

    @cached_property
    def method(self) -> shipping.Method | None:
        """The chosen way, else the usual one; None where none is offered."""
        chosen = [one for one in self.options if one.code == self.delivery_code]
        return next(iter([*chosen, *self.options]), None)

    @cached_property
    def parcel(self) -> shipping.Parcel:
        return shipping.Parcel(
            self.country,
            pricing.lines_total(self.pieces, self.look.cart.currency),
            sum(
                item.quantity * offer.weight_g
                for item, offer in self.look.offered
                if offer.left > 0
            ),
        )

    @cached_property
    def quote(self) -> pricing.Quote:
        return self.quote_with(self.method)

    def quote_with(self, method: shipping.Method | None) -> pricing.Quote:
        """The same pieces, delivered that way."""
        currency = self.look.cart.currency
        price = Decimal(0)
        if method and self.pieces:
            price = shipping.fee(method, self.parcel, currency)
        return pricing.quote(
            self.pieces,
            delivery_price=price,
            delivery_tax_percent=self.terms.percent(STANDARD, self.country),
            currency=currency,
            prices_include_tax=self.terms.prices_include_tax,
            rules=self.running.rules,
        )

    @property
    def basket(self) -> Hashable:
        """All that the price and what stands against it come from, but for the terms:
        carts of one moment that have it in common may be looked at as one."""
        cart, offers = self.look.cart, self.look.offers
        items = tuple(
            (item.variant_id, item.quantity, item.price_seen, item.title)
            for item in self.look.items
        )
        asked = (cart.currency, cart.coupon_code, self.country, self.delivery_code)
        return asked, items, self.running, id(offers)

    @property
    def variant_ids(self) -> set[int]:
        """Of what can be bought."""
        return {offer.variant_id for _, offer in self.look.offered}

    @property
    def pieces_by_variant(self) -> dict[int, int]:
        """{variant id: pieces} of what can be bought."""
        return {offer.variant_id: item.quantity for item, offer in self.look.offered}

    @property
    def product_ids(self) -> list[int]:
        """Of what can be bought, in ascending order."""
        return sorted({offer.product_id for _, offer in self.look.offered})

    @property
    def coupon_refusal(self) -> CouponRefused | None:
        """Why the cart's code takes nothing off, if it has one that does not."""
        code, running = self.look.cart.coupon_code, self.running
        if code and running.refusal:
            return CouponRefused(code, running.refusal, when=running.when)
        for missed in self.quote.missed:
            if code and missed.rule.code == code:
                return CouponRefused(
                    code, missed.reason, missing=missed.missing, instead=missed.instead
                )
        return None

    def total_changed(self, expected: Decimal) -> TotalChanged | None:
        """How the total differs from the one that the shopper was shown, if it does."""
        quote = self.quote
        if quote.total == expected:
            return None
        steps = self.look.price_steps
        explained = sum((step.new - step.old) * step.quantity for step in steps)
        return TotalChanged(
            expected=expected,
            total=quote.total,
            currency=quote.currency,
            changes=steps,
            rest=quote.total - expected - explained,
        )

    @cached_property
    def pieces(self) -> list[pricing.Piece]:
        return [
            pricing.Piece(
                key=offer.variant_id,
                quantity=item.quantity,
                unit_price=offer.unit_price,
                tax_percent=self.terms.percent(offer.tax_class, self.country),
                tags=offer.tags,
            )
            for item, offer in self.look.offered
            if offer.left > 0
        ]


def review(
    cart: Cart,
    *,
    now: datetime,
    country="",
    delivery_code="",
    email="",
    beside: Iterable[SavedItem] = (),
) -> Review:
    """Look at a cart: 4 queries, however many lines. Reads no cache, takes no lock.

    Without a country the shop's own; with an unknown delivery code the usual method
    of the country. ``email`` tells what a customer has used before. What lies
    ``beside`` the cart gets its offers, and no part in the total.
    """
    items = tuple(cart.items.all())
    asked = {item.variant_id for item in items} | {one.variant_id for one in beside}
    offers = live.offers_of(asked, now=now)
    return review_of(
        Look(cart, items, offers),
        now=now,
        country=country,
        delivery_code=delivery_code,
        email=email,
    )


def review_of(
    look: Look, *, now: datetime, country="", delivery_code="", email=""
) -> Review:
    """The same for a look that has been taken already: 2 queries."""
    terms = live.terms()
    return Review(
        look=look,
        terms=terms,
        country=country or terms.home_country,
        delivery_code=delivery_code,
        running=running(look.cart, email=email, now=now),
    )


def review_each(asking: Sequence[Asking]) -> list[Review]:
    """Look at many carts, each for its own moment: 7 queries, however many, while no
    sale begins or ends between them."""
    items_of = CartItem.objects.of_each([one.cart.pk for one in asking])
    items = [tuple(items_of[one.cart.pk]) for one in asking]
    offers = live.offers_each(
        [
            ([item.variant_id for item in of_one], one.now)
            for one, of_one in zip(asking, items, strict=True)
        ]
    )
    terms = live.terms()
    running = running_for_each([(one.cart, one.email, one.now) for one in asking])
    return [
        Review(
            look=Look(one.cart, of_one, offered),
            terms=terms,
            country=one.country,
            delivery_code=one.delivery_code,
            running=runs,
        )
        for one, of_one, offered, runs in zip(
            asking, items, offers, running, strict=True
        )
    ]
