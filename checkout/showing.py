"""A review turned into what the cart and checkout templates print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from checkout import countries, words
from checkout.errors import CouponRefused, PriceStep, QuantityRefused
from checkout.live import Offer
from checkout.models import CartItem, SavedItem
from checkout.models.cart import MOST_OF_ONE
from checkout.promotions import Reason
from checkout.review import Review
from home.models import Picture


@dataclass(frozen=True)
class Change:
    """What is new about a line since it was last shown. ``kind`` is price_down,
    price_up, short, sold_out or withdrawn."""

    kind: str
    words: str


@dataclass(frozen=True)
class CartLine:
    """A line as printed; amounts in ``currency``. ``most`` is what may be bought."""

    item_id: int
    title: str
    option_label: str
    sku: str
    url: str
    picture: Picture | None
    quantity: int
    unit_price: Decimal
    total: Decimal
    list_price: Decimal | None
    currency: str
    most: int
    is_available: bool
    change: Change | None
    quantity_text: str
    field_error: str


@dataclass(frozen=True)
class Summary:
    """The sum of what can be bought. ``delivery_total`` is None while nobody knows it.
    ``discounts`` are (words, amount), 0 where it is delivery that is free; ``notes``
    say which promotions stand back; ``taxes`` are (per cent, amount). ``coupon`` is the
    basket's code, ``code`` the same while it takes something off."""

    pieces: int
    currency: str
    lines_total: Decimal
    discounts: list[tuple[str, Decimal]]
    notes: list[str]
    coupon: str
    code: str
    delivery_total: Decimal | None
    delivery_note: str
    total: Decimal
    taxes: list[tuple[Decimal, Decimal]]
    prices_include_tax: bool


@dataclass(frozen=True)
class Option:
    """A way of delivery to choose; ``total`` is the order's total with it."""

    code: str
    name: str
    promise: str
    price: Decimal
    total: Decimal
    is_chosen: bool


def cart_lines(
    seen: Review,
    *,
    typed: dict[int, str] | None = None,
    refusals: dict[int, QuantityRefused] | None = None,
) -> list[CartLine]:
    """The cart's lines. ``typed`` and ``refusals`` are by item id, after a refusal. One
    query for their pictures, if they have any."""
    pictures = _pictures(seen, seen.look.items)
    typed, refusals = typed or {}, refusals or {}
    return [
        _line(seen, item, pictures, typed.get(item.pk), refusals.get(item.pk))
        for item in seen.look.items
    ]


def saved_lines(seen: Review, saved: Iterable[SavedItem]) -> list[CartLine]:
    """What is saved for later, with the price and the stock of this moment. One query
    for its pictures, if it has any."""
    saved = list(saved)
    pictures = _pictures(seen, saved)
    return [_line(seen, item, pictures, None, None) for item in saved]


def _pictures(
    seen: Review, items: Iterable[CartItem | SavedItem]
) -> dict[int | None, Picture]:
    offers = [seen.look.offers.get(item.variant_id) for item in items]
    wanted = {offer.picture_id for offer in offers if offer} - {None}
    return Picture.objects.in_bulk(wanted) if wanted else {}


def summary(seen: Review) -> Summary:
    quote, method = seen.quote, seen.method
    place = {"country": countries.name(seen.country)}
    note = _("Delivery to %(country)s") if method else _("No delivery to %(country)s")
    return Summary(
        pieces=quote.pieces,
        currency=quote.currency,
        lines_total=quote.lines_total,
        discounts=[(words.discount(one), one.amount) for one in quote.discounts],
        notes=_outweighed(seen),
        coupon=seen.look.cart.coupon_code,
        code="" if seen.coupon_refusal else seen.look.cart.coupon_code,
        delivery_total=quote.delivery_total if method else None,
        delivery_note=note % place,
        total=quote.total,
        taxes=[(share.percent, share.amount) for share in quote.taxes if share.amount],
        prices_include_tax=quote.prices_include_tax,
    )


def changes(seen: Review) -> list[str]:
    """A sentence for each thing that has changed since the shopper last looked."""
    return [
        *price_changes(seen),
        *(words.short(line) for line in seen.look.short),
        *(words.withdrawn(item.title) for item in seen.look.withdrawn),
        *_coupon_change(seen),
    ]


def _coupon_change(seen: Review) -> list[str]:
    """That the cart's code does nothing now; that another takes off more is a note."""
    refusal = seen.coupon_refusal
    if refusal is None or refusal.reason == Reason.OUTWEIGHED:
        return []
    return [words.coupon_refused(refusal, seen.quote.currency)]


def _outweighed(seen: Review) -> list[str]:
    return [
        words.coupon_refused(
            CouponRefused(
                missed.rule.code or missed.rule.name,
                missed.reason,
                instead=missed.instead,
            ),
            seen.quote.currency,
        )
        for missed in seen.quote.missed
        if missed.reason == Reason.OUTWEIGHED
    ]


def price_changes(seen: Review) -> list[str]:
    currency = seen.quote.currency
    return [words.price_step(step, currency) for step in seen.look.price_steps]


def delivery_options(seen: Review, *, today: date) -> list[Option]:
    quotes = [(method, seen.quote_with(method)) for method in seen.options]
    return [
        Option(
            code=method.code,
            name=method.name,
            promise=words.arrival(method, today),
            price=quote.delivery_total,
            total=quote.total,
            is_chosen=method is seen.method,
        )
        for method, quote in quotes
    ]


def _line(
    seen: Review,
    item: CartItem | SavedItem,
    pictures: Mapping[int | None, Picture],
    typed: str | None,
    refusal: QuantityRefused | None,
) -> CartLine:
    offer = seen.look.offers.get(item.variant_id)
    sold = seen.look.offer(item)
    unit_price = offer.unit_price if offer else item.price_seen
    return CartLine(
        item_id=item.pk,
        title=offer.title if offer else item.title,
        option_label=offer.option_label if offer else "",
        sku=offer.sku if offer else "",
        url=offer.url if offer else "",
        picture=pictures.get(offer.picture_id) if offer else None,
        quantity=item.quantity,
        unit_price=unit_price,
        total=unit_price * item.quantity,
        list_price=offer.list_price if offer else None,
        currency=seen.quote.currency,
        most=min(sold.left, MOST_OF_ONE) if sold else 0,
        is_available=bool(sold and sold.left),
        change=_change(item, sold),
        quantity_text=str(item.quantity) if typed is None else typed,
        field_error=words.quantity_refused(refusal) if refusal else "",
    )


def _change(item: CartItem | SavedItem, offer: Offer | None) -> Change | None:
    if offer is None:
        return Change("withdrawn", _("No longer for sale"))
    if not offer.left:
        return Change("sold_out", _("Sold out"))
    if offer.left < item.quantity:
        return Change("short", words.only_left(offer.left))
    step = PriceStep(offer.title, item.quantity, item.price_seen, offer.unit_price)
    if step.new == step.old:
        return None
    kind = "price_down" if step.new < step.old else "price_up"
    return Change(kind, words.price_badge(step, offer.currency))
