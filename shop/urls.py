from django.urls import path

from shop import views

app_name = "shop"
urlpatterns = [
    path("shop/", views.index, name="index"),
    path("shop/<path:url_path>/", views.category, name="category"),
    path("product/<slug:slug>/", views.product, name="product"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("search/", views.search, name="search"),
]
