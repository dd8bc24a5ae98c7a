from django.urls import path

from checkout import (
    demo_bank,
    invoice_pages,
    order_pages,
    paying,
    return_page,
    saved_pages,
    views,
    waiting,
)
from checkout.customers import views as customers

app_name = "checkout"
urlpatterns = [
    path("cart/", views.show_cart, name="cart"),
    path("cart/add/", views.add, name="add"),
    path("cart/change/", views.change, name="change"),
    path("cart/code/", views.code, name="code"),
    path("cart/later/", saved_pages.later, name="later"),
    path("checkout/", views.checkout, name="checkout"),
    path("checkout/waiting/<str:token>/", waiting.waiting, name="waiting"),
    path("checkout/waiting/<str:token>/state/", waiting.state, name="waiting_state"),
    path("order/<str:token>/", order_pages.order, name="order"),
    path("order/<str:token>/invoice/", invoice_pages.invoice, name="invoice"),
    path(
        "order/<str:token>/invoice.pdf",
        invoice_pages.invoice_pdf,
        name="invoice_pdf",
    ),
    path(
        "order/<str:token>/credit-notes/<slug:number>/",
        invoice_pages.credit_note,
        name="credit_note",
    ),
    path(
        "order/<str:token>/credit-notes/<slug:number>.pdf",
        invoice_pages.credit_note_pdf,
        name="credit_note_pdf",
    ),
    path("order/<str:token>/return/", return_page.send_back, name="return"),
    path("order/<str:token>/pay/", paying.pay, name="pay"),
    path("order/<str:token>/paid/", paying.paid, name="paid"),
    path("account/orders/", customers.orders, name="orders"),
    path("account/orders/<str:token>/again/", customers.again, name="again"),
    path("account/addresses/", customers.addresses, name="addresses"),
    path("account/addresses/<int:pk>/", customers.address, name="address"),
    path("webhooks/<slug:code>/", paying.notices, name="notices"),
    path("demo-bank/<str:reference>/", demo_bank.bank, name="bank"),
]
