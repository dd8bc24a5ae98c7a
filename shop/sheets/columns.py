"""The columns of a sheet. Those of attributes and warehouses come from the shop."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.functional import cached_property

from shop.models import AttributeValue, Brand, Category, Warehouse


class Kind(Enum):
    """What a cell holds."""

    SKU = auto()
    HANDLE = auto()
    TEXT = auto()
    HTML = auto()
    CATEGORY = auto()
    BRAND = auto()
    YES_NO = auto()
    TAX_CLASS = auto()
    WEIGHT = auto()
    VALUES = auto()
    OPTION = auto()
    PRICE = auto()
    CURRENCY = auto()
    STOCK = auto()
    STOCK_WAS = auto()


@dataclass(frozen=True)
class Column:
    """``key`` is the field it fills, or the code of an attribute or a warehouse;
    ``is_product`` says that every row of a product has the same in it."""

    name: str
    kind: Kind
    key: str = ""
    is_product: bool = False

    def __str__(self) -> str:
        return self.name


SKU = Column("sku", Kind.SKU)
HANDLE = Column("handle", Kind.HANDLE)
PRICE = Column("price", Kind.PRICE)
CURRENCY = Column("currency", Kind.CURRENCY)
PRODUCT = (
    Column("title", Kind.TEXT, "title", is_product=True),
    Column("label", Kind.TEXT, "caption", is_product=True),
    Column("description", Kind.HTML, "description", is_product=True),
    Column("category", Kind.CATEGORY, "category_id", is_product=True),
    Column("brand", Kind.BRAND, "brand_id", is_product=True),
    Column("live", Kind.YES_NO, "live", is_product=True),
)
VARIANT = (
    Column("option_label", Kind.TEXT, "option_label"),
    Column("tax_class", Kind.TAX_CLASS, "tax_class"),
    Column("weight_g", Kind.WEIGHT, "weight_g"),
    Column("on_sale", Kind.YES_NO, "is_active"),
)
VALUE_COLUMN = "attribute:{}".format
OPTION_COLUMN = "option:{}".format
STOCK_COLUMN = "stock:{}".format
STOCK_WAS_COLUMN = "stock_was:{}".format


@dataclass(frozen=True)
class Known:
    """What cells may name. {what stands in a cell: primary key}; values by the code of
    their attribute. ``options`` are codes of attributes by which variants differ."""

    categories: dict[str, int]
    brands: dict[str, int]
    values: dict[str, dict[str, int]]
    words: dict[int, str]
    options: frozenset[str]
    warehouses: dict[str, int]

    @classmethod
    def load(cls) -> "Known":
        """Four queries."""
        values: dict[str, dict[str, int]] = {}
        words: dict[int, str] = {}
        options = set()
        rows = AttributeValue.objects.order_by("attribute__position", "attribute")
        for code, is_option, slug, pk, label in rows.values_list(
            "attribute__code", "attribute__is_option", "slug", "pk", "label"
        ):
            values.setdefault(code, {})[slug] = pk
            words[pk] = label
            if is_option:
                options.add(code)
        return cls(
            dict(Category.objects.values_list("url_path", "pk")),
            dict(Brand.objects.values_list("slug", "pk")),
            values,
            words,
            frozenset(options),
            dict(Warehouse.objects.values_list("code", "pk")),
        )

    @cached_property
    def columns(self) -> dict[str, Column]:
        """{heading: column}, in the order of an export."""
        return {column.name: column for column in self._columns()}

    def _columns(self) -> Iterator[Column]:
        yield from (HANDLE, SKU, *PRODUCT)
        for code in self.values:
            yield Column(VALUE_COLUMN(code), Kind.VALUES, code, is_product=True)
        yield VARIANT[0]
        for code in self.values:
            if code in self.options:
                yield Column(OPTION_COLUMN(code), Kind.OPTION, code)
        yield from (PRICE, CURRENCY, *VARIANT[1:])
        for code in self.warehouses:
            yield Column(STOCK_COLUMN(code), Kind.STOCK, code)
            yield Column(STOCK_WAS_COLUMN(code), Kind.STOCK_WAS, code)
