"""Many products changed at once in the admin: shown first, then as it was shown."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from home import goods
from home.roles import Role
from shop.bulk import status, together
from shop.models import PriceChange, Product, SalePrice, Variant
from shop.office import many, many_forms
from shop.relist import drift
from tests.builders import NOON, a_brand, a_colleague, a_product, a_variant
from tests.many import many_variants

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    client.force_login(a_colleague(Role.SHOP_STAFF))
    return client


def url(**asked) -> str:
    address = reverse("wagtailsnippets_shop_product:change_many")
    return f"{address}?{urlencode(asked, doseq=True)}"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def look(client, **asked):
    answer = client.get(url(**asked))
    assert answer.status_code == 200, answer.context["form"].errors
    return answer


def confirm(client, answer):
    """Press the button of a page that shows what would happen."""
    context = answer.context
    return client.post(context["plan_url"], {"seen": context["seen"]})


def priced(*prices, **more) -> list[Variant]:
    """A product each, that has cost this for a while."""
    return [
        a_variant(a_product(price=None, **more), price=price, now=NOON - 90 * DAY)
        for price in prices
    ]


def prices() -> list[Decimal]:
    return list(Variant.objects.order_by("pk").values_list("price", flat=True))


# Prices


def test_prices_are_shown_before_they_change_with_what_is_refused_and_why(staff):
    dear, cheap, low = priced("42.00", "4.00", "20.00")
    PriceChange.objects.create(variant=low, price="12", changed_at=NOON - 5 * DAY)
    PriceChange.objects.create(variant=low, price="20", changed_at=NOON - 4 * DAY)

    page = look(staff, way="amount_less", by="5", ending="0.90")

    said = text(page)
    assert prices() == [42, 4, 20] and "2 prices would change" in said
    assert "€42.00" in said and "€36.90" in said
    assert "30-day lowest before the cut: €42.00" in said
    assert "Nothing is struck through: it cost no more in the last 30 days." in said
    assert "1 stay as they are: It would cost less than nothing." in said

    answer = confirm(staff, page)

    assert answer.status_code == 303
    assert prices() == [Decimal("36.90"), 4, Decimal("14.90")]
    dear.refresh_from_db()
    low.refresh_from_db()
    assert (dear.compare_at_price, low.compare_at_price) == (42, None)
    assert dear.price_changes.first().changed_at == NOON
    assert cheap.price_changes.count() == 1
    assert drift() == []
    noted = ModelLogEntry.objects.filter(action="shop.change_prices")
    assert {entry.object_id for entry in noted} == {
        str(dear.product_id),
        str(low.product_id),
    }
    assert len({entry.uuid for entry in noted}) == 1


def test_what_has_changed_since_is_shown_and_nothing_is_written(staff):
    first, second, third = priced("10", "20", "30")
    page = look(staff, way="percent_less", by="10", live="true")
    Variant.objects.filter(pk=second.pk).update(price="25")
    Product.objects.filter(pk=third.product_id).update(live=False)
    [new] = priced("50")

    answer = confirm(staff, page)

    said = text(answer)
    assert answer.status_code == 409 and prices() == [10, 25, 30, 50]
    assert "Nothing was changed: 3 things are not as they were" in said
    assert "It was €20.00 when you looked." in said
    assert said.index("It was €20.00") < said.index(first.sku)
    assert "New in this list since you looked." in said

    assert confirm(staff, answer).status_code == 303
    assert prices() == [9, Decimal("22.5"), 30, 45]
    # The same press again, or one that says nothing, changes nothing.
    assert confirm(staff, answer).status_code == 409
    for nonsense in ("", "nonsense", "eJwDAAAAAAE="):
        refused = staff.post(answer.context["plan_url"], {"seen": nonsense})
        assert refused.status_code == 409
    assert prices() == [9, Decimal("22.5"), 30, 45]


def test_while_a_sale_runs_it_is_the_price_after_it_that_changes(staff):
    [variant] = priced("40")
    SalePrice.objects.create(
        variant=variant, price="30", starts_at=NOON - DAY, ends_at=NOON + DAY
    )

    page = look(staff, way="percent_less", by="10")
    assert confirm(staff, page).status_code == 303

    variant.refresh_from_db()
    assert (variant.price, variant.regular_price) == (30, 36)


def test_rows_or_all_that_filters_and_search_leave(staff):
    brand = a_brand()
    mug, bowl = priced("10", "20", brand=brand)
    [other] = priced("30")
    Product.objects.filter(pk=mug.product_id).update(title="Norr mug")

    def chosen(**asked) -> set[int]:
        answer = staff.get(url(**asked))
        return {product.pk for product in answer.context["offered"]}

    everything = {mug.product_id, bowl.product_id, other.product_id}
    assert chosen() == chosen(id="all") == everything
    assert chosen(id=[mug.product_id, other.product_id]) == everything - {
        bowl.product_id
    }
    assert chosen(brand=brand.pk) == chosen(brand=brand.pk, id="all")
    assert chosen(brand=brand.pk) == everything - {other.product_id}
    assert chosen(brand=brand.pk, q="norr") == {mug.product_id}
    # All ticks taken away is nobody, not everybody; so is what is not understood.
    for nobody in ({"picked": "1"}, {"id": "x"}, {"brand": "x"}, {"q": "\0 none"}):
        assert chosen(**nobody) == set()

    # From the list and its ticked rows, filters and all, and back.
    listed = reverse("wagtailsnippets_shop_product:list")
    page = text(staff.get(listed, {"q": "norr"}))
    assert f'href="{url(q="norr")}"' in page and "of this one" in page
    ticked = staff.get(
        reverse("wagtail_bulk_action", args=["shop", "product", "change_many"]),
        {"q": "norr", "id": "all", "next": listed},
    )
    assert ticked.url.startswith(reverse("wagtailsnippets_shop_product:change_many"))
    page = staff.get(ticked.url)
    assert {p.pk for p in page.context["offered"]} == {mug.product_id}
    assert page.context["list_url"] == f"{listed}?q=norr"


def test_many_rows_are_not_offered_one_by_one_and_too_many_not_at_all(
    staff, monkeypatch
):
    a, b, c = (variant.product_id for variant in priced("10", "20", "30"))
    monkeypatch.setattr(many, "FEW", 1)
    monkeypatch.setattr(many, "ROWS", 2)

    page = look(staff, id=[a, b, c], way="set", by="5")
    assert page.context["offered"] is None
    assert ("id", str(a)) in page.context["kept"]
    assert "Page 1 of 2" in text(page) and len(page.context["rows"]) == 2
    further = staff.get(f"{page.context['plan_url']}&page=2")
    assert len(further.context["rows"]) == 1

    monkeypatch.setattr(many, "MOST", 2)
    page = staff.get(url(way="set", by="5"))
    assert page.status_code == 422 and "At most 2 at once" in text(page)
    assert staff.post(url(way="set", by="5"), {"seen": ""}).status_code == 422
    assert prices() == [10, 20, 30]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"way": "percent_less", "by": ""}, "by"),
        ({"way": "percent_less", "by": "101"}, "by"),
        ({"way": "amount_less", "by": "0"}, "by"),
        ({"way": "set", "by": "-1"}, "by"),
        ({"way": "set", "by": "1", "ending": "1.90"}, "ending"),
        ({"way": "give away"}, "way"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(staff, asked, field):
    priced("10")

    answer = staff.get(url(**asked))

    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]


def test_what_was_seen_unpacks_to_bounded_memory():
    rows = [SimpleNamespace(key=n, state="10.000") for n in range(30_000)]
    assert len(many_forms.unpacked(many_forms.packed(rows))) == 30_000

    class Bomb:
        key, state = 1, "0" * (many_forms.MOST_SEEN_BYTES + 1)

    assert many_forms.unpacked(many_forms.packed([Bomb])) == {}


# Status


def test_products_are_published_and_taken_off_as_wagtail_does_one_by_one(staff):
    plain, drafted, scheduled, locked, live = (a_product() for _ in range(5))
    drafted.title = "As drafted"
    drafted.save_revision()
    revision = scheduled.save_revision()
    revision.approved_go_live_at = NOON + DAY
    revision.save()
    off = [plain.pk, drafted.pk, scheduled.pk, locked.pk]
    Product.objects.filter(pk__in=off).update(live=False)
    Product.objects.filter(pk=locked.pk).update(
        locked=True, locked_by=a_colleague(Role.SHOP_STAFF, "Rui")
    )

    page = look(staff, way="publish")
    said = text(page)
    assert "2 products would change" in said and "With its newest draft." in said
    for why in ("waits for its hour", "Somebody has locked it", "published already"):
        assert why in said
    assert confirm(staff, page).status_code == 303

    for product in (plain, drafted, live):
        product.refresh_from_db()
        assert product.live and not product.has_unpublished_changes
    assert drafted.title == "As drafted"
    assert plain.last_published_at == NOON
    assert set(Product.objects.filter(live=False)) == {scheduled, locked}
    assert confirm(staff, page).status_code == 409

    page = look(staff, way="unpublish", id=[plain.pk, drafted.pk, locked.pk])
    assert confirm(staff, page).status_code == 303
    plain.refresh_from_db()
    assert not plain.live and plain.has_unpublished_changes
    assert plain.live_revision is None and plain.last_published_at == NOON
    entries = ModelLogEntry.objects.filter(object_id=str(plain.pk))
    assert sorted(e.action for e in entries) == ["wagtail.publish", "wagtail.unpublish"]
    assert staff.get(plain.url).status_code == 404
    # Taken off as it was last published, it comes back as that, not as a draft.
    assert "With its newest draft" not in text(look(staff, way="publish", id=plain.pk))


def test_a_draft_saved_since_is_not_published_unseen(staff):
    product = a_product()
    Product.objects.filter(pk=product.pk).update(live=False)
    page = look(staff, way="publish")
    product.save_revision()

    assert confirm(staff, page).status_code == 409
    assert not Product.objects.get().live


def test_of_newer_drafts_so_many_at_once(staff, monkeypatch):
    monkeypatch.setattr(status, "MOST_DRAFTS", 1)
    for product in (a_product(), a_product()):
        product.save_revision()
    Product.objects.update(live=False)

    page = look(staff, way="publish")
    assert "1 product would change" in text(page) and "the most at once" in text(page)
    assert confirm(staff, page).status_code == 303
    assert Product.objects.filter(live=True).count() == 1


# Who, and at what cost


def test_each_may_do_what_they_have_a_permission_for(client, staff, monkeypatch):
    variant, other = priced("10", "20")
    client.force_login(a_colleague(Role.PUBLISHERS, "Henrik"))
    ways = [way for _group, ways in _choices(client.get(url())) for way, _ in ways]
    assert ways == ["publish", "unpublish"]
    assert client.get(url(way="set", by="1")).status_code == 422
    assert client.post(url(way="set", by="1"), {"seen": ""}).status_code == 422

    client.force_login(a_colleague(Role.EDITORS, "Olga"))
    assert client.get(url()).status_code == 302
    assert client.post(url(way="publish"), {"seen": ""}).status_code == 302
    client.logout()
    assert "login" in client.get(url()).url

    # By object, too.
    client.force_login(a_colleague(Role.SHOP_STAFF, "Rui"))
    asked = many.may_price
    monkeypatch.setattr(
        many, "may_price", lambda user, v=None: v != other and asked(user, v)
    )
    page = look(client, way="set", by="1")
    assert "You may not change it." in text(page)
    assert confirm(client, page).status_code == 303
    assert prices() == [1, 20]


def _choices(answer):
    return answer.context["form"].fields["way"].choices


def cost_of(staff, way: str, django_capture_on_commit_callbacks, **more):
    """(queries of the plan, of the deed, and how often pages are made anew)."""
    with CaptureQueriesContext(connection) as of_plan:
        page = look(staff, way=way, **more)
    with (
        django_capture_on_commit_callbacks() as told,
        CaptureQueriesContext(connection) as of_deed,
    ):
        assert confirm(staff, page).status_code == 303
    return len(of_plan), len(of_deed), told.count(goods._move)


@pytest.mark.parametrize(
    ("way", "more"),
    [("percent_less", {"by": "10"}), ("unpublish", {}), ("publish", {})],
)
def test_fifty_cost_as_many_queries_as_one(
    staff, way, more, django_capture_on_commit_callbacks
):
    priced("10")
    Product.objects.update(live=way != "publish")
    look(staff, way=way, **more)
    for_one = cost_of(staff, way, django_capture_on_commit_callbacks, **more)
    many_variants(49, price="20", now=NOON - 90 * DAY)
    Product.objects.update(live=way != "publish")
    Variant.objects.update(price="30", compare_at_price=None)

    for_all = cost_of(staff, way, django_capture_on_commit_callbacks, **more)

    assert for_all == for_one
    assert for_one[2] <= 2


def test_more_than_one_turn_is_one_change(staff, monkeypatch):
    monkeypatch.setattr(together, "AT_ONCE", 2)
    priced("10", "20", "30", "40", "50")

    page = look(staff, way="percent_less", by="10")
    Variant.objects.filter(price=50).update(price=51)
    assert confirm(staff, page).status_code == 409
    # The turns before the one that differed are taken back with it.
    assert prices() == [10, 20, 30, 40, 51]

    assert confirm(staff, look(staff, way="percent_less", by="10")).status_code == 303
    assert prices() == [9, 18, 27, 36, Decimal("45.9")]
    assert drift() == []
