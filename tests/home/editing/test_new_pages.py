"""A page is made inside a workspace: until it is published it is nobody else's."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageSubscription

from home.drafts.overlay import Overlay
from home.models import DynamicPage, HomePage
from tests.builders import a_colleague, a_workspace, an_info_page, stage_new_page
from tests.home.drafts.looking import browser_with, enter, html
from tests.home.editing.test_pages import everything_public
from tests.home.editing.typing import (
    autosave,
    opened,
    page_maker,
    save,
    seen_conflict,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("new_page_form_once")]


@pytest.fixture
def home(db):
    return HomePage.objects.get()


@pytest.fixture(scope="module")
def new_page_form_once(inside_once):
    return opened(browser_with(inside_once), page_maker(HomePage.objects.get()))


@pytest.fixture
def new_page_form(built):
    """The fields of the form that makes a page beneath the home page."""
    return built["new_page_form"]


def named(workspace, title="Kiln news", **more):
    return stage_new_page(workspace, title=title, **more)


def address_of(entry) -> str:
    parent = Page.objects.get(pk=entry.parent_id)
    return f"{page_maker(parent)}?ws_entry={entry.uuid}"


def test_a_new_page_is_an_entry_and_no_row(
    inside, visitor, workspace, home, new_page_form
):
    before = everything_public(), Page.objects.count(), home.numchild
    form = new_page_form | {"title": "Kiln news", "slug": "kiln"}

    autosave(inside, page_maker(home), form, **words("Warm."))
    autosave(inside, page_maker(home), form, **words("Very warm."))

    entry = workspace.pages.get()
    assert (entry.kind, entry.title, entry.version) == ("create", "Kiln news", 2)
    home.refresh_from_db()
    assert (everything_public(), Page.objects.count(), home.numchild) == before
    assert not PageSubscription.objects.exists()
    assert "Very warm." in html(inside, "/kiln/")
    assert visitor.get("/kiln/").status_code == 404


def test_the_address_names_the_entry_and_a_reload_brings_it_back(
    inside, workspace, home, new_page_form
):
    form = new_page_form | {"title": "Kiln news", "slug": "kiln"}

    answer = autosave(inside, page_maker(home), form, **words("Warm.")).json()

    query = parse_qs(urlsplit(answer["url"]).query)
    assert query == {"ws_entry": [str(workspace.pages.get().uuid)]}
    assert form["ws_entry"] == query["ws_entry"][0]
    assert "hydrate_url" not in answer and "revision_id" not in answer
    again = opened(inside, answer["url"])
    assert (again["title"], again["ws_version"]) == ("Kiln news", "1")
    assert "Warm." in html(inside, answer["url"])


def test_saving_by_hand_stays_with_the_page_and_keeps_the_way_back(inside, home):
    form = opened(inside, f"{page_maker(home)}?next=/admin/")
    form |= {"title": "Kiln news", "slug": "kiln"}

    answer = save(inside, page_maker(home), form, **words("Warm."))

    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["next"] == ["/admin/"] and "ws_entry" in query
    assert "Warm." in html(inside, answer["Location"])


def test_a_slug_of_a_published_page_is_refused(inside, workspace, home, new_page_form):
    an_info_page("About us")
    form = new_page_form | {"title": "About", "slug": "about-us"}

    answer = autosave(inside, page_maker(home), form, **words("x"))

    assert answer.json()["error_code"] == "validation_error"
    assert not workspace.pages.exists()


def test_a_slug_of_the_same_workspace_is_refused(
    inside, workspace, home, new_page_form
):
    named(workspace, slug="kiln")
    form = new_page_form | {"title": "Another", "slug": "kiln"}

    answer = save(inside, page_maker(home), form, **words("Kept on screen."))

    seen = answer.content.decode()
    assert "Another page of this workspace has this slug" in seen
    assert "Kept on screen." in seen and workspace.pages.count() == 1


def test_a_slug_that_another_window_gave_in_this_moment_is_refused(
    inside, workspace, home, monkeypatch, new_page_form
):
    named(workspace, slug="kiln")
    monkeypatch.setattr("home.editing.pages.slug_is_taken", lambda *_: False)
    form = new_page_form | {"title": "Another", "slug": "kiln"}

    answer = autosave(inside, page_maker(home), form, **words("x"))

    assert answer.json()["error_code"] == "validation_error"
    assert workspace.pages.count() == 1


def test_a_second_window_is_refused_and_may_replace(inside, workspace):
    entry = named(workspace)
    first, second = (opened(inside, address_of(entry)) for _ in range(2))
    autosave(inside, address_of(entry), first, **words("First."))

    refused = autosave(inside, address_of(entry), second, **words("Second."))
    answer = save(inside, address_of(entry), second, **words("Second."))

    assert refused.json()["error_code"] == "invalid_revision"
    assert answer.status_code == 409 and "Second." in answer.content.decode()
    sure = second | seen_conflict(answer)
    save(inside, address_of(entry), sure, **words("Second."))
    entry.refresh_from_db()
    assert "Second." in entry.content["body"]


def test_a_page_that_another_window_dropped_keeps_its_text_on_screen(inside, workspace):
    entry = named(workspace)
    form = opened(inside, address_of(entry))
    workspace.pages.all().delete()

    answer = save(inside, address_of(entry), form, **words("Long words."))

    assert answer.status_code == 409 and "Long words." in answer.content.decode()
    sure = form | seen_conflict(answer)
    save(inside, address_of(entry), sure, **words("Long words."))
    assert "Long words." in workspace.pages.get().content["body"]


@pytest.mark.parametrize("name", ["x", "6f1c1b5e-3a52-4d0e-9f7e-2c8a51b0d9aa"])
def test_an_entry_that_is_not_there_is_404(inside, home, name):
    assert inside.get(f"{page_maker(home)}?ws_entry={name}").status_code == 404


def test_an_entry_of_another_place_is_404(inside, workspace, home, page):
    entry = named(workspace)

    assert inside.get(f"{page_maker(page)}?ws_entry={entry.uuid}").status_code == 404


def test_somebody_elses_entry_is_404(client, workspace, home):
    entry = named(workspace)
    other = a_colleague("Editors", "tom")
    client.force_login(other)
    enter(client, a_workspace("Other", other))

    assert client.get(address_of(entry)).status_code == 404


def test_without_its_workspace_the_owner_is_asked_to_open_it(client, editor, workspace):
    entry = named(workspace)
    client.force_login(editor)

    answer = client.get(address_of(entry))
    assert answer.status_code == 409
    assert "Open “Autumn campaign”" in answer.content.decode()

    reopen = reverse("home:drafts:reopen", args=[workspace.uuid])
    answer = client.post(reopen, {"next": address_of(entry)}, follow=True)
    assert "Kiln news" in answer.content.decode()


def test_with_another_open_too(inside, editor, workspace):
    entry = named(workspace)
    enter(inside, a_workspace("Winter", editor))

    answer = inside.get(address_of(entry))

    assert answer.status_code == 409
    assert "Open “Autumn campaign”" in answer.content.decode()


def test_and_nobody_else_is(client, workspace):
    entry = named(workspace)
    client.force_login(a_colleague("Editors", "tom"))

    assert client.get(address_of(entry)).status_code == 404
    reopen = reverse("home:drafts:reopen", args=[workspace.uuid])
    assert client.post(reopen).status_code == 404


@pytest.mark.sidebar
def test_nobody_else_meets_a_new_page_anywhere(client, workspace, home):
    named(workspace, title="Canary page")
    client.force_login(a_colleague("Publishers", "henrik"))
    places = [
        f"/admin/pages/{home.pk}/",
        "/admin/pages/search/?q=canary",
        "/admin/reports/site-history/",
        "/admin/reports/page-types-usage/",
        "/admin/pages/usage/home/dynamicpage/",
        f"/admin/choose-page/{home.pk}/",
        "/admin/choose-page/search/?q=canary",
        f"/admin/api/main/pages/?for_explorer=1&child_of={home.pk}",
        "/admin/api/main/pages/",
        "/admin/",
    ]

    for place in places:
        answer = client.get(place)
        assert answer.status_code == 200, place
        assert "Canary" not in answer.content.decode(), place


def test_without_the_right_to_add_pages_nothing_opens(client, workspace, home):
    clerk = a_colleague("Shop staff", "tomas")
    workspace.owner = clerk
    workspace.save()
    client.force_login(clerk)
    enter(client, workspace)

    assert client.get(page_maker(home)).status_code == 302
    posted = {"ws_token": str(workspace.pk), "title": "x", "slug": "x"}
    assert client.post(page_maker(home), posted).status_code == 302
    assert not workspace.pages.exists()


# Published, as the publishing room will do it


def published(entry) -> Page:
    parent = Page.objects.get(pk=entry.parent_id)
    page = Overlay([entry.workspace], now=timezone.now()).new_page(entry, parent)
    page.pk, page.path, page.depth, page.numchild, page.url_path = None, "", 0, 0, ""
    page.live = False
    Page.objects.get(pk=entry.parent_id).add_child(instance=page)
    page.save_revision().publish()
    return page


def test_what_was_saved_can_become_a_page(
    inside, visitor, workspace, home, new_page_form
):
    form = new_page_form | {"title": "Kiln news", "slug": "kiln"}
    autosave(inside, page_maker(home), form, **words("Warm."))

    published(workspace.pages.get())

    assert "Warm." in html(visitor, "/kiln/")
    assert not any(Page.find_problems())


def test_a_slug_that_somebody_took_meanwhile_is_a_conflict(
    inside, workspace, home, new_page_form
):
    form = new_page_form | {"title": "Kiln news", "slug": "kiln"}
    autosave(inside, page_maker(home), form, **words("Warm."))
    an_info_page("Kiln")

    with pytest.raises(ValidationError):
        published(workspace.pages.get())

    assert DynamicPage.objects.filter(slug="kiln").count() == 1
