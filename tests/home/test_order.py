"""The order of blocks, moved by buttons or by dragging: staged, then published."""

import re
from copy import deepcopy

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision, Workflow

from home import ordering
from home.drafts.content import block_content
from home.models import LayoutBlock
from tests.builders import (
    a_colleague,
    a_layout_block,
    a_workspace,
    stage_block,
    stage_new_block,
)
from tests.home.drafts.looking import enter
from tests.many import many_layout_blocks

pytestmark = pytest.mark.django_db
ORDER = "wagtailsnippets_home_layoutblock:order"


@pytest.fixture
def publisher(client):
    user = a_colleague("Publishers", "henrik")
    client.force_login(user)
    return user


@pytest.fixture
def editor():
    return a_colleague("Editors", "sofia")


@pytest.fixture(scope="module")
def built(module_db):
    return [a_layout_block(title=title) for title in ("First", "Second", "Third")]


@pytest.fixture
def three(built, db):
    """As they come: all with the number 0."""
    return deepcopy(built)


def url(position="home") -> str:
    return reverse(ORDER, args=[position])


def page(client, position="home") -> str:
    return client.get(url(position)).content.decode()


def titles(markup: str) -> list[str]:
    return re.findall(r'/edit/\d+/">([^<]+)</a>', markup)


def post(client, position="home", *, inside=None, by_script=False, **fields):
    """As the form of the page that is shown now would send it."""
    headers = {"X-Requested-With": "XMLHttpRequest"} if by_script else {}
    return client.post(
        url(position), hidden(position, inside) | fields, headers=headers
    )


def hidden(position="home", inside=None) -> dict[str, str]:
    """What that form says without being asked."""
    if inside:
        blocks = ordering.drafted_in(inside, position, now=timezone.now())
    else:
        blocks = [one.draft for one in ordering.placed(position)]
    seen = ",".join(str(ordering.key(block)) for block in blocks)
    return {"seen": seen, "store": str(inside.uuid) if inside else ""}


def shop(position="home") -> list[str]:
    return [str(block) for block in LayoutBlock.objects.filter(position=position)]


# Moving


def hidden_on(markup: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(seen|store)" value="(.*?)"', markup)
    return dict(found)


def test_the_form_says_what_is_seen_and_where_it_is_kept(client, publisher, three):
    assert hidden_on(page(client)) == hidden()

    workspace = a_workspace(owner=publisher)
    enter(client, workspace)
    stage_block(workspace, three[0], sort_order=9)

    assert hidden_on(page(client)) == hidden(inside=workspace) != hidden()


def test_a_block_moves_up_in_the_draft_and_the_shop_stays(client, publisher, three):
    answer = post(client, up=three[2].pk)

    assert (answer.status_code, answer["Location"]) == (303, url())
    assert titles(page(client)) == ["First", "Third", "Second"]
    assert shop() == ["First", "Second", "Third"]


def test_a_block_moves_down(client, publisher, three):
    post(client, down=three[0].pk)

    assert titles(page(client)) == ["Second", "First", "Third"]


@pytest.mark.parametrize(
    ("to", "order"),
    [
        ("0", ["Third", "First", "Second"]),
        ("1", ["First", "Third", "Second"]),
        ("9999999", ["First", "Second", "Third"]),
    ],
)
def test_a_block_is_dropped_at_a_place(client, publisher, three, to, order):
    post(client, block=three[2].pk, to=to)

    assert titles(page(client)) == order


@pytest.mark.parametrize("move", [{"up": 0}, {"down": 2}])
def test_at_its_end_of_the_list_it_stays(client, publisher, three, move):
    [(name, n)] = move.items()
    post(client, **{name: three[n].pk})

    assert titles(page(client)) == ["First", "Second", "Third"]


def test_what_was_moved_is_said(client, publisher, three):
    answer = post(client, by_script=True, up=three[2].pk)

    assert answer.status_code == 200
    said = re.search(r'data-said="(.*?)"', answer.content.decode())[1]
    assert said == "“Third” is now 2 of 3."


def test_a_moved_block_has_unpublished_changes_and_a_log_entry(
    client, publisher, three
):
    post(client, up=three[1].pk)

    changed = LayoutBlock.objects.filter(has_unpublished_changes=True)
    assert {str(block) for block in changed} == {"First", "Third"}
    assert {block.latest_revision.user for block in changed} == {publisher}
    assert three[1].revisions.count() == 1


def test_moving_keeps_the_words_of_a_draft(client, publisher, three):
    three[0].title = "First, but better"
    three[0].save_revision()

    post(client, down=three[0].pk)

    draft = LayoutBlock.objects.get(pk=three[0].pk).get_latest_revision_as_object()
    assert str(draft) == "First, but better"
    assert titles(page(client)) == ["Second", "First, but better", "Third"]


def test_only_blocks_of_the_position_are_ordered(client, publisher, three):
    elsewhere = a_layout_block("catalog", "Elsewhere")
    post(client, up=three[2].pk)

    assert not LayoutBlock.objects.get(pk=elsewhere.pk).has_unpublished_changes
    assert "Elsewhere" not in page(client)
    assert "Elsewhere" in page(client, "catalog")


def test_a_block_whose_draft_has_moved_is_ordered_where_it_goes(
    client, publisher, three
):
    three[0].position = "catalog"
    three[0].save_revision()

    assert titles(page(client)) == ["Second", "Third"]
    assert titles(page(client, "catalog")) == ["First"]


def test_a_block_that_was_never_live_is_ordered_with_the_others(
    client, publisher, three
):
    LayoutBlock.objects.create(position="home", title="New", live=False).save_revision()

    post(client, up=LayoutBlock.objects.get(title="New").pk)

    assert titles(page(client)) == ["First", "Second", "New", "Third"]


# Refusals


def test_an_order_that_somebody_else_changed_meanwhile_is_refused(
    client, publisher, three
):
    seen = ",".join(str(block.pk) for block in three)
    post(client, up=three[2].pk)

    answer = client.post(
        url(),
        {"seen": seen, "store": "", "up": three[1].pk},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert answer.status_code == 409
    assert "The order was changed meanwhile" in answer.content.decode()
    assert titles(page(client)) == ["First", "Third", "Second"]


def test_nonsense_moves_nothing(client, publisher, three):
    for fields in (
        {},
        {"up": "x"},
        {"up": "0"},
        {"up": "²"},
        {"up": "9" * 400},
        {"block": "1", "to": "-1"},
        {"seen": "a,b", "up": "1"},
    ):
        answer = post(client, by_script=True, **fields)

        assert answer.status_code == 409, fields
        assert titles(answer.content.decode()) == ["First", "Second", "Third"]


def test_a_tab_from_before_the_workspace_moves_nothing(client, editor, three):
    client.force_login(editor)
    before = ",".join(str(block.pk) for block in three)
    enter(client, a_workspace(owner=editor))

    client.post(url(), {"seen": before, "store": "", "up": three[2].pk})

    assert titles(page(client)) == ["First", "Second", "Third"]
    assert not LayoutBlock.objects.filter(has_unpublished_changes=True).exists()


def test_a_tab_from_inside_the_workspace_moves_nothing_once_it_is_left(
    client, editor, three
):
    workspace = a_workspace(owner=editor)
    client.force_login(editor)
    seen = ",".join(str(block.pk) for block in three)

    fields = {"seen": seen, "store": str(workspace.uuid), "up": three[2].pk}
    client.post(url(), fields)

    assert titles(page(client)) == ["First", "Second", "Third"]


def test_a_locked_block_is_named_and_nothing_moves(client, publisher, three):
    LayoutBlock.objects.filter(pk=three[0].pk).update(
        locked=True, locked_by=a_colleague("Editors"), locked_at=timezone.now()
    )
    LayoutBlock.objects.filter(pk=three[1].pk).update(sort_order=5)

    answer = post(client, by_script=True, down=three[0].pk)

    assert answer.status_code == 409
    assert "waiting for its hour: “First”" in answer.content.decode()
    assert titles(page(client)) == ["First", "Third", "Second"]


@pytest.mark.parametrize("position", ["header", "footer"])
def test_an_editor_does_not_order_the_frame(client, editor, position):
    client.force_login(editor)

    assert client.get(url(position)).status_code == 302
    assert client.post(url(position), {}).status_code == 302
    assert url(position) not in page(client)


def test_shop_staff_order_nothing(client):
    client.force_login(a_colleague("Shop staff"))

    assert client.get(url()).status_code == 302


def test_there_is_no_order_of_a_position_that_is_none(client, publisher):
    assert client.get(url("sidebar")).status_code == 404


def test_a_stranger_is_asked_to_sign_in():
    answer = Client().get(url())

    assert reverse("account_login") in answer["Location"]


# Publishing


def test_a_publisher_makes_the_order_live(client, publisher, three):
    post(client, block=three[2].pk, to=0)
    post(client, publish=1)

    assert shop() == ["Third", "First", "Second"]
    assert not LayoutBlock.objects.filter(has_unpublished_changes=True).exists()
    assert "Publish this order" not in page(client)


def test_publishing_twice_says_that_nothing_is_left(client, publisher, three):
    post(client, up=three[2].pk)
    post(client, publish=1)
    revisions = Revision.objects.count()

    answer = post(client, by_script=True, publish=1)

    assert "The shop has this order already." in answer.content.decode()
    assert Revision.objects.count() == revisions


def test_an_order_that_was_not_seen_is_not_published(client, publisher, three):
    post(client, up=three[2].pk)
    seen = ",".join(str(block.pk) for block in three)

    answer = client.post(url(), {"seen": seen, "store": "", "publish": 1}, follow=True)

    assert "The order was changed meanwhile" in answer.content.decode()
    assert shop() == ["First", "Second", "Third"]


def test_an_editor_does_not_publish_the_order(client, editor, three):
    client.force_login(editor)
    post(client, up=three[2].pk)

    markup = page(client)
    assert "Publish this order" not in markup
    assert "A publisher can publish this one" in markup
    assert post(client, by_script=True, publish=1).status_code == 409
    assert shop() == ["First", "Second", "Third"]


def test_publishing_the_order_leaves_other_drafts_drafts(client, publisher, three):
    editor = a_colleague("Editors")
    three[0].title = "First, but better"
    three[0].save_revision(user=editor)
    post(client, down=three[0].pk)
    post(client, publish=1)

    first = LayoutBlock.objects.get(pk=three[0].pk)
    assert (str(first), shop()) == ("First", ["Second", "First", "Third"])
    assert first.has_unpublished_changes
    draft = first.get_latest_revision_as_object()
    assert str(draft) == "First, but better"
    assert draft.sort_order == first.sort_order


def test_publishing_the_order_makes_no_draft_live(client, publisher, three):
    LayoutBlock.objects.create(position="home", title="New", live=False).save_revision()
    post(client, up=LayoutBlock.objects.get(title="New").pk)
    post(client, publish=1)

    assert not LayoutBlock.objects.get(title="New").live


def test_a_block_that_waits_for_its_hour_is_not_called_off(client, publisher, three):
    post(client, block=three[2].pk, to=0)
    block = LayoutBlock.objects.get(pk=three[0].pk)
    block.latest_revision.approved_go_live_at = timezone.now()
    block.latest_revision.save()

    answer = post(client, by_script=True, publish=1)

    assert answer.status_code == 409
    assert shop() == ["First", "Second", "Third"]
    assert block.scheduled_revision


def test_a_block_in_moderation_is_not_published_past_it(client, publisher, three):
    post(client, block=three[2].pk, to=0)
    block = LayoutBlock.objects.get(pk=three[0].pk)
    Workflow.objects.get(active=True).start(block, a_colleague("Editors"))

    assert post(client, by_script=True, publish=1).status_code == 409
    assert shop() == ["First", "Second", "Third"]
    assert LayoutBlock.objects.get(pk=block.pk).workflow_in_progress


# In a workspace


@pytest.fixture
def inside(client, editor):
    workspace = a_workspace(owner=editor)
    client.force_login(editor)
    enter(client, workspace)
    return workspace


def test_inside_a_workspace_the_order_is_its_own(client, inside, three):
    post(client, inside=inside, block=three[2].pk, to=0)

    assert titles(page(client)) == ["Third", "First", "Second"]
    assert shop() == ["First", "Second", "Third"]
    assert not LayoutBlock.objects.filter(has_unpublished_changes=True).exists()
    assert LayoutBlock.all_objects.copies_in(inside).exists()


def test_a_block_keeps_its_name_when_the_workspace_takes_a_copy(client, inside, three):
    post(client, inside=inside, down=three[0].pk)
    post(client, inside=inside, down=three[0].pk)

    assert titles(page(client)) == ["Second", "Third", "First"]


def test_new_and_changed_blocks_of_the_workspace_are_ordered_with_the_others(
    client, inside, three
):
    stage_block(inside, three[0], title="First, changed")
    new = stage_new_block(inside, "home", "New", sort_order=9)

    post(client, inside=inside, block=new.pk, to=0)

    assert titles(page(client)) == ["New", "First, changed", "Second", "Third"]


def test_nobody_publishes_an_order_from_inside_a_workspace(client, publisher, three):
    workspace = a_workspace(owner=publisher)
    enter(client, workspace)
    post(client, inside=workspace, up=three[2].pk)

    assert "Publish this order" not in page(client)
    answer = post(client, inside=workspace, by_script=True, publish=1)
    assert answer.status_code == 409


def test_the_shared_drafts_of_others_play_no_part_inside(client, inside, three):
    three[0].sort_order = 9
    three[0].save_revision()

    assert titles(page(client)) == ["First", "Second", "Third"]


# The way there


def test_the_list_leads_to_the_order_of_the_position_it_shows(client, publisher):
    listing = reverse("wagtailsnippets_home_layoutblock:list")
    first = reverse("wagtailsnippets_home_layoutblock:first_order")

    assert (
        f'href="{first}?position=cart"'
        in client.get(listing, {"position": "cart"}).content.decode()
    )
    assert client.get(first, {"position": "cart"})["Location"] == url("cart")
    assert client.get(first, {"position": "nowhere"})["Location"] == url("announcement")


def test_a_blocks_state_in_the_shop_stands_beside_it(client, publisher):
    a_layout_block(title="Off", is_active=False)

    assert "Not shown: switched off" in page(client)


@pytest.mark.sidebar
@pytest.mark.parametrize("n", [1, 50])
def test_the_page_asks_the_same_of_one_block_and_of_fifty(
    client, publisher, n, django_assert_max_num_queries
):
    backwards = list(range(n, 0, -1))
    for place, block in enumerate(many_layout_blocks(n, sort_order=backwards)):
        block.sort_order = place
        block.save_revision()
    ContentType.objects.clear_cache()

    with django_assert_max_num_queries(20):
        client.get(url())


# Numbers


def test_numbers_that_are_high_enough_are_kept():
    blocks = [LayoutBlock(pk=n, sort_order=order) for n, order in enumerate([4, 2, 7])]

    assert ordering._numbers(blocks) == {0: 4, 1: 5, 2: 7}


def test_what_is_staged_differs_by_its_number_alone(editor, three):
    seen = [block.pk for block in three]
    ordering.move("home", seen, seen[2], 0, user=editor)

    for block in LayoutBlock.objects.filter(has_unpublished_changes=True):
        draft = block_content(block.get_latest_revision_as_object())
        live = block_content(block)
        assert {name for name in live if live[name] != draft[name]} == {"sort_order"}
