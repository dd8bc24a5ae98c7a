"""Steps with an order, as staff have them in a browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from checkout import crediting, invoices
from checkout.fulfilment import fulfil
from checkout.models import Order
from checkout.orders import settle_order
from home.roles import Role
from shop.models import Variant
from tests.browser.test_accessibility import check_looks, faults
from tests.browser.walking import come_in
from tests.builders import NOON, a_cart, a_colleague
from tests.checkout.ordering import place

pytestmark = pytest.mark.browser
# Around it is Wagtail's own page.
OURS = "main .nice-padding"


@pytest.fixture
def order(shop) -> Order:
    placed = place(a_cart((Variant.objects.first(), 2)))
    return settle_order(placed.pk, now=NOON)


@pytest.fixture
def admin(window):
    colleague = a_colleague(Role.SHOP_STAFF, "sofia")
    page = window()
    come_in(page, colleague)
    yield page
    page.goto("about:blank")
    colleague.delete()


def test_pieces_are_sent_and_the_rest_cancelled(admin, order):
    admin.goto(f"/admin/orders/inspect/{order.pk}/")
    assert faults(admin, OURS) == []
    admin.click("text=Send pieces")
    admin.wait_for_selector("#w-editor-form")
    assert faults(admin, OURS) == []
    admin.fill("input[type=number]", "1")
    admin.fill("[name=carrier]", "CTT")
    admin.fill("[name=tracking_code]", "RR123456785PT")
    admin.click("text=They are on their way")
    expect(admin.locator(".messages")).to_contain_text("Noted as sent")

    admin.click("text=Cancel pieces")
    admin.fill("input[type=number]", "2")
    admin.fill("[name=reason]", "Chipped in the kiln")
    admin.click("text=Cancel them")
    expect(admin.locator("main")).to_contain_text("So many are not left to send")
    assert faults(admin, OURS) == []
    admin.fill("input[type=number]", "1")
    admin.click("text=Cancel them")

    expect(admin.locator("main")).to_contain_text("Chipped in the kiln")
    expect(admin.locator("main")).not_to_contain_text("Send pieces")


def sheets(page) -> list[tuple[int, int]]:
    """The sheets of paper that a page is printed on."""
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    return [(round(float(w)), round(float(h))) for w, h in boxes]


def test_an_invoice_is_read_on_a_telephone_and_printed_on_a4(window, order):
    invoices.write(order.pk, now=NOON)
    page = window()
    page.goto(f"{order.get_absolute_url()}invoice/")
    check_looks(page)

    # Points: 210 by 297 mm.
    assert sheets(page) == [(595, 842)]


def test_pieces_come_back_from_the_shoppers_form_to_the_credit_note(
    window, admin, order
):
    invoices.write(order.pk, now=NOON)
    fulfil(order.pk, key="sent", now=timezone.now())
    # Without script, on a telephone: the shopper asks, having forgotten how many.
    phone = window(390, script=False)
    phone.goto(order.get_absolute_url())
    phone.click("text=Send something back")
    phone.click("text=Ask to send it back")
    expect(phone.locator("[role=alert]")).to_contain_text("Two things need your hand")
    phone.fill("[type=number]", "1")
    phone.select_option("#reason", "damaged")
    phone.fill("#words", "The rim is chipped.")
    phone.click("text=Ask to send it back")
    expect(phone.locator("#return")).to_contain_text("You want to send back")

    admin.goto(f"/admin/orders/inspect/{order.pk}/")
    expect(admin.locator("main")).to_contain_text("The rim is chipped.")
    admin.click("text=Take in the return")
    admin.wait_for_selector("#w-editor-form")
    assert faults(admin, OURS) == []
    admin.check("[value=scrap]")
    admin.click("text=It is here")
    expect(admin.locator(".messages")).to_contain_text("Taken in")
    assert faults(admin, OURS) == []

    note = crediting.number(order.credit_notes.get().pk, now=timezone.now())
    page = window()
    for path in (order.get_absolute_url(), note.get_absolute_url()):
        page.goto(path)
        check_looks(page)
    assert len(sheets(page)) == 1
    page.goto(f"{order.get_absolute_url()}return/")
    check_looks(page)
    page.click("text=Ask to send it back")
    page.wait_for_selector("#errors")
    check_looks(page)
