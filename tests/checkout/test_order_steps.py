"""Steps with an order in the admin: what is offered, to whom, and what a press does."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse

from checkout.fulfilment import fulfil
from checkout.models import Order, OrderEvent
from checkout.office import steps
from checkout.orders import settle_order
from checkout.resending import write_again
from home.roles import Role
from tests.builders import NOON, a_cart, a_colleague, a_variant
from tests.checkout.ordering import a_shop_that_delivers, assert_invariants, place

pytestmark = pytest.mark.django_db
Kind = OrderEvent.Kind
Status = Order.Status
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


@pytest.fixture
def sofia(client):
    user = a_colleague(Role.SHOP_STAFF)
    client.force_login(user, backend=BACKEND)
    return user


def an_order(quantity=3) -> Order:
    order = place(a_cart((a_variant(stock=5), quantity)))
    return settle_order(order.pk, now=NOON)


def url(order: Order, code: str) -> str:
    return reverse("orders_modeladmin_step", args=[order.pk, code])


def page_of(order: Order) -> str:
    return reverse("orders_modeladmin_inspect", args=[order.pk])


def press(client, order: Order, code: str, *, n=None, key="press", **said):
    if n is not None:
        said[f"line_{order.lines.get().pk}"] = n
    return client.post(url(order, code), {"key": key} | said)


def cancel(client, order: Order, n=1, **said):
    said = {"goods": "restock", "reason": "chipped"} | said
    return press(client, order, "cancel", n=n, **said)


def codes(order: Order, user) -> list[str]:
    return [step.code for step in steps.offered(order, user)]


def test_only_steps_that_are_open_are_offered(sofia):
    waiting = place(a_cart((a_variant(), 1)), payment_method="fake")
    agreed, gone = an_order(), an_order()
    gone = fulfil(gone.pk, key="all", now=NOON)

    assert codes(waiting, sofia) == ["cancel", "note"]
    assert codes(agreed, sofia) == ["send", "cancel", "note", "letter"]
    assert codes(gone, sofia) == ["note", "letter"]


def test_the_page_of_an_order_leads_to_its_steps(client, sofia):
    order = an_order()

    page = client.get(page_of(order)).content.decode()

    for code in codes(order, sofia):
        assert f'href="{url(order, code)}"' in page
        assert client.get(url(order, code)).status_code == 200


def test_who_lacks_the_permission_is_neither_offered_a_step_nor_let_in(client):
    editor, order = a_colleague(Role.EDITORS), an_order()
    editor.user_permissions.add(Permission.objects.get(codename="view_order"))
    client.force_login(editor, backend=BACKEND)

    for step in steps.STEPS:
        code = step.code
        for reply in (client.get(url(order, code)), press(client, order, code)):
            # Wagtail's admin says no by leading to its first page.
            assert reply.status_code == 302, code
            assert reply.url == reverse("wagtailadmin_home")
    assert codes(order, editor) == []
    assert not order.events.filter(key="press").exists()


def test_who_may_not_look_at_orders_takes_no_step(client):
    editor, order = a_colleague(Role.EDITORS), an_order()
    client.force_login(editor, backend=BACKEND)

    for step in steps.STEPS:
        wanted = step.permission.removeprefix("checkout.")
        editor.user_permissions.set([Permission.objects.get(codename=wanted)])
        reply = client.get(url(order, step.code))
        assert reply.status_code == 302, step.code
        assert reply.url == reverse("wagtailadmin_home")


def test_looking_changes_nothing_and_a_step_that_is_unknown_is_not_found(client, sofia):
    order = an_order()

    client.get(url(order, "cancel"))

    assert Order.objects.get().status == Status.CONFIRMED
    assert client.get(url(order, "burn")).status_code == 404
    missing = Order(pk=order.pk + 1)
    assert client.get(url(missing, "cancel")).status_code == 404


def test_pieces_are_sent_with_a_code_and_stand_in_the_history(client, sofia):
    order = an_order()

    reply = press(client, order, "send", n=2, carrier="CTT", tracking_code="RR1PT")

    page = client.get(page_of(order)).content.decode()
    assert (reply.status_code, reply.url) == (303, page_of(order))
    sku = order.lines.get().sku
    for words in ("partly sent", "CTT RR1PT", f"2 × {sku}", "2 sent"):
        assert words in page
    assert order.events.get(kind=Kind.PIECES_SENT).by == sofia


def test_two_presses_of_one_page_are_one_and_both_are_told_so(client, sofia):
    order = an_order()

    replies = [cancel(client, order, 3), cancel(client, order, 3)]

    assert [reply.status_code for reply in replies] == [303, 303]
    assert order.events.filter(kind=Kind.PIECES_CANCELLED).count() == 1
    page = client.get(page_of(order)).content.decode()
    assert page.count("The shopper gets a letter.") == 2
    assert_invariants()


def test_every_page_has_a_key_of_its_own(client, sofia):
    order = an_order()
    keys = {
        client.get(url(order, "note")).context["form"]["key"].value() for _n in "12"
    }

    assert len(keys) == 2


def test_nonsense_is_told_and_changes_nothing(client, sofia):
    order = an_order()
    nonsense = [{"n": 4}, {"n": -1}, {"n": "x"}, {"n": 0}]

    for said in [*nonsense, {"reason": ""}, {"goods": "up"}]:
        reply = cancel(client, order, **{"n": 1} | said)

        assert reply.status_code == 422, said
        assert order.lines.get().cancelled == 0


def test_what_is_gone_meanwhile_is_told_with_all_that_was_typed(client, sofia):
    order = an_order()
    press(client, order, "send", n=2, key="quicker")

    reply = cancel(client, order, 2, reason="chipped in the kiln")

    page = reply.content.decode()
    assert reply.status_code == 422
    assert f"So many are not left to send: {order.lines.get().sku}." in page
    assert "chipped in the kiln" in page


def test_a_step_that_is_no_longer_possible_leads_back_and_says_why(client, sofia):
    order = an_order()
    cancel(client, order, 3, key="quicker")

    for reply in (
        client.get(url(order, "send"), follow=True),
        client.post(
            url(order, "send"),
            {"key": "x", f"line_{order.lines.get().pk}": 1},
            follow=True,
        ),
    ):
        assert "not possible any more: the order is cancelled" in reply.content.decode()


def test_an_order_that_waits_for_its_payment_is_cancelled_whole(client, sofia):
    order = place(a_cart((a_variant(), 2)), payment_method="fake")

    assert "left to send" not in client.get(url(order, "cancel")).content.decode()
    cancel(client, order, None)

    assert Order.objects.get().status == Status.CANCELLED
    assert_invariants()


def test_a_note_is_kept_once_with_its_writer(client, sofia):
    order = an_order()

    for _press in range(2):
        press(client, order, "note", note="Rings on Friday.")

    note = order.events.get(kind=Kind.NOTE)
    assert (note.by, note.note) == (sofia, "Rings on Friday.")


def test_a_letter_is_sent_again_under_an_id_of_its_own(client, sofia):
    order = an_order()
    confirmed = order.events.get(kind=Kind.CONFIRMED)

    press(client, order, "letter", letter=confirmed.pk)
    press(client, order, "letter", letter=confirmed.pk)

    asked = order.events.get(kind=Kind.LETTER_SENT)
    write_again(event_id=confirmed.pk, asked_id=asked.pk)
    [letter] = mail.outbox
    assert order.number in letter.subject
    assert letter.extra_headers["Message-ID"].startswith(f"<again-{asked.pk}.")


def test_a_letter_of_another_order_is_not_to_be_had(client, sofia):
    order, other = an_order(), an_order()

    reply = press(client, order, "letter", letter=other.events.first().pk)

    assert reply.status_code == 422
    assert not order.events.filter(kind=Kind.LETTER_SENT).exists()
