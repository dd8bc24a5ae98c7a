import pytest

from shop.models import Product
from tests.builders import a_category, a_product
from tests.composing import a_framed_picture, a_layout_block, block, page_blocks


def a_product_that_can_go(title="Fleeting bowl", **more) -> Product:
    """For sale, but without the ledgers that would keep it from being deleted."""
    product = a_product(title, price=None, **more)
    shown = Product.objects.filter(pk=product.pk)
    shown.update(current_price=5, stock_quantity=3)
    return shown.get()


@pytest.fixture(scope="module")
def furnished(module_db):
    """One complete block of each kind: {kind: value}."""
    picture = a_framed_picture()
    category = a_category("Vases", picture=picture)
    products = [a_product_that_can_go(f"Bowl {n}") for n in range(3)]
    shared = a_layout_block(block("text", text="<p>Shared words</p>"))
    return page_blocks(picture, products, category, shared)
