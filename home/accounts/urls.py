from django.urls import path

from home.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("data/", views.own_data, name="own_data"),
    path("data/download/", views.export, name="export"),
    path("data/goodbye/", views.goodbye, name="goodbye"),
]
