"""What the demo shop needs to sell: ways of delivery, tax rates, and orders of the last
days, placed through the same door as any other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from checkout import cart, finalization, orders
from checkout.address import Address
from checkout.models import (
    Cart,
    DeliveryMethod,
    Order,
    OrderEvent,
    Promotion,
    TaxRate,
)
from checkout.review import review
from shop.demo.invention import piece
from shop.models import Category, Variant
from shop.relist import relist

# Standard and reduced rates in per cent, as of 2026.
RATES = {
    "AT": ("20", "10"),
    "BE": ("21", "6"),
    "DE": ("19", "7"),
    "DK": ("25", "25"),
    "ES": ("21", "10"),
    "FI": ("25.5", "13.5"),
    "FR": ("20", "5.5"),
    "IE": ("23", "13.5"),
    "IT": ("22", "10"),
    "LU": ("17", "8"),
    "NL": ("21", "9"),
    "PL": ("23", "8"),
    "PT": ("23", "6"),
    "SE": ("25", "12"),
}
METHODS = [
    {
        "code": "post",
        "name": "Post",
        "promise": "Two to four working days, to the door",
        "price": Decimal("4.90"),
        "free_from": Decimal("80.00"),
        "countries": sorted(RATES),
        "least_days": 2,
        "most_days": 4,
    },
    {
        "code": "express",
        "name": "Express",
        "promise": "One to two working days, with a signature",
        "price": Decimal("9.90"),
        "countries": sorted(RATES),
        "least_days": 1,
        "most_days": 2,
    },
    {
        "code": "collect",
        "name": "Collect in Lisbon",
        "promise": "Rua do Forno 12, Tuesday to Saturday, ten to six",
        "price": Decimal("0.00"),
        "countries": ["PT"],
        "least_days": 0,
        "most_days": 1,
    },
]

# The first is the one that the page "The autumn firing" tells of.
PROMOTIONS = {
    "GLAZE10": {
        "name": "Ten per cent off",
        "kind": Promotion.Gives.PERCENT,
        "value": Decimal(10),
        "once_per_customer": True,
    },
    "FREEPOST": {
        "name": "Free delivery",
        "kind": Promotion.Gives.FREE_DELIVERY,
        "least_total": Decimal(30),
    },
}

# Hours ago, who, and which pieces by their numbers, with quantities.
ORDERS = [
    (122, ("Rui Almeida", "Rua da Alegria 40", "4000-034", "Porto", "PT"), {60: 2}),
    (101, ("Claire Fabre", "12 rue des Tanneurs", "69005", "Lyon", "FR"), {1: 4, 9: 2}),
    (98, ("Jonas Weber", "Lindenweg 3", "50674", "Köln", "DE"), {12: 3}),
    (76, ("Marta Kovač", "Rua Nova 18", "3000-300", "Coimbra", "PT"), {0: 1, 2: 1}),
    (53, ("Lucía Prieto", "Calle Mayor 7", "37001", "Salamanca", "ES"), {26: 1}),
    (50, ("Ana Teles", "Largo do Carmo 2", "1200-092", "Lisboa", "PT"), {18: 2}),
    (31, ("Pieter de Wit", "Oudegracht 88", "3511 AV", "Utrecht", "NL"), {1: 2, 11: 2}),
    (27, ("Freja Holm", "Nørregade 15", "8000", "Aarhus", "DK"), {32: 1}),
    (22, ("Beatriz Gomes", "Avenida Central 5", "4710-228", "Braga", "PT"), {8: 1}),
    (5, ("Hugo Martins", "Rua do Sol 9", "8000-150", "Faro", "PT"), {34: 2, 19: 1}),
    (3, ("Elena Rossi", "Via Garibaldi 21", "16124", "Genova", "IT"), {13: 1, 4: 1}),
    (1, ("Inês Faria", "Rua da Rosa 63", "1200-385", "Lisboa", "PT"), {20: 3, 22: 1}),
]


def offer_terms() -> None:
    """Make delivery methods, tax rates and promotions that are missing."""
    for position, method in enumerate(METHODS):
        DeliveryMethod.objects.get_or_create(
            code=method["code"], defaults=method | {"position": position}
        )
    TaxRate.objects.bulk_create(
        (
            TaxRate(country=country, tax_class=tax_class, percent=Decimal(percent))
            for country, (standard, reduced) in RATES.items()
            for tax_class, percent in (
                (Variant.TaxClass.STANDARD, standard),
                (Variant.TaxClass.REDUCED, reduced),
                (Variant.TaxClass.ZERO, "0"),
            )
        ),
        ignore_conflicts=True,
    )
    for code, values in PROMOTIONS.items():
        made, is_new = Promotion.objects.get_or_create(code=code, defaults=values)
        if is_new and code == "GLAZE10":
            made.categories.set(Category.objects.filter(url_path="tableware"))


def place_orders(*, now: datetime) -> int:
    """Place and settle a dozen orders of the last five days, unless there are any.

    Returns how many. No letter is sent for them, and their history says so.
    """
    if Order.objects.exists():
        return 0
    placed = [
        _place(
            person,
            {_sku(n): q for n, q in chosen.items()},
            now=now - timedelta(hours=hours),
        )
        for hours, person, chosen in ORDERS
        if _are_there(chosen)
    ]
    lines = [line for order in placed for line in order.lines.all()]
    products = Variant.objects.filter(sku__in=[line.sku for line in lines])
    relist(list(products.values_list("product_id", flat=True)))
    return len(placed)


def _place(person: Sequence[str], chosen: dict[str, int], *, now: datetime) -> Order:
    name, street, postcode, city, country = person
    address = Address(
        email=f"{slugify(name)}@example.com",
        name=name,
        street=street,
        postcode=postcode,
        city=city,
        country=country,
    )
    token = ""
    for sku, quantity in chosen.items():
        token = cart.add(token, sku, quantity, now=now).token
    basket = Cart.objects.get(token=token)
    seen = review(basket, now=now, country=country, delivery_code="post")
    order = finalization.finalize_cart(
        basket.pk,
        address=address,
        delivery_code="post",
        payment_method=Order.PaymentMethod.INVOICE,
        expected_total=seen.quote.total,
        now=now,
    )
    order = orders.settle_order(order.pk, now=now)
    # The letter's job finds that it has been sent, and does nothing.
    order.record(
        OrderEvent.Kind.CONFIRMATION_SENT,
        now=now,
        note="An order of the demo: no letter was sent.",
    )
    return order


def _are_there(chosen: dict[int, int]) -> bool:
    """A demo of few products has not all the pieces that people ordered."""
    return Variant.objects.filter(sku__in=map(_sku, chosen)).count() == len(chosen)


def _sku(number: int) -> str:
    """The variant of a piece of which there are most."""
    return max(piece(number).choices, key=lambda choice: sum(choice.stock)).sku
