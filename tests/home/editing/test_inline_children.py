"""Pages with children of their own (InlinePanel) are edited inside a workspace, too.

None of the shop's pages has any yet, so the tests bring one along: its tables live as
long as the test's transaction, and its classes are forgotten afterwards.
"""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page
from wagtail.models import pages as wagtail_pages
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from home.models import HomePage
from tests.home.editing.typing import autosave, opened, page_editor, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside_once")]


@pytest.fixture
def recipe_model(db):
    """A type of page with ordered steps."""

    class Recipe(Page):
        content_panels = [*Page.content_panels, InlinePanel("steps")]

        class Meta:
            app_label = "home"

    class Step(Orderable):
        recipe = ParentalKey(Recipe, related_name="steps", on_delete=models.CASCADE)
        text = models.CharField(max_length=80)
        panels = [FieldPanel("text")]

        class Meta(Orderable.Meta):
            app_label = "home"

    with connection.schema_editor() as editor:
        editor.create_model(Recipe)
        editor.create_model(Step)
    ContentType.objects.clear_cache()
    yield Recipe
    for name in ("recipe", "step"):
        del apps.all_models["home"][name]
    wagtail_pages.PAGE_MODEL_CLASSES.remove(Recipe)
    apps.clear_cache()
    ContentType.objects.clear_cache()


@pytest.fixture
def recipe(recipe_model):
    page = recipe_model(title="Bread", slug="bread", live=True)
    page.steps = [
        recipe_model.steps.rel.related_model(text=text) for text in ("Mix", "Bake")
    ]
    HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return page


def steps(*texts, initial=2, **ids) -> dict:
    """The formset as script posts it: (text, pk or nothing) in order."""
    forms = [{"text": text, "id": str(pk or "")} for text, pk in texts]
    return nested_form_data({"steps": inline_formset(forms, initial=initial)})


def kept(workspace) -> list:
    content = workspace.pages.get().content
    return [(step["text"], step["pk"]) for step in content["steps"]]


def test_children_are_changed_added_and_ordered_without_doubles(
    inside, workspace, recipe
):
    mix, bake = recipe.steps.all()
    before = list(type(mix).objects.values())
    form = opened(inside, page_editor(recipe))
    form |= steps(("Bake long", bake.pk), ("Mix", mix.pk), ("Rest", None))

    for _ in range(4):
        answer = autosave(inside, page_editor(recipe), form)
        assert answer.status_code == 200, answer.content
    save(inside, page_editor(recipe), form, title="Good bread")

    assert kept(workspace) == [
        ("Bake long", bake.pk),
        ("Mix", mix.pk),
        ("Rest", None),
    ]
    assert list(type(mix).objects.values()) == before


def test_a_child_that_is_taken_away_stays_on_the_live_page(inside, workspace, recipe):
    mix, bake = recipe.steps.all()
    form = opened(inside, page_editor(recipe))
    form |= steps(("Mix", mix.pk), ("Bake", bake.pk)) | {"steps-1-DELETE": "on"}

    autosave(inside, page_editor(recipe), form)
    autosave(inside, page_editor(recipe), form)

    assert kept(workspace) == [("Mix", mix.pk)]
    assert type(mix).objects.count() == 2


def test_children_come_back_into_the_form(inside, workspace, recipe):
    mix, bake = recipe.steps.all()
    form = opened(inside, page_editor(recipe))
    form |= steps(("Mix", mix.pk), ("Bake", bake.pk), ("Rest", None))
    autosave(inside, page_editor(recipe), form)

    again = opened(inside, page_editor(recipe))

    assert [again[f"steps-{n}-text"] for n in range(3)] == ["Mix", "Bake", "Rest"]
