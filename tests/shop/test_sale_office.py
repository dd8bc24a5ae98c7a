from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from home.roles import Role
from shop.models import PriceChange, SalePrice
from shop.prices import apply_due
from tests.builders import NOON, a_colleague, a_variant
from tests.shop.test_office import variant_data
from tests.shop.test_sales import DAY, HOUR, a_sale, an_old_variant, columns

pytestmark = pytest.mark.django_db
State = SalePrice.State


@pytest.fixture
def staff(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    client.force_login(a_colleague(Role.SHOP_STAFF))
    return client


def typed(variant, price="30", *, begins=NOON + DAY, ends=NOON + 2 * DAY) -> dict:
    """Times as staff type them: in the shop's own zone."""
    return {
        "variant": variant.sku,
        "price": price,
        "starts_at": localtime(begins).strftime("%Y-%m-%d %H:%M"),
        "ends_at": localtime(ends).strftime("%Y-%m-%d %H:%M"),
    }


def edit(client, sale, **more):
    url = reverse("sale_prices:edit", args=[sale.pk])
    return client.post(url, typed(sale.variant) | more)


def errors(answer) -> str:
    return str(answer.context["form"].errors)


def test_a_sale_is_planned_from_the_product_and_true_at_its_hour(staff):
    variant = an_old_variant()
    page = staff.get(reverse("sale_prices:add"), {"variant": variant.pk})
    assert f'value="{variant.sku}"' in page.content.decode()

    answer = staff.post(reverse("sale_prices:add"), typed(variant))

    assert answer.status_code == 302
    sale = SalePrice.objects.get()
    assert (sale.starts_at, sale.ends_at) == (NOON + DAY, NOON + 2 * DAY)
    # Until its hour it is nowhere to be seen.
    assert PriceChange.objects.filter(variant=variant).count() == 1
    assert columns(variant) == (40, None, None)
    apply_due(now=NOON + DAY)
    assert columns(variant) == (30, 40, 40)
    listed = staff.get(reverse("sale_prices:index")).content.decode()
    assert variant.sku in listed and "€30.00" in listed and "running" in listed


def test_a_sale_that_begins_now_has_begun(staff):
    variant = an_old_variant()

    staff.post(reverse("sale_prices:add"), typed(variant, begins=NOON - 9 * DAY))

    # Not before it was said: what has been asked until now was the regular price.
    assert SalePrice.objects.get().starts_at == NOON
    assert columns(variant) == (30, 40, 40)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"price": "40"}, "Write less than the regular price, €40.00."),
        ({"price": "-1"}, "Write less than the regular price"),
        ({"variant": "NO-SUCH"}, "There is no such SKU."),
        ({"ends_at": "2026-11-21 11:00"}, "It must end after it begins."),
        ({"ends_at": "2026-11-01 12:00"}, "It must end after it begins."),
        ({"starts_at": "soon"}, "Enter a valid date/time."),
    ],
)
def test_what_cannot_be_is_said_at_the_form(staff, wrong, words):
    answer = staff.post(reverse("sale_prices:add"), typed(an_old_variant()) | wrong)

    assert answer.status_code == 200
    assert words in errors(answer)
    assert not SalePrice.objects.exists()


def test_a_second_sale_at_the_same_time_is_refused(staff):
    variant = an_old_variant()
    a_sale(variant, begins=NOON + DAY)

    answer = staff.post(reverse("sale_prices:add"), typed(variant))

    assert "Another sale of this variant runs at the same time." in errors(answer)


def test_of_a_running_sale_only_the_end_is_changed_and_what_is_over_stays(staff):
    variant = an_old_variant()
    sale = a_sale(variant, begins=NOON - HOUR)
    apply_due(now=NOON)
    sale.refresh_from_db()

    past = localtime(NOON - DAY).strftime("%Y-%m-%d %H:%M")
    edit(staff, sale, price="10", ends_at=past)

    sale.refresh_from_db()
    assert (sale.price, sale.starts_at, sale.ends_at) == (30, NOON - HOUR, NOON)
    assert sale.state == State.OVER and columns(variant) == (40, None, None)
    edit(staff, sale)
    again = SalePrice.objects.get()
    assert (again.starts_at, again.ends_at) == (NOON - HOUR, NOON)


def test_a_sale_that_began_while_its_form_was_open_keeps_its_price(staff, monkeypatch):
    from shop.office.sales import SalePriceForm

    variant = an_old_variant()
    sale = a_sale(variant, begins=NOON + HOUR)
    clean = SalePriceForm.clean

    def begin_meanwhile(form):
        SalePrice.objects.filter(pk=sale.pk).update(state=State.RUNNING)
        return clean(form)

    monkeypatch.setattr(SalePriceForm, "clean", begin_meanwhile)
    edit(staff, sale, price="10")

    sale.refresh_from_db()
    assert (sale.price, sale.starts_at, sale.ends_at) == (
        30,
        NOON + HOUR,
        NOON + 2 * DAY,
    )


def test_only_what_is_planned_is_deleted(staff):
    variant = an_old_variant()
    planned, begun = a_sale(variant, begins=NOON + DAY), a_sale(an_old_variant())
    apply_due(now=NOON)

    assert staff.post(reverse("sale_prices:delete", args=[begun.pk])).status_code == 404
    staff.post(reverse("sale_prices:delete", args=[planned.pk]))

    assert list(SalePrice.objects.all()) == [begun]


def test_the_price_in_a_variants_form_is_the_one_after_the_sale(staff):
    variant = an_old_variant()
    a_sale(variant)
    apply_due(now=NOON)
    variant.refresh_from_db()
    url = reverse("variants:edit", args=[variant.pk])
    assert staff.get(url).context["form"].initial["price"] == 40

    staff.post(url, variant_data(variant, price="42"))

    assert columns(variant) == (30, 40, 42)
    assert PriceChange.objects.filter(variant=variant).count() == 2


def test_a_products_page_names_what_is_planned_for_its_variants(staff):
    variant = a_variant(price="40")
    a_sale(variant, begins=NOON + timedelta(days=5))

    page = staff.get(f"/admin/snippets/shop/product/edit/{variant.product_id}/")

    words = page.content.decode()
    assert "€30.00, 25 Nov 2026, 12:00 – 26 Nov 2026, 12:00" in words
    assert f"{reverse('sale_prices:add')}?variant={variant.pk}" in words
