"""Who may do what: four groups, with permissions as Django and Wagtail know them.

``manage.py ensure_roles`` grants them, in the demo and in production alike. It adds
what is missing and takes nothing away, so an administrator's own changes stay. Models
of other rooms are named by string.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowContentType,
)


class Role(TextChoices):
    """Names of the groups."""

    EDITORS = "Editors", _("Editors")
    PUBLISHERS = "Publishers", _("Publishers")
    SHOP_STAFF = "Shop staff", _("Shop staff")
    ADMINISTRATORS = "Administrators", _("Administrators")


# The groups that Wagtail brings take the names of ours, with their workflow tasks.
RENAMED = {"Moderators": Role.PUBLISHERS}
APPROVAL = "Publishers approve"

ADMIN = "wagtailadmin.access_admin"
COMPOSE = """
home.view_layoutblock home.add_layoutblock home.change_layoutblock
home.view_draftworkspace home.add_draftworkspace home.change_draftworkspace
home.delete_draftworkspace
home.change_position_announcement home.change_position_home
home.change_position_catalog home.change_position_product home.change_position_cart
shop.view_product shop.change_product shop.view_category shop.view_brand
shop.view_attribute
""".split()
# The frame of every page, through which people find their way, is the publishers'.
RELEASE = """
home.change_position_header home.change_position_footer
home.publish_layoutblock home.lock_layoutblock home.unlock_layoutblock
home.delete_layoutblock home.change_sitesettings home.publish_draftworkspace
home.view_newslettersubscriber
shop.add_product shop.publish_product shop.lock_product shop.unlock_product
shop.add_category shop.change_category
wagtailredirects.add_redirect wagtailredirects.change_redirect
wagtailredirects.delete_redirect
""".split()
SELL = """
shop.view_product shop.add_product shop.change_product shop.publish_product
shop.lock_product shop.unlock_product
shop.view_variant shop.add_variant shop.change_variant
shop.view_saleprice shop.add_saleprice shop.change_saleprice shop.delete_saleprice
shop.view_category shop.add_category shop.change_category shop.delete_category
shop.view_brand shop.add_brand shop.change_brand shop.delete_brand
shop.view_attribute shop.add_attribute shop.change_attribute shop.delete_attribute
shop.view_stock shop.add_stock shop.change_stock shop.view_warehouse
shop.view_stockmovement shop.view_pricechange shop.view_searched
shop.import_products
shop.view_synonym shop.add_synonym shop.change_synonym shop.delete_synonym
shop.view_pinnedsearch shop.add_pinnedsearch shop.change_pinnedsearch
shop.delete_pinnedsearch
checkout.view_order checkout.change_order checkout.fulfil_order checkout.cancel_order
checkout.return_order checkout.refund_order checkout.view_return
checkout.view_orderline checkout.view_orderevent
checkout.view_deliverymethod checkout.view_taxrate
checkout.view_drop checkout.add_drop checkout.change_drop checkout.delete_drop
checkout.run_drop
checkout.view_promotion checkout.add_promotion checkout.change_promotion
checkout.view_redemption
wishlist.view_wishlistitem
""".split()
RUN = """
home.delete_newslettersubscriber
shop.delete_variant shop.delete_product
checkout.add_deliverymethod checkout.change_deliverymethod
checkout.delete_deliverymethod checkout.add_taxrate checkout.change_taxrate
checkout.delete_taxrate checkout.delete_promotion
auth.view_user auth.add_user auth.change_user auth.delete_user
auth.view_group auth.add_group auth.change_group auth.delete_group
""".split()

PERMISSIONS = {
    Role.EDITORS: [ADMIN, *COMPOSE],
    Role.PUBLISHERS: [ADMIN, *COMPOSE, *RELEASE],
    Role.SHOP_STAFF: [ADMIN, *SELL],
    Role.ADMINISTRATORS: [ADMIN, *COMPOSE, *RELEASE, *SELL, *RUN],
}
PAGES = {
    Role.EDITORS: ["add_page", "change_page"],
    Role.PUBLISHERS: [
        "add_page",
        "change_page",
        "publish_page",
        "lock_page",
        "unlock_page",
    ],
}
PAGES[Role.ADMINISTRATORS] = [*PAGES[Role.PUBLISHERS], "bulk_delete_page"]
FILES = ["add_image", "change_image", "choose_image"]
DOCUMENTS = ["add_document", "change_document", "choose_document"]
COLLECTIONS = {
    Role.EDITORS: FILES + DOCUMENTS,
    Role.PUBLISHERS: FILES + DOCUMENTS,
    Role.SHOP_STAFF: FILES,
    Role.ADMINISTRATORS: FILES + DOCUMENTS,
}


class UnknownPermission(Exception):
    """A permission that no migration has made: misspelt, or its model is gone."""


def ensure_roles() -> None:
    """Make the groups and grant what they lack.

    Raises:
        UnknownPermission
    """
    _rename_wagtails_own()
    _send_layout_for_approval()
    known = _known_permissions()
    groups = _groups()
    _grant(
        Group.permissions.through,
        [
            {"group_id": groups[role], "permission_id": known[name]}
            for role in Role
            for name in PERMISSIONS[role]
        ],
    )
    root_page = Page.get_first_root_node().pk
    _grant(
        GroupPagePermission,
        [
            {
                "group_id": groups[role],
                "page_id": root_page,
                "permission_id": known[f"wagtailcore.{codename}"],
            }
            for role, codenames in PAGES.items()
            for codename in codenames
        ],
    )
    root_collection = Collection.get_first_root_node().pk
    _grant(
        GroupCollectionPermission,
        [
            {
                "group_id": groups[role],
                "collection_id": root_collection,
                "permission_id": known[_of_wagtails_files(codename)],
            }
            for role, codenames in COLLECTIONS.items()
            for codename in codenames
        ],
    )


def _groups() -> dict[str, int]:
    """Primary keys of the groups by name; those that are missing are made."""
    Group.objects.bulk_create(
        [Group(name=role.value) for role in Role], ignore_conflicts=True
    )
    return dict(Group.objects.filter(name__in=Role.values).values_list("name", "pk"))


def _grant(model: type[Model], rows: list[dict[str, int]]) -> None:
    """Write the rows that are not there yet."""
    model._default_manager.bulk_create(
        [model(**row) for row in rows], ignore_conflicts=True
    )


def _of_wagtails_files(codename: str) -> str:
    room = "wagtaildocs" if "document" in codename else "wagtailimages"
    return f"{room}.{codename}"


def _send_layout_for_approval() -> None:
    """Let editors submit layout blocks to the workflow that pages have, where there is
    one: without it they could only save drafts."""
    workflow = Workflow.objects.filter(active=True).order_by("pk").first()
    if workflow:
        WorkflowContentType.objects.get_or_create(
            content_type=ContentType.objects.get_by_natural_key("home", "layoutblock"),
            defaults={"workflow": workflow},
        )


def _rename_wagtails_own() -> None:
    for old, role in RENAMED.items():
        if not Group.objects.filter(name=role).exists():
            Group.objects.filter(name=old).update(name=role)
    for model in (Task, Workflow):
        model.objects.filter(name="Moderators approval").update(name=APPROVAL)


class _Permissions(dict[str, int]):
    """Primary keys by name, as in ``shop.view_product``."""

    def __missing__(self, name: str) -> int:
        raise UnknownPermission(name)


def _known_permissions() -> _Permissions:
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return _Permissions((f"{room}.{codename}", pk) for room, codename, pk in rows)
