from django.urls import include, path

from home import views

app_name = "home"
urlpatterns = [
    path("drafts/", include("home.drafts.urls")),
    path("appearance/", views.choose_appearance, name="appearance"),
    path("announcement/hide/", views.hide_announcement, name="hide_announcement"),
]
