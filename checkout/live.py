"""What the shop asks at this moment: live rows turned into frozen values.

No cache is read here, so these words may be used inside a transaction that sells. The
statements are written out: to have them put together anew for every order took more
time than all that the database does for it.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection

from checkout.models.order_line import LONGEST_URL
from checkout.running import product_tags
from checkout.shipping import Method, Rate
from home.prepared import Prepared
from shop.addresses import address_of_product
from shop.models import SalePrice
from shop.money import quantise

# Sales begin and end by the clock, whatever is written onto a variant still or already;
# a price is struck through only beside the one that pages show.
# The address of a small picture is that of its narrowest cut for cards, when it was cut
# before; none is cut now.
OFFERS = """
    SELECT v.id, v.product_id, v.sku, p.title, v.option_label, p.slug, p.live,
           v.is_active AND p.live, coalesce(v.picture_id, p.main_image_id),
           coalesce(own.cuts, main.cuts) #>> '{card,0,0}', now.price,
           CASE WHEN now.price = v.price THEN v.compare_at_price END,
           CASE WHEN now.price < now.usual THEN sale.ends_at END,
           v.currency, v.tax_class, v.weight_g, c.url_path,
           p.brand_id, (
               SELECT coalesce(sum(s.on_hand - s.reserved), 0)
               FROM shop_stock s JOIN shop_warehouse w ON w.id = s.warehouse_id
               WHERE s.variant_id = v.id AND w.is_active)
    FROM shop_variant v
    JOIN shop_product p ON p.id = v.product_id
    JOIN shop_category c ON c.id = p.category_id
    LEFT JOIN home_picture own ON own.id = v.picture_id
    LEFT JOIN home_picture main ON main.id = p.main_image_id
    LEFT JOIN shop_saleprice sale ON sale.variant_id = v.id
        AND sale.starts_at <= $2 AND sale.ends_at > $2
    CROSS JOIN LATERAL (
        SELECT coalesce(v.regular_price, v.price) AS usual,
               least(coalesce(v.regular_price, v.price), sale.price) AS price
    ) now
"""
OF_VARIANTS = Prepared(
    "offers_of_variants",
    "bigint[], timestamptz",
    f"{OFFERS} WHERE v.id = ANY(ARRAY(SELECT unnest($1)))",
)
OF_SKU = Prepared(
    "offer_of_sku", "text, timestamptz", f"{OFFERS} WHERE v.sku = $1 AND p.live"
)
TERMS = """
    SELECT (
        SELECT coalesce(json_agg(json_build_array(
                   code, name, promise, price::text, free_from::text, countries,
                   least_days, most_days, (
                       SELECT coalesce(json_agg(json_build_array(
                                  price::text, countries, most_g, least_total::text)
                                  ORDER BY sort_order, id), '[]')
                       FROM checkout_deliveryrate WHERE method_id = method.id))
                   ORDER BY position, id), '[]')
        FROM checkout_deliverymethod method WHERE is_active
    ), (
        SELECT coalesce(json_agg(json_build_array(country, tax_class, percent::text)),
                        '[]')
        FROM checkout_taxrate
    )
"""


@dataclass(frozen=True)
class Offer:
    """A variant as it is sold now. ``left`` is what can still be bought, at least 0;
    a variant that is not for sale has nothing left. ``reduced_until`` is when the sale
    ends that its price comes from."""

    variant_id: int
    product_id: int
    sku: str
    title: str
    option_label: str
    url: str
    picture_id: int | None
    image_url: str
    unit_price: Decimal
    list_price: Decimal | None
    reduced_until: datetime | None
    currency: str
    tax_class: str
    weight_g: int
    tags: frozenset[str]
    is_for_sale: bool
    left: int

    @property
    def full_title(self) -> str:
        return ", ".join(part for part in (self.title, self.option_label) if part)


# By variant id. None may be asked for, and is never there.
Offers = dict[int | None, Offer]


def offers_of(variant_ids: Collection[int | None], *, now: datetime) -> Offers:
    """{variant id: offer}, in one query; a variant that has vanished is not in it."""
    asked = sorted(pk for pk in set(variant_ids) if pk is not None)
    return _offers(OF_VARIANTS, asked, now)


def offers_each(
    asked: Sequence[tuple[Collection[int | None], datetime]],
) -> list[Offers]:
    """The offers of everything asked for, as of each one's own moment.

    One query for one moment, two for many; one more for each time between them at
    which a sale begins or ends.
    """
    moments = sorted({now for _, now in asked})
    variant_ids = {pk for ids, _ in asked for pk in ids}
    turns = []
    if len(moments) > 1:
        sales = SalePrice.objects.filter(variant__in=variant_ids - {None})
        turns = sales.turns(after=moments[0], until=moments[-1])
    by_turn: dict[int, Offers] = {}
    for now in moments:
        turn = bisect_right(turns, now)
        if turn not in by_turn:
            by_turn[turn] = offers_of(variant_ids, now=now)
    return [by_turn[bisect_right(turns, now)] for _, now in asked]


def offer_of_sku(sku: str, *, now: datetime) -> Offer | None:
    """The offer of a SKU whose product has a page, be it for sale or not."""
    return next(iter(_offers(OF_SKU, sku, now).values()), None)


def _offers(statement: Prepared, asked: str | list[int], now: datetime) -> Offers:
    return {row[0]: _offer(*row) for row in statement.fetch(connection, asked, now)}


def _offer(
    variant_id: int,
    product_id: int,
    sku: str,
    title: str,
    option_label: str,
    slug: str,
    has_page: bool,
    is_for_sale: bool,
    picture_id: int | None,
    image_url: str | None,
    price: Decimal,
    struck: Decimal | None,
    reduced_until: datetime | None,
    currency: str,
    tax_class: str,
    weight_g: int,
    category_path: str,
    brand_id: int | None,
    pieces: int,
) -> Offer:
    return Offer(
        variant_id=variant_id,
        product_id=product_id,
        sku=sku,
        title=title,
        option_label=option_label,
        url=address_of_product(slug) if has_page else "",
        picture_id=picture_id,
        # None is kept that an order line has no room for.
        image_url=image_url if image_url and len(image_url) <= LONGEST_URL else "",
        unit_price=quantise(price, currency),
        list_price=None if struck is None else quantise(struck, currency),
        reduced_until=reduced_until,
        currency=currency,
        tax_class=tax_class,
        weight_g=weight_g,
        tags=frozenset(product_tags(product_id, category_path, brand_id)),
        is_for_sale=is_for_sale,
        left=max(pieces, 0) if is_for_sale else 0,
    )


@dataclass(frozen=True)
class Terms:
    """How the shop delivers and taxes: {(country, tax class): per cent}, methods, and
    whether its prices and fees have the tax in them or on top."""

    home_country: str
    methods: tuple[Method, ...]
    percents: dict[tuple[str, str], Decimal]
    prices_include_tax: bool

    def percent(self, tax_class: str, country: str) -> Decimal:
        """The rate of that class in that country, else at home, else nothing at all."""
        for place in (country, self.home_country):
            if (place, tax_class) in self.percents:
                return self.percents[place, tax_class]
        return Decimal(0)


def terms() -> Terms:
    """Today's terms, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(TERMS)
        methods, rates = cursor.fetchone()
    return Terms(
        home_country=settings.SHOP_COUNTRY,
        methods=tuple(_method(*row) for row in methods),
        percents={
            (country, tax_class): Decimal(percent)
            for country, tax_class, percent in rates
        },
        prices_include_tax=settings.PRICES_INCLUDE_TAX,
    )


def _method(
    code: str,
    name: str,
    promise: str,
    price: str,
    free_from: str | None,
    countries: list[str],
    least_days: int,
    most_days: int,
    rates: list[list],
) -> Method:
    return Method(
        code=code,
        name=name,
        promise=promise,
        price=Decimal(price),
        free_from=_amount(free_from),
        countries=tuple(countries),
        least_days=least_days,
        most_days=most_days,
        rates=tuple(_rate(*row) for row in rates),
    )


def _rate(
    price: str, countries: list[str], most_g: int | None, least_total: str | None
) -> Rate:
    return Rate(Decimal(price), tuple(countries), most_g, _amount(least_total))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
