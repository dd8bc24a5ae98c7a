"""What a test needs, made with as few words as possible. Each builder states only
what matters and invents the rest."""

import itertools
import json
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image
from wagtail.log_actions import log

from checkout.models import Cart, CartItem, DeliveryMethod, Promotion, TaxRate
from home.models import DynamicPage, HomePage, LayoutBlock, Picture
from shop import tree
from shop.inventory import first_count
from shop.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    Product,
    ProductAttribute,
    ProductImage,
    Variant,
    Warehouse,
)
from shop.prices import record_price
from shop.relist import relist
from tests.frugal import unquestioned
from tests.new_pages import unheard_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
next_number = itertools.count(1).__next__


def _the_only(model, by: dict, **values):
    """``get_or_create`` in half the statements, for nobody else is there."""
    return _find(model, by) or model.objects.create(**by, **values)


def _find(model, by: dict):
    """Looked for thousands of times, by a statement that needs no putting together."""
    columns = [model._meta.get_field(name).column for name in by]
    said = " AND ".join(f"{column} IS NOT DISTINCT FROM %s" for column in columns)
    query = f"SELECT * FROM {model._meta.db_table} WHERE {said}"  # noqa: S608
    keys = [getattr(value, "pk", value) for value in by.values()]
    return next(iter(model.objects.raw(query, keys)), None)


def _new(thing):
    """Saved by one statement, for nothing follows from what nobody has seen; where
    Wagtail indexes, it has to hear of it."""
    if settings.WAGTAILSEARCH_BACKENDS["default"]["AUTO_UPDATE"]:
        thing.save()
    else:
        type(thing)._base_manager.bulk_create([thing])
    return thing


def a_category(name="Bowls", parent=None, **more) -> Category:
    slug = more.pop("slug", None) or slugify(name)
    if found := _find(Category, {"parent": parent, "slug": slug}):
        return found
    path = f"{parent.url_path}/{slug}" if parent else slug
    more |= {"url_path": path, "depth": parent.depth + 1 if parent else 1}
    category = _new(Category(name=name, slug=slug, parent=parent, **more))
    tree.changed()
    return category


def a_warehouse(code="lisbon", priority=0) -> Warehouse:
    values = {"name": code.title(), "country": "PT", "priority": priority}
    return _the_only(Warehouse, {"code": code}, **values)


def a_value(
    label="Moss", attribute="colour", swatch="", number=None, **more
) -> AttributeValue:
    """A value of an attribute; the attribute is made when it is not there."""
    values = {"name": attribute.title()} | more
    owner = _the_only(Attribute, {"code": attribute}, **values)
    by = {"attribute": owner, "slug": slugify(label)}
    return _the_only(AttributeValue, by, label=label, swatch=swatch, number=number)


def a_picture(title="Bowl", size=(90, 90)) -> Picture:
    """A real photograph file, so that it can be cut: at this size in no time."""
    data = BytesIO()
    Image.new("RGB", size, "#8f9678").save(data, "JPEG")
    file = ContentFile(data.getvalue(), name=f"{slugify(title)}.jpg")
    return Picture.objects.create(title=title, description=f"A {title}", file=file)


def a_product(
    title="Vid serving bowl",
    *,
    price="36.50",
    stock=10,
    category=None,
    values=(),
    picture=None,
    further_pictures=(),
    now=NOON,
    **more,
) -> Product:
    """A published product with one variant, listed. ``price=None``: no variant."""
    n = next_number()
    product = _new(
        Product(
            title=title,
            slug=more.pop("slug", f"{slugify(title)}-{n}"),
            category=category or a_category(),
            created_at=more.pop("created_at", now),
            main_image=picture,
            **more,
        )
    )
    for value in values:
        ProductAttribute.objects.create(product=product, value=value)
    for picture in further_pictures:
        ProductImage.objects.create(product=product, picture=picture)
    if price is None:
        relist([product.pk])
    else:
        a_variant(product, price=price, stock=stock, now=now)
    product.refresh_from_db()
    return product


def a_variant(
    product=None, *, price="36.50", stock=10, sku=None, options=(), now=NOON, **more
) -> Variant:
    """A variant with its price in the ledger and its stock counted.

    ``stock`` is pieces in one warehouse, or {warehouse code: pieces}.
    """
    product = product or _a_product_to_be_listed()
    variant = Variant.objects.create(
        product=product,
        sku=sku or f"KL-{next_number()}",
        price=Decimal(price),
        option_label=", ".join(value.label for value in options),
        **more,
    )
    if options:
        variant.options.set(options)
    record_price(variant, now=now)
    by_warehouse = stock if isinstance(stock, dict) else {"lisbon": stock}
    for priority, (code, pieces) in enumerate(by_warehouse.items()):
        first_count(variant.pk, a_warehouse(code, priority).pk, pieces, now=now)
    relist([product.pk])
    return variant


def _a_product_to_be_listed() -> Product:
    """Not saved by itself, which would list it: its variant has it listed."""
    values = {"title": "Vid serving bowl", "slug": f"vid-serving-bowl-{next_number()}"}
    product = Product(category=a_category(), created_at=NOON, **values)
    return Product.objects.bulk_create([product])[0]


def a_cart(*items, now=NOON, code="") -> Cart:
    """A cart of (variant, quantity) pairs, with the code of a promotion."""
    cart = Cart.objects.create(created_at=now, updated_at=now, coupon_code=code)
    for variant, quantity in items:
        an_item(cart, variant, quantity, now=now).save()
    return cart


def an_item(cart: Cart, variant: Variant, quantity: int, *, now=NOON) -> CartItem:
    """Not saved."""
    return CartItem(
        cart=cart,
        variant=variant,
        quantity=quantity,
        title=variant.product.title,
        price_seen=variant.price,
        added_at=now,
    )


def a_delivery_method(code="post", price="4.90", **more) -> DeliveryMethod:
    values = {"name": code.title(), "price": Decimal(price)} | more
    return _the_only(DeliveryMethod, {"code": code}, **values)


def a_tax_rate(percent="23", country="PT", tax_class="standard") -> TaxRate:
    by = {"country": country, "tax_class": tax_class}
    return _the_only(TaxRate, by, percent=Decimal(percent))


def a_promotion(code: str | None = "GLAZE10", value="10", **more):
    """Ten per cent off everything, with a code; ``code=None``: for everybody."""
    values = {"name": "Ten per cent off", "kind": "percent"} | more
    return Promotion.objects.create(**{"code": code, "value": Decimal(value)} | values)


def a_brand(name="Oficina Maré", **more) -> Brand:
    return _the_only(Brand, {"slug": slugify(name)}, **{"name": name} | more)


def a_colleague(role, name="Sofia"):
    """Someone who works here, in the group of a role (see ``home.roles``)."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    user = get_user_model().objects.create_user(name, f"{name}@example.com", "secret")
    user.groups.add(Group.objects.get(name=role))
    return user


def stream_of(*blocks) -> str:
    """JSON of (kind, value) pairs, as a StreamField keeps it."""
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


@unquestioned()
def an_info_page(title="About us", text="Four of us.", parent=None, **more):
    """A published DynamicPage beneath the home page, with a first revision."""
    parent = parent or HomePage.objects.get()
    body = more.pop("body", None) or stream_of(("text", {"text": f"<p>{text}</p>"}))
    more = {"locale_id": parent.locale_id} | _as_published(more) | more
    page = DynamicPage(title=title, body=body, **more)
    with unheard_of(page):
        parent.add_child(instance=page)
        return _with_a_first_revision(page)


@unquestioned()
def a_layout_block(position="home", title="Block", *content, **more):
    """A published LayoutBlock with a first revision."""
    content = content or (("text", {"text": f"<p>{title}</p>"}),)
    more = {"sort_order": 0} | more
    more |= _as_published(more)
    block = LayoutBlock.objects.create(
        position=position, title=title, content=stream_of(*content), **more
    )
    return _with_a_first_revision(block)


def _as_published(more: dict) -> dict:
    if more.get("go_live_at"):
        return {"live": False}
    now = timezone.now()
    return {"first_published_at": now, "last_published_at": now}


def _with_a_first_revision(thing):
    """What Wagtail's publishing leaves behind, by a third of its statements; what is to
    go live later is for Wagtail itself."""
    revision = thing.save_revision(clean=False)
    if thing.go_live_at:
        revision.publish()
        thing.refresh_from_db()
        return thing
    # Of a page, the table of all pages.
    rows = thing._meta.get_field("live_revision").model._base_manager
    rows.filter(pk=thing.pk).update(
        live_revision=revision, has_unpublished_changes=False
    )
    log(thing, "wagtail.publish", revision=revision, content_changed=True)
    thing.refresh_from_db()
    return thing


def an_announcement(line="Free delivery from €80.", **more):
    value = {"line": line, "links": [], "glaze": "cobalt"}
    return a_layout_block("announcement", line, ("announcement", value), **more)


def a_workspace(name="Autumn campaign", owner=None, *, now=NOON):
    from home.drafts import open as opening

    return opening.begin(name, owner or a_colleague("Editors"), now=now)


def stage_page(workspace, page, *, now=NOON, **values):
    """Save values of a page (``text`` is its only block) into a workspace."""
    from home.drafts import edit
    from home.drafts.content import page_content

    entry = workspace.pages.filter(page=page).first()
    content = dict(entry.content) if entry else page_content(page.specific)
    if "text" in values:
        text = values.pop("text")
        values["body"] = stream_of(("text", {"text": f"<p>{text}</p>"}))
    content |= values
    version = entry.version if entry else 0
    return edit.save_page(workspace, page, content, version=version, now=now)


def stage_new_page(workspace, parent=None, *, now=NOON, title="News", **values):
    """A page that exists in the workspace only."""
    from home.drafts import edit

    slug = values.pop("slug", slugify(title))
    text = values.pop("text", "New words.")
    body = stream_of(("text", {"text": f"<p>{text}</p>"}))
    page = DynamicPage(title=title, slug=slug, body=body, **values)
    parent = parent or HomePage.objects.get()
    return edit.save_new_page(workspace, parent, page, now=now)


def stage_block(workspace, block, *, now=NOON, **values):
    """Save values of a block (``line`` is an announcement's words) into a workspace."""
    from home.drafts import edit

    if "line" in values:
        value = {"line": values.pop("line"), "links": [], "glaze": "cobalt"}
        values["content"] = stream_of(("announcement", value))
    return edit.change_block(workspace, block, now=now, **values)


def stage_new_block(workspace, position="home", title="Fresh", *content, **values):
    from home.drafts import edit

    now = values.pop("now", NOON)
    content = content or (("text", {"text": f"<p>{title}</p>"}),)
    block = LayoutBlock(
        position=position, title=title, content=stream_of(*content), **values
    )
    return edit.add_block(workspace, block, now=now)
