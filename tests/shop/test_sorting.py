"""Categories, workshops and values: what is used is not deleted but merged, and lists
follow every change."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ReferenceIndex, Revision

from checkout.models import Promotion
from home.roles import Role
from shop import tree
from shop.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    Product,
    ProductAttribute,
)
from shop.relist import drift
from shop.uniting import CannotUnite, Why, unite
from shop.uses import uses
from tests.builders import (
    a_brand,
    a_category,
    a_colleague,
    a_product,
    a_promotion,
    a_value,
)
from tests.composing import a_page, block

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(a_colleague(Role.SHOP_STAFF))
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def snippet(thing, view: str) -> str:
    name = type(thing).snippet_viewset.get_url_name(view)
    return reverse(name, args=[thing.pk])


def said(thing) -> dict[str, int]:
    return {use.words: use.count for use in uses(thing)}


def drafted(product: Product, **values) -> None:
    """Saved in a draft only."""
    copy = Product.objects.get(pk=product.pk)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save_revision()


# Where it is used


def test_every_use_is_told_drafts_promotions_and_pages_too():
    bowls, mugs = a_category("Bowls"), a_category("Mugs")
    deep = a_category("Deep bowls", parent=bowls)
    a_product(category=bowls)
    drafted(a_product(category=mugs), category=bowls)
    a_promotion().categories.add(bowls)
    tile = {"type": "item", "value": {"category": bowls.pk, "picture": None}, "id": "1"}
    page = a_page(block("category_tiles", heading="Rooms", categories=[tile]))
    ReferenceIndex.create_or_update_for_object(page)

    assert said(bowls) == {
        "products": 2,
        "categories": 1,
        "promotions": 1,
        "pages": 1,
    }
    assert said(deep) == {}


def test_a_value_is_used_by_products_variants_and_drafts():
    moss, ink = a_value("Moss", "colour"), a_value("Ink", "colour")
    of_product, of_variant, of_draft = a_product(), a_product(), a_product()
    ProductAttribute.objects.create(product=of_product, value=moss)
    of_variant.variants.get().options.add(moss)
    copy = Product.objects.get(pk=of_draft.pk)
    copy.attribute_values.add(copy.attribute_values.model(value=moss))
    copy.save_revision()

    assert said(moss) == said(moss.attribute) == {"products": 3}
    assert said(ink) == {}


# Deleting


def test_what_is_used_is_not_deleted_and_it_is_said_where(staff):
    brand, category, value = a_brand(), a_category(), a_value("Moss", "colour")
    product = a_product(brand=brand, category=category)
    ProductAttribute.objects.create(product=product, value=value)

    for thing in (brand, category, value.attribute):
        answer = staff.post(snippet(thing, "delete"))
        assert answer.status_code == 409
        assert f"<strong>{thing}</strong>: products: 1" in text(answer)
        assert type(thing).objects.filter(pk=thing.pk).exists()
        # Many at once by the same rule.
        names = ["shop", thing._meta.model_name, "delete"]
        bulk = reverse("wagtail_bulk_action", args=names) + f"?id={thing.pk}"
        assert staff.post(bulk).status_code == 409


def test_what_is_not_used_goes_and_lists_forget_it(
    staff, django_capture_on_commit_callbacks
):
    brand, other = a_brand(), a_brand("Louça do Cais")
    cache.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(snippet(brand, "delete")).status_code == 302
    assert _brands() == [other.name]

    bulk = reverse("wagtail_bulk_action", args=["shop", "brand", "delete"])
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(f"{bulk}?id={other.pk}").status_code == 302
    assert _brands() == []


def _brands() -> list[str]:
    facets = {facet.code: facet.values for facet in tree.current().facets}
    return [value.label for value in facets.get("brand", ())]


def test_a_value_in_use_stays_in_its_attribute(staff):
    moss, ink = a_value("Moss", "colour"), a_value("Ink", "colour")
    a_product().variants.get().options.add(moss)
    url = snippet(moss.attribute, "edit")

    answer = staff.post(url, _typed(moss.attribute, without=moss))
    assert "is used (products: 1). Merge it into another." in text(answer)
    assert AttributeValue.objects.count() == 2

    assert staff.post(url, _typed(moss.attribute, without=ink)).status_code == 302
    assert list(AttributeValue.objects.all()) == [moss]


def _typed(attribute: Attribute, *, without=None, **more) -> dict:
    rows = list(attribute.values.order_by("pk"))
    typed = {
        "name": attribute.name,
        "code": attribute.code,
        "kind": attribute.kind,
        "position": attribute.position,
        "is_filterable": "on",
        "values-TOTAL_FORMS": len(rows),
        "values-INITIAL_FORMS": len(rows),
    }
    for n, value in enumerate(rows):
        typed |= {
            f"values-{n}-id": value.pk,
            f"values-{n}-label": value.label,
            f"values-{n}-slug": value.slug,
            f"values-{n}-ORDER": n,
            f"values-{n}-DELETE": "on" if value == without else "",
        }
    return typed | more


# Renaming


def test_products_are_found_by_a_new_name_from_the_commit_on(
    django_capture_on_commit_callbacks,
):
    brand, category, value = a_brand(), a_category(), a_value("Moss", "colour")
    product = a_product(brand=brand, category=category)
    product.variants.get().options.add(value)
    for thing, field in ((brand, "name"), (category, "name"), (value, "label")):
        with django_capture_on_commit_callbacks(execute=True):
            setattr(thing, field, f"Quite another {field}")
            thing.save()

        product.refresh_from_db()
        assert f"Quite another {field}" in product.search_text
        assert drift() == []


# Merging


def test_all_that_had_the_one_has_the_other(staff, django_capture_on_commit_callbacks):
    old, new = a_category("Bowls"), a_category("Dishes")
    product, draft = a_product(category=old), a_product(category=new)
    drafted(draft, category=old)
    only, both = a_promotion("ONE"), a_promotion("TWO")
    only.categories.set([old])
    both.categories.set([old, new])
    address = old.get_absolute_url()
    page = text(staff.get(snippet(old, "merge")))
    assert "products: 2, promotions: 2" in page

    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(snippet(old, "merge"), {"into": new.pk})

    assert answer.status_code == 303
    assert list(Category.objects.all()) == [new]
    product.refresh_from_db()
    assert product.category == new and "Dishes" in product.search_text
    assert draft.revisions.get().content["category"] == new.pk
    for promotion in Promotion.objects.all():
        assert list(promotion.categories.all()) == [new]
    redirect = Redirect.objects.get()
    assert redirect.old_path == Redirect.normalise_path(address)
    assert redirect.redirect_link == new.get_absolute_url()
    assert drift() == []


def test_a_value_that_both_had_is_had_once(staff, django_capture_on_commit_callbacks):
    moss, sage = a_value("Moss", "colour"), a_value("Sage", "colour")
    one, two, three = a_product(), a_product(), a_product()
    for value in (moss, sage):
        ProductAttribute.objects.create(product=one, value=value)
        two.variants.get().options.add(value)
    one.save_revision()
    three.variants.get().options.add(moss)
    listed = text(staff.get(snippet(moss.attribute, "values")))
    assert "<td>3</td>" in listed and f"Merge {moss}" in listed

    url = reverse("wagtailsnippets_shop_attribute:merge_value", args=[moss.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(url, {"into": sage.pk}).status_code == 303

    assert [own.value for own in one.attribute_values.all()] == [sage]
    assert list(two.variants.get().options.all()) == [sage]
    for product in Product.objects.all():
        assert product.value_ids == [sage.pk]
    [row] = Revision.objects.get().content["attribute_values"]
    assert row["value"] == sage.pk
    assert drift() == []


def test_values_are_listed_in_as_many_queries_however_many_they_are(staff):
    moss = a_value("Moss", "colour")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(snippet(moss.attribute, "values"))
            uses(moss.attribute)
        return len(queries)

    asked()
    for_one = asked()
    for n in range(49):
        a_value(f"Glaze {n}", "colour")
    assert asked() == for_one


def test_what_cannot_be_merged_says_why(staff):
    bowls, mugs = a_category("Bowls"), a_category("Mugs")
    a_category("Deep bowls", parent=bowls)
    tile = {"type": "item", "value": {"category": mugs.pk, "picture": None}, "id": "1"}
    page = a_page(block("category_tiles", heading="Rooms", categories=[tile]))
    ReferenceIndex.create_or_update_for_object(page)
    moss, clay = a_value("Moss", "colour"), a_value("Clay", "material")

    for thing, into, why in (
        (bowls, mugs, Why.HAS_KINDS),
        (mugs, bowls, Why.IN_PAGES),
        (mugs, mugs, Why.SAME),
        (moss, clay, Why.STRANGER),
    ):
        with pytest.raises(CannotUnite) as refused:
            unite(thing, into)
        assert refused.value.args == (why,)
    answer = staff.post(snippet(bowls, "merge"), {"into": mugs.pk})
    assert answer.status_code == 422 and "Move them first" in text(answer)
    answer = staff.post(snippet(mugs, "merge"), {"into": ""})
    assert answer.status_code == 422
    assert Category.objects.count() == 3


def test_only_who_may_change_and_delete_may_merge(client):
    brand, other = a_brand(), a_brand("Louça do Cais")
    value = a_value("Moss", "colour")
    client.force_login(a_colleague(Role.PUBLISHERS))
    urls = (
        snippet(brand, "merge"),
        snippet(value.attribute, "values"),
        reverse("wagtailsnippets_shop_attribute:merge_value", args=[value.pk]),
    )
    for url in urls:
        assert client.get(url).status_code == 302
        assert client.post(url, {"into": other.pk}).status_code in (302, 405)
    assert Brand.objects.count() == 2 and AttributeValue.objects.count() == 1
