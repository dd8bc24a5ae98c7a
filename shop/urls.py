from django.urls import path

from shop import feed, sitemaps, views

app_name = "shop"
urlpatterns = [
    path("shop/", views.index, name="index"),
    path("shop/<path:url_path>/", views.category, name="category"),
    path("product/<slug:slug>/", views.product, name="product"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("search/", views.search, name="search"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/lists.xml", sitemaps.lists, name="sitemap_lists"),
    path(
        "sitemaps/products-<int:part>.xml", sitemaps.products, name="sitemap_products"
    ),
    path("feeds/products.xml", feed.products, name="feed"),
]
