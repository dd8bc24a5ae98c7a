"""Pages of information: their addresses, what moved, what search engines are told."""

import json
import re
from urllib.parse import quote

import pytest
from django.conf import settings as shop_settings
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home import slugs
from home.models import DynamicPage, HomePage
from tests.builders import a_colleague, an_info_page, stage_page
from tests.composing import a_framed_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePage.objects.get()


@pytest.fixture
def publisher(client):
    user = a_colleague("Administrators", "henrik")
    client.force_login(user)
    return user


def rename(page, slug: str) -> None:
    """As an editor does, and publishes it."""
    page = DynamicPage.objects.get(pk=page.pk)
    page.slug = slug
    page.save_revision().publish()


def fields(**other) -> dict:
    filled = {
        "title": "A page",
        "slug": "a-page",
        "introduction": "",
        "menu_placement": "",
        "seo_title": "",
        "search_description": "",
        "canonical_url": "",
        "social_picture": "",
        "body": streamfield([]),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": 1000,
    }
    return nested_form_data(filled | other)


def get(client, path: str, **query):
    """Exactly that path: the test client takes // for the beginning of a host."""
    return client.get("/", query, PATH_INFO=path)


def add(client, parent, **values):
    url = reverse("wagtailadmin_pages:add", args=["home", "dynamicpage", parent.pk])
    return client.post(url, fields(**values))


# Reserved words


def first_words(patterns, before="") -> set[str]:
    """The first word of every address that the URLconf answers, but for pages."""
    words = set()
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns") and "/" not in route:
            words |= first_words(pattern.url_patterns, route)
        elif word := re.match(r"[\w.-]+", route.replace("\\", "")):
            words.add(word[0])
    return words


def test_every_first_word_of_the_shops_own_addresses_is_reserved():
    words = first_words(get_resolver().url_patterns)

    assert {"admin", "shop", "cart", "drafts", "healthz", "sitemap.xml"} <= words
    assert words <= slugs.RESERVED


@pytest.mark.parametrize("name", ["STATIC_URL", "MEDIA_URL"])
def test_files_have_a_reserved_word_too(name):
    assert getattr(shop_settings, name).strip("/") in slugs.RESERVED


def test_a_reserved_word_is_refused_with_the_reason_when_a_page_is_added(
    client, publisher, home
):
    answer = add(client, home, slug="cart")

    assert "“cart” is an address of the shop itself." in answer.content.decode()
    assert not DynamicPage.objects.exists()


def test_however_it_is_written(client, publisher, home):
    for slug in ("Cart", "CART", "ｃａｒｔ"):
        answer = add(client, home, slug=slug)

        assert "is an address of the shop itself." in answer.content.decode(), slug
        with pytest.raises(ValidationError, match="address of the shop"):
            home.add_child(instance=DynamicPage(title="A page", slug=slug))


def test_a_draft_is_refused_it_as_well(home):
    with pytest.raises(ValidationError, match="address of the shop"):
        home.add_child(instance=DynamicPage(title="A page", slug="cart", live=False))


def test_a_word_is_reserved_only_where_an_address_begins(client, publisher, home):
    about = an_info_page("About")

    answer = add(client, about, slug="cart")

    assert answer.status_code == 302
    assert DynamicPage.objects.get(slug="cart").url == "/about/cart/"


def test_a_changed_slug_is_refused_once(client, publisher):
    page = an_info_page("About")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    answer = client.post(url, fields(slug="cart", title="About"))

    text = answer.content.decode()
    assert text.count("is an address of the shop itself.") == 1
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().slug == "about"


def test_a_copy_is_refused_it(client, publisher, home):
    page = an_info_page("About")
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])

    answer = client.post(
        url, {"new_title": "Cart", "new_slug": "Cart", "new_parent_page": home.pk}
    )

    assert "“cart” is an address of the shop itself." in answer.content.decode()
    assert DynamicPage.objects.count() == 1


def test_a_page_is_not_moved_to_where_its_slug_is_reserved(client, publisher, home):
    about = an_info_page("About")
    cart = an_info_page("Cart", slug="cart", parent=about)
    url = reverse("wagtailadmin_pages:move_confirm", args=[cart.pk, home.pk])

    answer = client.post(url, follow=True)

    assert "“cart” is an address of the shop itself." in answer.content.decode()
    assert DynamicPage.objects.get(slug="cart").is_child_of(about)
    assert not cart.permissions_for_user(publisher).can_move_to(home)


def test_nor_with_others(client, publisher, home):
    about = an_info_page("About")
    cart = an_info_page("Cart", slug="cart", parent=about)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    client.post(f"{url}?id={cart.pk}", {"chooser": home.pk, "move_applied": "1"})

    assert DynamicPage.objects.get(slug="cart").is_child_of(about)


def test_a_workspace_refuses_it_at_the_form_as_well(home):
    from tests.builders import a_workspace

    page, workspace = an_info_page("About"), a_workspace()
    entry = stage_page(workspace, page, slug="cart")

    from home.drafts.content import laid_over

    with pytest.raises(ValidationError, match="address of the shop"):
        laid_over(page, entry.content).full_clean()


# One way to write an address


def test_a_slug_is_kept_in_small_letters(client, publisher, home):
    add(client, home, slug="About-US")

    assert DynamicPage.objects.get().slug == "about-us"


def test_two_pages_do_not_differ_by_capitals_alone(client, publisher, home):
    an_info_page("About us")

    answer = add(client, home, slug="About-Us")

    assert "already in use" in answer.content.decode()
    with pytest.raises(ValidationError, match="already in use"):
        home.add_child(instance=DynamicPage(title="Other", slug="ABOUT-US"))


def test_other_ways_to_write_it_lead_there_at_once(client):
    an_info_page("About us")

    for path in (
        "/about-us",
        "/About-Us/",
        "/ABOUT-US",
        "//about-us/",
        "/about-us//",
        "///About-us///",
    ):
        answer = get(client, path, a="1")
        found = (path, answer.status_code, answer["Location"])
        assert found == (path, 301, "/about-us/?a=1")
    assert client.get("/about-us/?a=1").status_code == 200


def test_letters_in_two_pieces_are_put_together(client):
    an_info_page("Café", slug="café")

    answer = client.get(f"/{quote('cafe')}%CC%81/")

    assert (answer.status_code, answer["Location"]) == (301, "/caf%C3%A9/")
    assert client.get(answer["Location"]).status_code == 200


def test_the_shops_own_addresses_are_written_in_one_way_too(client):
    for path, right in (
        ("/SHOP/", "/shop/"),
        ("/shop", "/shop/"),
        ("//shop//", "/shop/"),
        ("/Product/Vid", "/product/vid/"),
        ("/shop/Tableware//bowls", "/shop/tableware/bowls/"),
        ("/Robots.TXT", "/robots.txt"),
    ):
        answer = get(client, path)
        assert (path, answer.status_code, answer["Location"]) == (path, 301, right)


def test_what_is_nowhere_is_nowhere_at_once(client):
    an_info_page("About us")

    for path in (
        "/Nothing/",
        "/nothing",
        "//nothing//",
        "/about-us/nothing/",
        "/x/" * 50,
        "/" + "x" * 600,
        "/a\0b/",
        "/about-us/.../",
        "/\xff/",
    ):
        assert (path, get(client, path).status_code) == (path, 404)


def test_nothing_leads_out_of_the_shop(client):
    an_info_page("About us")

    assert get(client, "//About-us/")["Location"] == "/about-us/"
    assert get(client, "//elsewhere.example/").status_code == 404


def test_a_page_that_is_not_live_is_no_place_to_lead_to(client):
    page = an_info_page("About us")
    page.unpublish()

    assert client.get("/About-Us").status_code == 404


def test_a_form_is_not_led_anywhere(client):
    an_info_page("About us")

    assert client.post("/About-Us/").status_code == 404


@pytest.mark.parametrize("path", ["/nothing/", "/a/b/c/d/e/f/g/h/", "/a/" * 60])
def test_a_deep_address_that_is_nowhere_costs_no_more(
    client, path, django_assert_max_num_queries
):
    client.get("/")

    with django_assert_max_num_queries(5):
        client.get(path)


# Moved


def test_a_changed_slug_leaves_a_redirect(client, django_capture_on_commit_callbacks):
    page = an_info_page("About us")
    with django_capture_on_commit_callbacks(execute=True):
        rename(page, "about")

    answer = client.get("/about-us/")
    assert (answer.status_code, answer["Location"]) == (301, "/about/")
    assert client.get("/about/").status_code == 200


def test_a_page_renamed_twice_is_one_step_away(
    client, django_capture_on_commit_callbacks
):
    page = an_info_page("First")
    for slug in ("second", "third"):
        with django_capture_on_commit_callbacks(execute=True):
            rename(page, slug)

    for path in ("/first/", "/First", "//second"):
        assert get(client, path)["Location"] == "/third/"


def test_what_lies_beneath_moves_along(client, django_capture_on_commit_callbacks):
    about = an_info_page("About")
    an_info_page("Team", parent=about)
    with django_capture_on_commit_callbacks(execute=True):
        rename(about, "who-we-are")

    assert client.get("/about/team/")["Location"] == "/who-we-are/team/"


def test_a_page_that_is_moved_leaves_a_redirect(client, publisher, home):
    about, team = an_info_page("About"), an_info_page("Team")
    team.move(about, pos="last-child")

    assert client.get("/team/")["Location"] == "/about/team/"


def test_a_redirect_never_shadows_a_live_page(
    client, django_capture_on_commit_callbacks
):
    page = an_info_page("First")
    for slug in ("second", "first"):
        with django_capture_on_commit_callbacks(execute=True):
            rename(page, slug)

    assert client.get("/first/").status_code == 200
    assert client.get("/second/")["Location"] == "/first/"


def test_an_address_that_was_given_up_may_be_taken_again(
    client, django_capture_on_commit_callbacks
):
    page = an_info_page("About us", text="The old ones.")
    with django_capture_on_commit_callbacks(execute=True):
        rename(page, "about")
    an_info_page("About us", text="The new ones.", slug="about-us")

    assert "The new ones." in client.get("/about-us/").content.decode()


def test_a_redirect_to_a_page_off_the_site_leads_nowhere(
    client, django_capture_on_commit_callbacks
):
    page = an_info_page("First")
    for slug in ("second", "first"):
        with django_capture_on_commit_callbacks(execute=True):
            rename(page, slug)
    DynamicPage.objects.get().unpublish()

    assert client.get("/first/").status_code == 404
    assert client.get("/second/").status_code == 404


def test_redirects_written_by_hand_are_one_step_as_well(client):
    an_info_page("Care guide")
    Redirect.add_redirect("/care", "/washing/")
    Redirect.add_redirect("/washing", "/help/care/")
    Redirect.add_redirect("/help/care", "/care-guide/")

    assert client.get("/care/")["Location"] == "/care-guide/"


def test_a_live_page_on_the_way_is_where_the_way_ends(client):
    an_info_page("Washing")
    Redirect.add_redirect("/care", "/washing/")
    Redirect.add_redirect("/washing", "/shop/")

    assert client.get("/care/")["Location"] == "/washing/"


def test_a_way_that_is_too_long_is_none(client):
    for n in range(9):
        Redirect.add_redirect(f"/step-{n}", f"/step-{n + 1}/")

    assert client.get("/step-0/").status_code == 404


def test_a_temporary_step_makes_the_whole_way_temporary(client):
    Redirect.add_redirect("/care", "/washing/")
    Redirect.add_redirect("/washing", "/shop/", is_permanent=False)

    answer = client.get("/care/")
    assert (answer.status_code, answer["Location"]) == (302, "/shop/")


def test_redirects_in_a_circle_lead_nowhere(client):
    Redirect.add_redirect("/one", "/two/")
    Redirect.add_redirect("/two", "/one/")
    Redirect.add_redirect("/self", "/self/")

    for path in ("/one/", "/two/", "/self/"):
        assert client.get(path).status_code == 404


def test_a_redirect_to_another_site_is_followed_there(client):
    Redirect.add_redirect("/old", "https://elsewhere.example/old/")

    assert client.get("/old/")["Location"] == "https://elsewhere.example/old/"


def test_a_sites_own_redirect_comes_first(client):
    Redirect.add_redirect("/old", "/shop/")
    Redirect.add_redirect("/old", "/cart/", site=Site.objects.get())

    assert client.get("/old/")["Location"] == "/cart/"


def test_a_redirect_may_depend_on_the_query(client):
    Redirect.add_redirect("/old?id=3", "/cart/")
    Redirect.add_redirect("/old", "/shop/")

    assert client.get("/old/?id=3")["Location"] == "/cart/"
    assert client.get("/old/?id=4")["Location"] == "/shop/"


@pytest.mark.parametrize("path", ["/old/", "/SHOP/"])
def test_no_browser_keeps_a_redirect_beyond_its_time(client, path):
    Redirect.add_redirect("/old", "/shop/")

    assert client.get(path)["Cache-Control"] == "no-cache"


# In the head


def head(client, path="/about-us/") -> str:
    return client.get(path).content.decode().split("</head>")[0]


def test_the_head_says_what_the_editor_wrote(client):
    an_info_page(
        "About us",
        seo_title="Who we are & why",
        search_description="Four of us, and a kiln.",
        social_picture=a_framed_picture("Workshop"),
    )

    found = head(client)
    assert "<title>Who we are &amp; why: " in found
    assert '<meta name="description" content="Four of us, and a kiln.">' in found
    assert '<meta property="og:title" content="Who we are &amp; why">' in found
    assert '<meta property="og:description" content="Four of us, and a kiln.">' in found
    assert '<link rel="canonical" href="http://testserver/about-us/">' in found
    shared = re.search(r'og:image" content="(.*?)"', found)[1]
    assert shared.startswith("http://testserver/media/")
    assert "summary_large_image" in found
    assert "robots" not in found


def test_without_words_of_its_own_the_page_has_its_title_and_introduction(client):
    an_info_page("About us", introduction="Four of us.")

    found = head(client)
    assert '<meta property="og:title" content="About us">' in found
    assert '<meta name="description" content="Four of us.">' in found
    assert '<meta name="twitter:card" content="summary">' in found


def test_a_page_that_repeats_another_names_it(client):
    an_info_page("About us", canonical_url="https://example.org/us/?a=1&b=2")

    address = "https://example.org/us/?a=1&amp;b=2"
    assert f'<link rel="canonical" href="{address}">' in head(client)


def test_a_page_may_be_hidden_from_search_engines(client):
    an_info_page("About us", noindex=True)

    assert '<meta name="robots" content="noindex, follow">' in head(client)


@pytest.mark.parametrize("field", ["noindex", "canonical_url", "social_picture"])
def test_the_front_page_has_the_same_fields(client, home, field):
    values = {
        "noindex": True,
        "canonical_url": "https://example.org/",
        "social_picture": a_framed_picture(),
    }
    setattr(home, field, values[field])
    home.save()
    expected = {
        "noindex": "noindex, follow",
        "canonical_url": 'rel="canonical" href="https://example.org/"',
        "social_picture": "og:image",
    }

    assert expected[field] in head(client, "/")


# Sitemap and robots


def locations(client) -> list[str]:
    answer = client.get("/sitemaps/pages.xml")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return re.findall(r"<loc>(.*?)</loc>", answer.content.decode())


def test_the_sitemap_has_what_is_published_and_may_be_found(client):
    an_info_page("About us")
    an_info_page("Draft").unpublish()
    an_info_page("Hidden", noindex=True)
    an_info_page("Repeats", canonical_url="https://example.org/")
    secret = an_info_page("Secret")
    PageViewRestriction.objects.create(page=secret, password="x")

    assert locations(client) == ["http://localhost/", "http://localhost/about-us/"]


def test_a_page_that_names_itself_is_in_the_sitemap(client):
    page = an_info_page("About us")
    page.canonical_url = page.full_url
    page.save()

    assert "http://localhost/about-us/" in locations(client)


def test_the_sitemap_says_when_a_page_was_last_published(client):
    page = an_info_page("About us")

    text = client.get("/sitemaps/pages.xml").content.decode()
    assert f"<lastmod>{page.last_published_at:%Y-%m-%d}" in text


def test_a_draft_is_not_in_the_sitemap_even_for_its_owner(client):
    from tests.builders import a_workspace, stage_new_page
    from tests.home.drafts.looking import enter

    editor = a_colleague("Editors", "sofia")
    workspace = a_workspace(owner=editor)
    stage_new_page(workspace, title="Autumn")
    stage_page(workspace, an_info_page("About us"), slug="autumn-us")
    client.force_login(editor)
    enter(client, workspace)

    assert "autumn" not in client.get("/sitemaps/pages.xml").content.decode().lower()


def test_robots_are_told_where_not_to_look_and_where_the_map_is(client):
    answer = client.get("/robots.txt")

    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"] == "text/plain"
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /drafts/", "Disallow: /cart/"} <= set(lines)
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_a_page_of_any_depth_needs_no_code(client):
    parent = an_info_page("Help")
    an_info_page("Delivery", parent=parent, text="By post.")

    assert "By post." in client.get("/help/delivery/").content.decode()
    assert json.dumps("By post.") not in client.get("/help/").content.decode()
