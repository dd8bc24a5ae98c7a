"""What is seen in a draft is what will be live, tag by tag."""

import re

import pytest
from django.core.cache import cache

from tests.builders import stage_block, stage_new_block, stage_new_page, stage_page
from tests.home.drafts.looking import BAR, whole
from tests.home.drafts.releasing import publish

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures(
        "page_once", "announcement_once", "publisher_once", "inside_once"
    ),
]
MARKER = re.compile(r'<details class="draft-marker".*?</details>', re.DOTALL)


def without_the_draft(html: str) -> str:
    """A page of a draft without its bar and without what stands under each block."""
    return MARKER.sub("", BAR.sub("", html))


def lines(html: str) -> list[str]:
    return [line.strip() for line in html.splitlines() if line.strip()]


PATHS = ["/", "/about-us/", "/kiln-news/", "/shop/", "/cart/"]


def test_a_page_of_a_draft_is_the_page_that_will_be_published(
    inside, visitor, workspace, publisher, page, announcement
):
    stage_page(workspace, page, title="The five", text="Five of us.")
    stage_new_page(workspace, title="Kiln news", menu_placement="footer")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_block(workspace, "home", "Fresh")

    drafts = {path: whole(inside, path) for path in PATHS}
    for path, draft in drafts.items():
        live = whole(visitor, path)
        assert lines(without_the_draft(draft)) != lines(live), path
    publish(workspace, publisher)
    # What a commit would do, and no test commits.
    cache.clear()

    for path, draft in drafts.items():
        published = whole(visitor, path)
        assert 'class="draft-bar"' in draft and "Half price." in published, path
        assert lines(without_the_draft(draft)) == lines(published), path
