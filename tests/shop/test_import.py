"""Products, variants, prices and stock out of a sheet, and back into one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from home import goods
from home.models import PublishedChange
from shop import inventory, prices
from shop.counting import count_all
from shop.inventory import Demand, NotEnoughStock
from shop.models import (
    ImportRun,
    ListingChange,
    PriceChange,
    Product,
    ProductAttribute,
    SalePrice,
    Stock,
    StockMovement,
    Variant,
)
from shop.relist import drift
from shop.sheets import revisions, running
from shop.sheets.forgetting import KEPT, forget
from shop.sheets.report import MOST_CHANGES, MOST_PROBLEMS
from tests.builders import (
    NOON,
    a_brand,
    a_category,
    a_colleague,
    a_product,
    a_value,
    a_variant,
    a_warehouse,
)
from tests.shop.sheets import (
    CELL_TEXTS,
    LATER,
    a_sheet,
    as_rows,
    begun,
    checked,
    everything,
    export,
    go_on,
    imported,
)

pytestmark = pytest.mark.django_db
NEW = {"handle": "vid", "sku": "V-1", "title": "Vid", "category": "bowls"}
NEW |= {"price": "36.50", "live": "yes"}


# What is new


def test_a_new_product_has_variants_prices_and_stock():
    a_category(), a_brand(), a_warehouse(), a_warehouse("porto", 1)
    moss, clay = a_value("Moss", is_option=True), a_value("Clay", "material")
    common = NEW | {"brand": "oficina-mare", "attribute:material": "clay"}
    stock = {"stock:lisbon": "", "stock:porto": "0"}

    report = imported(
        common | {"option:colour": "moss"} | stock | {"stock:lisbon": "7"},
        common | {"option:colour": ""} | stock | {"sku": "V-2"},
    )

    assert report.problems == []
    assert (report.counts["new_products"], report.counts["new_variants"]) == (1, 2)
    product = Product.objects.get()
    assert (product.title, product.live, product.brand) == ("Vid", True, a_brand())
    assert product.first_published_at == LATER
    assert sorted(product.value_ids) == sorted([moss.pk, clay.pk])
    assert (product.current_price, product.stock_quantity) == (Decimal("36.5"), 7)
    first, second = product.variants.all()
    assert (first.sku, first.option_label, second.position) == ("V-1", "Moss", 1)
    assert list(first.options.all()) == [moss]
    ledger = PriceChange.objects.filter(price=Decimal("36.5"), changed_at=LATER)
    assert ledger.count() == 2
    counted = StockMovement.objects.values_list(
        "stock__variant__sku", "stock__warehouse__code", "kind", "on_hand", "note"
    )
    how = ("initial", 0, "Import of shelf.csv")
    assert sorted(counted) == [
        ("V-1", "lisbon", "initial", 7, "Import of shelf.csv"),
        ("V-1", "porto", *how),
        ("V-2", "porto", *how),
    ]
    assert drift() == []


def test_a_new_product_that_does_not_say_so_is_not_live():
    a_category()

    imported(NEW | {"live": ""})

    product = Product.objects.get()
    assert (product.live, product.first_published_at) == (False, None)


def test_a_known_product_gets_another_variant_behind_the_others():
    product = a_product(slug="norr")

    imported({"handle": "norr", "sku": "N-2", "price": "9"})

    assert list(product.variants.values_list("sku", "position"))[1] == ("N-2", 1)
    assert Product.objects.get().has_price_range


# What changes


def test_what_is_exported_and_imported_again_changes_nothing():
    a_warehouse("porto", 1)
    product = a_product("=1+1", description="a & b <br>", brand=a_brand())
    a_variant(product, sku="-2", options=[a_value("Moss", is_option=True)], stock={})
    a_product("'=SUM(A1)", caption='\r\n;"', values=[a_value("Clay", "material")])
    before, sheet = everything(), export()

    report = imported(content=sheet)

    assert report.problems == [] and report.changes == []
    assert report.counts["unchanged"] == 3
    assert everything() == before
    assert export() == sheet


@given(CELL_TEXTS, CELL_TEXTS)
@hypothesis_settings(max_examples=15)
def test_whatever_a_product_says_comes_back_as_it_went(title, caption):
    Product.objects.exists() or a_product()
    Product.objects.update(title=title or "Vid", caption=caption)
    before = Product.objects.values().get()

    imported(content=export())
    assert Product.objects.values().get() == before

    # And all the way: out of a sheet into an empty row.
    sheet = export()
    Product.objects.update(title="?", caption="?")
    imported(content=sheet)
    after = Product.objects.values("title", "caption").get()
    # A title of nothing but blanks is no title.
    assert after["title"] == (before["title"] if before["title"].strip() else "?")
    assert after["caption"] == before["caption"]


def test_an_import_does_what_it_says_once():
    a_category("Cups"), a_brand()
    oat, clay = a_value("Oat", is_option=True), a_value("Clay", "material")
    product = a_product("Norr mug", slug="norr", values=[clay])
    other = a_product("Left alone")
    row, _ = as_rows(export())
    row |= {"title": "Norr cup", "category": "cups", "brand": "oficina-mare"}
    row |= {"attribute:material": "", "option:colour": "oat", "price": "20.00"}
    row |= {"stock:lisbon": "12", "tax_class": "reduced", "weight_g": "300"}
    sheet = a_sheet(row | {"live": "no"})

    report = imported(content=sheet)

    product.refresh_from_db()
    assert (product.title, product.category.slug) == ("Norr cup", "cups")
    assert (product.brand, product.live) == (a_brand(), False)
    assert product.value_ids == [oat.pk]
    variant = product.variants.get()
    assert (variant.price, variant.compare_at_price) == (20, Decimal("36.5"))
    assert (variant.tax_class, variant.weight_g) == ("reduced", 300)
    latest = StockMovement.objects.latest("moved_at")
    assert (latest.kind, latest.on_hand, latest.moved_at) == ("counted", 2, LATER)
    assert list(PriceChange.objects.values_list("price", flat=True)[:1]) == [20]
    assert other.title == Product.objects.get(pk=other.pk).title
    assert {change.column for change in report.changes} >= {"title", "price", "live"}

    before, versions = everything(), (goods.version(), PublishedChange.objects.count())
    again = imported(content=sheet, now=LATER + timedelta(hours=1))
    assert again.changes_nothing and everything() == before
    assert versions == (goods.version(), PublishedChange.objects.count())
    imported(content=a_sheet(row | {"live": "yes"}))
    product.refresh_from_db()
    assert product.live and product.last_published_at == LATER
    assert drift() == []


def test_a_column_that_is_missing_leaves_what_is_there():
    product = a_product(caption="Clay", values=[a_value()], stock=4)
    sku = product.variants.get().sku

    imported({"sku": sku, "price": "5"})

    product.refresh_from_db()
    assert (product.caption, product.value_ids) == ("Clay", [a_value().pk])
    assert (product.current_price, product.stock_quantity) == (5, 4)


def test_a_price_that_is_imported_during_a_sale_is_the_price_after_it():
    variant = a_variant(price="30")
    hours = {"starts_at": NOON, "ends_at": NOON + timedelta(days=1)}
    SalePrice.objects.create(variant=variant, price=Decimal(20), **hours)
    prices.apply_due(now=LATER)
    [row] = as_rows(export())
    assert row["price"] == "30.00"

    imported(row | {"price": "28"})

    variant.refresh_from_db()
    assert (variant.price, variant.regular_price) == (20, 28)


# Mistakes


def test_every_mistake_is_told_by_row_and_column_and_nothing_is_written():
    a_category(), a_value(is_option=True), a_value("Oat", is_option=True)
    product = a_product(slug="norr", price=None)
    a_variant(product, sku="N-1")
    Product.objects.create(
        title="Locked", slug="locked", category=a_category(), locked=True
    )
    row = NEW | {"option:colour": "moss", "currency": "EUR"}
    known = dict.fromkeys(row, "") | {"sku": "N-1"}
    before = everything()

    report = checked(
        a_sheet(
            row,
            row | {"title": "Another"},
            row | {"sku": "V-2", "title": "Another", "live": ""},
            row | {"sku": "V-3", "price": "36.505"},
            row | {"sku": "V-4", "option:colour": "moss|oat"},
            row | {"sku": "V-5", "currency": "USD"},
            known | {"handle": "vid"},
            row | {"sku": ""},
            row | {"sku": "V-6", "handle": ""},
            row | {"sku": "V-7", "handle": "new", "title": "", "category": ""},
            row | {"sku": "V-8", "price": "", "category": "bowls"},
            row | {"sku": "V-9", "category": "cups", "price": "x", "live": "?"},
            row | {"sku": "V-10", "handle": "locked"},
        )
    )

    assert [(problem.row, problem.column) for problem in report.problems] == [
        (3, "sku"),
        (4, "title"),
        (4, "live"),
        (5, "price"),
        (6, "option:colour"),
        (7, "currency"),
        (8, "handle"),
        (9, "sku"),
        (10, "sku"),
        (11, "title"),
        (11, "category"),
        (12, "price"),
        (13, "category"),
        (13, "price"),
        (13, "live"),
        (14, "handle"),
    ]
    words = {(p.row, p.column): p.words for p in report.problems}
    assert words[3, "sku"] == "It stands in row 2 already."
    assert words[4, "title"] == "Row 2 says otherwise of the same product."
    assert words[5, "price"] == "EUR has 2 decimal places."
    assert "belongs to the product norr" in words[8, "handle"]
    assert everything() == before


def test_a_report_keeps_the_first_of_many_and_counts_all():
    a_category()
    rows = [NEW | {"sku": f"V-{n}", "price": "x"} for n in range(MOST_PROBLEMS + 1)]
    report = checked(a_sheet(*rows))
    assert len(report.problems) == MOST_PROBLEMS
    assert report.counts["problems"] == MOST_PROBLEMS + 1

    rows = [NEW | {"sku": f"V-{n}"} for n in range(MOST_CHANGES + 1)]
    report = checked(a_sheet(*rows))
    assert len(report.changes) == MOST_CHANGES
    # The product itself is one of them, once, though it stands in two batches.
    assert report.counts["changes"] == MOST_CHANGES + 2


def test_a_product_in_several_batches_is_new_once(monkeypatch):
    monkeypatch.setattr("shop.sheets.batches.BATCH", 2)
    a_category()
    sheet = a_sheet(*(NEW | {"sku": f"V-{n}"} for n in range(5)))

    expected, done = checked(sheet), imported(content=sheet)

    assert expected.counts == done.counts
    assert expected.changes == done.changes
    assert done.counts["new_products"] == Product.objects.count() == 1
    assert Variant.objects.count() == 5


# Stock


def test_pieces_that_were_sold_since_the_export_are_not_brought_back():
    variant = a_variant(stock=10)
    [row] = as_rows(export())
    stock = Stock.objects.get()
    inventory.receive(stock.pk, -3, now=NOON)

    # Whoever did not count leaves it at 7; whoever did is asked to count again.
    assert imported(row).changes_nothing
    assert [p.words for p in imported(row | {"stock:lisbon": "12"}).problems] == [
        "Meanwhile there are 7 on hand, not 10: count again."
    ]
    assert imported({"sku": variant.sku, "stock:lisbon": "12"}).problems == []

    stock.refresh_from_db()
    assert stock.on_hand == 12


def test_stock_never_falls_below_what_is_reserved():
    variant = a_variant(stock=10)
    held = inventory.lock_stock([variant.pk])
    inventory.reserve(held, [Demand(variant.pk, 4, 1)], now=NOON)

    [problem] = checked(a_sheet({"sku": variant.sku, "stock:lisbon": "3"})).problems

    assert (problem.column, problem.words) == (
        "stock:lisbon",
        "4 are reserved for orders.",
    )
    with pytest.raises(NotEnoughStock):
        place = Stock.objects.values_list("variant", "warehouse").get()
        count_all({place: 3}, now=NOON)
    assert imported({"sku": variant.sku, "stock:lisbon": "4"}).problems == []
    assert Stock.objects.get().available == 0


def test_a_row_that_went_wrong_after_the_check_is_left_out_and_the_others_are_not():
    first, second = a_variant(sku="A", stock=10), a_variant(sku="B", stock=10)
    sheet = a_sheet(
        {"sku": "A", "stock:lisbon": "3"}, {"sku": "B", "stock:lisbon": "3"}
    )
    assert checked(sheet).problems == []
    held = inventory.lock_stock([first.pk])
    inventory.reserve(held, [Demand(first.pk, 4, 1)], now=NOON)

    report = imported(content=sheet)

    assert [(problem.row, problem.column) for problem in report.problems] == [
        (2, "stock:lisbon")
    ]
    assert second.stock.get().on_hand == 3 and first.stock.get().on_hand == 10


# Drafts


def test_a_draft_stays_and_what_is_live_changes():
    product = a_product("Norr mug")
    product.save_revision().publish()
    product.refresh_from_db()
    product.title = "Norr mug, as drafted"
    draft = product.save_revision()
    [row] = as_rows(export())
    assert row["title"] == "Norr mug"

    report = imported(row | {"title": "Norr cup"})

    product = Product.objects.get()
    assert report.counts["drafts"] == 1
    assert (product.title, product.has_unpublished_changes) == ("Norr cup", True)
    assert product.latest_revision == draft and product.live_revision is None
    assert product.get_latest_revision_as_object().title == "Norr mug, as drafted"


def test_without_a_draft_the_admin_opens_what_was_imported():
    by = a_colleague("Shop staff")
    product = a_product("Norr mug", values=[a_value()])
    product.save_revision().publish()
    [row] = as_rows(export())
    run = begun(a_sheet(row | {"title": "Norr cup", "attribute:colour": ""}))
    ImportRun.objects.update(confirmed_by=by)

    go_on(run)

    product = Product.objects.get()
    opened = product.get_latest_revision_as_object()
    assert (opened.title, list(opened.attribute_values.all())) == ("Norr cup", [])
    assert product.live_revision == product.latest_revision
    assert (product.latest_revision.user, product.has_unpublished_changes) == (
        by,
        False,
    )
    assert product.revisions.count() == 2


def test_what_is_taken_off_does_not_come_back_at_an_hour():
    product = a_product("Norr mug")
    product.save_revision(approved_go_live_at=LATER + timedelta(days=1))
    [row] = as_rows(export())

    imported(row | {"live": "no"})

    product = Product.objects.get()
    assert not product.live
    assert not product.revisions.filter(approved_go_live_at__isnull=False).exists()


# How much it asks


def cost(title: str, capture) -> tuple[int, ...]:
    """Queries of an import that changes everything of all products and of an export;
    how often it has pages made anew, and how many notes lists get."""
    n = str(len(title))
    said = {"title": title, "price": n, "stock:lisbon": n, "attribute:colour": "oat"}
    run = begun(a_sheet(*(row | said | {"weight_g": n} for row in as_rows(export()))))
    ListingChange.objects.all().delete()
    with CaptureQueriesContext(connection) as asked, capture() as callbacks:
        go_on(run)
    moves = [callback for callback in callbacks if callback is goods._move]
    with CaptureQueriesContext(connection) as asked_for_export:
        export()
    notes = ListingChange.objects.count()
    return len(asked), len(asked_for_export), len(moves), notes


def test_fifty_products_cost_as_much_as_one(django_capture_on_commit_callbacks):
    a_category(), a_warehouse(), a_value("Moss"), a_value("Oat")
    common = NEW | {"attribute:colour": "moss", "stock:lisbon": "9"}

    def there_are(*numbers: int) -> None:
        imported(*(common | {"handle": f"p-{n}", "sku": f"P-{n}"} for n in numbers))
        every = Product.objects.values_list("pk", flat=True)
        revisions.follow(every, drafts=(), now=NOON, by_id=None)

    there_are(1)
    for_one = cost("Ostra", django_capture_on_commit_callbacks)
    ProductAttribute.objects.update(value=a_value("Moss"))
    there_are(*range(2, 51))

    assert cost("Norr", django_capture_on_commit_callbacks) == for_one
    assert drift() == []


# One after the other


def test_files_of_old_imports_are_forgotten():
    old = dict.fromkeys(ImportRun.State, LATER - KEPT - timedelta(hours=1))
    for state, moment in [*old.items(), (ImportRun.State.DONE, LATER)]:
        run = begun(a_sheet({"sku": a_variant().sku}), now=moment)
        ImportRun.objects.filter(pk=run.pk).update(state=state)

    forget(now=LATER)

    left = ImportRun.objects.order_by("pk").values_list("state", "content")
    kept = [(state, bool(bytes(content))) for state, content in left]
    assert kept == [("running", True), ("done", False), ("done", True)]


def test_of_two_who_go_on_each_batch_is_done_by_one(monkeypatch):
    monkeypatch.setattr("shop.sheets.batches.BATCH", 2)
    variants = [a_variant(stock=1) for _ in range(5)]
    run = begun(a_sheet(*({"sku": v.sku, "stock:lisbon": "3"} for v in variants)))
    ends = []

    def another_takes_over(done: int) -> None:
        ends.append(go_on(run))

    go_on(run, told=another_takes_over)

    assert [(run.state, run.position) for run in ends] == [("done", 5)]
    assert StockMovement.objects.filter(kind="counted").count() == 5


def test_a_batch_that_met_another_is_tried_again(monkeypatch):
    """Somebody has made a product of the same handle since it was looked for."""
    a_category()
    run = begun(a_sheet(NEW))
    real, tries = running._lock, []

    def lock_late(skus, handles):
        real(skus, handles)
        tries.append(1)

    find = running.facts.find

    def look_too_early(skus, handles, known):
        found = find(skus, handles, known)
        if len(tries) == 1:
            Product.objects.create(title="Vid", slug="vid", category=a_category())
        return found

    monkeypatch.setattr(running, "_lock", lock_late)
    monkeypatch.setattr(running.facts, "find", look_too_early)

    assert go_on(run).state == "done"
    assert len(tries) == 2 and Product.objects.count() == 1
