from django.urls import include, path

from home import search_engines, views

app_name = "home"
urlpatterns = [
    path("sitemap.xml", search_engines.sitemap, name="sitemap"),
    path("robots.txt", search_engines.robots, name="robots"),
    path("drafts/", include("home.drafts.urls")),
    path("appearance/", views.choose_appearance, name="appearance"),
    path("announcement/hide/", views.hide_announcement, name="hide_announcement"),
]
