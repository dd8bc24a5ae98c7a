from django.urls import path

from checkout import views

app_name = "checkout"
urlpatterns = [
    path("cart/", views.show_cart, name="cart"),
    path("cart/add/", views.add, name="add"),
    path("cart/change/", views.change, name="change"),
    path("checkout/", views.checkout, name="checkout"),
    path("order/<str:token>/", views.order, name="order"),
]
