from shop.models.attributes import Attribute, AttributeValue, ProductAttribute
from shop.models.category import Brand, Category
from shop.models.import_run import ImportRun
from shop.models.listing import ListingChange
from shop.models.price import PriceChange
from shop.models.product import Product, ProductImage
from shop.models.sale import SalePrice
from shop.models.search import Pin, PinnedSearch, Searched, SearchWord, Synonym
from shop.models.stock import Stock, StockMovement, Warehouse
from shop.models.variant import Variant

__all__ = [
    "Attribute",
    "AttributeValue",
    "Brand",
    "Category",
    "ImportRun",
    "ListingChange",
    "Pin",
    "PinnedSearch",
    "PriceChange",
    "Product",
    "ProductAttribute",
    "ProductImage",
    "SalePrice",
    "SearchWord",
    "Searched",
    "Stock",
    "StockMovement",
    "Synonym",
    "Variant",
    "Warehouse",
]
