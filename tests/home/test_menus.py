import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from wagtail.models import Site

from home.models import DynamicPage

pytestmark = pytest.mark.django_db


def a_page(title, **more) -> DynamicPage:
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=DynamicPage(title=title, **more))


@pytest.mark.parametrize("place", ["header", "footer"])
def test_a_page_stands_in_the_menu_its_editor_chose(client, place):
    a_page("About us", menu_placement=place)

    markup = client.get("/shop/").content.decode()

    start, end = (f'<{place} class="site-{place}', f"</{place}>")
    part = markup[markup.index(start) : markup.index(end)]
    assert '<a href="/about-us/"' in part.replace(' class="top"', "")


@pytest.mark.parametrize("page", [{}, {"menu_placement": "header", "live": False}])
def test_no_other_page_does(client, page):
    a_page("About us", **page)

    assert "/about-us/" not in client.get("/shop/").content.decode()


def test_the_head_is_made_once_for_all_pages_and_anew_when_the_menu_changes(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    made = []

    def noted(template, *args):
        made.append(template)
        return render_to_string(template, *args)

    def head(address):
        markup = client.get(address).content.decode()
        return markup[markup.index("<header") : markup.index("</header>")]

    monkeypatch.setattr("home.storefront.render_to_string", noted)
    cache.clear()

    heads = {head(address) for address in ("/", "/shop/", "/nowhere/", "/search/")}

    assert made.count("components/header.html") == len(heads) == 1
    assert 'name="q" value=""' in heads.pop()
    assert 'name="q" value="bowl"' in head("/search/?q=bowl")
    with django_capture_on_commit_callbacks(execute=True):
        a_page("About us", menu_placement="header")
    assert "About us" in head("/shop/")
    assert made.count("components/header.html") == 2


def test_an_address_of_the_shop_is_refused_with_the_reason(client):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="address of the shop"):
        a_page("Cart", slug="cart")
