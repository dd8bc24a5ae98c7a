"""Every address of the wishlist × who asks × how. An address without a row fails."""

import pytest
from django.test import Client
from django.urls import reverse

from home.roles import Role
from tests.builders import NOON, a_colleague, a_product
from tests.home.accounts.coming_in import a_shopper
from tests.wishlist.test_price_drops import a_watch
from tests.wishlist.wishing import kept, merged, put
from wishlist import letters, sharing
from wishlist.models import Watch, Wishlist
from wishlist.urls import urlpatterns

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "owner", "other", "staff")
SEEN, LOG_IN, AWAY, UNREAD, GONE, WAY, OLD, BAD = 200, 302, 303, 400, 404, 405, 410, 422
EVERYONE, NOT_SO = dict.fromkeys(ROLES, SEEN), dict.fromkeys(ROLES, WAY)
LED_ON, NOT_READ = dict.fromkeys(ROLES, AWAY), dict.fromkeys(ROLES, UNREAD)
# Name: (what GET answers, what an empty POST answers). A link is its own key: whoever
# was given it gets in.
MATRIX: dict[str, tuple[dict, dict]] = {
    "list": (EVERYONE, NOT_SO),
    "press": (NOT_SO, NOT_READ),
    "move": (NOT_SO, dict.fromkeys(ROLES, GONE)),
    "local": (NOT_SO, EVERYONE),
    "share": (NOT_SO, LED_ON),
    "shared": (EVERYONE, NOT_SO),
    # Nobody's present is their own.
    "gift": (NOT_SO, NOT_READ | {"owner": GONE}),
    "watch_list": (NOT_SO, LED_ON | {"anonymous": LOG_IN}),
    "watch": (EVERYONE, EVERYONE | {"anonymous": BAD}),
    "confirm": (EVERYONE, EVERYONE),
    "mail": (EVERYONE, LED_ON),
    "stop": (EVERYONE, EVERYONE),
}
# What a key that was made up opens.
FORGED = {"shared": GONE, "gift": GONE, "confirm": OLD, "mail": GONE, "stop": GONE}


def test_every_address_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


def test_each_answers_everyone_as_the_matrix_says():
    owner, product = a_shopper("owner@example.org"), a_product(now=NOON)
    other = a_shopper("other@example.org")
    merged(owner, put(product))
    people = {role: Client() for role in ROLES}
    people["owner"].force_login(owner)
    people["other"].force_login(other)
    people["staff"].force_login(a_colleague(Role.SHOP_STAFF))

    def address(name: str) -> str:
        """Made anew for each: what others have just withdrawn or ended is there."""
        Watch.objects.all().delete()
        watch = a_watch(product, confirmed_at=None)
        keys = {
            "shared": lambda: [sharing.share(owner.pk, now=NOON)],
            "gift": lambda: [sharing.share(owner.pk, now=NOON)],
            "watch": lambda: [product.slug],
            "confirm": lambda: [letters.confirm_url(watch).rsplit("/", 2)[1]],
            "mail": lambda: [letters.page_url(watch.email).rsplit("/", 2)[1]],
            "stop": lambda: [letters.page_url(watch.email).rsplit("/", 2)[1]],
        }
        return reverse(f"wishlist:{name}", args=keys.get(name, list)())

    answered = {
        name: tuple(
            {
                role: getattr(people[role], verb)(address(name)).status_code
                for role in ROLES
            }
            for verb in ("get", "post")
        )
        for name in MATRIX
    }

    assert answered == MATRIX
    # Whatever the others sent, the owner's list is as it was.
    assert set(kept(owner)) == {product.pk}
    assert not Wishlist.objects.get(owner=other).items.exists()


@pytest.mark.parametrize("name", FORGED)
def test_a_key_that_was_made_up_opens_nothing(name):
    path = reverse(f"wishlist:{name}", args=["x" * 32])

    assert Client().post(path).status_code in {FORGED[name], WAY}
    assert Client().get(path).status_code in {FORGED[name], WAY}
