"""People without an account: they look, comment and decide, and change nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.models import Cart, CartItem
from home.drafts import review, share
from home.drafts.items import items, set_digest
from home.drafts.viewing import REVIEW_COOKIE
from home.models import (
    DraftWorkspace,
    ReviewComment,
    ReviewVerdict,
    ShareLink,
    ShareVisit,
)
from tests.builders import (
    a_colleague,
    a_product,
    a_workspace,
    an_info_page,
    stage_block,
    stage_page,
)
from tests.home.drafts.looking import html, whole

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("staged_once"),
]
CHANGES = "/drafts/review/changes/"


@pytest.fixture(scope="module")
def staged_once(workspace_once, page_once, announcement_once):
    stage_page(workspace_once, page_once, text="Five of us.")
    stage_block(workspace_once, announcement_once, line="Half price.")


@pytest.fixture
def link(workspace):
    return a_link(workspace)


def a_link(workspace, days=7, **more) -> ShareLink:
    now = timezone.now()
    until = now + timedelta(days=days)
    return share.make_link(workspace, workspace.owner, until=until, now=now, **more)


def address(link) -> str:
    return reverse("home:drafts:review", args=[share.token(link)])


@pytest.fixture
def reviewer(link):
    client = Client()
    client.get(address(link))
    return client


def sees_the_draft(client) -> bool:
    return "Five of us." in html(client, "/about-us/")


def test_the_token_leaves_the_address_at_once(link):
    client = Client()

    answer = client.get(address(link))

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-store"
    cookie = answer.cookies[REVIEW_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert sees_the_draft(client)


def test_a_reviewer_sees_the_whole_workspace_and_no_way_into_the_admin(reviewer):
    page = whole(reviewer)

    assert "Half price." in page
    assert "/admin/" not in page
    assert "Publish" not in page


@pytest.mark.parametrize("change", ["token", "salt", "swapped", "empty"])
def test_a_forged_token_opens_nothing(link, change):
    given = {
        "token": share.token(link)[:-2] + "xx",
        "salt": share.signing.dumps(link.nonce, salt="another"),
        "swapped": share.signing.dumps(link.nonce, salt=share.COOKIE_SALT),
        "empty": "x",
    }[change]
    client = Client()

    answer = client.get(reverse("home:drafts:review", args=[given]))

    assert answer.status_code == 404
    assert REVIEW_COOKIE not in client.cookies


def test_a_token_is_no_cookie(link):
    client = Client()
    client.cookies[REVIEW_COOKIE] = share.token(link)

    assert not sees_the_draft(client)


def test_a_withdrawn_link_is_closed_from_the_next_request_on(reviewer, link):
    assert sees_the_draft(reviewer)

    share.withdraw(link, now=timezone.now())

    assert not sees_the_draft(reviewer)
    assert reviewer.cookies[REVIEW_COOKIE].value == ""
    assert Client().get(address(link)).status_code == 404


def test_a_link_ends_by_itself(reviewer, link):
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert not sees_the_draft(reviewer)


@pytest.mark.parametrize("state", ["published", "discarded"])
def test_a_workspace_that_is_over_is_closed(reviewer, workspace, state):
    DraftWorkspace.objects.filter(pk=workspace.pk).update(state=state)

    assert not sees_the_draft(reviewer)


def test_a_passphrase_is_asked_for_and_guessing_is_slow(workspace, page):
    stage_page(workspace, page, text="Five of us.")
    link, client = a_link(workspace, passphrase="kiln and loom"), Client()
    asked = client.get(address(link))["Location"]
    assert share.token(link) not in asked
    assert "Passphrase" in html(client, asked)
    assert not sees_the_draft(client)

    for _n in range(5):
        wrong = client.post(asked, {"passphrase": "kiln"})
        assert wrong.status_code == 422
    right = client.post(asked, {"passphrase": "kiln and loom"})
    assert right.status_code == 422

    ShareLink.objects.update(tries_since=timezone.now() - timedelta(minutes=16))
    client.post(asked, {"passphrase": "kiln and loom"})
    assert sees_the_draft(client)


def test_a_knock_alone_opens_nothing(workspace, page):
    link, client = a_link(workspace, passphrase="kiln and loom"), Client()
    client.get(address(link))
    client.cookies[REVIEW_COOKIE] = client.cookies[share.KNOCK_COOKIE].value

    assert not sees_the_draft(client)
    assert Client().get("/drafts/review/passphrase/").status_code == 404


def test_a_comment_leads_to_no_strange_address(reviewer):
    for path in ("javascript:alert(1)", "//elsewhere.example", "x"):
        said = {"name": "Ana", "text": "Too red.", "path": path}
        reviewer.post("/drafts/review/comment/", said)

    kept = list(ReviewComment.objects.values_list("path", flat=True))
    assert kept == ["", "", ""]


def test_looking_at_a_basket_through_a_draft_leaves_its_prices_unseen(link):
    product = a_product(price="5.00")
    shopper = Client()
    sku = product.variants.get().sku
    shopper.post("/cart/add/", {"sku": sku, "quantity": "1"})
    CartItem.objects.update(price_seen="4.00")
    shopper.get(address(link))

    shopper.get("/checkout/")

    assert str(CartItem.objects.get().price_seen) == "4.000"


def test_a_comment_is_kept_and_the_owner_may_close_it(reviewer, inside, workspace):
    said = {"name": "Ana", "text": "Too red.", "path": "/about-us/", "item": ""}

    answer = reviewer.post("/drafts/review/comment/", said)

    assert answer.status_code == 303
    assert "Too red." in html(reviewer, CHANGES)
    comment = ReviewComment.objects.get()
    done = reverse("home:drafts:resolve", args=[workspace.uuid])
    inside.post(done, {"comment": comment.pk})
    comment.refresh_from_db()
    assert comment.resolved_at


def test_a_comment_that_cannot_be_kept_comes_back_as_typed(reviewer):
    too_long = {"name": "A", "text": "x" * 2001}
    for said in ({}, {"name": "Ana"}, {"text": "x"}, too_long):
        answer = reviewer.post("/drafts/review/comment/", said)

        assert answer.status_code == 422, said
        assert said.get("text", "") in answer.content.decode()
        assert not ReviewComment.objects.exists()


def test_a_verdict_is_about_exactly_what_was_seen(reviewer, workspace, page):
    digest = set_digest(items(workspace))
    decided = {"name": "Ana", "answer": "approved", "digest": digest}

    assert reviewer.post("/drafts/review/verdict/", decided).status_code == 303
    assert ReviewVerdict.objects.get().digest == digest

    stage_page(workspace, page, text="Six of us.")
    assert "about an earlier state" in html(reviewer, CHANGES)
    assert reviewer.post("/drafts/review/verdict/", decided).status_code == 409


def test_a_reviewer_has_one_verdict_on_each_state(reviewer, workspace, page):
    def decide(**more):
        digest = set_digest(items(workspace))
        decided = {"name": "Ana", "answer": "approved", "digest": digest} | more
        assert reviewer.post("/drafts/review/verdict/", decided).status_code == 303

    decide(), decide(), decide(name="ana")
    assert [v.answer for v in ReviewVerdict.objects.all()] == ["approved"]

    decide(answer="changes")
    assert [v.answer for v in ReviewVerdict.objects.all()] == ["changes"]

    decide(name="Bea")
    stage_page(workspace, page, text="Six of us.")
    decide()
    assert ReviewVerdict.objects.count() == 3


def test_verdicts_have_an_end(reviewer, workspace, monkeypatch):
    monkeypatch.setattr(review, "MOST_VERDICTS", 1)
    digest = set_digest(items(workspace))
    said = [{"name": n, "answer": "approved", "digest": digest} for n in ("Ana", "Bea")]

    codes = [reviewer.post("/drafts/review/verdict/", s).status_code for s in said]

    assert codes == [303, 429]


def test_a_comment_is_about_a_change_of_this_workspace(reviewer, workspace, editor):
    theirs = stage_page(a_workspace("Other", editor), an_info_page("Kiln"), title="x")
    (first, *_others) = items(workspace)
    said = {"name": "Ana", "text": "Too red."}

    def answer(item) -> int:
        posted = said | {"item": item}
        return reviewer.post("/drafts/review/comment/", posted).status_code

    assert answer(first.key) == 303
    for item in (f"page-{theirs.uuid}", "page-x", "block-0", "x"):
        assert answer(item) == 422
    assert ReviewComment.objects.get().item == first.key


def test_the_reviewers_pages_are_there_for_reviewers_only(link, visitor):
    assert visitor.get(CHANGES).status_code == 404
    for path in ("comment", "verdict"):
        assert visitor.post(f"/drafts/review/{path}/", {}).status_code == 404


def test_nothing_is_bought_or_kept_from_inside_a_draft(reviewer):
    sku = a_product().variants.get().sku

    answer = reviewer.post("/cart/add/", {"sku": sku, "quantity": "1"})
    reviewer.get("/cart/"), reviewer.get("/checkout/")

    assert answer.status_code == 409
    assert not Cart.objects.exists()


def test_looking_through_a_link_publishes_nothing_as_seen(reviewer, workspace):
    html(reviewer, "/about-us/")

    assert not any(item.is_seen for item in items(workspace))


def test_visits_are_noted_once_a_minute_and_page(reviewer):
    for _n in range(3):
        html(reviewer, "/about-us/")

    assert ShareVisit.objects.filter(path="/about-us/").count() == 1


def test_a_review_is_of_the_storefront_and_never_of_the_admin(link, workspace):
    colleague = a_colleague("Editors", "tom")
    client = Client()
    client.force_login(colleague)
    client.get(address(link))

    assert sees_the_draft(client)
    overview = reverse("home:drafts:overview", args=[workspace.uuid])
    assert client.get(overview).status_code == 404


def test_the_owner_makes_and_withdraws_links(inside, workspace):
    page = reverse("home:drafts:share", args=[workspace.uuid])

    inside.post(page, {"label": "Ana", "days": "3", "passphrase": ""})

    link = ShareLink.objects.get()
    assert share.token(link)[:20] in html(inside, page)
    withdraw = reverse("home:drafts:revoke", args=[workspace.uuid])
    inside.post(withdraw, {"link": link.pk})
    link.refresh_from_db()
    assert link.revoked_at


def test_a_link_of_strange_length_is_refused(inside, workspace):
    page = reverse("home:drafts:share", args=[workspace.uuid])

    for days in ("0", "31", "x", "", "1e9"):
        assert inside.post(page, {"days": days}).status_code == 422, days
        assert not ShareLink.objects.exists()


def test_the_token_stands_in_no_log(link, caplog):
    share.withdraw(link, now=timezone.now())

    Client().get(address(link))

    assert share.token(link) not in caplog.text
