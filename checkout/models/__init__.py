from checkout.models.address_book import SavedAddress
from checkout.models.attempt import CheckoutAttempt, Drop, lines_of, with_lines
from checkout.models.cart import Cart, CartItem
from checkout.models.credit_note import CreditNote
from checkout.models.delivery import DeliveryMethod, DeliveryRate, TaxRate
from checkout.models.demo_bank import DemoCharge, DemoRefund
from checkout.models.invoice import Invoice, InvoiceSeries
from checkout.models.merge import CartMerge
from checkout.models.order import Order, OrderEvent
from checkout.models.order_line import OrderLine
from checkout.models.parcel import Parcel
from checkout.models.payment import Payment, PaymentEvent
from checkout.models.promotion import CodeTry, PromotedProduct, Promotion, Redemption
from checkout.models.refund import Refund
from checkout.models.saved import SavedItem
from checkout.models.sent_back import Return, ReturnLine

__all__ = [
    "Cart",
    "CartItem",
    "CartMerge",
    "CheckoutAttempt",
    "CodeTry",
    "CreditNote",
    "DeliveryMethod",
    "DeliveryRate",
    "DemoCharge",
    "DemoRefund",
    "Drop",
    "Invoice",
    "InvoiceSeries",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Parcel",
    "Payment",
    "PaymentEvent",
    "PromotedProduct",
    "Promotion",
    "Redemption",
    "Refund",
    "Return",
    "ReturnLine",
    "SavedAddress",
    "SavedItem",
    "TaxRate",
    "lines_of",
    "with_lines",
]
