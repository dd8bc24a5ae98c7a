"""I9, a public page is exactly one published state: what the rules say of damage."""

import pytest
from wagtail.models import Page

from home.drafts import publish as publishing
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage
from tests.builders import (
    NOON,
    a_colleague,
    a_workspace,
    an_announcement,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.checkout.ordering import assert_invariants, broken_by
from tests.home.drafts.releasing import agreed, publish, roll_back, see

pytestmark = pytest.mark.django_db
DAMAGE = {
    "a page that is live is what was published last": (
        lambda: Page.objects.filter(slug="about-us").update(title="Half of it")
    ),
    "a page's address is that of the page above it, and its own slug": (
        lambda: Page.objects.filter(slug="about-us").update(slug="us")
    ),
    "a page counts the pages beneath it": (
        lambda: Page.objects.filter(slug="about-us").update(numchild=1)
    ),
    "what is new in a workspace stands on the site only once it is published": (
        lambda: DraftWorkspace.objects.filter(state="published").update(
            state="open", published_at=None
        )
    ),
    "a workspace that was published says when, and no other does": (
        lambda: DraftWorkspace.objects.filter(state="published").update(state="open")
    ),
    "a working copy of a block is shown to nobody": (
        lambda: LayoutBlock.all_objects.exclude(draft_session_key=None).update(
            live=True
        )
    ),
}


@pytest.fixture
def campaign():
    """Changes a page and a block, and brings one of each."""
    campaign = a_workspace("Autumn campaign", a_colleague("Editors", "sofia"))
    stage_page(campaign, an_info_page("About us"), title="The five")
    stage_block(campaign, an_announcement("Free delivery."), line="Half price.")
    stage_new_page(campaign, title="News")
    stage_new_block(campaign, title="Fresh")
    return campaign


def test_they_hold_before_and_after_a_publish_and_when_it_is_taken_back(campaign):
    henrik = a_colleague("Publishers", "henrik")
    assert_invariants()

    publish(campaign, henrik)
    assert WorkspacePage.objects.filter(kind="create", page__isnull=False).exists()
    assert_invariants()

    roll_back(campaign, henrik)
    assert_invariants()


def test_each_tells_its_damage(campaign):
    see(campaign)
    henrik, digest = a_colleague("Publishers", "henrik"), agreed(campaign)
    publishing.publish(campaign.pk, by=henrik, digest=digest, now=NOON)

    for name, do in DAMAGE.items():
        assert name in broken_by(do)
    assert_invariants()
