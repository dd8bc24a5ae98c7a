"""Returns and goodwill on pages: the shopper's form and the steps of staff."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checkout import emails, returns
from checkout.fulfilment import fulfil
from checkout.models import Order, OrderLine, Refund, Return, ReturnLine
from home.roles import Role
from shop.models import StockMovement
from tests.builders import NOON, a_colleague
from tests.checkout.ordering import a_shop_that_delivers
from tests.checkout.test_cancelling import invoiced, paid
from tests.checkout.test_order_steps import BACKEND, codes, page_of, press, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db, time_machine):
    a_shop_that_delivers()
    time_machine.move_to(NOON + timedelta(days=2), tick=False)


@pytest.fixture
def sofia(client):
    user = a_colleague(Role.SHOP_STAFF)
    client.force_login(user, backend=BACKEND)
    return user


def sent(order: Order) -> Order:
    return fulfil(order.pk, key="send", now=NOON)


def form_of(order: Order) -> str:
    return f"{order.get_absolute_url()}return/"


def send_form(client, order: Order, *, n="1", line=None, **said):
    line = line or order.lines.get()
    said = {"reason": "damaged", "key": "12345678"} | said
    return client.post(form_of(order), {f"line-{line.pk}": n} | said)


def asked(order: Order, n=1) -> Order:
    of_lines = {order.lines.get().pk: n}
    return returns.ask(order.pk, of_lines, reason="other", key="a", now=NOON)


def test_a_shopper_asks_once_and_sees_what_was_asked(client):
    order = sent(invoiced())
    assert form_of(order) in client.get(order.get_absolute_url()).content.decode()
    page = client.get(form_of(order))
    assert "until 20 December 2026" in page.content.decode()

    replies = [send_form(client, order, words="The rim.") for _press in "12"]

    assert {reply.status_code for reply in replies} == {303}
    assert replies[0].url == f"{order.get_absolute_url()}#return"
    one = Return.objects.get()
    assert (one.reason, one.words) == ("damaged", "The rim.")
    shown = client.get(order.get_absolute_url())
    assert "You want to send back" in shown.content.decode()
    assert form_of(order) not in shown.content.decode()
    for reply, told in ((page, "same-origin"), (shown, "no-referrer")):
        assert "no-store" in reply["Cache-Control"]
        assert reply["Referrer-Policy"] == told


@pytest.mark.parametrize(
    "said",
    [{"n": "x"}, {"n": "4"}, {"n": "-1"}, {"n": ""}, {"reason": "up"}, {"key": "x"}],
)
def test_nonsense_is_told_and_nothing_typed_is_lost(client, said):
    order = sent(invoiced())

    reply = send_form(client, order, **{"words": "The <b>rim</b>."} | said)

    page = reply.content.decode()
    assert reply.status_code == 422
    assert 'role="alert"' in page
    assert "The &lt;b&gt;rim&lt;/b&gt;." in page
    assert not Return.objects.exists()


def test_what_may_not_come_back_answers_409_with_all_that_was_typed(
    client, time_machine
):
    agreed, gone, open_one = invoiced(), sent(invoiced()), asked(sent(invoiced()))
    time_machine.move_to(NOON + timedelta(days=31), tick=False)

    for order in (agreed, gone, open_one):
        assert client.get(form_of(order)).status_code == 200
        line = order.lines.get()
        reply = send_form(client, order, line=line, words="The rim.")
        # Of what was not sent there is no line to ask for.
        assert reply.status_code == 409
        assert "The rim." in reply.content.decode()
        assert "Ask to send it back" not in reply.content.decode()
    assert Return.objects.count() == 1


def test_only_the_link_opens_it_and_another_site_sends_nothing(client):
    order, other = sent(invoiced()), sent(invoiced())

    assert client.get("/order/1/return/").status_code == 404
    assert client.get("/order/%00/return/").status_code == 404
    assert client.put(form_of(order)).status_code == 405
    foreign = send_form(client, order, line=other.lines.get())
    assert foreign.status_code == 422
    strict = Client(enforce_csrf_checks=True)
    assert send_form(strict, order).status_code == 403
    assert not Return.objects.exists()


def queries(client, path: str) -> int:
    # What all pages share is kept from the first look on.
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_pages_ask_the_database_as_often_for_50_lines_as_for_one(client, sofia):
    order = asked(sent(invoiced()))
    paths = (order.get_absolute_url(), form_of(order), page_of(order))
    steps = (url(order, "receive"), reverse("returns_modeladmin_index"))
    shopper = Client()
    with_one = [queries(shopper, path) for path in paths[:2]]
    by_staff = [queries(client, path) for path in (paths[2], *steps)]
    [line] = order.lines.all()
    more = [
        OrderLine(
            order=order,
            sku=f"{line.sku}-{n}",
            title=line.title,
            quantity=1,
            fulfilled=1,
            unit_price=1,
            total=1,
            tax=0,
            tax_percent=0,
        )
        for n in range(49)
    ]
    OrderLine.objects.bulk_create(more)
    one = Return.objects.get()
    ReturnLine.objects.bulk_create(
        ReturnLine(of_return=one, order_line=each, asked=1) for each in more
    )

    assert [queries(shopper, path) for path in paths[:2]] == with_one
    assert [queries(client, path) for path in (paths[2], *steps)] == by_staff


# Staff


def test_the_steps_of_a_return_are_offered_as_it_goes_on(client, sofia):
    order = sent(paid())
    always = ["goodwill", "note", "letter"]
    assert codes(order, sofia) == always
    asked(order, 2)
    assert codes(order, sofia) == ["accept", "receive", "refuse", *always]
    panel = client.get("/admin/").content.decode()
    assert "1 return to answer" in panel

    assert press(client, order, "accept", key="k1", note="Hi.").status_code == 303
    assert codes(order, sofia) == ["receive", "refuse", *always]
    line = order.lines.get()
    said = {f"goods_{line.pk}": "scrap"}
    for n, status in ((3, 422), ("", 422), ("x", 422), (1, 303), (1, 303)):
        reply = press(client, order, "receive", n=n, key="k2", **said)
        assert reply.status_code == status

    assert codes(order, sofia) == always
    page = client.get(page_of(order)).content.decode()
    for words in ("received", "1 came, scrapped", "1 returned", f"1 × {line.sku}"):
        assert words in page
    assert Refund.objects.get().amount == 5
    assert StockMovement.objects.filter(kind="scrapped").count() == 1
    assert (
        order.number in client.get(reverse("returns_modeladmin_index")).content.decode()
    )


def test_a_refusal_needs_a_reason_and_the_letter_gives_it(client, sofia):
    order = asked(sent(invoiced()))

    assert press(client, order, "refuse", note="").status_code == 422
    assert press(client, order, "refuse", note="It was used.").status_code == 303

    emails.send_news(order.events.get(kind="return_refused").pk)
    assert "It was used." in mail.outbox[-1].body
    assert "Not taken back" in client.get(order.get_absolute_url()).content.decode()


def test_goodwill_asks_for_an_amount_and_says_how_much_is_left(client, sofia):
    order = paid()
    assert "At most €19.90" in client.get(url(order, "goodwill")).content.decode()

    for amount in ("", "x", "-1", "0", "0.005", "20"):
        reply = press(client, order, "goodwill", amount=amount, reason="late")
        assert reply.status_code == 422
    assert not Refund.objects.exists()
    for _press in "12":
        reply = press(client, order, "goodwill", amount="4.00", reason="late")
        assert reply.status_code == 303

    assert Refund.objects.get().amount == 4
