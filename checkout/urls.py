from django.urls import path

from checkout import demo_bank, order_pages, paying, saved_pages, views

app_name = "checkout"
urlpatterns = [
    path("cart/", views.show_cart, name="cart"),
    path("cart/add/", views.add, name="add"),
    path("cart/change/", views.change, name="change"),
    path("cart/code/", views.code, name="code"),
    path("cart/later/", saved_pages.later, name="later"),
    path("checkout/", views.checkout, name="checkout"),
    path("order/<str:token>/", order_pages.order, name="order"),
    path("order/<str:token>/invoice/", order_pages.invoice, name="invoice"),
    path("order/<str:token>/pay/", paying.pay, name="pay"),
    path("order/<str:token>/paid/", paying.paid, name="paid"),
    path("webhooks/<slug:code>/", paying.notices, name="notices"),
    path("demo-bank/<str:reference>/", demo_bank.bank, name="bank"),
]
