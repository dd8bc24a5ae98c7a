"""What facets have to say, by plain SQL on the tables that everything comes from and by
nothing of the shop's own; and a shop that differs in all that they count."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from random import Random
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from shop.demo.writing import learn_sizes
from shop.models import (
    AttributeValue,
    Brand,
    Category,
    Product,
    ProductAttribute,
    Stock,
    Variant,
)
from shop.prices import change_price, record_prices
from shop.relist import relist
from tests.builders import NOON, a_brand, a_category, a_value, a_warehouse
from tests.shop.sheets import as_rows, export, imported

Option = Variant.options.through
CATEGORIES = ("house", "house/bowls", "house/bowls/small", "house/cups", "light")
VALUES = {"colour": ("moss", "oat", "ink"), "material": ("clay", "wool")}
NUMBERS = {"capacity": ("10", "25.5", "50")}
BRANDS = ("mare", "norr")
PRICES = ("4.99", "5", "12.5", "30", "80.01")
BOUNDS = ("5", "10", "25.5", "40", "60")
FLAGS = ("in_stock", "new", "sale")

LISTED = (
    "EXISTS (SELECT 1 FROM shop_variant v WHERE v.product_id = p.id AND v.is_active)"
)
PRICE = "(SELECT min(price) FROM shop_variant WHERE product_id = p.id AND is_active)"
IN_STOCK = """coalesce((SELECT sum(s.on_hand - s.reserved) FROM shop_stock s
    JOIN shop_warehouse w ON w.id = s.warehouse_id AND w.is_active
    JOIN shop_variant v ON v.id = s.variant_id AND v.is_active
    WHERE v.product_id = p.id), 0) > 0"""
SALE = """(SELECT compare_at_price FROM shop_variant
    WHERE product_id = p.id AND is_active
    ORDER BY price, compare_at_price DESC NULLS LAST LIMIT 1) IS NOT NULL"""
HAS = """(EXISTS (SELECT 1 FROM shop_productattribute x
    JOIN shop_attributevalue a ON a.id = x.value_id
    JOIN shop_attribute t ON t.id = a.attribute_id
    WHERE x.product_id = p.id AND t.code = '{code}' AND a.slug IN ({slugs}))
  OR EXISTS (SELECT 1 FROM shop_variant_options o
    JOIN shop_variant v ON v.id = o.variant_id AND v.is_active
    JOIN shop_attributevalue a ON a.id = o.attributevalue_id
    JOIN shop_attribute t ON t.id = a.attribute_id
    WHERE v.product_id = p.id AND t.code = '{code}' AND a.slug IN ({slugs})))"""
WITHIN = (
    "EXISTS (SELECT 1 FROM shop_category c WHERE c.id = p.category_id AND ({paths}))"
)
NEW = "p.created_at > timestamptz '{noon}' - interval '30 days'"
SAYS = """(EXISTS (SELECT 1 FROM shop_attributevalue a
    JOIN shop_attribute t ON t.id = a.attribute_id
    WHERE t.code = '{code}' AND {test} AND (
        EXISTS (SELECT 1 FROM shop_productattribute x
                WHERE x.product_id = p.id AND x.value_id = a.id)
        OR EXISTS (SELECT 1 FROM shop_variant_options o
                   JOIN shop_variant v ON v.id = o.variant_id AND v.is_active
                   WHERE v.product_id = p.id AND o.attributevalue_id = a.id))))"""
MADE_BY = "p.brand_id IN (SELECT id FROM shop_brand WHERE slug IN ({slugs}))"


def answer(path: str, choices: dict[str, list[str]]) -> dict:
    """{"total", "in_stock", "new", "sale", (facet, slug): products} of a category's
    list."""
    tests = {code: _test(path, code, slugs) for code, slugs in choices.items() if slugs}
    wanted = {"total": tests}
    wanted |= {flag: tests | {flag: _test(path, flag, [])} for flag in FLAGS}
    for code, numbers in NUMBERS.items():
        for number in numbers:
            # Its own choice does not hide a number.
            others = {c: t for c, t in tests.items() if not c.startswith(f"{code}_")}
            same = SAYS.format(code=code, test=f"a.number = {number}")
            wanted[code, number.replace(".", "-")] = others | {code: same}
    for code, slugs in _offered(path).items():
        for slug in slugs:
            wanted[code, slug] = tests | {code: _test(path, code, [slug])}
    # Each test once for each piece, however many counts ask for it.
    asked = dict.fromkeys(test for tests in wanted.values() for test in tests.values())
    named = {test: f"t{number}" for number, test in enumerate(asked)}
    columns = [
        f"count(*) FILTER (WHERE {' AND '.join(named[t] for t in tests) or 'true'})"
        for tests in map(dict.values, wanted.values())
    ]
    told = ", ".join(f"{test} AS {name}" for test, name in named.items())
    within = _within([path]) if path else "true"
    query = (
        f"WITH told AS MATERIALIZED (SELECT {told} FROM shop_product p"  # noqa: S608
        f" WHERE p.live AND {LISTED} AND {within})"
        f" SELECT {', '.join(columns)} FROM told"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(zip(wanted, cursor.fetchone(), strict=True))


def _offered(path: str) -> dict[str, list[str]]:
    below = [p for p in CATEGORIES if p.startswith(f"{path}/") or not path]
    kinds = [p.removeprefix(f"{path}/").replace("/", ".") for p in below]
    return {"kind": kinds, **VALUES, "brand": list(BRANDS)}


def _test(path: str, code: str, slugs: list[str]) -> str:
    if code in VALUES:
        return HAS.format(code=code, slugs=_quoted(slugs))
    if code == "brand":
        return MADE_BY.format(slugs=_quoted(slugs))
    if code == "kind":
        inner = [s for s in slugs if not any(o.startswith(f"{s}.") for o in slugs)]
        top = f"{path}/" if path else ""
        return _within([top + slug.replace(".", "/") for slug in inner])
    if code == "price_min":
        return f"{PRICE} >= {slugs[0]}"
    if code == "price_max":
        return f"{PRICE} <= {slugs[0]}"
    if code == "capacity":
        least, most = slugs
        test = f"a.number >= {least or 0} AND a.number <= {most or 1000}"
        return SAYS.format(code=code, test=test)
    return {"in_stock": IN_STOCK, "new": NEW.format(noon=NOON), "sale": SALE}[code]


def _within(paths: list[str]) -> str:
    tests = [f"c.url_path = '{p}' OR c.url_path LIKE '{p}/%'" for p in paths]
    return WITHIN.format(paths=" OR ".join(tests))


def _quoted(slugs: list[str]) -> str:
    return ", ".join(f"'{slug}'" for slug in slugs)


def random_choices(chance: Random, path: str) -> tuple[str, dict[str, list[str]]]:
    """Choices as an address and as the oracle reads them."""
    choices: dict[str, list[str]] = {}
    for code, slugs in _offered(path).items():
        if slugs and chance.random() < 0.4:
            choices[code] = chance.sample(slugs, k=chance.randint(1, len(slugs)))
    for flag in FLAGS:
        if chance.random() < 0.2:
            choices[flag] = ["1"]
    address = dict(choices)
    if chance.random() < 0.3:
        least, most = chance.choice(["", *BOUNDS]), chance.choice(BOUNDS)
        choices["capacity"] = [least, most]
        address |= {"capacity_min": [least], "capacity_max": [most]}
    for bound in ("price_min", "price_max"):
        if chance.random() < 0.25:
            address[bound] = choices[bound] = [chance.choice(PRICES)]
    return urlencode(address, doseq=True), choices


# A shop


def a_catalog(chance: Random, products: int = 60) -> dict[str, Category]:
    """{path: category} of a shop of that many products, written in bulk."""
    categories: dict[str, Category] = {}
    for path in CATEGORIES:
        above, _, slug = path.rpartition("/")
        categories[path] = a_category(slug.title(), categories.get(above))
    for code, slugs in VALUES.items():
        for slug in slugs:
            a_value(slug.title(), code)
    for code, numbers in NUMBERS.items():
        for number in numbers:
            a_value(number.replace(".", "-"), code, kind="number", number=number)
    for slug in BRANDS:
        a_brand(slug.title())
    new_products(chance, range(products))
    # Or the planner takes the tables for empty, and its plans take seconds.
    learn_sizes()
    relist()
    return categories


def new_products(chance: Random, numbers: Iterable[int]) -> list[Product]:
    """Without their listing columns; in as many statements as one would take."""
    categories, brands, values = map(_all, (Category, Brand, AttributeValue))
    products, told, options, stock = [], [], [], []
    warehouse = a_warehouse()
    for number in numbers:
        product = Product(
            title=f"Piece {number}",
            slug=f"piece-{number}-{chance.getrandbits(40)}",
            category=chance.choice(categories),
            brand=chance.choice([None, chance.choice(brands)]),
            created_at=NOON - timedelta(days=chance.choice((0, 0, 1, 29, 30, 45))),
            popularity=chance.choice((0, 0, 3, 70)),
            sold_recently=chance.choice((0, 0, 1, 9)),
            live=chance.random() < 0.9,
        )
        products.append(product)
        for value in chance.sample(values, k=chance.randint(0, 2)):
            told.append(ProductAttribute(product=product, value=value))
        for _ in range(chance.randint(0, 3)):
            variant = _new_variant(chance, product)
            for value in chance.sample(values, k=chance.randint(0, 2)):
                options.append(Option(variant=variant, attributevalue=value))
            on_hand = chance.randint(0, 2)
            stock.append(Stock(variant=variant, warehouse=warehouse, on_hand=on_hand))
    Product.objects.bulk_create(products)
    ProductAttribute.objects.bulk_create(told)
    variants = Variant.objects.bulk_create(row.variant for row in stock)
    record_prices(variants, now=NOON)
    Option.objects.bulk_create(options)
    Stock.objects.bulk_create(stock)
    return products


def _new_variant(chance: Random, product: Product) -> Variant:
    price = Decimal(chance.choice(PRICES))
    return Variant(
        product=product,
        sku=f"S-{chance.random()}",
        price=price,
        compare_at_price=price + 10 if chance.random() < 0.2 else None,
        is_active=chance.random() < 0.9,
    )


def edit(chance: Random) -> None:
    """Something that happens in a shop, by one of the ways it can."""
    chance.choice(
        [
            _change_prices,
            _move_stock,
            _import_a_sheet,
            _switch_variant,
            _publish_or_not,
            _move_and_rebrand_many,
            _retell,
            _add_and_delete,
            _sell_and_grow_popular,
        ]
    )(chance)


def _change_prices(chance: Random) -> None:
    for _ in range(3):
        variant = _any(chance, Variant)
        now = timezone.now() + timedelta(days=chance.randint(0, 60))
        change_price(variant.pk, Decimal(chance.choice(PRICES)), now=now)


def _move_stock(chance: Random) -> None:
    """All rows by one statement, and listed after."""
    Stock.objects.filter(on_hand=chance.randint(0, 2)).update(
        on_hand=chance.randint(0, 2)
    )
    relist()


def _import_a_sheet(chance: Random) -> None:
    rows = chance.sample(found := as_rows(export()), k=len(found) // 2)
    live = {row["handle"]: chance.choice(["yes", "no"]) for row in rows}
    report = imported(
        *(
            row
            | {"live": live[row["handle"]], "price": chance.choice(PRICES)}
            | {"stock:lisbon": str(chance.randint(0, 2)), "stock_was:lisbon": ""}
            for row in rows
        )
    )
    assert report.problems == []


def _switch_variant(chance: Random) -> None:
    variant = _any(chance, Variant)
    Variant.objects.filter(pk=variant.pk).update(is_active=not variant.is_active)
    relist([variant.product_id])


def _publish_or_not(chance: Random) -> None:
    product = _any(chance, Product)
    if product.live:
        product.unpublish()
    else:
        product.save_revision().publish()


def _move_and_rebrand_many(chance: Random) -> None:
    """By queries of which nothing of ours hears."""
    some = Product.objects.filter(pk__gt=_any(chance, Product).pk)
    some.update(category=_any(chance, Category))
    Product.objects.filter(pk__lt=_any(chance, Product).pk).update(
        brand=chance.choice([None, _any(chance, Brand)])
    )


def _sell_and_grow_popular(chance: Random) -> None:
    some = Product.objects.filter(pk__gt=_any(chance, Product).pk)
    some.update(sold_recently=chance.randint(0, 9), popularity=chance.randint(0, 9))


def _retell(chance: Random) -> None:
    product = _any(chance, Product)
    product.attribute_values = [
        ProductAttribute(value=_any(chance, AttributeValue)) for _ in range(1)
    ]
    product.save()


def _add_and_delete(chance: Random) -> None:
    [product] = new_products(chance, [1000])
    relist([product.pk])
    Product.objects.filter(variants=None).delete()


def _any(chance: Random, model):
    return chance.choice(_all(model))


def _all(model) -> list:
    return list(model.objects.order_by("pk"))
