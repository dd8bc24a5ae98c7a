"""A publish killed with -9 half way: visitors see all old, and then all new."""

import pytest
from django.test import Client
from django.utils import timezone

from home.drafts import publish as publishing
from home.models import DraftWorkspace
from tests.builders import (
    a_colleague,
    a_workspace,
    an_announcement,
    an_info_page,
    stage_block,
    stage_page,
)
from tests.faults.dying import die_after, killed
from tests.home.drafts.releasing import agreed, see, site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("point", ["_locked", "_apply", "_close"])
def test_a_publish_that_is_killed_has_changed_nothing_and_can_be_repeated(point):
    henrik = a_colleague("Publishers", "henrik")
    campaign = a_workspace("Autumn campaign", a_colleague("Editors", "sofia"))
    page = an_info_page("About us")
    stage_page(campaign, page, title="The five")
    stage_block(campaign, an_announcement("Free delivery."), line="Half price.")
    see(campaign)
    digest = agreed(campaign)

    def publish():
        return publishing.publish(
            campaign.pk, by=henrik, digest=digest, now=timezone.now()
        )

    def publish_and_die():
        die_after(publishing, point)
        publish()

    before = site()
    assert killed(publish_and_die)
    assert site() == before

    assert publish().state == DraftWorkspace.State.PUBLISHED
    shown = Client().get(page.url).content.decode()
    assert "The five" in shown and "Half price." in shown
