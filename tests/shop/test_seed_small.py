"""A demo of hardly anything: it must be whole all the same."""

from io import StringIO

from django.core.management import call_command
from django.test import Client

from home.models import Picture
from home.models.pictures import CUTS
from tests.shop.test_seed import cut_only_one


def test_three_products_make_a_shop_and_no_accounts_outside_a_demo(
    db, monkeypatch, settings, django_user_model
):
    uncut = {name: [["/uncut.webp", 320, 320]] for name in CUTS}
    monkeypatch.setattr(Picture, "make_cuts", lambda picture, names=(): uncut)
    cut_only_one(monkeypatch)
    settings.DEMO = False
    out = StringIO()

    call_command("seed_demo", products=3, stdout=out)

    assert "3 products, 3 of them new; sample orders: 1." in out.getvalue()
    assert Client().get("/").status_code == 200
    assert not django_user_model.objects.exists()
