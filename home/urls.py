from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("appearance/", views.choose_appearance, name="appearance"),
    path("announcement/hide/", views.hide_announcement, name="hide_announcement"),
]
