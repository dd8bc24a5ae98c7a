"""Who may do what, tried at the doors of the admin."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text

from home import roles
from home.models import DynamicPage, HomePage, LayoutBlock
from home.roles import Role
from tests.builders import a_colleague, a_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def announcement():
    content = json.dumps([{"type": "text", "value": {"text": "<p>Hello</p>"}}])
    block = LayoutBlock(position="home", title="Hello", content=content, live=False)
    block.save()
    return block


def save_block(client, block, *, publish=False):
    data = nested_form_data(
        {
            "title": "Changed",
            "position": "home",
            "sort_order": 0,
            "is_active": "on",
            "content": {
                "count": 1,
                "0": {
                    "type": "text",
                    "value": {"text": rich_text("<p>Changed</p>")},
                    "order": 0,
                    "deleted": "",
                },
            },
        }
    )
    if publish:
        data["action-publish"] = "yes"
    return client.post(
        reverse("wagtailsnippets_home_layoutblock:edit", args=[block.pk]), data
    )


def sign_in(client, role: Role):
    user = a_colleague(role)
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return user


def may_edit_pages(client) -> bool:
    home = HomePage.objects.get()
    url = reverse("wagtailadmin_pages:edit", args=[home.pk])
    return client.get(url).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client):
    reply = client.get("/admin/pages/")

    assert reply.status_code == 302
    assert reply.url.startswith(reverse("account_login"))


def test_an_editor_saves_a_layout_block_but_does_not_publish_it(client, announcement):
    sign_in(client, Role.EDITORS)

    save_block(client, announcement, publish=True)

    announcement.refresh_from_db()
    assert not announcement.live
    assert announcement.latest_revision.as_object().title == "Changed"


def test_a_publisher_publishes_it(client, announcement):
    sign_in(client, Role.PUBLISHERS)

    save_block(client, announcement, publish=True)

    announcement.refresh_from_db()
    assert announcement.live and announcement.title == "Changed"


def test_an_editor_may_submit_layout_for_approval(client, announcement):
    sign_in(client, Role.EDITORS)
    edit = reverse("wagtailsnippets_home_layoutblock:edit", args=[announcement.pk])

    assert f"Submit to {roles.APPROVAL}" in client.get(edit).content.decode()


def test_an_editor_may_not_publish_a_page():
    editor = a_colleague(Role.EDITORS)
    page = HomePage.objects.get().add_child(instance=DynamicPage(title="A", slug="a"))

    assert page.permissions_for_user(editor).can_edit()
    assert not page.permissions_for_user(editor).can_publish()


def test_a_publisher_publishes_and_unlocks_pages():
    may = HomePage.objects.get().permissions_for_user(a_colleague(Role.PUBLISHERS))

    assert may.can_publish() and may.can_unlock()


def test_an_editor_drafts_a_product_and_does_not_publish_it():
    editor = a_colleague(Role.EDITORS)

    assert editor.has_perm("shop.change_product")
    assert not editor.has_perm("shop.publish_product")


def test_shop_staff_keep_out_of_pages(client):
    sign_in(client, Role.SHOP_STAFF)

    assert not may_edit_pages(client)


def test_editors_get_into_pages(client):
    sign_in(client, Role.EDITORS)

    assert may_edit_pages(client)


def test_shop_staff_keep_out_of_layout(client, announcement):
    sign_in(client, Role.SHOP_STAFF)
    listing = reverse("wagtailsnippets_home_layoutblock:list")

    assert client.get(listing).status_code == 302


def test_editors_keep_out_of_stock_prices_and_orders(client):
    sign_in(client, Role.EDITORS)

    for listing in ("stock:index", "variants:index", "orders_modeladmin_index"):
        assert client.get(reverse(listing)).status_code == 302


def test_shop_staff_see_products_and_orders(client):
    a_product()
    sign_in(client, Role.SHOP_STAFF)

    for listing in ("wagtailsnippets_shop_product:list", "orders_modeladmin_index"):
        assert client.get(reverse(listing)).status_code == 200


def test_granting_twice_changes_nothing():
    roles.ensure_roles()
    before = set(Group.permissions.through.objects.values_list("group", "permission"))
    roles.ensure_roles()

    after = set(Group.permissions.through.objects.values_list("group", "permission"))
    assert before == after
    assert {g.name for g in Group.objects.all()} == {role.value for role in Role}


def test_what_an_administrator_granted_stays():
    roles.ensure_roles()
    extra = Permission.objects.get(codename="view_site")
    Group.objects.get(name=Role.EDITORS).permissions.add(extra)
    roles.ensure_roles()

    assert extra in Group.objects.get(name=Role.EDITORS).permissions.all()


def test_wagtails_own_workflow_asks_the_publishers():
    roles.ensure_roles()
    task = Workflow.objects.get(name=roles.APPROVAL).tasks[0].specific

    assert [group.name for group in task.groups.all()] == [Role.PUBLISHERS]


def test_a_misspelt_permission_is_refused(monkeypatch):
    monkeypatch.setitem(roles.PERMISSIONS, Role.EDITORS, ["shop.chnage_product"])

    with pytest.raises(roles.UnknownPermission, match="chnage"):
        roles.ensure_roles()
