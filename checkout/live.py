"""What the shop asks at this moment: live rows turned into frozen values.

No cache is read here, so these words may be used inside a transaction that sells.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from checkout.models import DeliveryMethod, TaxRate
from checkout.models.order_line import LONGEST_URL
from checkout.running import product_tags
from checkout.shipping import Method, Rate
from home.models import Picture
from shop.models import Variant
from shop.money import quantise
from shop.queries import UNSEEN

SNAPSHOT_CUT = "card"


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
    picture: Picture | None
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

    @property
    def image_url(self) -> str:
        """The address of a small picture, when one was cut before; none is cut now,
        and none is kept that an order line has no room for."""
        sources = self.picture.cuts.get(SNAPSHOT_CUT) if self.picture else None
        url = sources[0][0] if sources else ""
        return url if len(url) <= LONGEST_URL else ""


# By variant id. None may be asked for, and is never there.
Offers = dict[int | None, Offer]


def offers(*, now: datetime, **which) -> Offers:
    """{variant id: offer} for the variants that fit, in one query. Sales begin and end
    by ``now``, whatever pages show still or already."""
    rows = (
        Variant.objects.filter(**which)
        .select_related("product__main_image", "product__category", "picture")
        .defer(*(f"product__{field}" for field in UNSEEN))
        .with_pieces()
        .with_sale(at=now)
    )
    return {variant.pk: _offer(variant) for variant in rows}


def offers_of(variant_ids: Collection[int | None], *, now: datetime) -> Offers:
    """{variant id: offer}; a variant that has vanished is not in it."""
    return offers(now=now, pk__in=set(variant_ids) - {None})


def _offer(variant: Variant) -> Offer:
    product = variant.product
    is_for_sale = variant.is_active and product.live
    price = variant.present_price
    # Told of the price that pages show, and of no other.
    struck = variant.compare_at_price if price == variant.price else None
    return Offer(
        variant_id=variant.pk,
        product_id=product.pk,
        sku=variant.sku,
        title=product.title,
        option_label=variant.option_label,
        url=product.get_absolute_url() if product.live else "",
        picture=variant.picture or product.main_image,
        unit_price=quantise(price, variant.currency),
        list_price=None if struck is None else quantise(struck, variant.currency),
        reduced_until=variant.reduced_until,
        currency=variant.currency,
        tax_class=variant.tax_class,
        weight_g=variant.weight_g,
        tags=frozenset(
            product_tags(product.pk, product.category.url_path, product.brand_id)
        ),
        is_for_sale=is_for_sale,
        left=max(variant.pieces, 0) if is_for_sale else 0,
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
    """Today's terms, in two queries."""
    return Terms(
        home_country=settings.SHOP_COUNTRY,
        methods=tuple(
            Method(
                code=row.code,
                name=row.name,
                promise=row.promise,
                price=row.price,
                free_from=row.free_from,
                countries=tuple(row.countries),
                least_days=row.least_days,
                most_days=row.most_days,
                rates=tuple(_rate(values) for values in row.rate_rows),
            )
            for row in DeliveryMethod.objects.filter(is_active=True).with_rate_rows()
        ),
        percents={
            (rate.country, rate.tax_class): rate.percent
            for rate in TaxRate.objects.all()
        },
        prices_include_tax=settings.PRICES_INCLUDE_TAX,
    )


def _rate(row: dict) -> Rate:
    least_total = row["least_total"]
    return Rate(
        price=Decimal(row["price"]),
        countries=tuple(row["countries"]),
        most_g=row["most_g"],
        least_total=None if least_total is None else Decimal(least_total),
    )
