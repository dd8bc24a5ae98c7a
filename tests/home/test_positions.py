"""Who may change what stands where, tried at the doors of the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.permissions import policy_registry

from home.models import LayoutBlock
from home.positions import Position, may_change_position, positions_of
from tests.builders import a_colleague, a_layout_block

pytestmark = pytest.mark.django_db
BLOCKS = "wagtailsnippets_home_layoutblock"


@pytest.fixture
def editor(client):
    user = a_colleague("Editors")
    client.force_login(user)
    return user


def address(name: str, block) -> str:
    more = {
        "revisions_view": [block.latest_revision_id],
        "revisions_revert": [block.latest_revision_id],
        "revisions_unschedule": [block.latest_revision_id],
        "revisions_compare": ["live", "latest"],
        "workflow_action": ["approve", 1],
        "collect_workflow_action_data": ["approve", 1],
        "workflow_history_detail": [1],
        "workflow_preview": [1],
    }
    return reverse(f"{BLOCKS}:{name}", args=[block.pk, *more.get(name, [])])


def fields(block, **other) -> dict:
    return {
        "title": "Changed",
        "position": block.position,
        "sort_order": 0,
        "is_active": "on",
        "content-count": 0,
    } | other


# Who


def test_editors_change_every_position_but_the_frame_of_the_pages():
    allowed = set(positions_of(a_colleague("Editors")))

    assert allowed == set(Position) - {Position.HEADER, Position.FOOTER}


@pytest.mark.parametrize("role", ["Publishers", "Administrators"])
def test_publishers_and_administrators_change_all(role):
    assert positions_of(a_colleague(role)) == list(Position)


def test_shop_staff_change_none():
    assert positions_of(a_colleague("Shop staff")) == []


def test_a_position_is_worth_nothing_without_the_right_to_change_blocks():
    staff = a_colleague("Shop staff")
    grant(staff, "change_position_home")

    assert not may_change_position(staff, "home")


def test_whoever_changes_blocks_may_rescue_one_from_a_position_that_is_gone():
    assert may_change_position(a_colleague("Editors"), "sidebar")
    assert not may_change_position(a_colleague("Shop staff", "ana"), "sidebar")


def test_an_administrator_may_grant_a_position(admin_client):
    group = reverse("wagtailusers_groups:add")

    page = admin_client.get(group).content.decode()
    assert "Can change position: header" in page


def grant(user, codename: str) -> None:
    user.user_permissions.add(Permission.objects.get(codename=codename))


# What


DEEDS = [
    "edit",
    "preview_on_edit",
    "revisions_revert",
    "delete",
    "unpublish",
    "lock",
    "unlock",
    "revisions_unschedule",
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
]
LOOKS = ["history", "history_results", "usage", "revisions_view", "revisions_compare"]


def test_what_stands_in_the_header_is_closed_to_editors(client, editor):
    everything = Permission.objects.filter(content_type__model="layoutblock")
    positions = everything.filter(codename__startswith="change_position_")
    editor.user_permissions.set(everything.exclude(pk__in=positions))
    header, home = a_layout_block("header"), a_layout_block("home")

    for name in DEEDS:
        assert closed(client.get(address(name, header))), name
        assert closed(client.post(address(name, header))), name
        assert not closed(client.get(address(name, home))), name


def test_to_look_needs_no_position(client, editor):
    header = a_layout_block("header")

    for name in LOOKS:
        assert client.get(address(name, header)).status_code == 200, name


def closed(answer) -> bool:
    """Wagtail sends to the front of the admin whoever may not."""
    return answer.status_code == 302 and answer["Location"] == reverse(
        "wagtailadmin_home"
    )


def test_every_address_of_one_block_is_a_deed_or_a_look():
    from home.office.permissions import LOOKING
    from home.wagtail_hooks import LayoutBlockViewSet

    patterns = LayoutBlockViewSet().get_urlpatterns()
    of_one = {p.name for p in patterns if "pk" in str(p.pattern)}

    assert of_one == {*DEEDS, *LOOKING}


def test_a_block_whose_draft_moves_into_the_header_is_closed_too(client, editor):
    block = a_layout_block("home")
    block.position = "header"
    block.save_revision()

    assert closed(client.get(address("edit", block)))


def test_the_form_offers_no_position_that_is_closed(client, editor):
    page = client.get(reverse(f"{BLOCKS}:add")).content.decode()

    assert '<option value="home"' in page
    assert '<option value="header"' not in page


@pytest.mark.parametrize("name", ["add", "edit"])
def test_a_posted_position_that_is_closed_is_refused(client, editor, name):
    block = a_layout_block("home")
    url = address("edit", block) if name == "edit" else reverse(f"{BLOCKS}:add")

    answer = client.post(url, fields(block, position="header"))

    assert "header is not one of the available choices" in answer.content.decode()
    assert not LayoutBlock.objects.filter(title="Changed").exists()


def test_a_block_without_a_home_is_moved_by_an_editor(client, editor):
    block = a_layout_block()
    LayoutBlock.objects.update(position="sidebar")

    edit = client.get(address("edit", block)).content.decode()
    assert "its position no longer exists" in edit
    answer = client.post(address("edit", block), fields(block, position="catalog"))

    assert answer.status_code == 302
    block.refresh_from_db()
    assert block.get_latest_revision_as_object().position == "catalog"


def test_a_bulk_delete_leaves_out_what_is_closed(client):
    publisher = a_colleague("Publishers")
    group = publisher.groups.get()
    group.permissions.remove(Permission.objects.get(codename="change_position_header"))
    client.force_login(publisher)
    header, home = a_layout_block("header"), a_layout_block("home")
    url = reverse("wagtail_bulk_action", args=["home", "layoutblock", "delete"])

    client.post(f"{url}?id={header.pk}&id={home.pk}")

    assert list(LayoutBlock.objects.all()) == [header]


# The policy


def test_the_policy_asks_for_the_position_of_the_block():
    policy, editor = policy_registry.get_by_type(LayoutBlock), a_colleague("Editors")
    header, home = a_layout_block("header"), a_layout_block("home")

    assert policy.user_has_permission_for_instance(editor, "change", home)
    assert not policy.user_has_permission_for_instance(editor, "change", header)
    assert policy.user_has_permission_for_instance(editor, "view", header)
    assert not policy.user_has_permission_for_instance(editor, "publish", home)


def test_the_policy_names_the_blocks_and_the_people():
    policy = policy_registry.get_by_type(LayoutBlock)
    editor, publisher = a_colleague("Editors"), a_colleague("Publishers", "henrik")
    header, home = a_layout_block("header"), a_layout_block("home")

    changeable = policy.instances_user_has_permission_for(editor, "change")
    assert list(changeable) == [home]
    assert set(policy.instances_user_has_permission_for(editor, "view")) == {
        header,
        home,
    }
    assert list(policy.users_with_permission_for_instance("change", header)) == [
        publisher
    ]
