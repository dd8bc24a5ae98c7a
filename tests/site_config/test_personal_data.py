"""Every table that knows a person: what it knows is told, and forgotten, by a room; and
a table that is new fails here until one answers for it."""

import json
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test import Client

from checkout import invoices
from checkout.models import (
    Cart,
    CartItem,
    CheckoutAttempt,
    CreditNote,
    InvoiceSeries,
    Order,
    OrderEvent,
    Payment,
    Redemption,
    Return,
    SavedAddress,
    SavedItem,
)
from home.accounts import person
from home.models import NewsletterSubscriber
from tests.builders import NOON, a_cart, a_product, a_promotion, a_variant
from tests.checkout.test_customers import PLACE, an_order, with_line
from tests.home.accounts.coming_in import a_shopper, log_in
from tests.wishlist.test_price_drops import a_watch
from tests.wishlist.wishing import merged, put
from wishlist.models import Digest

User = get_user_model()
EMAIL = "quillfeather@example.org"
CANARY = "quillfeather"
# {table: the word in the file under which a person finds what it knows of them}
TOLD = {
    "account.EmailAddress": "email_addresses",
    "auth.User": "account",
    "axes.AccessAttempt": "failed_log_ins",
    "checkout.Cart": "basket",
    "checkout.CartItem": "basket",
    "checkout.CheckoutAttempt": "places_in_line",
    "checkout.CreditNote": "credit_notes",
    "checkout.Invoice": "invoices",
    "checkout.Order": "orders",
    "checkout.OrderEvent": "order_events",
    "checkout.OrderLine": "order_lines",
    "checkout.Payment": "payments",
    "checkout.Redemption": "promotions",
    "checkout.Return": "returns",
    "checkout.SavedAddress": "addresses",
    "checkout.SavedItem": "kept_for_later",
    "home.NewsletterSubscriber": "newsletters",
    "mfa.Authenticator": "second_factors",
    "usersessions.UserSession": "sessions",
    "wishlist.Digest": "letters_of_news",
    "wishlist.Watch": "letters_about",
    "wishlist.Wishlist": "wishlist_settings",
    "wishlist.WishlistItem": "wishlist",
}
# What only those fill who work here, and who are not forgotten by a button.
OFFICE = """
home.DraftWorkspace home.DynamicPage home.HomePage home.LayoutBlock home.Picture
home.ReviewComment home.ShareLink shop.ImportRun shop.Product
wagtailadmin.EditingSession
wagtailadmin.FormState wagtailcore.APIToken wagtailcore.Comment
wagtailcore.CommentReply wagtailcore.ModelLogEntry wagtailcore.Page
wagtailcore.PageLogEntry wagtailcore.PageSubscription wagtailcore.Revision
wagtailcore.TaskState wagtailcore.UploadedFile wagtailcore.WorkflowState
wagtaildocs.Document wagtailimages.Image wagtailusers.UserProfile
""".split()
# Why what hangs on them is not told.
NOT_TOLD = dict.fromkeys(OFFICE, "of those who work here") | {
    "account.EmailConfirmation": "not used: links are signed",
    "axes.AccessFailureLog": "not kept",
    "axes.AccessLog": "not kept",
    "checkout.CartMerge": "which two baskets became one",
    "checkout.Parcel": "of an order, by its history",
    "checkout.PaymentEvent": "that a bank told of a payment",
    "checkout.Refund": "numbers of an order",
    "checkout.ReturnLine": "numbers of a return",
    "home.SiteSettings": "the shop's own address",
    "wishlist.Gift": "marked by strangers; telling would spoil the surprise",
    "wishlist.MergedOperation": "random keys of requests",
}


def knows_a_person(model) -> bool:
    names = {"email", "username", "phone", "email_address"}
    return any(
        field.related_model is User
        or isinstance(field, models.EmailField)
        or field.name in names
        for field in model._meta.concrete_fields
    )


def hangs_on(model, others: set) -> bool:
    """Whether a row of it is about a row of another that knows a person."""
    return any(
        isinstance(field, models.ForeignKey) and field.related_model in others
        for field in model._meta.concrete_fields
    )


def test_every_table_that_knows_a_person_is_answered_for():
    everything = set(apps.get_models())
    known = {model for model in everything if knows_a_person(model)} | {User}
    of_customers = {model for model in known if model._meta.label in TOLD}
    rooms = {"checkout", "wishlist"}
    while found := {
        model
        for model in everything - known
        if model._meta.app_label in rooms and hangs_on(model, of_customers - {User})
    }:
        known |= found
        of_customers |= found

    assert {model._meta.label for model in known} == set(TOLD) | set(NOT_TOLD)


@pytest.fixture
def quill(db, client):
    """Somebody who has left a trace in every table there is."""
    user = a_shopper(EMAIL, first_name="Quillfeather")
    log_in(client, EMAIL, "wrong")
    log_in(client, EMAIL)
    Authenticator.objects.create(user=user, type="totp", data={})
    NewsletterSubscriber.objects.create(email=EMAIL, audience="a", created_at=NOON)
    _buy(user)
    product = a_product(now=NOON)
    merged(user, put(product))
    digest = Digest.objects.create(email=EMAIL, day=NOON.date())
    a_watch(product, EMAIL, owner=user, digest=digest)
    a_watch(a_product(), EMAIL)
    return user


def _buy(user) -> None:
    here = PLACE | {"name": "Quillfeather", "phone": "quillfeather"}
    SavedAddress.objects.create(customer=user, **here)
    variant = a_variant()
    order = with_line(an_order(EMAIL, customer=user, **here), variant)
    event = OrderEvent.objects.create(order=order, kind="placed", happened_at=NOON)
    CreditNote.objects.create(
        order=order,
        invoice=invoices.write(order.pk, now=NOON),
        event=event,
        amount=1,
        series=InvoiceSeries.objects.create(kind="credit_notes", year=NOON.year),
        position=1,
        issued_at=NOON,
    )
    Payment.objects.create(
        order=order,
        provider="fake",
        status="captured",
        amount=Decimal(10),
        currency="EUR",
        started_at=NOON,
        updated_at=NOON,
    )
    Return.objects.create(
        order=order,
        status="refused",
        reason="other",
        words="Yours, Quillfeather",
        asked_at=NOON,
        closed_at=NOON,
    )
    Redemption.objects.create(
        promotion=a_promotion(),
        order=order,
        state="used",
        amount=Decimal(1),
        currency="EUR",
        customer="nobody",
        account=user,
        is_once=False,
        held_at=NOON,
        changed_at=NOON,
    )
    cart = a_cart((variant, 1))
    Cart.objects.filter(pk=cart.pk).update(customer=user)
    SavedItem.objects.create(
        cart=cart,
        variant=variant,
        quantity=1,
        title="Bowl",
        price_seen=10,
        saved_at=NOON,
    )
    CheckoutAttempt.objects.create(
        cart=cart,
        cart_version=0,
        customer="nobody",
        product_ids=[variant.product_id],
        asked={"address": here},
        expected_total=Decimal(10),
        clicked_at=NOON,
    )


def places_with(word: str) -> list[str]:
    """Tables of the database in which the word stands, whatever the column."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {quoted} AS found"  # noqa: S608
                " WHERE found::text ILIKE %s)",
                [f"%{word}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_all_that_is_known_is_told_and_nothing_of_others(quill):
    a_watch(a_product(), "jonas@example.org")
    merged(a_shopper("jonas@example.org"), put(a_product(now=NOON)))

    told = json.loads(json.dumps(person.export(quill), default=str))

    assert {word for word in TOLD.values() if not told.get(word)} == set()
    assert set(told) == set(TOLD.values())
    assert len(told["letters_about"]) == 2 and len(told["wishlist"]) == 1
    assert "jonas" not in json.dumps(told)


def test_who_is_forgotten_stands_on_invoices_and_nowhere_else(quill):
    assert len(places_with(CANARY)) >= 8  # Or nothing is found, whatever is asked.
    cart = CartItem.objects.get().cart_id

    person.erase(quill)

    assert places_with(CANARY) == ["checkout_invoice"]
    assert Order.objects.get().total == 10 and not Cart.objects.filter(pk=cart)
    assert not EmailAddress.objects.exists()
    assert Client().get("/account/").status_code == 302
