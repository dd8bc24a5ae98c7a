from checkout.models.cart import Cart, CartItem
from checkout.models.delivery import DeliveryMethod, TaxRate
from checkout.models.order import Order, OrderEvent, OrderLine

__all__ = [
    "Cart",
    "CartItem",
    "DeliveryMethod",
    "Order",
    "OrderEvent",
    "OrderLine",
    "TaxRate",
]
