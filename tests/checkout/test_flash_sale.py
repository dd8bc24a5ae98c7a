"""A small flash sale, with a web server and a worker as processes of their own."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from checkout.management.commands import flash_sale
from checkout.models import CheckoutAttempt, Order
from checkout.rehearsal import crew, elsewhere
from tests.builders import a_cart, a_variant
from tests.checkout.fork_server import Forked
from tests.checkout.ordering import a_shop_that_delivers, place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _by_fork_server(monkeypatch):
    forked = Forked()
    monkeypatch.setattr(crew, "subprocess", forked)
    yield
    forked.end()


@pytest.mark.usefixtures("_by_fork_server")
def test_a_small_sale_sells_what_there_is_in_the_order_of_places(monkeypatch):
    # To other tests nobody gives way, nor waits for those who answer slowly.
    monkeypatch.setattr(crew, "NICE", 0)
    monkeypatch.setattr(flash_sale, "LAST_ANSWER_S", 0.5)
    said = StringIO()

    call_command(
        "flash_sale",
        here=True,
        buyers=8,
        stock=2,
        web=1,
        workers=1,
        concurrency=8,
        deadline=120,
        quiet=1,
        stdout=said,
    )

    assert "8 buyers: 2 ordered" in said.getvalue()
    assert "connections at work at one moment, of 5 that may be" in said.getvalue()
    for what in ("list", "product", "checkout"):
        assert f"others, {what}: before " in said.getvalue()
    assert "All invariants hold." in said.getvalue()
    # The others are those who wanted something else.
    from_the_line = Order.objects.filter(attempt__isnull=False)
    assert from_the_line.count() == 2 < Order.objects.count()
    assert not CheckoutAttempt.objects.waiting()


def test_a_rehearsal_reads_its_own_database_on_the_replicas_as_well(monkeypatch):
    shops = "postgresql://u:p@a:1/shop, postgresql://u:p@b:2/shop"
    own = "postgresql://u:p@a:1/rehearsal,postgresql://u:p@b:2/rehearsal"
    monkeypatch.setenv("DATABASE_REPLICA_URLS", shops)

    assert elsewhere.replicas("rehearsal") == {"DATABASE_REPLICA_URLS": own}


def test_no_rehearsal_among_real_orders():
    a_shop_that_delivers()
    place(a_cart((a_variant(), 1)))

    with pytest.raises(CommandError, match="has orders"):
        call_command("flash_sale", here=True)
