from checkout.models.cart import Cart, CartItem
from checkout.models.delivery import DeliveryMethod, DeliveryRate, TaxRate
from checkout.models.demo_bank import DemoCharge, DemoRefund
from checkout.models.order import Order, OrderEvent, OrderLine
from checkout.models.payment import Payment, PaymentEvent
from checkout.models.promotion import CodeTry, PromotedProduct, Promotion, Redemption

__all__ = [
    "Cart",
    "CartItem",
    "CodeTry",
    "DeliveryMethod",
    "DeliveryRate",
    "DemoCharge",
    "DemoRefund",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Payment",
    "PaymentEvent",
    "PromotedProduct",
    "Promotion",
    "Redemption",
    "TaxRate",
]
