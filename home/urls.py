from django.urls import include, path

from home import search_engines, views
from home.newsletter.views import ask, asked, confirm, leave

app_name = "home"
urlpatterns = [
    path("sitemaps/pages.xml", search_engines.sitemap, name="sitemap"),
    path("robots.txt", search_engines.robots, name="robots"),
    path("account/", include("home.accounts.urls")),
    path("drafts/", include("home.drafts.urls")),
    path("appearance/", views.choose_appearance, name="appearance"),
    path("announcement/hide/", views.hide_announcement, name="hide_announcement"),
    path("newsletter/ask/", ask, name="newsletter_ask"),
    path("newsletter/asked/", asked, name="newsletter_asked"),
    path("newsletter/confirm/<str:token>/", confirm, name="newsletter_confirm"),
    path("newsletter/leave/<str:token>/", leave, name="newsletter_leave"),
]
