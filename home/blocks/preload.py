"""Everything that the blocks of a page show, loaded together.

A page of fifty shelves and one of a single picture ask the same number of questions:
one for shared blocks, one for pages, one for pictures, and one for what is for sale.
The raw data of the streams is walked first, then each model is asked once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.module_loading import import_string
from wagtail.blocks import Block, StreamValue
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from home import showing
from home.blocks import loading
from home.blocks.raw import completed, is_within, moment, references
from home.blocks.unreadable import NAME as UNREADABLE


class Goods(Protocol):
    """What the room that sells answers; ``settings.GOODS_SOURCE`` names its function.

    ``products`` are dressed as cards; those sold at a countdown carry ``sku`` (of
    their only variant, else empty) and ``pieces_at_start``. ``categories`` carry
    ``pieces``. ``shelves`` holds the products of each shelf in its order.
    """

    products: dict[int, Model]
    categories: dict[int, Model]
    shelves: dict[tuple, list[Model]]


@dataclass
class Wanted:
    """What the streams ask for. A shelf is (rule, category id or None, how many,
    whether to skip what is sold out); ``sales`` is {product id: its begin or None}."""

    ids: dict[type[Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    shelves: set[tuple] = field(default_factory=set)
    sales: dict[int, datetime | None] = field(default_factory=dict)


class Loaded:
    """What streams show at one moment. Built by ``preload``, read by blocks."""

    def __init__(self, now: datetime | None, overlay: Any = None):
        self.now = now
        # A draft (``home.drafts.overlay``), which may have other shared blocks.
        self.overlay = overlay
        self.shelves: dict[tuple, list[Model]] = {}
        self.objects: dict[type[Model], dict[int, Any]] = {}
        # A stream is known by its identity, so each is kept as long as this is.
        self._raw: dict[int, tuple[StreamValue, list[dict]]] = {}
        self._blocks: dict[int, list] = {}

    def get(self, model: type[Model], key: int | None) -> Any:
        """The object, or None when it is gone or not for shoppers."""
        return self.objects.get(model, {}).get(key) if key else None

    def holds(self, stream: StreamValue) -> bool:
        return id(stream) in self._raw

    def add(self, stream: StreamValue) -> list[dict]:
        """The stream's blocks that are to be shown now, as raw data."""
        raw = [item for item in readable_items(stream) if self._is_due(item["value"])]
        self._raw[id(stream)] = (stream, raw)
        return raw

    def _is_due(self, value: dict) -> bool:
        return self.now is None or is_within(value, self.now)

    def blocks(self, stream: StreamValue) -> list[StreamValue.StreamChild]:
        """The stream's blocks that show something now. Asks the database nothing."""
        key = id(stream)
        if key not in self._blocks:
            raw = [_completed(stream, item) for item in self._raw[key][1]]
            with loading.using(self):
                bound = stream.stream_block.bulk_to_python([raw])[0]
                self._blocks[key] = [
                    child for child in bound if child.block.has_something(child.value)
                ]
        return self._blocks[key]


def preload(
    streams: Iterable[StreamValue],
    *,
    now: datetime | None,
    overlay=None,
    picture_id: int | None = None,
) -> Loaded:
    """Load what the blocks of all these streams show at a moment, in one pass; with
    ``now`` None, at any moment. ``picture_id``: one more picture, shown beside them.

    Streams inside shared blocks are loaded with them, as ``overlay`` has them.
    """
    loaded, wanted = Loaded(now, overlay), Wanted()
    if picture_id:
        wanted.ids[get_image_model()].add(picture_id)
    for stream in streams:
        _want_all(wanted, stream, loaded)
    return _filled(loaded, wanted)


def preload_value(block: Block, raw, *, now: datetime) -> Loaded:
    """The same for a block that stands in no stream, as in an editor's picker."""
    wanted = Wanted()
    _want(wanted, block, raw)
    return _filled(Loaded(now), wanted)


def next_change(stream: StreamValue, now: datetime) -> datetime | None:
    """The first moment after ``now`` at which a block of the stream, or of a block
    shared by it, appears or disappears; None when that never happens."""
    shared_model: Any = apps.get_model("home.LayoutBlock")
    shared_ids: set[int] = set()
    moments = list(_moments(stream))
    for item in readable_items(stream):
        block = stream.stream_block.child_blocks[item["type"]]
        found = references(block, item["value"])
        shared_ids |= {key for model, key in found if model is shared_model}
    if shared_ids:
        for shared in shared_model.objects.published().filter(pk__in=shared_ids):
            moments += filter(None, (shared.go_live_at, shared.expire_at))
            moments += _moments(shared.content)
    return min((at for at in moments if at > now), default=None)


def _moments(stream: StreamValue) -> Iterator[datetime]:
    for item in readable_items(stream):
        block = stream.stream_block.child_blocks[item["type"]]
        found = (moment(item["value"].get(name)) for name in block.MOMENTS)
        yield from filter(None, found)


def _completed(stream: StreamValue, item: dict) -> dict:
    block = stream.stream_block.child_blocks[item["type"]]
    return item | {"value": completed(block, item["value"])}


def readable_items(stream: StreamValue) -> list[dict]:
    """Raw data of the blocks that this version of the shop knows."""
    return [item for item in stream.get_prep_value() if item["type"] != UNREADABLE]


def _want_all(wanted: Wanted, stream: StreamValue, loaded: Loaded) -> None:
    for item in loaded.add(stream):
        _want(wanted, stream.stream_block.child_blocks[item["type"]], item["value"])


def _want(wanted: Wanted, block: Block, raw) -> None:
    for model, key in references(block, raw):
        wanted.ids[model].add(key)
    block.ask(raw, wanted)


def _filled(loaded: Loaded, wanted: Wanted) -> Loaded:
    """Ask for each model once. Shared blocks first: they want more."""
    shared_model: Any = apps.get_model("home.LayoutBlock")
    shared = _shared(shared_model, wanted.ids.pop(shared_model, set()), loaded)
    loaded.objects[shared_model] = shared
    for block in shared.values():
        _want_all(wanted, block.content, loaded)
    _load_goods(loaded, wanted)
    for model, ids in wanted.ids.items():
        loaded.objects[model] = _load(model, ids)
    _hang_pictures(loaded)
    return loaded


def _shared(model, ids: set[int], loaded: Loaded) -> dict[int, Any]:
    """{id of the published block: the block, or the draft's copy of it}, of those that
    show by themselves."""
    if not ids:
        return {}
    standing = model.objects.published().filter(pk__in=ids)
    if loaded.overlay:
        standing = loaded.overlay.standing(standing)
    by_id = {block.draft_of_id or block.pk: block for block in standing}
    chosen = {key: block for key, block in by_id.items() if key in ids}
    shown = showing.by_themselves(
        chosen.values(),
        now=loaded.now or timezone.now(),
        whenever=loaded.now is None,
    )
    return {key: block for key, block in chosen.items() if block in shown}


def _load_goods(loaded: Loaded, wanted: Wanted) -> None:
    product, category = map(apps.get_model, ("shop.Product", "shop.Category"))
    product_ids = wanted.ids.pop(product, set())
    category_ids = wanted.ids.pop(category, set())
    if not (product_ids or category_ids or wanted.shelves):
        return
    goods = import_string(settings.GOODS_SOURCE)(
        product_ids,
        category_ids,
        wanted.shelves,
        wanted.sales,
        now=loaded.now or timezone.now(),
    )
    loaded.shelves = goods.shelves
    loaded.objects[product] = goods.products
    loaded.objects[category] = goods.categories
    pictures = {c.picture_id for c in goods.categories.values() if c.picture_id}
    if pictures:
        wanted.ids[get_image_model()] |= pictures


def _load(model: type[Model], ids: set[int]) -> dict[int, Any]:
    return _load_pages(ids) if model is Page else model._default_manager.in_bulk(ids)


def _load_pages(ids: set[int]) -> dict[int, Page]:
    """Pages that shoppers may open, each knowing its address."""
    pages = Page.objects.live().in_bulk(ids)
    paths = Site.get_site_root_paths() if pages else []
    for page in pages.values():
        # Where Wagtail keeps them itself: else each page's address asks again.
        page._wagtail_cached_site_root_paths = paths
    return pages


def _hang_pictures(loaded: Loaded) -> None:
    pictures = loaded.objects.get(get_image_model(), {})
    for category in loaded.objects.get(apps.get_model("shop.Category"), {}).values():
        category.picture = pictures.get(category.picture_id)
