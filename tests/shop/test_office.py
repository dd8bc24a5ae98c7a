"""The shop's side of the admin: stories are drafted, prices and stock keep books."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.roles import Role
from home.spreadsheets import harmless
from shop.inventory import StockMoved, count
from shop.models import PriceChange, Product, Stock, StockMovement, Variant
from tests.builders import (
    NOON,
    a_category,
    a_colleague,
    a_picture,
    a_product,
    a_value,
    a_variant,
    a_warehouse,
)
from tests.many import many_products

pytestmark = pytest.mark.django_db
Kind = StockMovement.Kind


@pytest.fixture
def staff(client):
    user = a_colleague(Role.SHOP_STAFF)
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def text(reply) -> str:
    return reply.content.decode()


# Products


def test_a_product_is_found_by_its_sku(staff):
    a_variant(a_product("Vid serving bowl", price=None), sku="KL-2107-26-MOS")
    a_product("Norr mug")

    page = text(staff.get(reverse("wagtailsnippets_shop_product:list"), {"q": "2107"}))

    assert "Vid serving bowl" in page and "Norr mug" not in page


def test_products_are_filtered_by_stock(staff):
    a_product("Norr mug", stock=0)
    url = reverse("wagtailsnippets_shop_product:list")

    assert "Norr mug" not in text(staff.get(url, {"in_stock": "true"}))
    assert "Norr mug" in text(staff.get(url, {"in_stock": "false"}))


def test_an_export_of_products_is_harmless_and_in_the_places_of_its_currency(staff):
    a_product("=1+1", slug="vid", price="36.50")
    url = reverse("wagtailsnippets_shop_product:list")

    sheet = b"".join(staff.get(url, {"export": "csv"}).streaming_content).decode()

    assert sheet.splitlines()[1].startswith("'=1+1,vid,")
    assert ",36.50,EUR," in sheet


def queries_of_the_list(staff) -> int:
    with CaptureQueriesContext(connection) as queries:
        staff.get(reverse("wagtailsnippets_shop_product:list"))
    return len(queries)


def test_a_list_of_products_asks_as_much_for_one_as_for_twenty(staff):
    a_product(picture=a_picture())
    queries_of_the_list(staff)
    for_one = queries_of_the_list(staff)
    many_products(19, pictures=[a_picture() for _ in range(19)])

    assert queries_of_the_list(staff) <= for_one


def test_a_product_shows_its_variants_with_price_and_stock(staff):
    product = a_product(price=None)
    a_variant(product, price="19.00", stock=7, sku="KL-1-28-OAT")

    page = text(
        staff.get(reverse("wagtailsnippets_shop_product:edit", args=[product.pk]))
    )

    assert "KL-1-28-OAT" in page and "€19.00" in page and "<td>7</td>" in page


def test_a_product_can_be_previewed():
    product = a_product(picture=a_picture())
    product.title = "Vid serving bowl, as drafted"

    assert "as drafted" in text(product.make_preview_request())


def test_a_product_that_was_never_saved_can_be_previewed():
    product = Product(title="Ostra jar", slug="ostra-jar", category=a_category())

    assert "Ostra jar" in text(product.make_preview_request())


def test_no_product_and_no_variant_is_deleted_even_by_a_superuser(admin_client):
    product = a_product()
    for url in (
        reverse("wagtailsnippets_shop_product:delete", args=[product.pk]),
        reverse("variants:delete", args=[product.variants.get().pk]),
    ):
        assert admin_client.post(url).status_code == 302

    assert Product.objects.exists() and Variant.objects.exists()


# Variants


def variant_data(variant, **more) -> dict:
    return {
        "product": variant.product_id,
        "sku": variant.sku,
        "is_active": "on",
        "option_label": variant.option_label,
        "price": variant.price,
        "tax_class": "standard",
        "weight_g": 300,
        "position": 0,
    } | more


def test_a_cut_in_the_admin_is_in_the_ledger_and_on_the_list(
    staff, django_capture_on_commit_callbacks
):
    variant = a_product(price="42.00").variants.get()
    url = reverse("variants:edit", args=[variant.pk])

    with django_capture_on_commit_callbacks(execute=True):
        reply = staff.post(url, variant_data(variant, price="36.50"))

    assert reply.status_code == 302
    variant.refresh_from_db()
    assert (variant.price, variant.compare_at_price) == (Decimal("36.5"), Decimal(42))
    assert PriceChange.objects.filter(variant=variant).count() == 2
    assert Product.objects.get().current_price == Decimal("36.5")


def test_saving_a_variant_without_a_new_price_writes_no_ledger(staff):
    variant = a_product().variants.get()

    staff.post(reverse("variants:edit", args=[variant.pk]), variant_data(variant))

    assert PriceChange.objects.count() == 1


def test_a_new_variant_is_named_by_its_options(staff):
    product, moss = a_product(price=None), a_value("Moss", is_option=True)
    unsaved = Variant(product=product, sku="KL-9-MOS", price=Decimal(20))

    staff.post(
        reverse("variants:add"), variant_data(unsaved, price="20", options=[moss.pk])
    )

    variant = Variant.objects.get()
    assert variant.option_label == "Moss"
    assert variant.price_changes.get().price == Decimal(20)


def test_a_variant_has_one_value_of_an_attribute(staff):
    colours = [a_value(name, is_option=True).pk for name in ("Moss", "Oat")]
    variant = a_product().variants.get()
    url = reverse("variants:edit", args=[variant.pk])

    reply = staff.post(url, variant_data(variant, options=colours))

    assert "Choose one value of each attribute." in text(reply)


def test_a_price_below_nothing_is_refused(staff):
    variant = a_product().variants.get()
    url = reverse("variants:edit", args=[variant.pk])

    assert staff.post(url, variant_data(variant, price="-1")).status_code == 200
    assert PriceChange.objects.count() == 1


# Stock


def move(client, stock, deed, pieces, **more):
    data = {"deed": deed, "pieces": pieces, "note": "", "seen": stock.on_hand} | more
    return client.post(reverse("stock:edit", args=[stock.pk]), data)


def test_pieces_that_arrive_are_a_movement(staff):
    stock = a_product(stock=4).variants.get().stock.get()

    move(staff, stock, Kind.RECEIVED, 6, note="Autumn firing")

    stock.refresh_from_db()
    arrived = stock.movements.get(kind=Kind.RECEIVED)
    assert (stock.on_hand, arrived.on_hand, arrived.note) == (10, 6, "Autumn firing")
    assert Product.objects.get().stock_quantity == 10


def test_a_count_of_what_has_changed_meanwhile_is_refused(staff):
    stock = a_product(stock=4).variants.get().stock.get()

    reply = move(staff, stock, Kind.COUNTED, 9, seen=5)

    assert "Meanwhile there are 4 on hand." in text(reply)
    assert Stock.objects.get().on_hand == 4


def test_a_count_sets_what_is_there_and_says_the_difference(staff):
    stock = a_product(stock=4).variants.get().stock.get()

    move(staff, stock, Kind.COUNTED, 3)

    assert stock.movements.get(kind=Kind.COUNTED).on_hand == -1
    assert Stock.objects.get().on_hand == 3


def test_no_more_is_thrown_away_than_there_is(staff):
    stock = a_product(stock=4).variants.get().stock.get()

    reply = move(staff, stock, Kind.SCRAPPED, 5)

    assert "So many are not there" in text(reply)
    assert not stock.movements.filter(kind=Kind.SCRAPPED).exists()


def test_stock_is_opened_with_a_first_count(staff):
    variant, porto = a_product().variants.get(), a_warehouse("porto", 1)

    staff.post(
        reverse("stock:add"),
        {"variant": variant.sku, "warehouse": porto.pk, "on_hand": 5},
    )

    opened = Stock.objects.get(warehouse=porto)
    assert opened.movements.get().kind == Kind.INITIAL


def test_the_same_shelf_is_not_opened_twice(staff):
    variant = a_product().variants.get()
    shelf = variant.stock.get()

    reply = staff.post(
        reverse("stock:add"),
        {"variant": variant.sku, "warehouse": shelf.warehouse_id, "on_hand": 5},
    )

    assert reply.status_code == 200
    assert Stock.objects.count() == 1


def test_counting_names_what_is_there_now():
    stock = a_product(stock=4).variants.get().stock.get()

    with pytest.raises(StockMoved) as refusal:
        count(stock.pk, 9, seen=5, now=NOON)

    assert refusal.value.on_hand == 4


# Ledgers


@pytest.mark.parametrize("name", ["stock-movements", "price-changes"])
def test_a_ledger_is_listed_looked_at_exported_and_never_changed(staff, name):
    a_product()
    model = {"stock-movements": StockMovement, "price-changes": PriceChange}[name]
    row = model.objects.get()

    assert staff.get(reverse(f"{name}_modeladmin_index")).status_code == 200
    assert staff.get(f"/admin/{name}/", {"export": "csv"}).status_code == 200
    assert staff.get(f"/admin/{name}/inspect/{row.pk}/").status_code == 200
    assert staff.get(f"/admin/{name}/edit/{row.pk}/").status_code in (302, 403)


def test_movements_are_filtered_by_warehouse(staff):
    a_variant(sku="KL-77", stock={"lisbon": 3})
    a_warehouse("porto", 1)

    assert "KL-77" in text(
        staff.get("/admin/stock-movements/", {"warehouse": "lisbon"})
    )
    assert "KL-77" not in text(
        staff.get("/admin/stock-movements/", {"warehouse": "porto"})
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1"])
def test_a_cell_that_would_be_a_formula_becomes_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Moss", "", Decimal("-5.00"), None, 3])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


@pytest.mark.parametrize("key", ["0", "9" * 40, "-1", "²", "٣", "1e3", "\0"])
def test_who_names_no_row_begins_with_nothing_chosen(staff, key):
    for name, asked in (("variants", "product"), ("sale_prices", "variant")):
        answer = staff.get(reverse(f"{name}:add"), {asked: key})

        assert answer.status_code == 200
        assert getattr(answer.context["form"].instance, f"{asked}_id") is None
